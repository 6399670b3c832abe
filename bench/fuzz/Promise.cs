namespace Pds.Fuzz;

/// <summary>Something that must hold does not.</summary>
internal sealed class BrokenPromiseException(string message) : Exception(message);

/// <summary>What must hold.</summary>
internal static class Promise
{
    /// <summary>Demands something; constant messages only, since this runs for every input.</summary>
    public static void Holds(bool isKept, string message)
    {
        if (!isKept)
        {
            throw new BrokenPromiseException(message);
        }
    }
}
