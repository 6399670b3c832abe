namespace Pds.InteropData;

/// <summary>How long helpers wait for what has to happen; on a machine without load it takes a fraction of that.</summary>
internal static class Patience
{
    /// <summary>60 seconds: for whatever goes through a server.</summary>
    public static readonly TimeSpan Long = TimeSpan.FromSeconds(60);
}
