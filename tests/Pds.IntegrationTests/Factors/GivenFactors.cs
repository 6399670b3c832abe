using System.Text.Json.Nodes;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Pds.Application.Accounts;
using Pds.Application.Factors;
using Pds.Application.OAuth;
using Pds.Application.Pipeline;
using Pds.Domain.Factors;
using Pds.Domain.Identifiers;

namespace Pds.IntegrationTests.Factors;

/// <summary>Accounts with second factors and passkeys.</summary>
internal static class GivenFactors
{
    /// <summary>Runs a use case.</summary>
    public static async Task<TOutput> SendAsync<TOutput>(this PdsApplication pds, IRequest<TOutput> message)
    {
        await using AsyncServiceScope scope = pds.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IMediator>().Send(message);
    }

    public static Caller Caller(this AccountClient account) => new Caller.Session(account.Did, SessionScope.Access);

    public static Task<ListFactorsOutput> FactorsAsync(this PdsApplication pds, AccountClient account) => pds.SendAsync(new ListFactorsQuery(account.Caller()));

    /// <summary>What a sign-in to an account would be judged by now.</summary>
    public static async Task<SignInProof> ProofAsync(this PdsApplication pds, AccountClient account) =>
        SignInProof.Of((await pds.Services.GetRequiredService<IAccountStore>().FindAsync(new AtIdentifier(account.Did), CancellationToken.None))!);

    /// <summary>A browser that was here and posted something.</summary>
    public static async Task<string> OpenDeviceAsync(this PdsApplication pds)
    {
        OpenDeviceOutput visit = await pds.SendAsync(new OpenDeviceCommand(null, null, "Test/1.0", null, MayBeNew: true));
        return (await pds.SendAsync(new OpenDeviceCommand(visit.DeviceId, visit.NewSecret, "Test/1.0", null, MayBeNew: false))).DeviceId!;
    }

    /// <summary>Sets up an authenticator app.</summary>
    public static async Task<AuthenticatorApp> TurnOnAuthenticatorAsync(this PdsApplication pds, AccountClient account)
    {
        BeginAuthenticatorOutput begun = await pds.SendAsync(new BeginAuthenticatorCommand(account.Caller()));
        AuthenticatorApp app = new(begun.Secret, pds.Services.GetRequiredService<TimeProvider>());
        RecoveryCodesOutput confirmed = await pds.SendAsync(new ConfirmAuthenticatorCommand(account.Caller(), app.Code()));
        return app with { RecoveryCodes = confirmed.Codes };
    }

    /// <summary>Makes a passkey for an account.</summary>
    public static async Task AddPasskeyAsync(this PdsApplication pds, AccountClient account, SoftwareAuthenticator authenticator, string name = "My key")
    {
        string device = await pds.OpenDeviceAsync();
        PasskeyQuestion question = await pds.SendAsync(new BeginPasskeyCommand(account.Caller(), device));
        await pds.SendAsync(new AddPasskeyCommand(account.Caller(), device, new PasskeyAnswer(question.Id, authenticator.Create(question.Options)), name));
    }

    /// <summary>Signs in by password.</summary>
    public static Task<HttpResponseMessage> SignInWithCodeAsync(this HttpClient http, AccountClient account, string? code = null, string password = PdsApplication.Password)
    {
        JsonObject input = new() { ["identifier"] = account.Handle.ToString(), ["password"] = password };
        if (code is not null)
        {
            input["authFactorToken"] = code;
        }

        return http.PostXrpcAsync("com.atproto.server.createSession", input);
    }
}

/// <summary>An authenticator app.</summary>
/// <param name="Text">The secret in base32.</param>
/// <param name="Time">Its clock.</param>
internal sealed record AuthenticatorApp(string Text, TimeProvider Time)
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    public IReadOnlyList<string> RecoveryCodes { get; init; } = [];

    public byte[] Secret
    {
        get
        {
            string bits = string.Concat(Text.Select(letter => Convert.ToString(Alphabet.IndexOf(letter, StringComparison.Ordinal), 2).PadLeft(5, '0')));
            return [.. Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.Substring(i * 8, 8), 2))];
        }
    }

    /// <summary>The code of this step, or of one after or before it.</summary>
    public string Code(int offset = 0) => Totp.CodeOf(Secret, Totp.StepAt(Time.GetUtcNow()) + offset);

    /// <summary>Six digits that are no code of about now.</summary>
    public string WrongCode() => new[] { "000000", "111111", "222222", "333333", "444444", "555555" }.First(code => Enumerable.Range(-2, 5).All(offset => Code(offset) != code));
}
