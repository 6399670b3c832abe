using System.Globalization;
using FluentValidation;
using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.Application.Moderation;

/// <summary>Finds the account of an e-mail address, or lists all accounts. Lexicon: <c>com.atproto.admin.searchAccounts</c>.</summary>
/// <param name="Caller">The operator.</param>
[XrpcMethod("com.atproto.admin.searchAccounts")]
public sealed record SearchAccountsQuery(Caller Caller) : IQuery<SearchAccountsOutput>, IAuthorizedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Admin;

    /// <summary>The whole address, in any case; <see langword="null"/> for all accounts.</summary>
    public string? Email { get; init; }

    /// <summary>The cursor of the page before.</summary>
    public string? Cursor { get; init; }

    /// <summary>At most so many, 1 to 100; 50 by default.</summary>
    public int Limit { get; init; } = 50;

    /// <summary>Without the address, which stays out of logs.</summary>
    public override string ToString() => nameof(SearchAccountsQuery);
}

/// <summary>A page of accounts.</summary>
/// <param name="Cursor">Where the next page starts; <see langword="null"/> when there is none.</param>
/// <param name="Accounts">In order of creation.</param>
public sealed record SearchAccountsOutput(string? Cursor, IReadOnlyList<AccountView> Accounts);

internal sealed class SearchAccountsValidator : AbstractValidator<SearchAccountsQuery>
{
    public SearchAccountsValidator() => RuleFor(query => query.Limit).InclusiveBetween(1, 100).WithMessage("limit must be between 1 and 100");
}

internal sealed class SearchAccountsHandler(IAccountStore accounts, AccountViews views) : IRequestHandler<SearchAccountsQuery, SearchAccountsOutput>
{
    private const string Separator = "::";

    public async Task<SearchAccountsOutput> Handle(SearchAccountsQuery query, CancellationToken cancellationToken)
    {
        if (query.Email is { } email)
        {
            Account? found = await accounts.FindByEmailAsync(email, cancellationToken);
            return new SearchAccountsOutput(null, found is null ? [] : [await views.ShowAsync(found, cancellationToken)]);
        }

        (DateTimeOffset, Did)? after = query.Cursor is null ? null : ParseCursor(query.Cursor);
        IReadOnlyList<HostedRepo> page = await accounts.ListAsync(query.Limit, after, cancellationToken);
        var shown = new List<AccountView>(page.Count);
        foreach (HostedRepo repo in page)
        {
            shown.Add(await views.ShowAsync(repo.Account, cancellationToken));
        }

        return new SearchAccountsOutput(page.Count < query.Limit ? null : FormatCursor(page[^1].Account), shown);
    }

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
