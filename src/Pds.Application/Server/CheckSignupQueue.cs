using MediatR;
using Pds.Application.Pipeline;

namespace Pds.Application.Server;

/// <summary>Tells an account whether it still waits for admission; nobody does here. Lexicon: <c>com.atproto.temp.checkSignupQueue</c>.</summary>
/// <param name="Caller">The account.</param>
[XrpcMethod("com.atproto.temp.checkSignupQueue")]
public sealed record CheckSignupQueueQuery(Caller Caller) : IQuery<CheckSignupQueueOutput>, IAuthorizedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Standard with { AllowQueuedSession = true };
}

/// <summary>Where the account stands.</summary>
/// <param name="Activated">Whether it was admitted.</param>
public sealed record CheckSignupQueueOutput(bool Activated);

internal sealed class CheckSignupQueueHandler : IRequestHandler<CheckSignupQueueQuery, CheckSignupQueueOutput>
{
    public Task<CheckSignupQueueOutput> Handle(CheckSignupQueueQuery query, CancellationToken cancellationToken) =>
        Task.FromResult(new CheckSignupQueueOutput(true));
}
