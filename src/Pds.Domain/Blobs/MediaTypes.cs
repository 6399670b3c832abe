namespace Pds.Domain.Blobs;

/// <summary>Tells media types by the first bytes of a file. Nothing is parsed deeper than that, and what is text is never guessed at.</summary>
public static class MediaTypes
{
    /// <summary>How many first bytes are looked at.</summary>
    public const int PrefixBytes = 512;

    /// <summary>What a file of unknown content is.</summary>
    public const string Unknown = "application/octet-stream";

    private const int BrandStart = 8;
    private const int BrandEnd = 12;
    private const int OggCodecStart = 28;

    /// <summary>The media type of a file, or <see langword="null"/> when its beginning says nothing.</summary>
    /// <param name="prefix">The first bytes, up to <see cref="PrefixBytes"/>.</param>
    public static string? Sniff(ReadOnlySpan<byte> prefix) =>
        SniffImage(prefix) ?? SniffContainer(prefix) ?? SniffSound(prefix) ?? SniffDocument(prefix);

    private static string? SniffImage(ReadOnlySpan<byte> p) => p switch
    {
        [0xFF, 0xD8, 0xFF, ..] => "image/jpeg",
        [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => "image/png",
        [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..] => "image/gif",
        [(byte)'B', (byte)'M', _, _, _, _, 0, 0, 0, 0, ..] => "image/bmp",    // two letters alone could be text
        [(byte)'I', (byte)'I', 0x2A, 0, ..] or [(byte)'M', (byte)'M', 0, 0x2A, ..] => "image/tiff",
        [0, 0, 0, 0x0C, (byte)'J', (byte)'X', (byte)'L', (byte)' ', 0x0D, 0x0A, 0x87, 0x0A, ..] => "image/jxl",
        [0, 0, 1, 0, ..] => "image/x-icon",
        [(byte)'8', (byte)'B', (byte)'P', (byte)'S', ..] => "image/vnd.adobe.photoshop",
        _ => null,
    };

    /// <summary>Formats whose second half of the beginning tells what is inside.</summary>
    private static string? SniffContainer(ReadOnlySpan<byte> p)
    {
        if (p.Length >= BrandEnd && p.StartsWith("RIFF"u8))
        {
            ReadOnlySpan<byte> form = p[BrandStart..BrandEnd];
            return form.SequenceEqual("WEBP"u8) ? "image/webp"
                : form.SequenceEqual("WAVE"u8) ? "audio/wav"
                : form.SequenceEqual("AVI "u8) ? "video/vnd.avi"
                : null;
        }

        if (p.Length >= BrandEnd && p[4..].StartsWith("ftyp"u8))
        {
            return SniffBrand(p[BrandStart..BrandEnd]);
        }

        if (p.StartsWith<byte>([0x1A, 0x45, 0xDF, 0xA3]))
        {
            return p.IndexOf("webm"u8) >= 0 ? "video/webm" : p.IndexOf("matroska"u8) >= 0 ? "video/x-matroska" : null;
        }

        return p.StartsWith("OggS"u8) ? SniffOgg(p) : null;
    }

    /// <summary>ISO base media: the major brand.</summary>
    private static string SniffBrand(ReadOnlySpan<byte> brand) =>
        brand.SequenceEqual("avif"u8) || brand.SequenceEqual("avis"u8) ? "image/avif"
        : brand.SequenceEqual("heic"u8) || brand.SequenceEqual("heix"u8) ? "image/heic"
        : brand.SequenceEqual("hevc"u8) || brand.SequenceEqual("hevx"u8) ? "image/heic-sequence"
        : brand.SequenceEqual("mif1"u8) ? "image/heif"
        : brand.SequenceEqual("msf1"u8) ? "image/heif-sequence"
        : brand.SequenceEqual("qt  "u8) ? "video/quicktime"
        : brand.SequenceEqual("M4A "u8) ? "audio/x-m4a"
        : brand.SequenceEqual("M4V "u8) ? "video/x-m4v"
        : brand.StartsWith("3gp"u8) ? "video/3gpp"
        : "video/mp4";

    private static string SniffOgg(ReadOnlySpan<byte> p)
    {
        ReadOnlySpan<byte> codec = p.Length > OggCodecStart ? p[OggCodecStart..] : default;
        return codec.Length > 1 && codec[1..].StartsWith("theora"u8) ? "video/ogg"
            : codec.StartsWith("OpusHead"u8) || codec.StartsWith("Speex"u8) || (codec.Length > 1 && (codec[1..].StartsWith("vorbis"u8) || codec[1..].StartsWith("FLAC"u8))) ? "audio/ogg"
            : "application/ogg";
    }

    private static string? SniffSound(ReadOnlySpan<byte> p)
    {
        if (p.StartsWith("ID3"u8))
        {
            return "audio/mpeg";
        }

        // An MPEG frame without a tag: eleven bits of synchronization, layer III, and no reserved bit rate or frequency.
        if (p is [0xFF, _, _, ..] && (p[1] & 0xE6) == 0xE2 && (p[2] & 0xF0) is not 0xF0 and not 0 && (p[2] & 0x0C) != 0x0C)
        {
            return "audio/mpeg";
        }

        return p.StartsWith("fLaC"u8) ? "audio/x-flac"
            : p is [0xFF, 0xF1 or 0xF9, ..] ? "audio/aac"
            : p.StartsWith("MThd"u8) ? "audio/midi"
            : null;
    }

    private static string? SniffDocument(ReadOnlySpan<byte> p) => p switch
    {
        [(byte)'%', (byte)'P', (byte)'D', (byte)'F', (byte)'-', ..] => "application/pdf",
        [(byte)'P', (byte)'K', 3, 4, ..] or [(byte)'P', (byte)'K', 5, 6, ..] => "application/zip",
        [0x1F, 0x8B, 8, ..] => "application/gzip",
        [(byte)'B', (byte)'Z', (byte)'h', >= (byte)'1' and <= (byte)'9', 0x31, 0x41, ..] => "application/x-bzip2",
        [0x28, 0xB5, 0x2F, 0xFD, ..] => "application/zstd",
        [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, ..] => "application/x-xz",
        [(byte)'7', (byte)'z', 0xBC, 0xAF, 0x27, 0x1C, ..] => "application/x-7z-compressed",
        [0, (byte)'a', (byte)'s', (byte)'m', ..] => "application/wasm",
        [(byte)'w', (byte)'O', (byte)'F', (byte)'F', ..] => "font/woff",
        [(byte)'w', (byte)'O', (byte)'F', (byte)'2', ..] => "font/woff2",
        _ => null,
    };
}
