using Microsoft.Extensions.Logging.Abstractions;
using Pds.Application.Settings;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Identity;
using Pds.Infrastructure.Identity;
using Pds.UnitTests.Fakes;

namespace Pds.UnitTests.Identity.Resolution;

internal sealed class CachingDidResolverTests
{
    private static readonly Did Alice = Did.Parse("did:web:alice.example.org");
    private static readonly DidDocument Old = GivenDocument.Of("did:web:alice.example.org", "old.example.org");
    private static readonly DidDocument New = GivenDocument.Of("did:web:alice.example.org", "new.example.org");
    private static readonly XrpcException Down = new(RequestErrors.UpstreamFailure, "down");

    private readonly Queue<Func<Task<DidDocument?>>> _answers = new();
    private ManualTime _time = new();
    private CachingDidResolver _resolver = null!;
    private int _fetches;

    [SetUp]
    public void SetUp()
    {
        _fetches = 0;
        _answers.Clear();
        _time = new ManualTime();
        _resolver = new CachingDidResolver(
            (_, _) =>
            {
                _fetches++;
                return _answers.Dequeue()();
            },
            new IdentitySettings(), _time, NullLogger<CachingDidResolver>.Instance);
    }

    [Test]
    public async Task Resolve_WhenDocumentIsFresh_DoesNotFetch()
    {
        Answer(Old);
        await ResolveAsync();
        _time.Advance(TimeSpan.FromMinutes(59));

        DidDocument? document = await ResolveAsync();

        Assert.That((document, _fetches), Is.EqualTo((Old, 1)));
    }

    [Test]
    public async Task Resolve_WhenDocumentIsStale_GivesItAndFetchesBehind()
    {
        var begun = new TaskCompletionSource();
        var slow = new TaskCompletionSource<DidDocument?>();
        Answer(Old);
        _answers.Enqueue(() =>
        {
            begun.SetResult();
            return slow.Task;
        });
        await ResolveAsync();
        _time.Advance(TimeSpan.FromHours(1));

        DidDocument? stale = await ResolveAsync();
        await begun.Task;
        _time.Advance(TimeSpan.FromHours(24));    // nobody is given the old one now, so who asks waits for the fetch behind
        Task<DidDocument?> joined = ResolveAsync();
        slow.SetResult(New);

        Assert.That((stale, await joined, await ResolveAsync(), _fetches), Is.EqualTo((Old, New, New, 2)));
    }

    // Pitfall G 146.
    [Test]
    public async Task Resolve_WhenSourceIsDown_GivesTheStaleDocument()
    {
        var tried = new TaskCompletionSource();
        Answer(Old);
        _answers.Enqueue(() =>
        {
            tried.SetResult();
            return Task.FromException<DidDocument?>(Down);
        });
        await ResolveAsync();
        _time.Advance(TimeSpan.FromHours(23));

        DidDocument? first = await ResolveAsync();
        await tried.Task;

        Assert.That(first, Is.EqualTo(Old));
    }

    [Test]
    public async Task Resolve_WhenExpiredAndSourceIsDown_IsRefused()
    {
        Answer(Old);
        _answers.Enqueue(() => Task.FromException<DidDocument?>(Down));
        await ResolveAsync();
        _time.Advance(TimeSpan.FromHours(24));

        Assert.That(async () => await ResolveAsync(), Throws.TypeOf<XrpcException>());
    }

    [Test]
    public async Task Resolve_WhenExpired_Fetches()
    {
        Answer(Old, New);
        await ResolveAsync();
        _time.Advance(TimeSpan.FromHours(24));

        Assert.That(await ResolveAsync(), Is.EqualTo(New));
    }

    [Test]
    public async Task Resolve_WhenDidIsGone_ForgetsIt()
    {
        Answer(Old, null, New);
        await ResolveAsync();

        DidDocument? gone = await ResolveAsync(refresh: true);
        DidDocument? back = await ResolveAsync();

        Assert.That((gone, back, _fetches), Is.EqualTo(((DidDocument?)null, New, 3)));
    }

    [Test]
    public async Task Refresh_WhenDocumentIsFresh_FetchesAndRemembers()
    {
        Answer(Old, New);
        await ResolveAsync();

        DidDocument? refreshed = await ResolveAsync(refresh: true);
        DidDocument? after = await ResolveAsync();

        Assert.That((refreshed, after, _fetches), Is.EqualTo((New, New, 2)));
    }

    [Test]
    public async Task Refresh_WhenItFails_KeepsWhatIsThere()
    {
        Answer(Old);
        _answers.Enqueue(() => Task.FromException<DidDocument?>(Down));
        await ResolveAsync();

        Assert.That(async () => await ResolveAsync(refresh: true), Throws.TypeOf<XrpcException>());
        Assert.That(await ResolveAsync(), Is.EqualTo(Old));
    }

    [Test]
    public async Task Refresh_WhenAnOlderFetchEndsLater_TheNewerOneCounts()
    {
        var slow = new TaskCompletionSource<DidDocument?>();
        var begun = new TaskCompletionSource();
        _answers.Enqueue(() =>
        {
            begun.SetResult();
            return slow.Task;
        });
        Answer(New);
        Task<DidDocument?> first = ResolveAsync();
        await begun.Task;

        await ResolveAsync(refresh: true);
        slow.SetResult(Old);
        await first;

        Assert.That(await ResolveAsync(), Is.EqualTo(New));
    }

    [Test]
    public async Task Resolve_WhenManyAskAtOnce_FetchesOnce()
    {
        var slow = new TaskCompletionSource<DidDocument?>();
        _answers.Enqueue(() => slow.Task);

        Task<DidDocument?>[] asking = [.. Enumerable.Range(0, 20).Select(_ => ResolveAsync())];
        slow.SetResult(New);
        DidDocument?[] answers = await Task.WhenAll(asking);

        Assert.That(answers, Is.All.EqualTo(New));
        Assert.That(_fetches, Is.EqualTo(1));
    }

    [Test]
    public void BoundedCache_WhenTooHeavy_ForgetsTheLeastRecentlyUsed()
    {
        var cache = new BoundedCache<string, int>(capacity: 10);
        cache.Set("a", 1, weight: 4);
        cache.Set("b", 2, weight: 4);
        cache.TryGet("a", out _);

        cache.Set("c", 3, weight: 4);

        Assert.That((cache.TryGet("a", out _), cache.TryGet("b", out _), cache.TryGet("c", out _)), Is.EqualTo((true, false, true)));
    }

    [Test]
    public void BoundedCache_WhenOneValueIsTooHeavy_HoldsNothing()
    {
        var cache = new BoundedCache<string, int>(capacity: 10);

        cache.Set("a", 1, weight: 11);

        Assert.That(cache.Count, Is.Zero);
    }

    private void Answer(params DidDocument?[] documents)
    {
        foreach (DidDocument? document in documents)
        {
            _answers.Enqueue(() => Task.FromResult(document));
        }
    }

    private Task<DidDocument?> ResolveAsync(bool refresh = false) => _resolver.ResolveAsync(Alice, refresh, CancellationToken.None).AsTask();
}
