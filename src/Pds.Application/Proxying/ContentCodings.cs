using System.Globalization;
using System.IO.Compression;
using Pds.Domain.Errors;

namespace Pds.Application.Proxying;

/// <summary>Content codings of answers that this server has to look into.</summary>
internal static class ContentCodings
{
    private const string Identity = "identity";
    private const double LeastWeight = 0.001;
    private static readonly string[] PlainFirst = [Identity, "gzip", "br", "deflate"];
    private static readonly string[] CompressedFirst = ["gzip", "br", "deflate", Identity];

    /// <summary>What to ask a service for, so that both this server and the client can read the answer.</summary>
    /// <param name="accepted">The client's <c>Accept-Encoding</c>; <see langword="null"/> when it sent none.</param>
    /// <param name="preferCompressed">Saves traffic rather than time.</param>
    /// <returns>The header, most wanted first; <see langword="null"/> when nothing suits both.</returns>
    /// <exception cref="XrpcException">InvalidRequest: the header is malformed.</exception>
    public static string? Negotiate(string? accepted, bool preferCompressed)
    {
        Dictionary<string, double> weights = Read(accepted);
        string[] usable = [.. (preferCompressed ? CompressedFirst : PlainFirst).Where(coding => WeightOf(coding, weights) > 0)];
        return usable.Length == 0 ? null : string.Join(", ", usable.Select((coding, rank) => rank == 0 ? coding : string.Create(CultureInfo.InvariantCulture, $"{coding};q=0.{9 - rank}")))
            + (usable.Contains(Identity) ? "" : ", identity;q=0");
    }

    /// <summary>Undoes a coding; <see langword="null"/> for one that is not known.</summary>
    public static Stream? Decode(Stream encoded, string? coding) => coding?.Trim().ToLowerInvariant() switch
    {
        null or "" or Identity => encoded,
        "gzip" or "x-gzip" => new GZipStream(encoded, CompressionMode.Decompress),
        "deflate" => new ZLibStream(encoded, CompressionMode.Decompress),
        "br" => new BrotliStream(encoded, CompressionMode.Decompress),
        _ => null,
    };

    private static double WeightOf(string coding, Dictionary<string, double> weights) =>
        weights.TryGetValue(coding, out double weight) || weights.TryGetValue("*", out weight) ? weight
        : coding == Identity ? 1
        : 0;

    private static Dictionary<string, double> Read(string? accepted)
    {
        Dictionary<string, double> weights = new(StringComparer.OrdinalIgnoreCase);
        foreach (string item in string.IsNullOrEmpty(accepted) ? [] : accepted.Split(',', StringSplitOptions.TrimEntries))
        {
            weights[item.Split(';')[0].Trim()] = ReadWeight(item);
        }

        return weights;
    }

    /// <summary>Reads <c>coding</c> or <c>coding;q=0.5</c>.</summary>
    private static double ReadWeight(string item)
    {
        string[] parts = item.Split(';', StringSplitOptions.TrimEntries);
        double weight = 1;
        bool isGood = parts[0].Length > 0 && !parts[0].Contains('=', StringComparison.Ordinal) && (parts.Length == 1
            || (parts.Length == 2 && parts[1].StartsWith("q=", StringComparison.OrdinalIgnoreCase)
                && double.TryParse(parts[1].AsSpan(2), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out weight)
                && weight is 0 or (>= LeastWeight and <= 1)));
        return isGood ? weight : throw new XrpcException(RequestErrors.InvalidRequest, $"Invalid accept-encoding: \"{item}\"");
    }
}
