using MediatR;
using Pds.Application.Identity;
using Pds.Application.Pipeline;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;

namespace Pds.Application.Accounts;

/// <summary>Tells the caller whether it may have a handle, without changing anything.</summary>
/// <param name="Caller">Who asks.</param>
/// <param name="Handle">The handle as typed.</param>
public sealed record CheckHandleQuery(Caller Caller, string Handle) : IQuery<CheckHandleOutput>, IAuthorizedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Full with { RefuseTakendown = true };
}

/// <summary>What came out.</summary>
/// <param name="State">Whether it may.</param>
/// <param name="Found">The DID that the domain names, if it names one.</param>
/// <param name="Fault">What is wrong with the handle itself.</param>
public sealed record CheckHandleOutput(HandleState State, Did? Found = null, string? Fault = null);

/// <summary>Whether an account may have a handle.</summary>
public enum HandleState
{
    /// <summary>It may.</summary>
    Available,

    /// <summary>Somebody else has it.</summary>
    Taken,

    /// <summary>The text is none that this server takes.</summary>
    Invalid,

    /// <summary>The domain names no DID, neither by DNS nor by HTTPS.</summary>
    NamesNobody,

    /// <summary>The domain names another DID.</summary>
    NamesAnother,
}

internal sealed class CheckHandleHandler(IAccountStore accounts, HandleCheck handles, IHandleResolver resolver) : IRequestHandler<CheckHandleQuery, CheckHandleOutput>
{
    public async Task<CheckHandleOutput> Handle(CheckHandleQuery query, CancellationToken cancellationToken)
    {
        Did did = query.Caller.Account!.Value;
        Handle handle;
        try
        {
            handle = handles.Policy.Require(query.Handle, byOperator: false);
        }
        catch (XrpcException refusal)
        {
            return new CheckHandleOutput(HandleState.Invalid, Fault: refusal.Message);
        }

        if (await accounts.FindAsync(new AtIdentifier(handle), cancellationToken) is { } holder && holder.Did != did)
        {
            return new CheckHandleOutput(HandleState.Taken);
        }

        if (handles.Policy.IsServiceHandle(handle))
        {
            return new CheckHandleOutput(HandleState.Available);
        }

        Did? found = await resolver.ResolveAsync(handle, cancellationToken);
        return new CheckHandleOutput(found is null ? HandleState.NamesNobody : found == did ? HandleState.Available : HandleState.NamesAnother, found);
    }
}
