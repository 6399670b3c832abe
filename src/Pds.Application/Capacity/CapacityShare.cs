namespace Pds.Application.Capacity;

/// <summary>How much of something one caller may have.</summary>
public static class CapacityShare
{
    private const int All = 100;

    /// <summary>The share of so many places, at least one.</summary>
    /// <param name="places">How many there are.</param>
    /// <param name="percent">The share, 1 to 100.</param>
    public static int Of(int places, int percent) => (int)Math.Max(1, (long)places * percent / All);
}
