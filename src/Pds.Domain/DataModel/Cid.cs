using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Serialization;
using Pds.Domain.Identifiers;

namespace Pds.Domain.DataModel;

/// <summary>A content identifier: CIDv1, sha2-256, with codec dag-cbor or raw. Nothing else is a CID here.</summary>
/// <remarks>
/// Held in place, without memory of its own. The default value has no codec, equals itself only and prints as the empty text and throws where bytes are needed.
/// <para>Source: <see href="https://atproto.com/specs/data-model#link-and-cid-formats"/></para>
/// </remarks>
[JsonConverter(typeof(TextConverter<Cid>))]
public readonly struct Cid : IEquatable<Cid>, IComparable<Cid>, IParsable<Cid>
{
    /// <summary>Bytes of the binary form.</summary>
    public const int ByteLength = 36;

    /// <summary>Characters of the text form: <c>b</c> and 58 base32 digits.</summary>
    public const int TextLength = 59;

    private const byte Version1 = 0x01;
    private const byte Sha256 = 0x12;
    private const int HeadLength = 4;
    private const byte MultibaseBase32 = (byte)'b';

    // The digest, as big-endian words, so that their order is that of the bytes.
    private readonly ulong _digest0;
    private readonly ulong _digest1;
    private readonly ulong _digest2;
    private readonly ulong _digest3;
    private readonly CidCodec _codec;

    private Cid(CidCodec codec, ReadOnlySpan<byte> digest)
    {
        _codec = codec;
        _digest0 = BinaryPrimitives.ReadUInt64BigEndian(digest);
        _digest1 = BinaryPrimitives.ReadUInt64BigEndian(digest[8..]);
        _digest2 = BinaryPrimitives.ReadUInt64BigEndian(digest[16..]);
        _digest3 = BinaryPrimitives.ReadUInt64BigEndian(digest[24..]);
    }

    /// <summary>What the bytes behind this CID are.</summary>
    public CidCodec Codec => _codec;

    /// <summary>Hashes a DAG-CBOR block.</summary>
    public static Cid ForDagCbor(ReadOnlySpan<byte> block) => Hash(CidCodec.DagCbor, block);

    /// <summary>Hashes the content of a blob.</summary>
    public static Cid ForRaw(ReadOnlySpan<byte> bytes) => Hash(CidCodec.Raw, bytes);

    /// <summary>The CID of a digest computed elsewhere.</summary>
    /// <param name="codec">Raw or dag-cbor.</param>
    /// <param name="sha256">32 bytes.</param>
    /// <exception cref="ArgumentException">The codec is none, or the digest is not 32 bytes.</exception>
    public static Cid FromDigest(CidCodec codec, ReadOnlySpan<byte> sha256)
    {
        if (codec is not (CidCodec.Raw or CidCodec.DagCbor) || sha256.Length != SHA256.HashSizeInBytes)
        {
            throw new ArgumentException("A CID takes the codec raw or dag-cbor, and 32 bytes.", nameof(sha256));
        }

        return new(codec, sha256);
    }

    /// <summary>Reads the binary form: exactly 36 bytes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> binary, out Cid cid)
    {
        if (binary.Length == ByteLength
            && binary[0] == Version1
            && (CidCodec)binary[1] is CidCodec.Raw or CidCodec.DagCbor
            && binary[2] == Sha256
            && binary[3] == SHA256.HashSizeInBytes)
        {
            cid = new((CidCodec)binary[1], binary[HeadLength..]);
            return true;
        }

        cid = default;
        return false;
    }

    /// <summary>Writes the binary form: 36 bytes.</summary>
    /// <exception cref="InvalidOperationException">This is the default value.</exception>
    /// <exception cref="ArgumentException">The destination is shorter than <see cref="ByteLength"/>.</exception>
    public void CopyTo(Span<byte> binary)
    {
        RequireValue();
        if (binary.Length < ByteLength)
        {
            throw new ArgumentException("A CID takes 36 bytes.", nameof(binary));
        }

        binary[0] = Version1;
        binary[1] = (byte)_codec;
        binary[2] = Sha256;
        binary[3] = SHA256.HashSizeInBytes;
        CopyDigestTo(binary[HeadLength..]);
    }

    /// <summary>Writes the 32 bytes of the hash.</summary>
    public void CopyDigestTo(Span<byte> sha256)
    {
        BinaryPrimitives.WriteUInt64BigEndian(sha256, _digest0);
        BinaryPrimitives.WriteUInt64BigEndian(sha256[8..], _digest1);
        BinaryPrimitives.WriteUInt64BigEndian(sha256[16..], _digest2);
        BinaryPrimitives.WriteUInt64BigEndian(sha256[24..], _digest3);
    }

    /// <summary>The binary form in an array of its own.</summary>
    /// <exception cref="InvalidOperationException">This is the default value.</exception>
    public byte[] ToArray()
    {
        byte[] binary = new byte[ByteLength];
        CopyTo(binary);
        return binary;
    }

    /// <summary>Whether the bytes hash to this CID.</summary>
    public bool Matches(ReadOnlySpan<byte> block) => _codec != CidCodec.None && Equals(Hash(_codec, block));

    /// <summary>Writes the text form: 59 ASCII bytes.</summary>
    /// <exception cref="InvalidOperationException">This is the default value.</exception>
    /// <exception cref="ArgumentException">The destination is shorter than <see cref="TextLength"/>.</exception>
    public void FormatUtf8(Span<byte> utf8)
    {
        if (utf8.Length < TextLength)
        {
            throw new ArgumentException("The text of a CID takes 59 bytes.", nameof(utf8));
        }

        Span<byte> binary = stackalloc byte[ByteLength];
        CopyTo(binary);
        utf8[0] = MultibaseBase32;
        Base32.Encode(binary, utf8[1..TextLength]);
    }

    /// <summary>Reads the canonical text form: <c>b</c> and 58 lower-case base32 digits.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Cid cid)
    {
        Span<byte> utf8 = stackalloc byte[TextLength];
        if (text.Length == TextLength && Encoding.ASCII.GetBytes(text, utf8) == TextLength)
        {
            return TryParseUtf8(utf8, out cid);
        }

        cid = default;
        return false;
    }

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, out Cid)"/>
    public static bool TryParse([NotNullWhen(true)] string? text, out Cid cid) => TryParse(text.AsSpan(), out cid);

    /// <inheritdoc cref="TryParse(ReadOnlySpan{char}, out Cid)"/>
    public static bool TryParseUtf8(ReadOnlySpan<byte> utf8, out Cid cid)
    {
        Span<byte> binary = stackalloc byte[ByteLength];
        if (utf8.Length == TextLength && utf8[0] == MultibaseBase32 && Base32.TryDecode(utf8[1..], binary))
        {
            return TryRead(binary, out cid);
        }

        cid = default;
        return false;
    }

    /// <summary>Reads the canonical text form.</summary>
    /// <exception cref="FormatException">The text is not such a CID.</exception>
    public static Cid Parse(string text) => TryParse(text, out Cid cid) ? cid : throw new FormatException("Not a CID.");

    /// <summary>Bytewise order of the binary form.</summary>
    public int CompareTo(Cid other)
    {
        int order = _codec.CompareTo(other._codec);
        order = order != 0 ? order : _digest0.CompareTo(other._digest0);
        order = order != 0 ? order : _digest1.CompareTo(other._digest1);
        order = order != 0 ? order : _digest2.CompareTo(other._digest2);
        return order != 0 ? order : _digest3.CompareTo(other._digest3);
    }

    /// <inheritdoc/>
    public bool Equals(Cid other) =>
        _digest0 == other._digest0
        && _digest1 == other._digest1
        && _digest2 == other._digest2
        && _digest3 == other._digest3
        && _codec == other._codec;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Cid other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _digest0.GetHashCode();

    /// <summary>The same codec and hash.</summary>
    public static bool operator ==(Cid a, Cid b) => a.Equals(b);

    /// <summary>Another codec or hash.</summary>
    public static bool operator !=(Cid a, Cid b) => !a.Equals(b);

    /// <summary>The text form, 59 characters; empty for the default value.</summary>
    public override string ToString() => _codec == CidCodec.None ? "" : Text;

    /// <summary>The text form, where there must be one.</summary>
    /// <exception cref="InvalidOperationException">This is the default value.</exception>
    internal string Text
    {
        get
        {
            Span<byte> utf8 = stackalloc byte[TextLength];
            FormatUtf8(utf8);
            return Encoding.ASCII.GetString(utf8);
        }
    }

    static Cid IParsable<Cid>.Parse(string s, IFormatProvider? provider) => Parse(s);

    static bool IParsable<Cid>.TryParse(string? s, IFormatProvider? provider, out Cid result) => TryParse(s, out result);

    private static Cid Hash(CidCodec codec, ReadOnlySpan<byte> bytes)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, digest);
        return new(codec, digest);
    }

    private void RequireValue()
    {
        if (_codec == CidCodec.None)
        {
            throw new InvalidOperationException("The default Cid has no bytes.");
        }
    }
}
