namespace Pds.Fuzz;

/// <summary>The way in for AFL++: one input from standard input each time, in one process, over assemblies that run-afl.sh instruments.</summary>
internal static class Instrumented
{
    /// <summary>Reads inputs until AFL++ ends. No instrumented code may run before it is asked for: where it counts is mapped only then.</summary>
    public static void Run(string name)
    {
        FuzzTarget? target = null;
        SharpFuzz.Fuzzer.OutOfProcess.Run(stream =>
        {
            target ??= FuzzTargets.Get(name);
            using MemoryStream input = new();
            stream.CopyTo(input);
            byte[] bytes = input.ToArray();
            target.Repair(bytes);
            target.Read(bytes);
        });
    }
}
