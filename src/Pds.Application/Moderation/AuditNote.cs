using Pds.Domain.Moderation;

namespace Pds.Application.Moderation;

/// <summary>What a message says of itself in the audit trail, on its way to the transaction that keeps the row. No secrets and no e-mail addresses.</summary>
/// <param name="action">The NSID of the method, or <c>pds</c> and the verb of the command line.</param>
/// <param name="subject">To whom or to what.</param>
/// <param name="reason">The operator's note.</param>
public sealed class AuditNote(string action, string subject, string? reason = null)
{
    private volatile AuditAct? _act;
    private volatile bool _isKept;

    /// <summary>The NSID of the method, or <c>pds</c> and the verb of the command line.</summary>
    public string Action => action;

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
