using System.Text;
using Pds.Domain.DataModel;

namespace Pds.Domain.Identity;

/// <summary>The canonical encoding of PLC operations. Signatures cover it without the field <c>sig</c>, DID and CIDs are hashes of it with.</summary>
internal static class PlcOperationCbor
{
    /// <summary>Encodes a <c>plc_operation</c>.</summary>
    public static byte[] Encode(PlcData data, Cid? prev, string? signature)
    {
        DagCborWriter writer = Begin(6, "plc_operation", prev, signature);
        writer.WriteText("services");
        writer.WriteMapHeader(data.Services.Count);
        foreach ((string name, PlcService service) in Canonical(data.Services))
        {
            writer.WriteText(name);
            writer.WriteMapHeader(2);
            WriteField(writer, "type", service.Type);
            WriteField(writer, "endpoint", service.Endpoint);
        }

        WriteList(writer, "alsoKnownAs", data.AlsoKnownAs);
        WriteList(writer, "rotationKeys", data.RotationKeys);
        writer.WriteText("verificationMethods");
        writer.WriteMapHeader(data.VerificationMethods.Count);
        foreach ((string name, string key) in Canonical(data.VerificationMethods))
        {
            WriteField(writer, name, key);
        }

        return writer.ToArray();
    }

    /// <summary>Encodes a <c>plc_tombstone</c>.</summary>
    public static byte[] EncodeTombstone(Cid? prev, string? signature) => Begin(2, "plc_tombstone", prev, signature).ToArray();

    /// <summary>Encodes a <c>create</c>.</summary>
    public static byte[] Encode(LegacyPlcGenesis genesis, string? signature)
    {
        DagCborWriter writer = Begin(6, "create", prev: null, signature);
        WriteField(writer, "handle", genesis.Handle);
        WriteField(writer, "service", genesis.Service);
        WriteField(writer, "signingKey", genesis.SigningKey);
        WriteField(writer, "recoveryKey", genesis.RecoveryKey);
        return writer.ToArray();
    }

    /// <summary>Writes the fields every operation begins with. <c>prev</c> is text, not a link.</summary>
    private static DagCborWriter Begin(int fields, string type, Cid? prev, string? signature)
    {
        DagCborWriter writer = new();
        writer.WriteMapHeader(signature is null ? fields : fields + 1);
        if (signature is not null)
        {
            WriteField(writer, "sig", signature);
        }

        writer.WriteText("prev");
        if (prev is { } cid)
        {
            writer.WriteText(cid.ToString());
        }
        else
        {
            writer.WriteNull();
        }

        WriteField(writer, "type", type);
        return writer;
    }

    private static void WriteField(DagCborWriter writer, string name, string value)
    {
        writer.WriteText(name);
        writer.WriteText(value);
    }

    private static void WriteList(DagCborWriter writer, string name, IReadOnlyList<string> values)
    {
        writer.WriteText(name);
        writer.WriteArrayHeader(values.Count);
        foreach (string value in values)
        {
            writer.WriteText(value);
        }
    }

    private static IEnumerable<KeyValuePair<string, T>> Canonical<T>(IReadOnlyDictionary<string, T> map) => map
        .OrderBy(pair => Encoding.UTF8.GetByteCount(pair.Key))
        .ThenBy(pair => pair.Key, Utf8Order);

    private static readonly Comparer<string> Utf8Order =
        Comparer<string>.Create((a, b) => Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b)));
}
