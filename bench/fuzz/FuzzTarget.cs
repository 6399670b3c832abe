namespace Pds.Fuzz;

/// <summary>One reader of foreign bytes and what must hold of it, whatever the bytes are.</summary>
/// <param name="name">Lower case; the name of its folder in the corpus.</param>
/// <param name="goal">How many inputs a whole campaign gives it.</param>
internal abstract class FuzzTarget(string name, long goal)
{
    /// <summary>The goal of a decoder.</summary>
    protected const long Decoder = 20_000_000;

    /// <summary>The goal of a reader of documents, where one input takes tens of microseconds.</summary>
    protected const long Document = 1_000_000;

    public string Name { get; } = name;

    public long Goal { get; } = goal;

    /// <summary>Longest input in bytes.</summary>
    public virtual int MaxLength => 1024;

    /// <summary>Words that inputs of this kind are made of.</summary>
    public virtual IReadOnlyList<string> Tokens => [];

    /// <summary>Most bytes that one input may make the reader allocate.</summary>
    public virtual long MaxAllocation(int length) => 256 * 1024 + (1024L * length);

    /// <summary>Reads an input. Every exception that comes out is a finding.</summary>
    /// <returns><see langword="null"/> when the input was taken; the reason when it was refused in the way that is documented.</returns>
    public abstract string? Read(ReadOnlyMemory<byte> input);

    /// <summary>Makes a mutated input pass checks that no mutation passes by luck, such as digests. Its length stays.</summary>
    public virtual void Repair(Span<byte> input)
    {
    }

    /// <summary>Inputs to begin with, from code; the corpus has these as files, and more.</summary>
    public virtual IEnumerable<(string Name, byte[] Bytes)> Seeds() => [];
}
