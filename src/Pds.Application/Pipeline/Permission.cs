using Pds.Domain.Identifiers;
using Pds.Domain.OAuth;
using Pds.Domain.Repositories;

namespace Pds.Application.Pipeline;

/// <summary>What a message demands of its caller. The columns of the endpoint tables: Std, Full, TD, DA, Admin.</summary>
public sealed record Permission
{
    /// <summary>Any session that is not restricted (STANDARD), app passwords included.</summary>
    public static readonly Permission Standard = new();

    /// <summary>A session made with the account password (FULL).</summary>
    public static readonly Permission Full = new() { FullSession = true };

    /// <summary>The operator.</summary>
    public static readonly Permission Admin = new() { OperatorOnly = true };

    /// <summary>Only a session made with the account password will do.</summary>
    public bool FullSession { get; init; }

    /// <summary>Only the admin password will do.</summary>
    public bool OperatorOnly { get; init; }

    /// <summary>Sessions of taken-down accounts (scope <c>com.atproto.takendown</c>) will do, too.</summary>
    public bool AllowTakendownSession { get; init; }

    /// <summary>Sessions of accounts that wait for admission (scope <c>com.atproto.signupQueued</c>) will do, too.</summary>
    public bool AllowQueuedSession { get; init; }

    /// <summary>Taken-down accounts are refused with <c>AccountTakedown</c>.</summary>
    public bool RefuseTakendown { get; init; }

    /// <summary>Deactivated accounts are refused with <c>AccountDeactivated</c>.</summary>
    public bool RefuseDeactivated { get; init; }

    /// <summary>What an OAuth credential must have been granted, beside <c>atproto</c>; <see langword="null"/> refuses such credentials altogether.</summary>
    public IReadOnlyList<ScopeDemand>? Scoped { get; init; }

    /// <summary>A service token that the account signed for this very method will do, too.</summary>
    public bool AllowServiceToken { get; init; }

    /// <summary>What OAuth clients are told where <see cref="Scoped"/> is <see langword="null"/>: where the account's owner can do it instead.</summary>
    public string ScopedRefusal { get; init; } = "OAuth credentials are not supported for this endpoint";

    /// <summary>
    /// The session behind an access token must not have ended: the method makes something that outlasts it. A token lives for up to two hours after its session,
    /// and one that names no session, as the reference server makes them, is good after a refresh.
    /// </summary>
    public bool LiveSession { get; init; }

    /// <summary>To call other services: an active account.</summary>
    public static Permission CallService(params IReadOnlyList<(string Audience, Nsid Method)> calls) =>
        new()
        {
            RefuseTakendown = true,
            RefuseDeactivated = true,
            Scoped = [.. calls.Select(call => new ScopeDemand.Call(call.Method, call.Audience))],
        };

    /// <summary>To upload a blob of a media type: a deactivated account may, as it does while it moves in.</summary>
    public static Permission UploadBlob(string mediaType) =>
        new() { RefuseTakendown = true, AllowServiceToken = true, Scoped = [new ScopeDemand.Blob(mediaType)] };

    /// <summary>To write records: an active account.</summary>
    public static Permission WriteRecords(params IReadOnlyList<(Nsid Collection, WriteAction Action)> writes) =>
        new()
        {
            RefuseTakendown = true,
            RefuseDeactivated = true,
            Scoped = [.. writes.Select(write => new ScopeDemand.Write(write.Collection, write.Action))],
        };

    /// <summary>Opens the method to OAuth credentials, too.</summary>
    /// <param name="demands">What they must have been granted, beside <c>atproto</c>.</param>
    public Permission OrScoped(params IReadOnlyList<ScopeDemand> demands) => this with { Scoped = demands };
}
