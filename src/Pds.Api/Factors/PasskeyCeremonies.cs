using System.Buffers.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Pds.Application.Factors;
using Pds.Application.Settings;

namespace Pds.Api.Factors;

/// <summary>WebAuthn by ASP.NET Core Identity, of which nothing else is used and nothing registered: a host may have an Identity of its own.</summary>
/// <remarks>
/// The relying party is the host of the public origin, and answers must come from that origin, whatever a request claims. Keys must be discoverable, so that they
/// name their account, and unlocked by their holder, so that they are two factors in one. Source: <see href="https://www.w3.org/TR/webauthn-3/"/>.
/// </remarks>
internal sealed class PasskeyCeremonies : IPasskeyCeremonies
{
    private const string Required = "required";

    private readonly IPasskeyStore _passkeys;
    private readonly ILogger<UserManager<PasskeyUser>> _logger;
    private readonly IOptions<IdentityPasskeyOptions> _options;

    public PasskeyCeremonies(IPasskeyStore passkeys, ServerSettings options, ILogger<UserManager<PasskeyUser>> logger)
    {
        _passkeys = passkeys;
        _logger = logger;
        string origin = options.PublicOrigin;
        _options = Options.Create(new IdentityPasskeyOptions
        {
            ServerDomain = new Uri(origin).IdnHost,
            ValidateOrigin = context => ValueTask.FromResult(context.Origin == origin && !context.CrossOrigin),
            UserVerificationRequirement = Required,
            ResidentKeyRequirement = Required,
            AttestationConveyancePreference = "none",
        });
    }

    public async Task<PasskeyCeremony> BeginRegistrationAsync(PasskeyOwner owner, CancellationToken cancellationToken)
    {
        using UserManager<PasskeyUser> users = OpenUsers();
        PasskeyUserEntity entity = new() { Id = owner.UserHandle, Name = owner.Name, DisplayName = owner.Name };
        PasskeyCreationOptionsResult begun = await Handler(users).MakeCreationOptionsAsync(entity, NoRequest(cancellationToken));
        return new PasskeyCeremony(begun.CreationOptionsJson, begun.AttestationState ?? "");
    }

    public async Task<ProvenPasskey?> FinishRegistrationAsync(string state, string answer, CancellationToken cancellationToken)
    {
        using UserManager<PasskeyUser> users = OpenUsers();
        PasskeyAttestationResult result = await Handler(users).PerformAttestationAsync(
            new PasskeyAttestationContext { HttpContext = NoRequest(cancellationToken), CredentialJson = answer, AttestationState = state });
        return result.Succeeded ? Describe(result.Passkey) : null;
    }

    public async Task<PasskeyCeremony> BeginSignInAsync(CancellationToken cancellationToken)
    {
        using UserManager<PasskeyUser> users = OpenUsers();
        PasskeyRequestOptionsResult begun = await Handler(users).MakeRequestOptionsAsync(user: null, NoRequest(cancellationToken));
        return new PasskeyCeremony(begun.RequestOptionsJson, begun.AssertionState ?? "");
    }

    public async Task<ProvenPasskey?> FinishSignInAsync(string state, string answer, CancellationToken cancellationToken)
    {
        using UserManager<PasskeyUser> users = OpenUsers();
        PasskeyAssertionResult<PasskeyUser> result = await Handler(users).PerformAssertionAsync(
            new PasskeyAssertionContext { HttpContext = NoRequest(cancellationToken), CredentialJson = answer, AssertionState = state });
        return result.Succeeded ? Describe(result.Passkey) : null;
    }

    private static ProvenPasskey Describe(UserPasskeyInfo passkey) => new(
        Base64Url.EncodeToString(passkey.CredentialId), passkey.PublicKey, passkey.SignCount, passkey.Transports ?? [], passkey.IsBackupEligible, passkey.IsBackedUp);

    /// <summary>With domain and origin set, the handler reads nothing from a request.</summary>
    private static DefaultHttpContext NoRequest(CancellationToken cancellationToken) => new() { RequestAborted = cancellationToken };

    private PasskeyHandler<PasskeyUser> Handler(UserManager<PasskeyUser> users) => new(users, _options);

    private UserManager<PasskeyUser> OpenUsers() => new(
        new PasskeyUsers(_passkeys),
        Options.Create(new IdentityOptions()),
        new PasswordHasher<PasskeyUser>(),
        userValidators: [],
        passwordValidators: [],
        new UpperInvariantLookupNormalizer(),
        new IdentityErrorDescriber(),
        EmptyServices.Instance,
        _logger);

    private sealed class EmptyServices : IServiceProvider
    {
        public static readonly EmptyServices Instance = new();

        public object? GetService(Type serviceType) => null;
    }
}
