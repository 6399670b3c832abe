using Pds.Application.OAuth;

namespace Pds.IntegrationTests.Stores.Contracts;

internal abstract class ReplayStoreContract : StoreContract
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Test]
    public async Task TryAdd_WhenBothShowOneText_OneWins() => await OneWinsAsync(() =>
    {
        string text = NewName();
        return Task.FromResult<Func<int, Task<bool>>>(writer => AddAsync("dpop", text, Hour, writer));
    });

    [Test]
    public async Task TryAdd_WhenATextComesAgain_IsFalse()
    {
        string text = NewName();

        bool first = await AddAsync("dpop", text, Hour, writer: 0);
        bool again = await AddAsync("dpop", text, Hour, writer: 1);
        bool otherKind = await AddAsync("assertion", text, Hour, writer: 1);
        bool otherText = await AddAsync("dpop", text.ToUpperInvariant(), Hour, writer: 1);

        Assert.That((first, again, otherKind, otherText), Is.EqualTo((true, false, true, true)));
    }

    [Test]
    public async Task TryAdd_WhenALifeIsOver_HasForgottenTheText()
    {
        string text = NewName();

        bool first = await AddAsync("dpop", text, TimeSpan.Zero, writer: 0);
        bool again = await AddAsync("dpop", text, Hour, writer: 1);

        Assert.That((first, again), Is.EqualTo((true, true)));
    }

    [Test]
    public async Task TryAdd_OfTextsOfAnyLength_TellsThemApart()
    {
        string text = NewName() + new string('x', 100_000);

        bool first = await AddAsync("dpop", text, Hour, writer: 0);
        bool longer = await AddAsync("dpop", text + "y", Hour, writer: 1);
        bool again = await AddAsync("dpop", text, Hour, writer: 1);

        Assert.That((first, longer, again), Is.EqualTo((true, true, false)));
    }

    private Task<bool> AddAsync(string kind, string text, TimeSpan lifetime, int writer) =>
        Store<IReplayStore>(writer).TryAddAsync(kind, text, lifetime, CancellationToken.None).AsTask();
}
