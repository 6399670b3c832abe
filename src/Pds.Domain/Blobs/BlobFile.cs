using Pds.Domain.DataModel;

namespace Pds.Domain.Blobs;

/// <summary>Where the bytes of a blob lie within the files of one account.</summary>
/// <remarks>The default value is no place.</remarks>
public readonly record struct BlobFile
{
    /// <summary>Bytes of randomness in the name of a temporary file.</summary>
    public const int KeyBytes = 32;

    private const int BitsPerDigit = 5;

    private BlobFile(BlobArea area, string name)
    {
        Area = area;
        Name = name;
    }

    /// <summary>Which part of the store.</summary>
    public BlobArea Area { get; }

    /// <summary>The file's name: the key of an upload, else the text of the CID.</summary>
    public string Name { get; }

    /// <summary>An upload that no record refers to yet.</summary>
    /// <param name="key">What <see cref="NewKey"/> gave.</param>
    public static BlobFile Temporary(string key) => new(BlobArea.Temporary, key);

    /// <summary>A blob that records refer to.</summary>
    public static BlobFile Permanent(Cid cid) => new(BlobArea.Permanent, cid.Text);

    /// <summary>A blob that is taken down.</summary>
    public static BlobFile Quarantined(Cid cid) => new(BlobArea.Quarantine, cid.Text);

    /// <summary>The key of an upload: base32 digits.</summary>
    /// <param name="random"><see cref="KeyBytes"/> bytes that nobody can guess and that never come again.</param>
    public static string NewKey(ReadOnlySpan<byte> random)
    {
        Span<byte> digits = stackalloc byte[((random.Length * 8) + BitsPerDigit - 1) / BitsPerDigit];
        Base32.Encode(random, digits);
        return System.Text.Encoding.ASCII.GetString(digits);
    }
}

/// <summary>A part of a blob store.</summary>
public enum BlobArea
{
    /// <summary>Uploads that no record refers to yet.</summary>
    Temporary,

    /// <summary>Blobs that records refer to; the only ones that are served.</summary>
    Permanent,

    /// <summary>Blobs that are taken down.</summary>
    Quarantine,
}
