using System.Buffers.Text;
using System.Security.Cryptography;
using Pds.Domain.Crypto;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;

namespace Pds.Domain.Identity;

/// <summary>A signed operation on a <c>did:plc</c>: a <c>plc_operation</c>, a <c>plc_tombstone</c>, or a <c>create</c> of the early days.</summary>
/// <remarks>Source: <see href="https://web.plc.directory/spec/v0.1/did-plc"/></remarks>
public sealed class PlcOperation
{
    private const int DidDigits = 24;

    private readonly byte[] _encoding;
    private readonly Lazy<Cid> _cid;

    private PlcOperation(PlcData? data, LegacyPlcGenesis? legacy, Cid? prev, string signature)
    {
        Data = data;
        Legacy = legacy;
        Prev = prev;
        Signature = signature;
        _encoding = Encode(data, legacy, prev, signature);
        _cid = new(() => Cid.ForDagCbor(_encoding));
    }

    /// <summary>What the DID stands for after it; <see langword="null"/> for tombstones, which end a DID.</summary>
    public PlcData? Data { get; }

    /// <summary>The operation it follows; <see langword="null"/> for a genesis.</summary>
    public Cid? Prev { get; }

    /// <summary>Its signature in base64url. Part of its CID, so that it is kept as received.</summary>
    public string Signature { get; }

    /// <summary>The hash of the signed operation, by which the next one refers to it.</summary>
    public Cid Cid => _cid.Value;

    /// <summary>The canonical encoding with its signature.</summary>
    public ReadOnlyMemory<byte> Encoding => _encoding;

    /// <summary>Whether it begins a DID.</summary>
    public bool IsGenesis => Prev is null && Data is not null;

    /// <summary>Whether it ends a DID.</summary>
    public bool IsTombstone => Data is null;

    /// <summary>Whether it is of type <c>create</c>, which the directory no longer accepts.</summary>
    public bool IsLegacy => Legacy is not null;

    internal LegacyPlcGenesis? Legacy { get; }

    /// <summary>Begins a DID.</summary>
    /// <param name="data">What it stands for.</param>
    /// <param name="rotationKey">One of its rotation keys.</param>
    public static PlcOperation SignGenesis(PlcData data, ISigner rotationKey) => Sign(data, prev: null, rotationKey);

    /// <summary>Changes what a DID stands for, wholly.</summary>
    /// <param name="data">What it stands for from now on.</param>
    /// <param name="prev">The last operation.</param>
    /// <param name="rotationKey">A rotation key of the last operation.</param>
    public static PlcOperation SignUpdate(PlcData data, Cid prev, ISigner rotationKey) => Sign(data, prev, rotationKey);

    /// <summary>Ends a DID.</summary>
    /// <param name="prev">The last operation.</param>
    /// <param name="rotationKey">A rotation key of the last operation.</param>
    public static PlcOperation SignTombstone(Cid prev, ISigner rotationKey) => Sign(data: null, prev, rotationKey);

    /// <summary>Reads the JSON form, which has exactly the fields of its type.</summary>
    /// <exception cref="FormatException">Not an operation.</exception>
    public static PlcOperation FromJson(ReadOnlySpan<byte> utf8) => PlcOperationJson.Read(utf8);

    /// <summary>The JSON form, as the directory takes it.</summary>
    public byte[] ToJson() => PlcOperationJson.Write(this);

    /// <summary>The DID that a genesis begins.</summary>
    /// <exception cref="InvalidOperationException">Not a genesis.</exception>
    public Did DeriveDid()
    {
        if (!IsGenesis)
        {
            throw new InvalidOperationException("Only a genesis tells its DID.");
        }

        Span<byte> digits = stackalloc byte[DidDigits];
        Base32.Encode(SHA256.HashData(_encoding).AsSpan(0, DidDigits * 5 / 8), digits);
        return Did.Parse("did:plc:" + System.Text.Encoding.ASCII.GetString(digits));
    }

    /// <summary>Whether a key made its signature. High-S signatures and other spellings of base64url count as bad.</summary>
    public bool IsSignedBy(PublicKey rotationKey, IVerifier verifier)
    {
        Span<byte> signature = stackalloc byte[ISigner.SignatureLength];
        return TryDecode(Signature, signature) && verifier.Verify(rotationKey, Encode(Data, Legacy, Prev, signature: null), signature);
    }

    internal static PlcOperation FromParts(PlcData? data, Cid? prev, string signature) => new(data, legacy: null, prev, signature);

    internal static PlcOperation FromParts(LegacyPlcGenesis legacy, string signature) => new(legacy.Normalise(), legacy, prev: null, signature);

    private static PlcOperation Sign(PlcData? data, Cid? prev, ISigner key)
    {
        Span<byte> signature = stackalloc byte[ISigner.SignatureLength];
        key.Sign(Encode(data, legacy: null, prev, signature: null), signature);
        return new(data, legacy: null, prev, Base64Url.EncodeToString(signature));
    }

    private static byte[] Encode(PlcData? data, LegacyPlcGenesis? legacy, Cid? prev, string? signature) => (legacy, data) switch
    {
        ({ } genesis, _) => PlcOperationCbor.Encode(genesis, signature),
        (_, { } state) => PlcOperationCbor.Encode(state, prev, signature),
        _ => PlcOperationCbor.EncodeTombstone(prev, signature),
    };

    private static bool TryDecode(string text, Span<byte> signature) =>
        text.Length == Base64Url.GetEncodedLength(signature.Length)
        && Base64Url.IsValid(text)
        && Base64Url.TryDecodeFromChars(text, signature, out int written)
        && written == signature.Length
        && Base64Url.EncodeToString(signature) == text;
}
