using System.Globalization;
using FluentValidation;
using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Domain.Accounts;
using Pds.Domain.DataModel;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.Application.Sync;

/// <summary>Lists all repositories, oldest accounts first, inactive ones too. Lexicon: <c>com.atproto.sync.listRepos</c>.</summary>
[XrpcMethod("com.atproto.sync.listRepos")]
public sealed record ListReposQuery : IQuery<ListReposOutput>, IAnonymousRequest
{
    /// <summary>At most so many, 1 to 1000; 500 by default.</summary>
    public int Limit { get; init; } = 500;

    /// <summary>The cursor of the page before.</summary>
    public string? Cursor { get; init; }
}

/// <summary>Output of <see cref="ListReposQuery"/>.</summary>
/// <param name="Cursor">Where the next page starts; <see langword="null"/> when the page is empty.</param>
/// <param name="Repos">The page.</param>
public sealed record ListReposOutput(string? Cursor, IReadOnlyList<ListedRepo> Repos);

/// <summary>One repository of a page.</summary>
/// <param name="Did">Whose.</param>
/// <param name="Head">CID of its head commit.</param>
/// <param name="Rev">Revision of that commit.</param>
/// <param name="Active">Whether it is served.</param>
/// <param name="Status">Why not; <see langword="null"/> when it is.</param>
public sealed record ListedRepo(Did Did, Cid Head, Tid Rev, bool Active, AccountStatus? Status);

internal sealed class ListReposValidator : AbstractValidator<ListReposQuery>
{
    public ListReposValidator() => RuleFor(query => query.Limit).InclusiveBetween(1, 1000).WithMessage("limit must be between 1 and 1000");
}

internal sealed class ListReposHandler(IAccountStore accounts) : IRequestHandler<ListReposQuery, ListReposOutput>
{
    private const string Separator = "::";

    public async Task<ListReposOutput> Handle(ListReposQuery request, CancellationToken cancellationToken)
    {
        (DateTimeOffset, Did)? after = request.Cursor is null ? null : ParseCursor(request.Cursor);
        IReadOnlyList<HostedRepo> hosted = await accounts.ListAsync(request.Limit, after, cancellationToken);

        var page = new ListedRepo[hosted.Count];
        for (int i = 0; i < page.Length; i++)
        {
            Account account = hosted[i].Account;
            page[i] = new ListedRepo(account.Did, hosted[i].Head, hosted[i].Rev, account.IsActive, account.Status);
        }

        return new ListReposOutput(hosted.Count == 0 ? null : FormatCursor(hosted[^1].Account), page);
    }

    /// <summary>Milliseconds since 1970 of the account's creation, then its DID.</summary>
    private static string FormatCursor(Account last) =>
        string.Create(CultureInfo.InvariantCulture, $"{last.CreatedAt.ToUnixTimeMilliseconds()}{Separator}{last.Did}");

    private static (DateTimeOffset CreatedAt, Did Did) ParseCursor(string cursor)
    {
        string[] parts = cursor.Split(Separator);
        return parts.Length == 2
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out long milliseconds)
            && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            && Did.TryParse(parts[1], out Did did)
            ? (DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), did)
            : throw new XrpcException(RequestErrors.InvalidRequest, "Malformed cursor");
    }
}
