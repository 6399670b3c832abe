using System.Globalization;

namespace Pds.Fuzz;

/// <summary>What the command line says.</summary>
internal sealed record Arguments
{
    public const string All = "all";

    public string Target { get; private init; } = All;

    public long? Inputs { get; private init; }

    public double? Share { get; private init; }

    public double? Seconds { get; private init; }

    public ulong Seed { get; private init; } = 1;

    public string Findings { get; private init; } = "findings";

    public string? Log { get; private init; }

    public string? Replay { get; private init; }

    public string? WriteCorpus { get; private init; }

    public string? Instrumented { get; private init; }

    public bool Check { get; private init; }

    /// <summary>Reads the command line; <see langword="null"/> where it is not understood.</summary>
    public static Arguments? Parse(string[] args)
    {
        Arguments read = new();
        for (int i = 0; i < args.Length; i++)
        {
            if (args[i] == "--check")
            {
                read = read with { Check = true };
                continue;
            }

            if (i + 1 == args.Length || read.With(args[i], args[++i]) is not { } next)
            {
                return null;
            }

            read = next;
        }

        return read;
    }

    public static int Explain()
    {
        Console.Error.WriteLine(
            """
            --target NAME       a target, or several with commas, or all (the default)
            --inputs N          so many mutated inputs for each target
            --share X           this part of each target's goal, 1.0 for a whole campaign
            --seconds S         at most so long for each target
            --seed N            the same seed gives the same inputs; default 1
            --findings FOLDER   where inputs are written that broke something; default findings
            --log FILE          a table to append the counts to
            --check             the corpus, then --seconds in all; prints the sum for continuous integration
            --replay FILE       gives one file to the target
            --write-corpus DIR  writes the inputs that code makes
            --afl NAME          for run-afl.sh: reads standard input, instrumented
            """);
        Console.Error.WriteLine($"targets: {string.Join(' ', FuzzTargets.All.Select(target => target.Name))}");
        return 2;
    }

    private Arguments? With(string name, string value) => name switch
    {
        "--target" => this with { Target = value },
        "--inputs" when long.TryParse(value, CultureInfo.InvariantCulture, out long inputs) => this with { Inputs = inputs },
        "--share" when double.TryParse(value, CultureInfo.InvariantCulture, out double share) => this with { Share = share },
        "--seconds" when double.TryParse(value, CultureInfo.InvariantCulture, out double seconds) => this with { Seconds = seconds },
        "--seed" when ulong.TryParse(value, CultureInfo.InvariantCulture, out ulong seed) => this with { Seed = seed },
        "--findings" => this with { Findings = value },
        "--log" => this with { Log = value },
        "--replay" => this with { Replay = value },
        "--write-corpus" => this with { WriteCorpus = value },
        "--afl" => this with { Instrumented = value },
        _ => null,
    };
}
