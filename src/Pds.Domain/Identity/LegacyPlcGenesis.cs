namespace Pds.Domain.Identity;

/// <summary>The fields of an operation of type <c>create</c>, the first form of a genesis. Old DIDs begin with one; new ones may not.</summary>
internal sealed record LegacyPlcGenesis(string SigningKey, string RecoveryKey, string Handle, string Service)
{
    /// <summary>The same in today's terms.</summary>
    public PlcData Normalise() => new()
    {
        RotationKeys = [RecoveryKey, SigningKey],
        VerificationMethods = new Dictionary<string, string>(StringComparer.Ordinal) { ["atproto"] = SigningKey },
        AlsoKnownAs = [Handle.StartsWith("at://", StringComparison.Ordinal) ? Handle : "at://" + Handle],
        Services = new Dictionary<string, PlcService>(StringComparer.Ordinal)
        {
            ["atproto_pds"] = new("AtprotoPersonalDataServer", HasScheme(Service) ? Service : "https://" + Service),
        },
    };

    private static bool HasScheme(string service) =>
        service.StartsWith("https://", StringComparison.Ordinal) || service.StartsWith("http://", StringComparison.Ordinal);
}
