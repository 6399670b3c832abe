using System.Threading.RateLimiting;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Infrastructure.Crypto;

namespace Pds.UnitTests.Crypto;

[TestFixtureSource(typeof(GivenScrypt), nameof(GivenScrypt.Names))]
internal sealed class ScryptPasswordHasherTests(string implementation)
{
    private const string Password = "hunter2-hunter2";
    private const string PasswordHash =
        "000102030405060708090a0b0c0d0e0f:724f1a765627b4a82954f3d2f25906e6882dbcc10f74ab01679b08b376d9aaee" +
        "bb55fc173c9be80cfe7f0e88bd0c2a69f041fd9e952ed0c0b5bb37a4debb4aa9";

    private const string AppPasswordHash =
        "099e4ea96cd62c05a232331859d20c97:fd2bbf28c4711cd8d02ea6a9af381222ef64fa9654f065196498e87aeb668370" +
        "e1accd55a4a2cf56b303904d22367493a14af2bda8d630abaa594676edbca564";

    private ScryptPasswordHasher _hasher = null!;

    [OneTimeSetUp]
    public void SetUp() => _hasher = new(GivenScrypt.By(implementation), ScryptPasswordHasher.Turns(concurrency: 2, waiting: 4));

    [OneTimeTearDown]
    public void TearDown() => _hasher?.Dispose();

    // Pitfall E 93.
    [Test]
    public async Task Verify_OfTheKnownHash_TakesOnlyItsPassword()
    {
        Assert.That(await _hasher.VerifyAsync(Password, PasswordHash, CancellationToken.None), Is.True);
        Assert.That(await _hasher.VerifyAsync("hunter2-hunter3", PasswordHash, CancellationToken.None), Is.False);
        Assert.That(await _hasher.VerifyAsync("", PasswordHash, CancellationToken.None), Is.False);
    }

    // Pitfall E 93.
    [Test]
    public async Task HashAppPassword_OfTheKnownOne_GivesItsHash()
    {
        string hash = await _hasher.HashAppPasswordAsync(Did.Parse("did:plc:ewvi7nxzyoun6zhxrhs64oiz"), "abcd-efgh-ijkl-mnop", CancellationToken.None);

        Assert.That(hash, Is.EqualTo(AppPasswordHash));
    }

    [Test]
    public async Task Hash_OfTheSamePassword_IsSaltedAnew()
    {
        string first = await _hasher.HashAsync("pässwörd 🔑", CancellationToken.None);
        string second = await _hasher.HashAsync("pässwörd 🔑", CancellationToken.None);

        Assert.That(first, Does.Match("^[0-9a-f]{32}:[0-9a-f]{128}$"));
        Assert.That(first, Is.Not.EqualTo(second));
        Assert.That(await _hasher.VerifyAsync("pässwörd 🔑", first, CancellationToken.None), Is.True);
    }

    [Test]
    public async Task Hash_OfTheEmptyPassword_Verifies()
    {
        string hash = await _hasher.HashAsync("", CancellationToken.None);

        Assert.That(await _hasher.VerifyAsync("", hash, CancellationToken.None), Is.True);
    }

    [TestCase("")]
    [TestCase(":")]
    [TestCase("000102030405060708090a0b0c0d0e0f")]
    [TestCase("$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy")]
    public async Task Verify_WhenHashHasAnotherForm_IsFalse(string hash) =>
        Assert.That(await _hasher.VerifyAsync(Password, hash, CancellationToken.None), Is.False);

    [Test]
    public async Task Verify_WhenManyCallAtOnce_AllGetTheirAnswer()
    {
        IEnumerable<Task<bool>> calls = Enumerable.Range(0, 6)
            .Select(i => _hasher.VerifyAsync(i % 2 == 0 ? Password : "wrong", PasswordHash, CancellationToken.None).AsTask());

        bool[] answers = await Task.WhenAll(calls);

        Assert.That(answers, Is.EqualTo(new[] { true, false, true, false, true, false }));
    }

    [Test]
    public async Task Hash_WhenNobodyMoreMayWait_IsRefusedUntilATurnIsFree()
    {
        using ConcurrencyLimiter turns = ScryptPasswordHasher.Turns(concurrency: 1, waiting: 0);
        using var hasher = new ScryptPasswordHasher(GivenScrypt.By(implementation), turns);

        using (RateLimitLease taken = turns.AttemptAcquire())
        {
            Assert.That(
                async () => await hasher.VerifyAsync(Password, PasswordHash, CancellationToken.None),
                Throws.TypeOf<XrpcException>().With.Property(nameof(XrpcException.Error)).EqualTo(RequestErrors.NotEnoughResources));
        }

        Assert.That(await hasher.VerifyAsync(Password, PasswordHash, CancellationToken.None), Is.True);
    }

    [Test]
    public void Hash_WhenCancelled_Throws() =>
        Assert.That(async () => await _hasher.HashAsync(Password, new CancellationToken(canceled: true)), Throws.InstanceOf<OperationCanceledException>());
}
