using Pds.Domain.Errors;

namespace Pds.Application.Proxying;

/// <summary>Reads answers that this server has to look into.</summary>
internal static class AnswerBody
{
    private const int BufferSize = 16 * 1024;

    /// <summary>The body with its coding undone; <see langword="null"/> when it is too long, cut off or of an unknown coding.</summary>
    public static async ValueTask<byte[]?> ReadDecodedAsync(ServiceAnswer answer, int maxBytes, CancellationToken cancellationToken)
    {
        try
        {
            return Decode(answer, answer.Body) is { } decoded ? await ReadAsync(decoded, maxBytes, cancellationToken) : null;
        }
        catch (Exception e) when (e is XrpcException || IsOfDecoder(e))
        {
            return null;
        }
    }

    /// <summary>A body that was read before, with its coding undone; <see langword="null"/> when that fails.</summary>
    public static async ValueTask<byte[]?> DecodeAsync(ServiceAnswer answer, byte[] body, int maxBytes, CancellationToken cancellationToken)
    {
        try
        {
            return Decode(answer, new MemoryStream(body)) is { } decoded ? await ReadAsync(decoded, maxBytes, cancellationToken) : null;
        }
        catch (Exception e) when (IsOfDecoder(e))
        {
            return null;
        }
    }

    /// <summary>The bytes of a stream up to its end, or until there are more than allowed.</summary>
    public static async ValueTask<(byte[] Bytes, bool IsWhole)> ReadStartAsync(Stream stream, int maxBytes, CancellationToken cancellationToken)
    {
        using var all = new MemoryStream();
        byte[] buffer = new byte[BufferSize];
        int read;
        while (all.Length <= maxBytes && (read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            all.Write(buffer, 0, read);
        }

        return (all.ToArray(), all.Length <= maxBytes);
    }

    private static async ValueTask<byte[]?> ReadAsync(Stream stream, int maxBytes, CancellationToken cancellationToken)
    {
        (byte[] bytes, bool isWhole) = await ReadStartAsync(stream, maxBytes, cancellationToken);
        return isWhole ? bytes : null;
    }

    /// <summary>Decoders throw whatever suits them: brotli's says <see cref="InvalidOperationException"/>.</summary>
    private static bool IsOfDecoder(Exception exception) => exception is InvalidDataException or InvalidOperationException or IOException;

    private static Stream? Decode(ServiceAnswer answer, Stream body) =>
        ContentCodings.Decode(body, answer.Headers.GetValueOrDefault("content-encoding"));
}
