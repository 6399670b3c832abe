using Pds.Application.Accounts;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.IntegrationTests.Stores.Contracts;

internal abstract class SessionStoreContract : StoreContract
{
    private const string Hash = "aa:bb";

    private readonly CancellationToken _never = CancellationToken.None;
    private readonly DateTimeOffset _now = DateTimeOffset.UnixEpoch.AddYears(60);

    private ISessionStore Sessions => Store<ISessionStore>(1);

    [Test]
    public Task Add_WhileTheAppPasswordIsRevoked_LeavesNoSession() => RepeatAsync(async () =>
    {
        Account account = await CreateAccountAsync();
        var proof = SignInProof.Of(account);
        await Store<IAppPasswordStore>().AddAsync(proof, new AppPassword("app", _now, Privileged: false), Hash, _never);

        XrpcError?[] outcomes = await RaceAsync(writer => writer == 0
            ? AddManyAsync(proof.By(new SignInCredential.AppPassword("app", Hash)))
            : Store<IAppPasswordStore>(1).RemoveAsync(account.Did, "app", _never));

        Assert.That(outcomes[0], Is.Null.Or.EqualTo(AuthErrors.AuthenticationRequired));
        Assert.That(await Sessions.ListAsync(account.Did, _never), Is.Empty);
    });

    [Test]
    public Task Add_WhileThePasswordIsChanged_LeavesNoSession() => RepeatAsync(async () =>
    {
        Account account = await CreateAccountAsync();

        XrpcError?[] outcomes = await RaceAsync(writer => writer == 0
            ? AddManyAsync(SignInProof.Of(account))
            : Store<IAccountStore>(1).UpdateAsync(account.Did, current => new AccountChange(current with { PasswordHash = "01:01" }, []) { EndSessions = true }, _never));

        Assert.That(outcomes[0], Is.Null.Or.EqualTo(AuthErrors.AuthenticationRequired));
        Assert.That(await Sessions.ListAsync(account.Did, _never), Is.Empty);
    });

    [Test]
    public Task Add_WhileTheAccountIsDeleted_LeavesNoSession() => RepeatAsync(async () =>
    {
        Account account = await CreateAccountAsync();

        XrpcError?[] outcomes = await RaceAsync(writer => writer == 0
            ? AddManyAsync(SignInProof.Of(account))
            : Store<IAccountStore>(1).DeleteAsync(account.Did, _ => null, _never));

        Assert.That(outcomes[0], Is.Null.Or.EqualTo(AuthErrors.AuthenticationRequired));
        Assert.That(await Sessions.ListAsync(account.Did, _never), Is.Empty);
    });

    [Test]
    public async Task Add_WhenTheAppPasswordIsAnotherOneOfThatName_IsRefused()
    {
        Account account = await CreateAccountAsync();
        var proof = SignInProof.Of(account);
        await Store<IAppPasswordStore>().AddAsync(proof, new AppPassword("app", _now, Privileged: false), Hash, _never);

        Task Late() => Sessions.AddAsync(proof.By(new SignInCredential.AppPassword("app", "cc:dd")), NewName(), _now.AddDays(1), _never);

        Assert.That(Late, Throws.TypeOf<XrpcException>().With.Property(nameof(XrpcException.Error)).EqualTo(AuthErrors.AuthenticationRequired));
    }

    [Test]
    public Task AddAppPassword_WhenBothChooseOneName_OneWins() => OneWinsAsync(async () =>
    {
        Account account = await CreateAccountAsync();
        return writer => Store<IAppPasswordStore>(writer).AddAsync(SignInProof.Of(account), new AppPassword("app", _now, Privileged: false), $"aa:{writer}", _never);
    });

    [Test]
    public Task Rotate_WhenBothShowOneToken_BothGetOneSuccessor() => RepeatAsync(async () =>
    {
        (Did did, string id) = await BeginAsync();

        SessionRotation?[] rotations = await RaceAsync(writer => Store<ISessionStore>(writer).RotateAsync(id, $"{id}-{writer}", _now, _never));

        string[] successors = [.. rotations.Select(rotation => rotation!.Successor.Id).Distinct()];
        Assert.That(successors, Has.Length.EqualTo(1));
        Assert.That((await Sessions.ListAsync(did, _never)).Select(token => token.Id), Is.EquivalentTo(new[] { id, successors[0] }));
    });

    [Test]
    public async Task Rotate_WhenTheGracePeriodIsOverOrTheTokenIsUnknown_IsNothing()
    {
        (_, string id) = await BeginAsync();

        SessionRotation? first = await Sessions.RotateAsync(id, $"{id}-1", _now, _never);
        SessionRotation? inTime = await Sessions.RotateAsync(id, $"{id}-2", _now + RefreshToken.GracePeriod - TimeSpan.FromSeconds(1), _never);
        SessionRotation? late = await Sessions.RotateAsync(id, $"{id}-3", _now + RefreshToken.GracePeriod, _never);
        SessionRotation? unknown = await Sessions.RotateAsync(NewName(), NewName(), _now, _never);

        Assert.That((inTime?.Successor.Id, late, unknown), Is.EqualTo((first!.Successor.Id, (SessionRotation?)null, (SessionRotation?)null)));
    }

    [Test]
    public async Task End_OfATokenAndThoseBeforeIt_LeavesOtherSessions()
    {
        (Did did, string id) = await BeginAsync();
        string other = NewName();
        await Sessions.AddAsync(SignInProof.Of(await ReadAsync(did)), other, _now.AddDays(1), _never);
        string successor = (await Sessions.RotateAsync(id, $"{id}-1", _now, _never))!.Successor.Id;

        await Store<ISessionStore>().EndAsync(did, successor, _never);

        Assert.That((await Sessions.ListAsync(did, _never)).Select(token => token.Id), Is.EqualTo(new[] { other }));
        Assert.That(await Sessions.RotateAsync(id, NewName(), _now, _never), Is.Null);
    }

    private async Task<(Did Did, string Id)> BeginAsync()
    {
        Account account = await CreateAccountAsync();
        string id = NewName();
        await Store<ISessionStore>().AddAsync(SignInProof.Of(account), id, _now.AddDays(90), _never);
        return (account.Did, id);
    }

    private async Task AddManyAsync(SignInProof proof)
    {
        for (int i = 0; i < 5; i++)
        {
            await Store<ISessionStore>().AddAsync(proof, NewName(), _now.AddDays(1), _never);
        }
    }
}
