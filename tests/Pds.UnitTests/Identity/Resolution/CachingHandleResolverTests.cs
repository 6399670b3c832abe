using Pds.Domain.Identifiers;
using Pds.Infrastructure.Identity;
using Pds.UnitTests.Fakes;

namespace Pds.UnitTests.Identity.Resolution;

internal sealed class CachingHandleResolverTests
{
    private static readonly Handle Alice = Handle.Parse("alice.example.org");
    private static readonly HandleAnswer Found = HandleAnswer.Of("did:plc:ewvi7nxzyoun6zhxrhs64oiz");

    [TestCase(599, 1)]
    [TestCase(600, 2)]
    public async Task ResolveCached_WhenFound_HoldsForTenMinutes(int seconds, int lookups) => Assert.That(await CountAsync(Found, seconds), Is.EqualTo(lookups));

    [TestCase(59, 1)]
    [TestCase(60, 2)]
    public async Task ResolveCached_WhenThereIsNone_HoldsForOneMinute(int seconds, int lookups) => Assert.That(await CountAsync(HandleAnswer.Nothing, seconds), Is.EqualTo(lookups));

    [Test]
    public async Task ResolveCached_WhenNobodyAnswered_AsksAgain() => Assert.That(await CountAsync(HandleAnswer.Unknown, seconds: 0), Is.EqualTo(2));

    [Test]
    public async Task Resolve_Always_AsksAnew()
    {
        int lookups = 0;
        var resolver = new CachingHandleResolver((_, _) => Task.FromResult(++lookups == 1 ? HandleAnswer.Nothing : Found), new ManualTime());

        Did? before = await resolver.ResolveAsync(Alice, CancellationToken.None);
        Did? after = await resolver.ResolveAsync(Alice, CancellationToken.None);
        Did? cached = await resolver.ResolveCachedAsync(Alice, CancellationToken.None);

        Assert.That((before, after, cached, lookups), Is.EqualTo(((Did?)null, Found.Did, Found.Did, 2)));
    }

    [Test]
    public async Task ResolveCached_WhenManyAskAtOnce_LooksUpOnce()
    {
        int lookups = 0;
        var answer = new TaskCompletionSource<HandleAnswer>();
        var resolver = new CachingHandleResolver(
            (_, _) =>
            {
                Interlocked.Increment(ref lookups);
                return answer.Task;
            },
            new ManualTime());

        Task<Did?>[] asking = [.. Enumerable.Range(0, 20).Select(_ => resolver.ResolveCachedAsync(Alice, CancellationToken.None).AsTask())];
        answer.SetResult(Found);
        Did?[] answers = await Task.WhenAll(asking);

        Assert.That(answers, Is.All.EqualTo(Found.Did));
        Assert.That(lookups, Is.EqualTo(1));
    }

    private static async Task<int> CountAsync(HandleAnswer answer, int seconds)
    {
        int lookups = 0;
        var time = new ManualTime();
        var resolver = new CachingHandleResolver(
            (_, _) =>
            {
                lookups++;
                return Task.FromResult(answer);
            },
            time);
        await resolver.ResolveCachedAsync(Alice, CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(seconds));
        await resolver.ResolveCachedAsync(Alice, CancellationToken.None);
        return lookups;
    }
}
