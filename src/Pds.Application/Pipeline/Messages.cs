using MediatR;

namespace Pds.Application.Pipeline;

/// <summary>Any message of this server; its behaviors leave the host's own messages alone.</summary>
public interface IPdsRequest;

/// <summary>A message that changes something.</summary>
/// <typeparam name="TOutput">What it answers with.</typeparam>
public interface ICommand<out TOutput> : IRequest<TOutput>, IPdsRequest;

/// <summary>A message that only reads.</summary>
/// <typeparam name="TOutput">What it answers with.</typeparam>
public interface IQuery<out TOutput> : IRequest<TOutput>, IPdsRequest;

/// <summary>A message that anybody may send.</summary>
public interface IAnonymousRequest;

/// <summary>A message that needs a caller with certain rights; checked before validation.</summary>
public interface IAuthorizedRequest
{
    /// <summary>Who asks.</summary>
    Caller Caller { get; }

    /// <summary>What the caller must be allowed to do.</summary>
    Permission Required { get; }
}
