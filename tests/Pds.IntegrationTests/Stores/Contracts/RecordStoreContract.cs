using Pds.Application.Accounts;
using Pds.Application.Repositories;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;

namespace Pds.IntegrationTests.Stores.Contracts;

internal abstract class RecordStoreContract : StoreContract
{
    /// <summary>Keys that an order by language, or without regard to case, puts elsewhere than their bytes do.</summary>
    private static readonly string[] Keys =
        ["-", "--", "-a", "-A", ".a", "0", "9", ":", "::", "A", "A-", "A.", "AA", "Aa", "Z", "_", "__", "a", "a-b", "a.b", "a:b", "a_b", "aA", "aa", "ab", "aB", "a~b", "z", "~", "~A", "~a", "~~"];

    private static readonly Nsid Collection = Nsid.Parse("com.example.thing");
    private readonly CancellationToken _never = CancellationToken.None;

    [Test]
    public async Task List_OfKeysInMixedCaseAndWithPunctuation_IsInOrderOfTheirBytes([Values] bool reverse)
    {
        Did did = await CreateRecordsAsync();
        string[] ascending = [.. Keys.Order(StringComparer.Ordinal)];

        IReadOnlyList<StoredRecord> all = await ListAsync(did, 100, cursor: null, reverse);

        Assert.That(all.Select(record => record.Path.Key.ToString()), Is.EqualTo(reverse ? ascending : ascending.Reverse()));
    }

    [Test]
    public async Task List_PageByPage_IsTheWhole([Values] bool reverse, [Values(1, 3, 7)] int limit)
    {
        Did did = await CreateRecordsAsync();
        List<string> paged = [];

        for (IReadOnlyList<StoredRecord> page = await ListAsync(did, limit, cursor: null, reverse); page.Count > 0; page = await ListAsync(did, limit, paged[^1], reverse))
        {
            Assert.That(page, Has.Count.LessThanOrEqualTo(limit));
            paged.AddRange(page.Select(record => record.Path.Key.ToString()));
        }

        Assert.That(paged, Is.EqualTo((await ListAsync(did, 100, cursor: null, reverse)).Select(record => record.Path.Key.ToString())));
    }

    [Test]
    public async Task List_AfterACursorThatIsNoRecord_GoesOnWhereItWouldBe()
    {
        Did did = await CreateRecordsAsync();

        string[] after = [.. (await ListAsync(did, 100, "a-", reverse: true)).Select(record => record.Path.Key.ToString())];

        Assert.That(after, Is.EqualTo(Keys.Where(key => string.CompareOrdinal(key, "a-") > 0).Order(StringComparer.Ordinal)));
    }

    [Test]
    public async Task List_WhenThePageIsFullInBytes_EndsButHasOneRecord()
    {
        Did did = await CreateRecordsAsync();
        int size = Thing(0).Cbor.Length;

        IReadOnlyList<StoredRecord> one = await Store<IRecordStore>().ListAsync(did, Collection, 100, 1, null, reverse: false, _never);
        IReadOnlyList<StoredRecord> some = await Store<IRecordStore>().ListAsync(did, Collection, 100, 4 * size, null, reverse: false, _never);

        Assert.That((one.Count, some.Count), Is.EqualTo((1, 4)).Or.EqualTo((1, 3)));
    }

    [Test]
    public async Task Find_WhenCaseDiffers_IsAnotherRecord()
    {
        Did did = await CreateRecordsAsync();
        await WriteAsync(0, did, RecordWrite.Update(PathOf("aA"), Thing(1000)));

        StoredRecord? changed = await FindAsync(did, PathOf("aA"));
        StoredRecord? other = await FindAsync(did, PathOf("aa"));

        Assert.That(changed, Is.EqualTo(new StoredRecord(PathOf("aA"), Thing(1000), Thing(1000).Cid)));
        Assert.That(other!.Record, Is.EqualTo(Thing(Array.IndexOf(Keys, "aa"))));
        Assert.That(await FindAsync(did, PathOf("ZZ")), Is.Null);
        Assert.That(await FindAsync(did, PathOf("a", "com.example.Thing")), Is.Null);
    }

    [Test]
    public async Task ListCollections_InMixedCase_AreApartAndInOrderOfTheirBytes()
    {
        Did did = (await CreateAccountAsync()).Did;
        string[] collections = ["com.example.thing", "com.example.Thing", "com.example.thingB", "com.example.thinga", "com.example-a.thing", "com.example.athing"];
        await WriteAsync(0, did, [.. collections.Select(collection => RecordWrite.Create(PathOf("a", collection), Thing(1)))]);

        IReadOnlyList<Nsid> listed = await Store<IRecordStore>(1).ListCollectionsAsync(did, _never);
        IReadOnlyList<StoredRecord> records = await ListAsync(did, 100, cursor: null, reverse: false);

        Assert.That(listed.Select(collection => collection.ToString()), Is.EqualTo(collections.Order(StringComparer.Ordinal)));
        Assert.That(records.Select(record => record.Path), Is.EqualTo(new[] { PathOf("a") }));
    }

    [Test]
    public async Task ListRepos_OfACollection_AreTheActiveAccountsThatHaveIt()
    {
        string collection = $"com.example.{NewName()}";
        List<Did> owners = [];
        for (int i = 0; i < 5; i++)
        {
            Did did = (await CreateAccountAsync()).Did;
            await WriteAsync(i % 2, did, RecordWrite.Create(PathOf("a", collection), Thing(i)), RecordWrite.Create(PathOf("b", collection), Thing(i)));
            owners.Add(did);
        }

        await WriteAsync(0, owners[1], RecordWrite.Delete(PathOf("a", collection)), RecordWrite.Delete(PathOf("b", collection)));
        await Store<IAccountStore>().UpdateAsync(owners[2], account => new AccountChange(account with { TakedownRef = "note" }, []), _never);
        Did[] expected = [.. new[] { owners[0], owners[3], owners[4] }.Order()];

        IReadOnlyList<Did> first = await Store<IRecordStore>().ListReposAsync(Nsid.Parse(collection), null, 2, _never);
        IReadOnlyList<Did> rest = await Store<IRecordStore>().ListReposAsync(Nsid.Parse(collection), first[^1], 2, _never);

        Assert.That(first.Concat(rest), Is.EqualTo(expected));
    }

    private async Task<Did> CreateRecordsAsync()
    {
        Did did = (await CreateAccountAsync()).Did;
        for (int i = 0; i < Keys.Length; i += 8)
        {
            await WriteAsync(i % 2, did, [.. Keys.Skip(i).Take(8).Select((key, at) => Create(key, i + at))]);
        }

        return did;
    }

    private ValueTask<StoredRecord?> FindAsync(Did did, RecordPath path) => Store<IRecordStore>(1).FindAsync(did, path, _never);

    private async Task<IReadOnlyList<StoredRecord>> ListAsync(Did did, int limit, string? cursor, bool reverse) =>
        await Store<IRecordStore>(1).ListAsync(did, Collection, limit, int.MaxValue, cursor, reverse, _never);
}
