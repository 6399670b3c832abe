using FluentValidation;
using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Application.Settings;
using Pds.Domain.DataModel;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.Application.Repositories;

/// <summary>Reads a page of a collection, newest keys first. Lexicon: <c>com.atproto.repo.listRecords</c>.</summary>
/// <param name="Repo">Whose.</param>
/// <param name="Collection">Which collection.</param>
[XrpcMethod("com.atproto.repo.listRecords")]
public sealed record ListRecordsQuery(AtIdentifier Repo, Nsid Collection) : IQuery<ListRecordsOutput>, IAnonymousRequest
{
    /// <summary>At most so many, 1 to 100; 50 by default. A page of large records ends sooner, see <see cref="RepositorySettings.MaxPageBytes"/>.</summary>
    public int Limit { get; init; } = 50;

    /// <summary>The last key of the page before.</summary>
    public string? Cursor { get; init; }

    /// <summary>Ascending keys.</summary>
    public bool Reverse { get; init; }

    /// <summary>Only greater keys; ignored beside a cursor. Older clients send it.</summary>
    public string? RkeyStart { get; init; }

    /// <summary>Only lesser keys; ignored beside a cursor. Older clients send it.</summary>
    public string? RkeyEnd { get; init; }
}

/// <summary>Output of <see cref="ListRecordsQuery"/>.</summary>
/// <param name="Cursor">The last key of the page; <see langword="null"/> when the page is empty.</param>
/// <param name="Records">The page.</param>
public sealed record ListRecordsOutput(string? Cursor, IReadOnlyList<ListedRecord> Records);

/// <summary>One record of a page.</summary>
/// <param name="Uri">Where the record is.</param>
/// <param name="Cid">CID of the record.</param>
/// <param name="Value">The content.</param>
public sealed record ListedRecord(AtUri Uri, Cid Cid, DataMap Value);

internal sealed class ListRecordsValidator : AbstractValidator<ListRecordsQuery>
{
    public ListRecordsValidator() => RuleFor(query => query.Limit).InclusiveBetween(1, 100).WithMessage("limit must be between 1 and 100");
}

internal sealed class ListRecordsHandler(IAccountStore accounts, IRecordStore records, RepositorySettings options)
    : IRequestHandler<ListRecordsQuery, ListRecordsOutput>
{
    public async Task<ListRecordsOutput> Handle(ListRecordsQuery request, CancellationToken cancellationToken)
    {
        if (await accounts.FindAsync(request.Repo, cancellationToken) is not { IsActive: true, Did: var did })
        {
            throw new XrpcException(RequestErrors.InvalidRequest, $"Could not find repo: {request.Repo}");
        }

        string? start = request.Cursor ?? (request.Reverse ? request.RkeyStart : request.RkeyEnd);
        string? stop = request.Cursor is not null ? null : request.Reverse ? request.RkeyEnd : request.RkeyStart;
        IReadOnlyList<StoredRecord> stored =
            await records.ListAsync(did, request.Collection, request.Limit, options.MaxPageBytes, start, request.Reverse, cancellationToken);

        var page = new List<ListedRecord>(stored.Count);
        string? last = null;
        foreach (StoredRecord record in stored)
        {
            string key = record.Path.Key.ToString();
            if (stop is not null && string.CompareOrdinal(key, stop) * (request.Reverse ? 1 : -1) >= 0)
            {
                break;
            }

            page.Add(new ListedRecord(new AtUri(did, request.Collection, record.Path.Key), record.Cid, record.Record));
            last = key;
        }

        return new ListRecordsOutput(last, page);
    }
}
