using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Application.Repositories;
using Pds.Domain.Accounts;
using Pds.Domain.Repositories;

namespace Pds.Api.RateLimits;

/// <summary>What is limited, and how far: the reference server's numbers (spec 04 §9).</summary>
internal static class RateLimitRules
{
    private static readonly TimeSpan FiveMinutes = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>Every XRPC request but for exports, every page, and every request of OAuth.</summary>
    public static readonly RateLimitRule Global = ByAddress("global-ip", 3000, FiveMinutes);

    /// <summary>The method that <see cref="Global"/> does not count: it has a bucket of its own.</summary>
    public const string Export = "com.atproto.sync.getRepo";

    private static readonly RateLimitRule[] RepositoryWrites =
    [
        ByAccount("repo-write-hour", 5000, Hour) with { Cost = CostOfWrites },
        ByAccount("repo-write-day", 35_000, Day) with { Cost = CostOfWrites },
    ];

    private static readonly Dictionary<string, RateLimitRule[]> ByMethod = new(StringComparer.OrdinalIgnoreCase)
    {
        [Export] = [ByAddress(Export, 6000, FiveMinutes)],
        ["com.atproto.repo.createRecord"] = RepositoryWrites,
        ["com.atproto.repo.putRecord"] = RepositoryWrites,
        ["com.atproto.repo.deleteRecord"] = RepositoryWrites,
        ["com.atproto.repo.applyWrites"] = RepositoryWrites,
        ["com.atproto.repo.uploadBlob"] = [ByAddress("com.atproto.repo.uploadBlob-0", 1000, Day)],
        ["com.atproto.server.createSession"] =
        [
            BySignIn("com.atproto.server.createSession-0", 300, Day),
            BySignIn("com.atproto.server.createSession-1", 30, FiveMinutes),
        ],
        ["com.atproto.server.createAccount"] = [ByAddress("com.atproto.server.createAccount-0", 100, FiveMinutes)],
        ["com.atproto.server.deleteAccount"] = [ByAddress("com.atproto.server.deleteAccount-0", 50, FiveMinutes)],
        ["com.atproto.server.resetPassword"] = [ByAddress("com.atproto.server.resetPassword-0", 50, FiveMinutes)],
        ["com.atproto.server.requestPasswordReset"] =
        [
            ByAddress("com.atproto.server.requestPasswordReset-0", 50, Day),
            ByAddress("com.atproto.server.requestPasswordReset-1", 15, Hour),
        ],
        ["com.atproto.server.requestAccountDelete"] = Mails("com.atproto.server.requestAccountDelete"),
        ["com.atproto.server.requestEmailConfirmation"] = Mails("com.atproto.server.requestEmailConfirmation"),
        ["com.atproto.server.requestEmailUpdate"] = Mails("com.atproto.server.requestEmailUpdate"),
        ["com.atproto.identity.updateHandle"] =
        [
            ByAccount("com.atproto.identity.updateHandle-0", 10, FiveMinutes),
            ByAccount("com.atproto.identity.updateHandle-1", 50, Day),
        ],

        // Not in the reference: everybody may have it keep a request for an hour.
        ["oauth/par"] = [ByAddress("oauth-par", 500, FiveMinutes)],

        // Not in the reference, whose answer anybody may have it write to the disk for.
        ["com.atproto.server.reserveSigningKey"] = [ByAddress("com.atproto.server.reserveSigningKey-0", 50, FiveMinutes)],
    };

    /// <summary>The buckets of one method; empty for most.</summary>
    public static IReadOnlyList<RateLimitRule> Of(string nsid) => ByMethod.GetValueOrDefault(nsid, []);

    /// <summary>What a write of records costs: 3 for what is new, 2 for what changes, 1 for what goes.</summary>
    private static int CostOfWrites(RateLimitSubject subject) => subject.Arguments.Sum(argument => argument switch
    {
        CreateRecordInput => CostOf(WriteAction.Create),
        PutRecordInput => CostOf(WriteAction.Update),
        DeleteRecordInput => CostOf(WriteAction.Delete),
        ApplyWritesInput batch => batch.Writes.Sum(write => CostOf(ActionOf(write.Type))),
        _ => 0,
    });

    private static int CostOf(WriteAction action) => action switch
    {
        WriteAction.Create => 3,
        WriteAction.Update => 2,
        _ => 1,
    };

    private static WriteAction ActionOf(string type) => type switch
    {
        "com.atproto.repo.applyWrites#create" => WriteAction.Create,
        "com.atproto.repo.applyWrites#update" => WriteAction.Update,
        _ => WriteAction.Delete,
    };

    private static RateLimitRule[] Mails(string nsid) => [ByAccount($"{nsid}-0", 15, Day), ByAccount($"{nsid}-1", 5, Hour)];

    private static RateLimitRule ByAddress(string name, int points, TimeSpan window) => new(name, points, window) { Key = subject => subject.Address };

    private static RateLimitRule ByAccount(string name, int points, TimeSpan window) =>
        new(name, points, window) { Key = subject => subject.Find<Caller>()?.Account?.ToString() };

    private static RateLimitRule BySignIn(string name, int points, TimeSpan window) =>
        new(name, points, window) { Key = subject => $"{(subject.Find<CreateSessionInput>() is { } input ? PastedText.Clean(input.Identifier).ToLowerInvariant() : null)}-{subject.Address}" };
}
