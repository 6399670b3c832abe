using Pds.Domain.Identifiers;

namespace Pds.Application.Accounts;

/// <summary>Keeps invite codes. They are used up by <see cref="IAccountStore.CreateAsync"/>, in the transaction that makes the account.</summary>
public interface IInviteStore
{
    /// <summary>Whether a code can be used now: known, not disabled, not used up, and its owner not taken down.</summary>
    ValueTask<bool> IsUsableAsync(string code, CancellationToken cancellationToken);

    /// <summary>Keeps new codes.</summary>
    Task AddAsync(IReadOnlyList<InviteCode> codes, CancellationToken cancellationToken);

    /// <summary>The codes that belong to an account, oldest first.</summary>
    ValueTask<IReadOnlyList<InviteCode>> ListAsync(Did forAccount, CancellationToken cancellationToken);

    /// <summary>The code an account was made with, or <see langword="null"/>.</summary>
    ValueTask<InviteCode?> FindUsedByAsync(Did did, CancellationToken cancellationToken);
}

/// <summary>An invite code.</summary>
/// <param name="Code">Its text.</param>
/// <param name="AvailableUses">How often it can be used in all.</param>
/// <param name="Disabled">Whether it was withdrawn.</param>
/// <param name="ForAccount">DID of its owner, or <c>admin</c>.</param>
/// <param name="CreatedBy">DID of its maker, or <c>admin</c>.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Uses">Who used it.</param>
public sealed record InviteCode(
    string Code, int AvailableUses, bool Disabled, string ForAccount, string CreatedBy, DateTimeOffset CreatedAt, IReadOnlyList<InviteCodeUse> Uses)
{
    /// <summary>What stands in place of a DID for codes of the operator.</summary>
    public const string Operator = "admin";
}

/// <summary>One use of an invite code.</summary>
/// <param name="UsedBy">The account made with it.</param>
/// <param name="UsedAt">When.</param>
public sealed record InviteCodeUse(Did UsedBy, DateTimeOffset UsedAt);
