using Pds.Application.Moderation;
using Pds.Domain.Identifiers;

namespace Pds.Application.Accounts;

/// <summary>Keeps invite codes. They are used up by <see cref="IAccountStore.CreateAsync"/>, in the transaction that makes the account.</summary>
public interface IInviteStore
{
    /// <summary>Whether a code can be used now: known, not disabled, not used up, and its owner not taken down.</summary>
    ValueTask<bool> IsUsableAsync(string code, CancellationToken cancellationToken);

    /// <summary>Keeps new codes.</summary>
    /// <param name="codes">The codes.</param>
    /// <param name="audit">The row of the audit trail that is kept with it; <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Gives up before anything is kept.</param>
    Task AddAsync(IReadOnlyList<InviteCode> codes, AuditNote? audit, CancellationToken cancellationToken);

    /// <summary>Keeps codes that an account got by the passing of time.</summary>
    /// <param name="codes">The codes.</param>
    /// <param name="did">Whose.</param>
    /// <param name="expected">How many codes not made by the operator the account has then.</param>
    /// <param name="cancellationToken">Gives up before anything is kept.</param>
    /// <exception cref="Domain.Errors.XrpcException">DuplicateCreate: it would have more, since somebody else was faster. Nothing was kept.</exception>
    Task AddRoutineAsync(IReadOnlyList<InviteCode> codes, Did did, int expected, CancellationToken cancellationToken);

    /// <summary>Withdraws codes, and all codes of owners (DIDs). Unknown ones are passed over.</summary>
    /// <param name="codes">The codes.</param>
    /// <param name="owners">The owners.</param>
    /// <param name="audit">The row of the audit trail that is kept with it; <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Gives up before anything has changed.</param>
    Task DisableAsync(IReadOnlyList<string> codes, IReadOnlyList<string> owners, AuditNote? audit, CancellationToken cancellationToken);

    /// <summary>A page of all codes, newest first.</summary>
    ValueTask<IReadOnlyList<InviteCode>> ListRecentAsync(int limit, (DateTimeOffset CreatedAt, string Code)? after, CancellationToken cancellationToken);

    /// <summary>A page of all codes, most used first.</summary>
    ValueTask<IReadOnlyList<InviteCode>> ListMostUsedAsync(int limit, (int Uses, string Code)? after, CancellationToken cancellationToken);

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
