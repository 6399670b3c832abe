using System.Globalization;

namespace Pds.Fuzz;

/// <summary>Runs targets one after the other, writes what they found and counts.</summary>
internal sealed class Campaign(Arguments arguments)
{
    private const string TableHead = "| ended, UTC | target | seed | inputs | each second | taken | longest ms | findings |\n|---|---|--:|--:|--:|--:|--:|--:|\n";

    public int Run()
    {
        if (arguments.WriteCorpus is { } folder)
        {
            Corpus.Write(folder);
            return 0;
        }

        if (arguments.Instrumented is { } name)
        {
            Instrumented.Run(name);
            return 0;
        }

        FuzzTarget[] targets = arguments.Target == Arguments.All ? [.. FuzzTargets.All] : [.. arguments.Target.Split(',').Select(FuzzTargets.Get)];
        if (arguments.Replay is { } file)
        {
            Console.WriteLine(targets[0].Read(File.ReadAllBytes(file)) ?? "taken");
            return 0;
        }

        int failed = targets.Count(target => !Fuzz(target, targets.Length));
        if (arguments.Check)
        {
            Console.WriteLine($"fuzz: {targets.Length - failed} passed, {failed} failed, 0 skipped");
        }

        return failed == 0 ? 0 : 1;
    }

    private bool Fuzz(FuzzTarget target, int targets)
    {
        double seconds = arguments.Seconds is { } given ? given / (arguments.Check ? targets : 1) : double.MaxValue;
        long inputs = arguments.Inputs ?? (arguments.Share is { } share ? (long)(target.Goal * share) : long.MaxValue);
        TimeSpan time = seconds < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(seconds) : TimeSpan.MaxValue;
        FuzzRun run = new FuzzRun(target, arguments.Seed, FuzzRun.DefaultMaxTime).Replay().Mutate(inputs, time);
        foreach (Finding finding in run.Findings)
        {
            Report(target, finding);
        }

        double rate = run.Inputs / Math.Max(run.Elapsed.TotalSeconds, 0.001);
        string row = string.Create(
            CultureInfo.InvariantCulture,
            $"| {DateTime.UtcNow:yyyy-MM-dd HH:mm} | {target.Name} | {arguments.Seed} | {run.Inputs} | {rate:F0} | {100.0 * run.Taken / run.Inputs:F1} % | {run.Longest.TotalMilliseconds:F1} | {run.Findings.Count} |");
        Console.WriteLine(row);
        if (arguments.Log is { } log)
        {
            File.AppendAllText(log, (File.Exists(log) ? "" : TableHead) + row + "\n");
        }

        return run.Findings.Count == 0;
    }

    private void Report(FuzzTarget target, Finding finding)
    {
        Directory.CreateDirectory(arguments.Findings);
        string path = Path.Combine(arguments.Findings, $"{target.Name}-{Corpus.NameOf(finding.Input)}");
        File.WriteAllBytes(path, finding.Input);
        File.WriteAllText($"{path}.txt", finding.What);
        Console.WriteLine($"{path}: {finding.What}");
    }
}
