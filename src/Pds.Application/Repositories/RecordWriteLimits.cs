using Pds.Domain.Repositories;

namespace Pds.Application.Repositories;

/// <summary>The rate limit that all methods share that write records (spec 04 §9).</summary>
internal static class RecordWriteLimits
{
    public const int PointsPerHour = 5000;
    public const int PointsPerDay = 35_000;
    public const string HourBucket = "repo-write-hour";
    public const string DayBucket = "repo-write-day";

    /// <summary>The points of one write.</summary>
    public static int PointsOf(WriteAction action) => action switch
    {
        WriteAction.Create => 3,
        WriteAction.Update => 2,
        _ => 1,
    };
}
