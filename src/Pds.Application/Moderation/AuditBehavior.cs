using MediatR;
using Pds.Application.Pipeline;
using Pds.Domain.Errors;
using Pds.Domain.Moderation;

namespace Pds.Application.Moderation;

/// <summary>A message by which an operator or moderator changes something; it leaves a row in the audit trail.</summary>
public interface IAuditedRequest : IAuthorizedRequest
{
    /// <summary>What the row says; one object for each message, which its handler hands to the port that makes the change.</summary>
    AuditNote Audit { get; }
}

/// <summary>
/// Records acts with their outcome. An act and its row are kept together or not at all: the first port that changes anything here keeps the row as well, and the
/// row of an act that changes nothing here is added behind it. Refused acts are recorded with the name of the error.
/// An act of several steps that ends midway has two rows: that it was done, with the first step, and how it ended.
/// </summary>
internal sealed class AuditBehavior<TRequest, TOutput>(IAuditLog log, TimeProvider time) : IPipelineBehavior<TRequest, TOutput>
    where TRequest : IPdsRequest, IAuditedRequest
{
    public async Task<TOutput> Handle(TRequest request, RequestHandlerDelegate<TOutput> next, CancellationToken cancellationToken)
    {
        try
        {
            AuditNote note = request.Audit;
            note.Begin(Describe(request, AuditAct.Done));
            TOutput output = await next(cancellationToken);
            if (note.Pending is { } act)
            {
                await log.AppendAsync(act);
            }

            return output;
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
            Action = note.Action,
            Subject = note.Subject,
            Reason = note.Reason,
            Outcome = outcome,
        };
    }
}
