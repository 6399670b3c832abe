using System.Globalization;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;

namespace Pds.Domain.Sync;

/// <summary>Reads the values of a message, each demanded to be of its type. Everything else is <see cref="FormatException"/>.</summary>
/// <param name="frame">The whole message; byte strings are slices of it.</param>
internal ref struct FrameReader(ReadOnlyMemory<byte> frame)
{
    private DagCborReader _reader = new(frame.Span);

    /// <summary>Reads the head of a map: how many pairs it has.</summary>
    public int Map() => _reader.ReadMapHeader();

    /// <summary>Reads the head of an array of bounded length.</summary>
    public int Array(int max)
    {
        int count = _reader.ReadArrayHeader();
        return count <= max ? count : throw new EventFrameException($"An array has more than {max} items.");
    }

    /// <summary>Reads the next key of a map.</summary>
    /// <param name="previous">The one before; <see langword="default"/> at first.</param>
    public ReadOnlySpan<byte> Key(scoped ReadOnlySpan<byte> previous) => _reader.ReadKey(previous);

    public string Text() => _reader.ReadText();

    public long Integer() => _reader.ReadInteger();

    public bool Boolean() => _reader.ReadBoolean();

    public Cid Link() => _reader.ReadCid();

    public Cid? LinkOrNull() => _reader.TryReadNull() ? null : Link();

    public Did Did() => Parse<Did>();

    public Tid Tid() => Parse<Tid>();

    public Tid? TidOrNull() => _reader.TryReadNull() ? null : Tid();

    public T Parse<T>()
        where T : struct, IParsable<T> =>
        T.TryParse(_reader.ReadText(), CultureInfo.InvariantCulture, out T value) ? value : throw new EventFrameException($"A text is not a {typeof(T).Name}.");

    /// <summary>Reads a datetime of any precision; what is finer than 100 ns is rounded.</summary>
    public DateTimeOffset Time()
    {
        string text = _reader.ReadText();
        return DatetimeSyntax.IsValid(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset time)
            ? time
            : throw new EventFrameException("A time is not a datetime.");
    }

    /// <summary>Reads a byte string of bounded length.</summary>
    public ReadOnlyMemory<byte> Bytes(int max)
    {
        int length = _reader.ReadBytes().Length;
        return length <= max ? frame.Slice(_reader.Position - length, length) : throw new EventFrameException($"A byte string is longer than {max} bytes.");
    }

    /// <summary>Reads an item that nobody asked for.</summary>
    public void Skip() => _reader.Skip();

    /// <summary>Demands that the message ends here.</summary>
    public readonly void End() => _reader.ReadEnd();
}
