using System.IO.Compression;
using Pds.Application.Proxying;
using Pds.Domain.Blobs;
using Pds.Domain.Errors;

namespace Pds.Fuzz.Targets;

/// <summary>Sniffing media types: never an exception, and the answer is a media type.</summary>
internal sealed class MediaTypeTarget() : FuzzTarget("media-type", Decoder)
{
    public override int MaxLength => MediaTypes.PrefixBytes;

    public override IReadOnlyList<string> Tokens { get; } = ["RIFF", "WEBP", "WAVE", "ftyp", "avif", "mp42", "qt  ", "OggS", "OpusHead", "webm", "matroska", "%PDF-", "GIF89a", "ID3", "fLaC", "wOF2", "PK\u0003\u0004"];

    public override string? Read(ReadOnlyMemory<byte> input)
    {
        string? type = MediaTypes.Sniff(input.Span);
        Promise.Holds(type is null || (type.Contains('/', StringComparison.Ordinal) && !type.StartsWith("text/", StringComparison.Ordinal)), "What is found is no media type, or a text.");
        return type is null ? "unknown" : null;
    }

    public override IEnumerable<(string Name, byte[] Bytes)> Seeds()
    {
        yield return ("png", [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0]);
        yield return ("webp", [.. "RIFF"u8, 1, 2, 3, 4, .. "WEBPVP8 "u8]);
        yield return ("mp4", [0, 0, 0, 0x18, .. "ftypmp42"u8, 0, 0]);
        yield return ("ogg", [.. "OggS"u8, .. new byte[24], .. "OpusHead"u8]);
        yield return ("mpeg", [0xff, 0xfb, 0x90, 0x00]);
        yield return ("matroska", [0x1a, 0x45, 0xdf, 0xa3, .. "....matroska"u8]);
    }
}

/// <summary>Headers that name codings, and coded bodies: never an exception but those of a body that is not in its coding; no more is decoded than is asked for.</summary>
internal sealed class CodingTarget() : FuzzTarget("coding", Document)
{
    private static readonly string[] Codings = ["gzip", "deflate", "br", "identity", "x-gzip", "zstd"];
    private readonly byte[] _decoded = new byte[4096];

    public override IReadOnlyList<string> Tokens { get; } = ["gzip", "br", "deflate", "identity", "*", ";q=", "0.5", ",", "1e9", "q=0", "-1"];

    public override string? Read(ReadOnlyMemory<byte> input)
    {
        if (input.IsEmpty)
        {
            return "empty";
        }

        Negotiate(System.Text.Encoding.Latin1.GetString(input.Span[1..]), preferCompressed: (input.Length & 1) == 0);
        using Stream? body = ContentCodings.Decode(new MemoryStream(input[1..].ToArray()), Codings[input.Span[0] % Codings.Length]);
        try
        {
            int length = body?.ReadAtLeast(_decoded, _decoded.Length, throwOnEndOfStream: false) ?? 0;
            return body is null || length == 0 ? "nothing" : null;
        }
        catch (Exception e) when (e is InvalidDataException or InvalidOperationException or IOException)
        {
            // The framework's decoders: gzip and deflate say InvalidDataException or an IOException, brotli InvalidOperationException.
            return e.Message;
        }
    }

    public override IEnumerable<(string Name, byte[] Bytes)> Seeds()
    {
        yield return ("gzip", [0, .. Encode(stream => new GZipStream(stream, CompressionLevel.Optimal))]);
        yield return ("deflate", [1, .. Encode(stream => new ZLibStream(stream, CompressionLevel.Optimal))]);
        yield return ("br", [2, .. Encode(stream => new BrotliStream(stream, CompressionLevel.Optimal))]);
        yield return ("header", [3, .. "gzip;q=0.5, br, *;q=0"u8]);
    }

    private static void Negotiate(string accepted, bool preferCompressed)
    {
        try
        {
            ContentCodings.Negotiate(accepted, preferCompressed);
        }
        catch (XrpcException e) when (e.Error == RequestErrors.InvalidRequest)
        {
            // A weight that is none is the client's fault.
        }
    }

    private static byte[] Encode(Func<Stream, Stream> open)
    {
        using MemoryStream coded = new();
        using (Stream coder = open(coded))
        {
            coder.Write("hello hello hello hello {\"a\":1}"u8);
        }

        return coded.ToArray();
    }
}
