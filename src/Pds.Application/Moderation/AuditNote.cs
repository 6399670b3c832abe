using Pds.Application.Pipeline;
using Pds.Domain.Moderation;

namespace Pds.Application.Moderation;

/// <summary>What a message says of itself in the audit trail, on its way to the transaction that keeps the row. No secrets and no e-mail addresses.</summary>
/// <param name="subject">To whom or to what.</param>
/// <param name="reason">The operator's note.</param>
public sealed class AuditNote(string subject, string? reason = null)
{
    private volatile AuditAct? _act;
    private volatile bool _isKept;

    /// <summary>
    /// What was done, where <see cref="XrpcMethodAttribute"/> of the message does not say it: <c>pds</c> and the verb of the command line.
    /// Default <see langword="null"/>: the NSID of the message's method.
    /// </summary>
    public string? Action { get; init; }

    /// <summary>What follows the NSID in the row, with a space before it: which of its measures the method took. Default: nothing.</summary>
    public string Measures { get; init; } = "";

    /// <summary>To whom or to what.</summary>
    public string Subject => subject;

    /// <summary>The operator's note; <see langword="null"/> for none.</summary>
    public string? Reason => reason;

    /// <summary>The row that is still to be kept; <see langword="null"/> when it has been, or when nobody asked for one.</summary>
    public AuditAct? Pending => _isKept ? null : _act;

    /// <summary>Says that a change has taken the row along in its transaction.</summary>
    public void Keep() => _isKept = true;

    /// <summary>Says that the change was not kept, nor the row with it.</summary>
    public void Undo() => _isKept = false;

    /// <summary>Asks for a row.</summary>
    /// <param name="act">The row, as it is to read when all goes well.</param>
    internal void Begin(AuditAct act) => (_act, _isKept) = (act, false);
}
