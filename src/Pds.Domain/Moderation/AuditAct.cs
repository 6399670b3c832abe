namespace Pds.Domain.Moderation;

/// <summary>What somebody with an operator's rights did, or tried to do. Holds no secrets: no passwords, tokens, codes or e-mail addresses.</summary>
public sealed record AuditAct
{
    /// <summary><see cref="Outcome"/> of an act that was carried out.</summary>
    public const string Done = "done";

    /// <summary><see cref="Outcome"/> of an act that ended in a fault of the server or was given up; part of it may have been carried out.</summary>
    public const string Failed = "failed";

    /// <summary>When it ended, in whole milliseconds.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Who: <c>admin</c> for the bearer of the password, the DID of a moderation service, or <c>cli:</c> and the user of the operating system.</summary>
    public required string Actor { get; init; }

    /// <summary>What: the NSID of the method, or <c>pds</c> and the verb of the command line.</summary>
    public required string Action { get; init; }

    /// <summary>To whom or to what: a DID, an at-URI, DID and CID of a blob, or a word.</summary>
    public required string Subject { get; init; }

    /// <summary>The operator's note; <see langword="null"/> when there is none.</summary>
    public string? Reason { get; init; }

    /// <summary><see cref="Done"/>, <see cref="Failed"/>, or the name of the error it was refused with.</summary>
    public required string Outcome { get; init; }
}

/// <summary>One row of the audit trail.</summary>
/// <param name="Seq">Its number; the first is 1, and there are no gaps.</param>
/// <param name="Act">What happened.</param>
/// <param name="Hash">SHA-256 over the hash of the row before, the number and the act.</param>
public sealed record AuditRecord(long Seq, AuditAct Act, ReadOnlyMemory<byte> Hash);
