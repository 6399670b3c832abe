using Pds.Domain.Crypto;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;

namespace Pds.Domain.Repositories;

/// <summary>A signed commit of version 3: the root of a repository. Immutable.</summary>
/// <remarks>
/// The signature covers the canonical encoding of the other five fields. Since both forms are canonical, the unsigned bytes are the
/// signed ones without the entry <c>sig</c> and with a map head that counts one less, so that neither form is ever encoded twice.
/// <para>Source: <see href="https://atproto.com/specs/repository#commit-objects"/></para>
/// </remarks>
public sealed class Commit
{
    private const int Version = 3;
    private const byte SignedHead = 0xa6;
    private const byte UnsignedHead = 0xa5;
    private const int SignatureEntryLength = SignatureEntryPrefixLength + ISigner.SignatureLength;
    private const int SignatureEntryPrefixLength = 6;

    private readonly int _signatureEntryAt;

    private Commit(Did did, Tid rev, Cid data, Cid? prev, ReadOnlyMemory<byte> bytes, int signatureEntryAt)
    {
        Did = did;
        Rev = rev;
        Data = data;
        Prev = prev;
        Bytes = bytes;
        Cid = Cid.ForDagCbor(bytes.Span);
        _signatureEntryAt = signatureEntryAt;
    }

    /// <summary>Whose repository it is.</summary>
    public Did Did { get; }

    /// <summary>The revision; grows with every commit of a repository.</summary>
    public Tid Rev { get; }

    /// <summary>Root of the tree.</summary>
    public Cid Data { get; }

    /// <summary>A field of the past: <see langword="null"/> in every commit made today, a CID in some old ones.</summary>
    public Cid? Prev { get; }

    /// <summary>CID of the signed bytes.</summary>
    public Cid Cid { get; }

    /// <summary>The signed commit as canonical DAG-CBOR.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>The compact signature, 64 bytes.</summary>
    public ReadOnlySpan<byte> Signature =>
        Bytes.Span.Slice(_signatureEntryAt + SignatureEntryPrefixLength, ISigner.SignatureLength);

    // The entry of the map: text "sig", then the head of a byte string of 64.
    private static ReadOnlySpan<byte> SignatureEntryPrefix => [0x63, (byte)'s', (byte)'i', (byte)'g', 0x58, ISigner.SignatureLength];

    /// <summary>Makes a commit.</summary>
    public static Commit Sign(Did did, Cid data, Tid rev, ISigner signer)
    {
        Span<byte> revText = stackalloc byte[Tid.TextLength];
        rev.CopyTo(revText);
        var writer = new DagCborWriter(256);
        writer.WriteMapHeader(5);
        writer.WriteText("did"u8);
        writer.WriteText(did.Text);
        writer.WriteText("rev"u8);
        writer.WriteText(revText);
        int signatureEntryAt = writer.WrittenCount;
        writer.WriteText("data"u8);
        writer.WriteCid(data);
        writer.WriteText("prev"u8);
        writer.WriteNull();
        writer.WriteText("version"u8);
        writer.WriteInteger(Version);
        ReadOnlySpan<byte> unsigned = writer.WrittenSpan;

        byte[] signed = new byte[unsigned.Length + SignatureEntryLength];
        unsigned[..signatureEntryAt].CopyTo(signed);
        signed[0] = SignedHead;
        SignatureEntryPrefix.CopyTo(signed.AsSpan(signatureEntryAt));
        signer.Sign(unsigned, signed.AsSpan(signatureEntryAt + SignatureEntryPrefixLength, ISigner.SignatureLength));
        unsigned[signatureEntryAt..].CopyTo(signed.AsSpan(signatureEntryAt + SignatureEntryLength));
        return new Commit(did, rev, data, prev: null, signed, signatureEntryAt);
    }

    /// <summary>Reads a signed commit. Only the canonical encoding of exactly the six fields of version 3 is taken.</summary>
    /// <exception cref="FormatException">Not such a commit.</exception>
    public static Commit Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new DagCborReader(bytes.Span);
        if (reader.ReadMapHeader() != 6)
        {
            throw new RepositoryFormatException("A signed commit has six fields.");
        }

        RequireKey(ref reader, "did"u8);
        if (!Did.TryParse(reader.ReadText(), out Did did))
        {
            throw new RepositoryFormatException("The commit's did is not a DID.");
        }

        RequireKey(ref reader, "rev"u8);
        if (!Tid.TryParse(reader.ReadText(), out Tid rev))
        {
            throw new RepositoryFormatException("The commit's rev is not a TID.");
        }

        int signatureEntryAt = reader.Position;
        RequireKey(ref reader, "sig"u8);
        if (reader.ReadBytes().Length != ISigner.SignatureLength)
        {
            throw new RepositoryFormatException("The commit's signature is not 64 bytes long.");
        }

        RequireKey(ref reader, "data"u8);
        Cid data = ReadDagCborCid(ref reader);
        RequireKey(ref reader, "prev"u8);
        Cid? prev = reader.TryReadNull() ? null : ReadDagCborCid(ref reader);
        RequireKey(ref reader, "version"u8);
        if (reader.ReadInteger() != Version)
        {
            throw new RepositoryFormatException("The commit is not of version 3.");
        }

        reader.ReadEnd();
        return new Commit(did, rev, data, prev, bytes, signatureEntryAt);
    }

    /// <summary>Whether the signature is that key's over this very commit.</summary>
    public bool HasSignatureOf(PublicKey key, IVerifier verifier) => verifier.Verify(key, EncodeUnsigned(), Signature);

    /// <summary>The five fields that are signed, as canonical DAG-CBOR.</summary>
    internal byte[] EncodeUnsigned()
    {
        ReadOnlySpan<byte> signed = Bytes.Span;
        byte[] unsigned = new byte[signed.Length - SignatureEntryLength];
        signed[.._signatureEntryAt].CopyTo(unsigned);
        unsigned[0] = UnsignedHead;
        signed[(_signatureEntryAt + SignatureEntryLength)..].CopyTo(unsigned.AsSpan(_signatureEntryAt));
        return unsigned;
    }

    // The fields stand in canonical order here, so demanding each by name demands the order too.
    private static void RequireKey(ref DagCborReader reader, ReadOnlySpan<byte> name)
    {
        if (!reader.ReadKey(default).SequenceEqual(name))
        {
            throw new RepositoryFormatException("The commit has fields that a commit of version 3 has not.");
        }
    }

    private static Cid ReadDagCborCid(ref DagCborReader reader)
    {
        Cid cid = reader.ReadCid();
        return cid.Codec == CidCodec.DagCbor ? cid : throw new RepositoryFormatException("The commit refers to something that is not DAG-CBOR.");
    }
}
