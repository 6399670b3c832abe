using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Pds.Infrastructure.Persistence;
using Pds.UnitTests.Fakes;

namespace Pds.UnitTests.Persistence;

internal sealed class FullDiskTests
{
    [Test]
    public void Report_WhenManyWritesFail_LogsOneLineAMinute()
    {
        var time = new ManualTime();
        var lines = new Lines();
        var disk = new FullDisk(time, lines);

        for (int second = 0; second < 130; second++)
        {
            disk.Report();
            time.Advance(TimeSpan.FromSeconds(1));
        }

        disk.Clear();
        Assert.That(lines.Logged, Is.EqualTo(new[] { (LogLevel.Error, 1L), (LogLevel.Error, 60L), (LogLevel.Error, 60L), (LogLevel.Information, 0L) }));
        Assert.That(disk.IsFull, Is.False);
    }

    private static IEnumerable<TestCaseData> Exceptions()
    {
        yield return new TestCaseData(new SqliteException("database or disk is full", 13)).Returns(true);
        yield return new TestCaseData(new SqliteException("busy", 5)).Returns(false);
        yield return new TestCaseData(new InvalidOperationException("outer", new SqliteException("database or disk is full", 13))).Returns(true);
        yield return new TestCaseData(new SqliteException("disk I/O error", 10, 4874)).Returns(true);
        yield return new TestCaseData(new SqliteException("disk I/O error", 10, 266)).Returns(false);
        yield return new TestCaseData(new IOException("No space left on device", 28)).Returns(true);
        yield return new TestCaseData(new IOException("Disk quota exceeded", 122)).Returns(true);
        yield return new TestCaseData(new IOException("There is not enough space on the disk", unchecked((int)0x80070070))).Returns(true);
        yield return new TestCaseData(new IOException("Permission denied", 13)).Returns(false);
        yield return new TestCaseData(null).Returns(false);
    }

    [TestCaseSource(nameof(Exceptions))]
    public bool IsCause_TellsAFullDiskFromOtherFaults(Exception? exception) => FullDisk.IsCause(exception);

    private sealed class Lines : ILogger<FullDisk>
    {
        public List<(LogLevel Level, long Count)> Logged { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            object? count = (state as IReadOnlyList<KeyValuePair<string, object?>>)?.FirstOrDefault(pair => pair.Key == "Count").Value;
            Logged.Add((logLevel, count is long number ? number : 0));
        }
    }
}
