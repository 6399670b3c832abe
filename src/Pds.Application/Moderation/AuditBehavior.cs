using MediatR;
using Pds.Application.Pipeline;
using Pds.Domain.Errors;
using Pds.Domain.Moderation;

namespace Pds.Application.Moderation;

/// <summary>A message by which an operator or moderator changes something; it leaves a row in the audit trail.</summary>
public interface IAuditedRequest : IAuthorizedRequest
{
    /// <summary>What the row says.</summary>
    AuditNote Audit { get; }
}

/// <summary>What a message says of itself in the audit trail. No secrets and no e-mail addresses.</summary>
/// <param name="Subject">To whom or to what.</param>
/// <param name="Reason">The operator's note.</param>
public sealed record AuditNote(string Subject, string? Reason = null)
{
    /// <summary>
    /// What was done, where <see cref="XrpcMethodAttribute"/> of the message does not say it: <c>pds</c> and the verb of the command line.
    /// Default <see langword="null"/>: the NSID of the message's method.
    /// </summary>
    public string? Action { get; init; }

    /// <summary>What follows the NSID in the row, with a space before it: which of its measures the method took. Default: nothing.</summary>
    public string Measures { get; init; } = "";
}

/// <summary>
/// Records acts with their outcome. An act and its row are kept together or not at all, and refused acts are recorded with the name of the error.
/// An act of several steps that ends midway has two rows: that it was done, with the first step, and how it ended.
/// </summary>
internal sealed class AuditBehavior<TRequest, TOutput>(IAuditLog log, TimeProvider time) : IPipelineBehavior<TRequest, TOutput>
    where TRequest : IPdsRequest, IAuditedRequest
{
    public async Task<TOutput> Handle(TRequest request, RequestHandlerDelegate<TOutput> next, CancellationToken cancellationToken)
    {
        try
        {
            return await log.RecordAsync(Describe(request, AuditAct.Done), () => next());
        }
        catch (XrpcException refusal)
        {
            await log.AppendAsync(Describe(request, refusal.Error.Name));
            throw;
        }
        catch (Exception)
        {
            await log.AppendAsync(Describe(request, AuditAct.Failed));
            throw;
        }
    }

    private AuditAct Describe(TRequest request, string outcome)
    {
        AuditNote note = request.Audit;
        return new AuditAct
        {
            At = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds()),
            Actor = request.Caller is Caller.Admin admin ? admin.Name : request.Caller.Account?.ToString() ?? "unknown",
            Action = note.Action ?? XrpcMethodAttribute.NsidOf<TRequest>() + note.Measures,
            Subject = note.Subject,
            Reason = note.Reason,
            Outcome = outcome,
        };
    }
}
