namespace Pds.Fuzz;

/// <summary>The way in for AFL++: one input from standard input each time, in one process, over assemblies that run-afl.sh instruments.</summary>
internal static class Instrumented
{
    public static void Run(FuzzTarget target) => SharpFuzz.Fuzzer.OutOfProcess.Run(stream =>
    {
        using MemoryStream input = new();
        stream.CopyTo(input);
        byte[] bytes = input.ToArray();
        target.Repair(bytes);
        target.Read(bytes);
    });
}
