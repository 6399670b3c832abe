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

    /// <summary>Media type of the blob that is uploaded; what scoped credentials are judged by. <see langword="null"/> when none is.</summary>
    public string? BlobType { get; init; }

    /// <summary>The record writes asked for; what scoped credentials are judged by.</summary>
    public IReadOnlyList<(Nsid Collection, WriteAction Action)> Writes { get; init; } = [];

    /// <summary>The calls of other services asked for, as <c>did#service</c> and method; what scoped credentials are judged by.</summary>
    public IReadOnlyList<(string Audience, Nsid Method)> Calls { get; init; } = [];

    /// <summary>To call other services: an active account.</summary>
    public static Permission CallService(params IReadOnlyList<(string Audience, Nsid Method)> calls) =>
        new()
        {
            RefuseTakendown = true,
            RefuseDeactivated = true,
            Calls = calls,
            Scoped = [.. calls.Select(call => new ScopeDemand.Call(call.Method, call.Audience))],
        };

    /// <summary>To upload a blob of a media type: a deactivated account may, as it does while it moves in.</summary>
    public static Permission UploadBlob(string mediaType) =>
        new() { RefuseTakendown = true, AllowServiceToken = true, BlobType = mediaType };

    /// <summary>To write records: an active account.</summary>
    public static Permission WriteRecords(params IReadOnlyList<(Nsid Collection, WriteAction Action)> writes) =>
        new()
        {
            RefuseTakendown = true,
            RefuseDeactivated = true,
            Writes = writes,
            Scoped = [.. writes.Select(write => new ScopeDemand.Write(write.Collection, write.Action))],
        };

    /// <summary>Opens the method to OAuth credentials, too.</summary>
    /// <param name="demands">What they must have been granted, beside <c>atproto</c>.</param>
    public Permission OrScoped(params IReadOnlyList<ScopeDemand> demands) => this with { Scoped = demands };
}
