using System.CommandLine;
using System.Text.Json;
using Pds.Api.Xrpc;
using Pds.Application.Server;
using Pds.Domain.Identifiers;
using Pds.Server.Hosting;

namespace Pds.Server.Cli;

/// <summary><c>pds init</c>: the one account of a single-user server.</summary>
internal static class InitVerb
{
    private static readonly JsonSerializerOptions Readable = new(XrpcJson.Options) { WriteIndented = true };

    public static Command Build(CliSession session)
    {
        Option<string?> did = new("--did") { Description = "The identity: a did:plc or did:web that exists, or a did:web to be. Without it a new did:plc is registered." };
        Option<string> handle = new("--handle") { Description = "The handle.", Required = true };
        Option<string?> key = new("--signing-key") { Description = "The private key that signs the repository, secp256k1: 64 hex digits, or @ and the name of a file that holds them. Without it a key is made." };
        Option<string?> email = new("--email") { Description = "The owner's address." };
        PasswordOptions password = new("nobody can sign in until `pds account reset-password`");
        Command command = new("init", "Make the one account of a single-user server. The server must not be running.") { did, handle, key, email };
        password.AddTo(command);
        return command.Does(session, async (result, at, cancel) =>
        {
            InitializeAccountInput input = new()
            {
                Did = result.GetValue(did) is { } text ? ParseDid(text) : null,
                Handle = result.GetRequiredValue(handle),
                SigningKey = result.GetValue(key) is { } secret ? await ReadKeyAsync(secret, cancel) : null,
                Email = result.GetValue(email),
                Password = await password.ReadAsync(result, at, cancel),
            };
            await using DirectAccess server = await at.OpenStoppedAsync(mayBegin: true, cancel);
            InitializeAccountOutput made = await server.SendAsync(new InitializeAccountCommand(OperatorAccess.Caller, input), cancel);
            await at.WriteAsync(made, Describe(made));
        });
    }

    private static IEnumerable<string> Describe(InitializeAccountOutput made)
    {
        yield return $"did          {made.Did}";
        yield return $"handle       {made.Handle}";
        yield return $"signing key  {made.SigningKey}";
        if (made.Active)
        {
            yield return "status       active; start the server with `pds serve`";
            yield break;
        }

        yield return $"status       deactivated: {made.Fault}";
        yield return "";
        if (made.Document is { } document)
        {
            yield return $"Publish this as https://{made.Did.ToString().Split(':')[^1]}/.well-known/did.json, then run `pds account activate {made.Did}`:";
            yield return JsonSerializer.Serialize(document, Readable);
            yield break;
        }

        yield return $"Let the DID's owner sign a PLC operation with this server as atproto_pds, the signing key above as atproto and at://{made.Handle} as the first alias,";
        yield return $"then run `pds account activate {made.Did}`. With {made.RotationKey} among its rotation keys, this server can change the handle later.";
    }

    private static Did ParseDid(string text) => Did.TryParse(text, out Did did) && did.Method is "plc" or "web"
        ? did
        : throw new CliRefusal("InvalidDid", "--did must be a did:plc or a did:web.", ExitCodes.Usage);

    private static async Task<byte[]> ReadKeyAsync(string text, CancellationToken cancellationToken)
    {
        string hex = text.StartsWith('@') ? (await File.ReadAllTextAsync(text[1..], cancellationToken)).Trim() : text;
        try
        {
            return Convert.FromHexString(hex);
        }
        catch (FormatException)
        {
            throw new CliRefusal("InvalidKey", "--signing-key must be 64 hex digits, or @ and the name of a file that holds them.", ExitCodes.Usage);
        }
    }
}
