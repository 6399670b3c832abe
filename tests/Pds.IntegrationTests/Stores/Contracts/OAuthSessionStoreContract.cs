using Pds.Application.Accounts;
using Pds.Application.OAuth;
using Pds.Domain.Errors;

namespace Pds.IntegrationTests.Stores.Contracts;

internal abstract class OAuthSessionStoreContract : StoreContract
{
    private readonly CancellationToken _never = CancellationToken.None;
    private readonly DateTimeOffset _now = DateTimeOffset.UnixEpoch.AddYears(60);

    private IOAuthSessionStore Sessions => Store<IOAuthSessionStore>(1);

    [Test]
    public Task Rotate_WhenBothShowOneRefreshToken_OneWins() => OneWinsAsync(async () =>
    {
        OAuthSession session = await BeginAsync();
        return writer => Store<IOAuthSessionStore>(writer).RotateAsync(session with { TokenId = NewName(), RefreshHash = NewName() }, session.RefreshHash!, _never);
    });

    [Test]
    public Task Take_WhenBothShowOneCode_OneWins() => OneWinsAsync(async () =>
    {
        AuthorizationRequest request = await AnswerAsync(await CreateAccountAsync());
        return async writer => await Store<IAuthorizationRequestStore>(writer).TakeAsync(request.CodeHash!, _never) is not null;
    });

    [Test]
    public Task Add_WhileTheAccountsApplicationsEnd_LeavesNoSession() => RepeatAsync(async () =>
    {
        Account account = await CreateAccountAsync();

        XrpcError?[] outcomes = await RaceAsync(writer => writer == 0
            ? AddManyAsync(account)
            : Store<IAccountStore>(1).UpdateAsync(account.Did, current => new AccountChange(current, []) { EndApplications = true }, _never));

        Assert.That(outcomes[0], Is.Null.Or.EqualTo(AuthErrors.AuthenticationRequired));
        Assert.That(await Sessions.ListAsync(account.Did, _never), Is.Empty);
    });

    [Test]
    public async Task Answer_WhenTheAccountsApplicationsEnded_HasNoCode()
    {
        Account account = await CreateAccountAsync();
        AuthorizationRequest request = await AnswerAsync(account);

        await Store<IAccountStore>().UpdateAsync(account.Did, current => new AccountChange(current, []) { EndApplications = true }, _never);

        Assert.That(await Store<IAuthorizationRequestStore>(1).TakeAsync(request.CodeHash!, _never), Is.Null);
        Assert.That(() => AnswerAsync(account), Throws.TypeOf<XrpcException>().With.Property(nameof(XrpcException.Error)).EqualTo(AuthErrors.AuthenticationRequired));
    }

    [Test]
    public async Task Update_WhenBothChangeOneRequest_LosesNoChange()
    {
        AuthorizationRequest request = await PushAsync();

        await RaceAsync(async writer =>
        {
            for (int i = 0; i < 10; i++)
            {
                await Store<IAuthorizationRequestStore>(writer).UpdateAsync(request.Id, current => current with { GrantedScope = current.GrantedScope + "x" }, _never);
            }
        });

        Assert.That((await Store<IAuthorizationRequestStore>().FindAsync(request.Id, _never))?.GrantedScope, Has.Length.EqualTo(20));
    }

    [Test]
    public async Task Find_ByTokenAndByEverySecretThatItHad_IsTheSession()
    {
        OAuthSession session = await BeginAsync();
        OAuthSession renewed = session with { TokenId = NewName(), RefreshHash = NewName() };
        await Store<IOAuthSessionStore>().RotateAsync(renewed, session.RefreshHash!, _never);

        string?[] found =
        [
            (await Sessions.FindByTokenAsync(renewed.TokenId, _never))?.Id,
            (await Sessions.FindBySecretAsync(renewed.RefreshHash!, _never))?.Id,
            (await Sessions.FindBySecretAsync(session.RefreshHash!, _never))?.Id,
            (await Sessions.FindBySecretAsync(session.CodeHash, _never))?.Id,
        ];

        Assert.That(found, Is.All.EqualTo(session.Id));
        Assert.That(await Sessions.FindByTokenAsync(session.TokenId, _never), Is.Null);
        Assert.That(await Sessions.FindBySecretAsync(NewName(), _never), Is.Null);
        Assert.That((await Sessions.ListAsync(session.Did, _never)).Select(kept => (kept.Id, kept.TokenId, kept.RefreshHash)), Is.EqualTo(new[] { (renewed.Id, renewed.TokenId, renewed.RefreshHash) }));
    }

    [Test]
    public async Task Remove_OfASession_LeavesNoSecretOfIt()
    {
        OAuthSession session = await BeginAsync();

        await Store<IOAuthSessionStore>().RemoveAsync(session.Id, _never);

        Assert.That(await Sessions.FindByTokenAsync(session.TokenId, _never), Is.Null);
        Assert.That(await Sessions.FindBySecretAsync(session.RefreshHash!, _never), Is.Null);
        Assert.That(await Sessions.RotateAsync(session with { RefreshHash = NewName() }, session.RefreshHash!, _never), Is.False);
    }

    private OAuthSession SessionOf(Account account) => new()
    {
        Id = $"ses-{NewName()}",
        TokenId = NewName(),
        Did = account.Did,
        ClientId = "https://app.example.com/client.json",
        Client = new ClientBinding(KeyThumbprint: null),
        DpopKey = "thumbprint",
        Scope = "atproto",
        CreatedAt = _now,
        UpdatedAt = _now,
        ExpiresAt = _now.AddDays(7),
        CodeHash = NewName(),
        RefreshHash = NewName(),
    };

    private async Task<OAuthSession> BeginAsync()
    {
        Account account = await CreateAccountAsync();
        OAuthSession session = SessionOf(account);
        await Store<IOAuthSessionStore>().AddAsync(SignInProof.Of(account), session, _never);
        return session;
    }

    private async Task AddManyAsync(Account account)
    {
        for (int i = 0; i < 5; i++)
        {
            await Store<IOAuthSessionStore>().AddAsync(SignInProof.Of(account), SessionOf(account), _never);
        }
    }

    private async Task<AuthorizationRequest> PushAsync()
    {
        AuthorizationRequest request = new()
        {
            Id = $"req-{NewName()}",
            ClientId = "https://app.example.com/client.json",
            Client = new ClientBinding(KeyThumbprint: null),
            Parameters = new AuthorizationParameters { RedirectUri = "https://app.example.com/", Scope = "atproto", CodeChallenge = NewName() },
            ExpiresAt = _now.AddDays(1),
        };
        await Store<IAuthorizationRequestStore>().AddAsync(request, _now, _never);
        return request;
    }

    /// <summary>A request that has got its code.</summary>
    private async Task<AuthorizationRequest> AnswerAsync(Account account)
    {
        AuthorizationRequest request = await PushAsync();
        string code = NewName();
        return (await Store<IAuthorizationRequestStore>().UpdateAsync(request.Id, current => current with { SignIn = SignInProof.Of(account), CodeHash = code }, _never))!;
    }
}
