using Pds.Application.Accounts;
using Pds.Domain.Accounts;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Sync;

namespace Pds.IntegrationTests.Stores.Contracts;

internal abstract class AccountStoreContract : StoreContract
{
    private readonly CancellationToken _never = CancellationToken.None;

    private IAccountStore Accounts => Store<IAccountStore>(1);

    [Test]
    public Task Create_WhenBothTakeOneHandle_OneWins() => OneWinsAsync(AccountErrors.HandleNotAvailable, () =>
    {
        string handle = $"{NewName()}.test";
        return CreatingAsync(Draft(handle), Draft(handle.ToUpperInvariant()));
    });

    [Test]
    public Task Create_WhenBothTakeOneAddress_OneWins() => OneWinsAsync(RequestErrors.InvalidRequest, () =>
    {
        string email = $"{NewName()}@example.com";
        return CreatingAsync(Draft(email: email), Draft(email: email));
    });

    [Test]
    public Task Create_WhenBothAreOfOneDid_OneWins() => OneWinsAsync(AccountErrors.AlreadyExists, () =>
    {
        Did did = Did.Parse($"did:web:{NewName()}.example.com");
        return CreatingAsync(Draft(did: did), Draft(did: did));
    });

    [Test]
    public Task Create_WhenBothUseOneInvite_OneWins() => OneWinsAsync(AccountErrors.InvalidInviteCode, async () =>
    {
        string code = NewName();
        await Store<IInviteStore>().AddAsync([new InviteCode(code, 1, Disabled: false, InviteCode.Operator, InviteCode.Operator, DateTimeOffset.UnixEpoch, [])], audit: null, _never);
        return await CreatingAsync(Draft(invite: code), Draft(invite: code));
    });

    [Test]
    public async Task Create_WhenItIsRefused_KeepsNothing()
    {
        Account taken = await CreateAccountAsync();
        NewAccount draft = Draft(taken.Handle.ToString());

        Assert.That(() => Accounts.CreateAsync(draft, _never), Throws.TypeOf<XrpcException>());

        Assert.That(await Accounts.FindAsync(new AtIdentifier(draft.Account.Did), _never), Is.Null);
        Assert.That(await Accounts.FindByEmailAsync(draft.Account.Email!, _never), Is.Null);
        Assert.That(await Store<Application.Repositories.IRepositoryStore>().FindHeadAsync(draft.Account.Did, _never), Is.Null);
    }

    [Test]
    public Task Update_WhenBothTakeOneHandle_OneWins() => OneWinsAsync(AccountErrors.HandleNotAvailable, async () =>
    {
        Handle handle = Handle.Parse($"{NewName()}.test");
        Account[] accounts = [await CreateAccountAsync(), await CreateAccountAsync()];
        return writer => UpdateAsync(writer, accounts[writer].Did, account => account with { Handle = handle });
    });

    [Test]
    public Task Update_WhenBothTakeOneAddress_OneWins() => OneWinsAsync(RequestErrors.InvalidRequest, async () =>
    {
        string email = $"{NewName()}@example.com";
        Account[] accounts = [await CreateAccountAsync(), await CreateAccountAsync()];
        return writer => UpdateAsync(writer, accounts[writer].Did, account => account with { Email = email });
    });

    [Test]
    public async Task Update_WhenBothChangeOneAccount_LosesNoChange()
    {
        Did did = (await CreateAccountAsync()).Did;

        await RaceAsync(async writer =>
        {
            for (int i = 0; i < 15; i++)
            {
                await UpdateAsync(writer, did, account => account with { TakedownRef = account.TakedownRef + "x" });
            }
        });

        Account kept = await ReadAsync(did);
        Assert.That((kept.TakedownRef!.Length, kept.SignInEpoch), Is.EqualTo((30, 30L)));
    }

    [Test]
    public Task Update_WhenBothUseOneMailedToken_OneWins() => OneWinsAsync(AccountErrors.InvalidToken, async () =>
    {
        Account account = await CreateAccountAsync();
        EmailToken token = await MailAsync(account);
        return writer => Store<IAccountStore>(writer).UpdateAsync(
            account.Did, current => new AccountChange(current with { EmailAuthFactor = true }, []) { Consumes = token }, _never);
    });

    [Test]
    public Task Remove_OfAMailedToken_WhenBothUseIt_OneWins() => OneWinsAsync(async () =>
    {
        EmailToken token = await MailAsync(await CreateAccountAsync());
        return writer => Store<IEmailTokenStore>(writer).RemoveAsync(token, _never);
    });

    [Test]
    public Task Delete_WhenBothAsk_OneFindsIt() => OneWinsAsync(async () =>
    {
        Did did = (await CreateAccountAsync()).Did;
        return writer => Store<IAccountStore>(writer).DeleteAsync(did, _ => null, _never);
    });

    [Test]
    public Task AddRoutineCodes_WhenBothMakeThem_OneWins() => OneWinsAsync(AccountErrors.DuplicateCreate, async () =>
    {
        Did did = (await CreateAccountAsync()).Did;
        return writer => Store<IInviteStore>(writer).AddRoutineAsync(
            [new InviteCode(NewName(), 1, Disabled: false, did.ToString(), did.ToString(), DateTimeOffset.UnixEpoch, [])], did, expected: 1, _never);
    });

    [Test]
    public async Task Update_WhenTheProofIsOver_IsRefused()
    {
        Account account = await CreateAccountAsync();
        var proof = SignInProof.Of(account);
        await UpdateAsync(0, account.Did, current => current with { PasswordHash = "01:01" });

        Task Late() => Accounts.UpdateAsync(account.Did, current => new AccountChange(current with { EmailAuthFactor = true }, []) { Proof = proof }, _never);

        Assert.That(Late, Throws.TypeOf<XrpcException>().With.Property(nameof(XrpcException.Error)).EqualTo(AuthErrors.AuthenticationRequired));
        Assert.That((await ReadAsync(account.Did)).EmailAuthFactor, Is.False);
    }

    [Test]
    public async Task Update_OfTheHandle_IsSeenUnderTheNewNameAndNotTheOld()
    {
        Account account = await CreateAccountAsync();
        Handle renamed = Handle.Parse($"{NewName()}.test");
        await FindAsync(account.Handle!.Value);

        await Store<IAccountStore>().UpdateAsync(
            account.Did, current => new AccountChange(current with { Handle = renamed }, [new IdentityEvent(current.Did, renamed)]), _never);

        Assert.That(await FindAsync(account.Handle.Value), Is.Null);
        Assert.That((await FindAsync(renamed))?.Did, Is.EqualTo(account.Did));
        Assert.That((await ReadAsync(account.Did)).Handle, Is.EqualTo(renamed));
    }

    [Test]
    public async Task Find_WhateverTheCase_IsTheAccount()
    {
        Account account = await CreateAccountAsync();

        Account? byHandle = await Accounts.FindAsync(AtIdentifier.Parse(account.Handle.ToString()!.ToUpperInvariant()), _never);
        Account? byEmail = await Accounts.FindByEmailAsync(account.Email!.ToUpperInvariant(), _never);
        Account? byOtherDid = await Accounts.FindAsync(AtIdentifier.Parse(account.Did.ToString().Replace("name", "Name", StringComparison.Ordinal)), _never);

        Assert.That((byHandle?.Did, byEmail?.Did, byOtherDid), Is.EqualTo(((Did?)account.Did, (Did?)account.Did, (Account?)null)));
    }

    [Test]
    public async Task List_PageByPage_FindsEveryAccountOnceInOrderOfCreation()
    {
        for (int i = 0; i < 5; i++)
        {
            await CreateAccountAsync();
        }

        IReadOnlyList<HostedRepo> all = await Accounts.ListAsync(1000, null, _never);
        List<HostedRepo> paged = [];
        for (IReadOnlyList<HostedRepo> page = await Accounts.ListAsync(2, null, _never); page.Count > 0;)
        {
            paged.AddRange(page);
            page = await Accounts.ListAsync(2, (page[^1].Account.CreatedAt, page[^1].Account.Did), _never);
        }

        Assert.That(paged.Select(line => line.Account.Did), Is.EqualTo(all.Select(line => line.Account.Did)).And.Not.Empty);
        Assert.That(all, Is.EqualTo(all.OrderBy(line => line.Account.CreatedAt).ThenBy(line => line.Account.Did)));
    }

    private Task<Func<int, Task>> CreatingAsync(params NewAccount[] drafts) =>
        Task.FromResult<Func<int, Task>>(writer => Store<IAccountStore>(writer).CreateAsync(drafts[writer], _never));

    private Task<Account?> UpdateAsync(int writer, Did did, Func<Account, Account> change) =>
        Store<IAccountStore>(writer).UpdateAsync(did, account => new AccountChange(change(account), []), _never);

    private async Task<EmailToken> MailAsync(Account account)
    {
        EmailToken token = new(EmailTokenPurpose.UpdateEmail, account.Did, NewName(), DateTimeOffset.UnixEpoch.AddYears(50));
        await Store<IEmailTokenStore>().ReplaceAsync(token, SignInProof.Of(account), _never);
        return token;
    }

    private ValueTask<Account?> FindAsync(Handle handle) => Accounts.FindAsync(new AtIdentifier(handle), _never);
}
