namespace Pds.Application.OAuth;

/// <summary>Remembers what may be used once only. Servers that share an origin must share it.</summary>
public interface IReplayStore
{
    /// <summary>Remembers a text; <see langword="false"/> when it is remembered already. Of several who ask at the same time, one gets <see langword="true"/>.</summary>
    /// <param name="kind">What the text is; texts of different kinds are different.</param>
    /// <param name="text">Of any length; only a digest is kept.</param>
    /// <param name="lifetime">How long to remember it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<bool> TryAddAsync(string kind, string text, TimeSpan lifetime, CancellationToken cancellationToken);
}
