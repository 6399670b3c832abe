using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.OAuth;
using Pds.UnitTests.Fakes;

namespace Pds.UnitTests.Pipeline;

internal sealed class AuthorizationBehaviorTests
{
    private static readonly Did Alice = Did.Parse("did:plc:alice");
    private static readonly Permission Lasting = Permission.Full with { LiveSession = true };
    private static readonly Permission Active = new() { RefuseTakendown = true, RefuseDeactivated = true };

    private static IEnumerable<TestCaseData> Refusals()
    {
        Caller full = new Caller.Session(Alice, SessionScope.Access);
        Caller app = new Caller.Session(Alice, SessionScope.AppPass);
        Caller takendown = new Caller.Session(Alice, SessionScope.Takendown);
        yield return new(Caller.Anonymous.Instance, Permission.Standard, AuthErrors.AuthMissing);
        yield return new(Caller.Anonymous.Instance, Permission.Admin, AuthErrors.AuthenticationRequired);
        yield return new(new Caller.Service(Alice, Nsid.Parse("com.example.method")), Permission.Standard, AuthErrors.InvalidToken);
        yield return new(new Caller.OAuth(Alice, "client", ScopeSet.Parse("atproto")), Permission.Standard, AuthErrors.Forbidden);
        yield return new(new Caller.OAuth(Alice, "client", ScopeSet.Parse("atproto")), Permission.UploadBlob("image/png"), OAuthErrors.ScopeMissing);
        yield return new(new Caller.Session(Alice, SessionScope.Access) { Id = "another" }, Lasting, AuthErrors.ExpiredToken);
        yield return new(new Caller.Session(Alice, SessionScope.Access) { Id = "over" }, Lasting, AuthErrors.ExpiredToken);
        yield return new(new Caller.Session(Alice, SessionScope.Access) { Id = "" }, Lasting, AuthErrors.ExpiredToken);
        yield return new(full, Permission.Admin, AuthErrors.AuthenticationRequired);
        yield return new(Caller.Admin.Instance, Permission.Standard, AuthErrors.InvalidToken);
        yield return new(app, Permission.Full, AuthErrors.InvalidToken);
        yield return new(takendown, Permission.Standard, AuthErrors.InvalidToken);
        yield return new(new Caller.Session(Alice, SessionScope.SignupQueued), Permission.Full, AuthErrors.InvalidToken);
        yield return new(new Caller.Session(Did.Parse("did:plc:nobody"), SessionScope.Access), Active, AuthErrors.AccountNotFound);
    }

    private static IEnumerable<TestCaseData> Admissions()
    {
        yield return new(new Caller.Session(Alice, SessionScope.AppPass), Permission.Standard);
        yield return new(new Caller.Session(Alice, SessionScope.Access), Permission.Full);
        yield return new(new Caller.Session(Alice, SessionScope.Access), Active);
        yield return new(new Caller.Session(Alice, SessionScope.Takendown), new Permission { AllowTakendownSession = true });
        yield return new(new Caller.Session(Alice, SessionScope.SignupQueued), new Permission { AllowQueuedSession = true });
        yield return new(Caller.Admin.Instance, Permission.Admin);
        yield return new(new Caller.Service(Alice, Nsid.Parse("com.example.method")), Permission.Standard with { AllowServiceToken = true });
        yield return new(new Caller.OAuth(Alice, "client", ScopeSet.Parse("atproto blob:image/*")), Permission.UploadBlob("image/png"));
        yield return new(new Caller.Session(Alice, SessionScope.Access) { Id = "live" }, Lasting);
        yield return new(new Caller.Session(Alice, SessionScope.Access), Lasting);
    }

    [TestCaseSource(nameof(Refusals))]
    public void Handle_WhenTheCallerMayNot_RefusesByName(Caller caller, Permission required, XrpcError error)
    {
        XrpcException refusal = Assert.ThrowsAsync<XrpcException>(() => HandleAsync(caller, required))!;

        Assert.That(refusal.Error, Is.EqualTo(error));
    }

    [TestCaseSource(nameof(Admissions))]
    public async Task Handle_WhenTheCallerMay_GoesOn(Caller caller, Permission required) =>
        Assert.That(await HandleAsync(caller, required), Is.EqualTo("done"));

    [Test]
    public void Handle_WhenTheAccountIsTakenDown_RefusesAccountTakedown()
    {
        Account account = AccountOf(Alice) with { TakedownRef = "spam", DeactivatedAt = DateTimeOffset.UnixEpoch };

        XrpcException refusal = Assert.ThrowsAsync<XrpcException>(() => HandleAsync(new Caller.Session(Alice, SessionScope.Access), Active, account))!;

        Assert.That(refusal.Error, Is.EqualTo(AuthErrors.AccountTakedown));
    }

    [Test]
    public void Handle_WhenTheAccountIsDeactivated_RefusesAccountDeactivated()
    {
        Account account = AccountOf(Alice) with { DeactivatedAt = DateTimeOffset.UnixEpoch };

        XrpcException refusal = Assert.ThrowsAsync<XrpcException>(() => HandleAsync(new Caller.Session(Alice, SessionScope.Access), Active, account))!;

        Assert.That(refusal.Error, Is.EqualTo(AuthErrors.AccountDeactivated));
    }

    private static Task<string> HandleAsync(Caller caller, Permission required, Account? account = null)
    {
        AuthorizationBehavior<Message, string> behavior = new(new OneAccount(account ?? AccountOf(Alice)), new TwoSessions(), new ManualTime(DateTimeOffset.UnixEpoch));
        return behavior.Handle(new Message(caller, required), _ => Task.FromResult("done"), CancellationToken.None);
    }

    private static Account AccountOf(Did did) => new() { Did = did, Handle = null, CreatedAt = DateTimeOffset.UnixEpoch };

    /// <summary>One that lives, and one that is over.</summary>
    private sealed class TwoSessions : ISessionStore
    {
        public ValueTask<IReadOnlyList<RefreshToken>> ListAsync(Did did, CancellationToken cancellationToken) => new(
        [
            new RefreshToken("live", did, DateTimeOffset.UnixEpoch.AddSeconds(1), null, null),
            new RefreshToken("over", did, DateTimeOffset.UnixEpoch, null, null),
        ]);

        public Task AddAsync(SignInProof proof, string id, DateTimeOffset expiresAt, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<SessionRotation?> RotateAsync(string id, string candidateId, DateTimeOffset now, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task EndAsync(Did did, string id, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    private sealed record Message(Caller Caller, Permission Required) : IQuery<string>, IAuthorizedRequest;
}
