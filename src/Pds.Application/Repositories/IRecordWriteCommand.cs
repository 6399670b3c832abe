using Pds.Application.Pipeline;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;

namespace Pds.Application.Repositories;

/// <summary>
/// A message that writes records, whatever the method: what a behavior is constrained to that wants to see every write before it happens.
/// </summary>
public interface IRecordWriteCommand : IPdsRequest
{
    /// <summary>Who writes.</summary>
    Caller Caller { get; }

    /// <summary>The writes as the caller asks for them, in order, not checked yet.</summary>
    IReadOnlyList<ProposedWrite> Proposed { get; }
}

/// <summary>A write that has been asked for.</summary>
/// <param name="Action">What to do. A <c>putRecord</c> is an update, also when it turns out to make the record.</param>
/// <param name="Collection">Which collection.</param>
/// <param name="Key">The record key; <see langword="null"/> when the server is to choose one.</param>
/// <param name="Record">The content as sent; <see langword="null"/> for deletions.</param>
public sealed record ProposedWrite(WriteAction Action, Nsid Collection, RecordKey? Key, DataMap? Record);
