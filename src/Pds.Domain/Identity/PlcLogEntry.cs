namespace Pds.Domain.Identity;

/// <summary>An operation as the directory keeps it.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="CreatedAt">When the directory accepted it; the recovery window counts from here.</param>
/// <param name="Nullified">Whether a stronger key has undone it since.</param>
public sealed record PlcLogEntry(PlcOperation Operation, DateTimeOffset CreatedAt, bool Nullified);
