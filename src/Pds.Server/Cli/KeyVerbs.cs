using System.CommandLine;
using Pds.Application.Accounts;
using Pds.Application.Crypto;
using Pds.Application.Identity;
using Pds.Application.Moderation;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Server.Hosting;

namespace Pds.Server.Cli;

/// <summary><c>pds key …</c>. Private keys are never shown.</summary>
internal static class KeyVerbs
{
    public static Command Build(CliSession session) => new("key", "Show and replace keys.") { Show(session), Rotate(session) };

    private static Command Show(CliSession session)
    {
        Argument<string?> account = new("account") { Description = "DID, handle or e-mail address; without it the server's rotation key is shown.", Arity = ArgumentArity.ZeroOrOne };
        return new Command("show", "Show public keys.") { account }.Does(session, async (result, at, cancel) =>
        {
            await using DirectAccess server = await at.OpenForReadingAsync(cancel);
            if (result.GetValue(account) is not { } name)
            {
                ServerIdentity identity = server.Services.GetRequiredService<ServerIdentity>();
                string rotation = identity.RotationKey.PublicKey.ToDidKey();
                await at.WriteAsync(new { Server = identity.ServiceDid, RotationKey = rotation }, $"server        {identity.ServiceDid}", $"rotation key  {rotation}");
                return;
            }

            AccountView view = await server.FindAsync(name, cancel);
            string signing = (await server.Services.GetRequiredService<ISigningKeys>().GetAsync(view.Did, cancel)).PublicKey.ToDidKey();
            string? published = await FindPublishedAsync(server, view.Did, cancel);
            await at.WriteAsync(
                new { view.Did, SigningKey = signing, Published = published },
                $"did          {view.Did}", $"signing key  {signing}", $"published    {(published == signing ? "the same" : published ?? "unknown: the DID could not be resolved")}");
        });
    }

    private static Command Rotate(CliSession session)
    {
        Argument<string?> account = new("account") { Description = "DID, handle or e-mail address.", Arity = ArgumentArity.ZeroOrOne };
        Option<bool> all = new("--all") { Description = "All active accounts." };
        return new Command("rotate", "Give accounts new signing keys: the identity names it, the server signs with it.") { account, all }.Does(session, async (result, at, cancel) =>
        {
            string? name = result.GetValue(account);
            if (name is null != result.GetValue(all))
            {
                throw new CliRefusal("Usage", "Name an account, or say --all.", ExitCodes.Usage);
            }

            await using OperatorAccess server = await at.OpenAsync(cancel);
            List<RotatedKey> rotated = [];
            if (name is not null)
            {
                rotated.Add(await RotateAsync(server, (await server.FindAsync(name, cancel)).Did, cancel));
            }
            else
            {
                await RotateAllAsync(server, rotated, cancel);
            }

            await at.WriteAsync(new { Keys = rotated }, rotated.Select(key => $"{key.Did}  {key.SigningKey ?? $"not replaced: {key.Fault}"}"));
            if (rotated.Exists(key => key.Fault is not null))
            {
                throw new CliRefusal("Incomplete", "Not all keys were replaced; see above.");
            }
        });
    }

    private static async Task RotateAllAsync(OperatorAccess server, List<RotatedKey> rotated, CancellationToken cancellationToken)
    {
        await foreach (AccountView view in server.ListAsync(cancellationToken))
        {
            try
            {
                if (view.DeactivatedAt is null)
                {
                    rotated.Add(await RotateAsync(server, view.Did, cancellationToken));
                }
            }
            catch (CliRefusal refusal)
            {
                rotated.Add(new RotatedKey(view.Did, null, refusal.Message));
            }
        }
    }

    private static async Task<RotatedKey> RotateAsync(OperatorAccess server, Did did, CancellationToken cancellationToken)
    {
        ReserveSigningKeyInput reservation = new(did);
        ReserveSigningKeyOutput reserved = await server.PostAsync("com.atproto.server.reserveSigningKey", reservation, new ReserveSigningKeyCommand(reservation), cancellationToken);
        UpdateAccountSigningKeyInput input = new(did, reserved.SigningKey);
        await server.PostAsync("com.atproto.admin.updateAccountSigningKey", input, new UpdateAccountSigningKeyCommand(OperatorAccess.Caller, input), cancellationToken);
        return new RotatedKey(did, reserved.SigningKey, null);
    }

    private static async Task<string?> FindPublishedAsync(DirectAccess server, Did did, CancellationToken cancellationToken)
    {
        try
        {
            return (await server.Services.GetRequiredService<IDidResolver>().ResolveAsync(did, refresh: true, cancellationToken))?.SigningKey?.ToDidKey();
        }
        catch (XrpcException)
        {
            return null;
        }
    }

    private sealed record RotatedKey(Did Did, string? SigningKey, string? Fault);
}
