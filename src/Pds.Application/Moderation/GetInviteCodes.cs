using System.Globalization;
using FluentValidation;
using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Domain.Errors;

namespace Pds.Application.Moderation;

/// <summary>Lists all invite codes. Lexicon: <c>com.atproto.admin.getInviteCodes</c>.</summary>
/// <param name="Caller">The operator.</param>
[XrpcMethod("com.atproto.admin.getInviteCodes")]
public sealed record GetInviteCodesQuery(Caller Caller) : IQuery<GetInviteCodesOutput>, IAuthorizedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Admin;

    /// <summary><c>recent</c> (default): newest first. <c>usage</c>: most used first.</summary>
    public string Sort { get; init; } = "recent";

    /// <summary>At most so many, 1 to 500; 100 by default.</summary>
    public int Limit { get; init; } = 100;

    /// <summary>The cursor of the page before.</summary>
    public string? Cursor { get; init; }
}

/// <summary>A page of codes.</summary>
/// <param name="Cursor">Where the next page starts; <see langword="null"/> when the page is empty.</param>
/// <param name="Codes">The page.</param>
public sealed record GetInviteCodesOutput(string? Cursor, IReadOnlyList<InviteCodeView> Codes);

internal sealed class GetInviteCodesValidator : AbstractValidator<GetInviteCodesQuery>
{
    public GetInviteCodesValidator()
    {
        RuleFor(query => query.Limit).InclusiveBetween(1, 500).WithMessage("limit must be between 1 and 500");
        RuleFor(query => query.Sort).Must(sort => sort is "recent" or "usage").WithMessage(query => $"unknown sort method: {query.Sort}");
    }
}

internal sealed class GetInviteCodesHandler(IInviteStore invites) : IRequestHandler<GetInviteCodesQuery, GetInviteCodesOutput>
{
    private const string Separator = "::";

    public async Task<GetInviteCodesOutput> Handle(GetInviteCodesQuery query, CancellationToken cancellationToken)
    {
        (long Rank, string Code)? after = query.Cursor is null ? null : ParseCursor(query.Cursor);
        bool byUse = query.Sort == "usage";
        IReadOnlyList<InviteCode> page = byUse
            ? await invites.ListMostUsedAsync(query.Limit, after is var (uses, code) ? ((int)Math.Min(uses, int.MaxValue), code) : null, cancellationToken)
            : await invites.ListRecentAsync(query.Limit, after is var (at, last) ? (DateTimeOffset.FromUnixTimeMilliseconds(at), last) : null, cancellationToken);
        string? next = page.Count == 0 ? null : FormatCursor(byUse ? page[^1].Uses.Count : page[^1].CreatedAt.ToUnixTimeMilliseconds(), page[^1].Code);
        return new GetInviteCodesOutput(next, [.. page.Select(InviteCodeView.Of)]);
    }

    private static string FormatCursor(long rank, string code) => string.Create(CultureInfo.InvariantCulture, $"{rank}{Separator}{code}");

    private static (long Rank, string Code) ParseCursor(string cursor)
    {
        int at = cursor.IndexOf(Separator, StringComparison.Ordinal);
        return at > 0
            && long.TryParse(cursor.AsSpan(0, at), NumberStyles.None, CultureInfo.InvariantCulture, out long rank)
            && rank <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? (rank, cursor[(at + Separator.Length)..])
            : throw new XrpcException(RequestErrors.InvalidRequest, "Malformed cursor");
    }
}
