using MediatR;
using Microsoft.AspNetCore.Mvc;
using Pds.Api.RateLimits;
using Pds.Api.Xrpc;
using Pds.Application.Moderation;
using Pds.Application.Pipeline;

namespace Pds.IntegrationTests.Embedding;

/// <summary>A method that a host adds, with a demand of every kind: described here, and by the lines above its action.</summary>
[XrpcMethod("com.example.added")]
[XrpcRestricted(MethodRestrictions.Protected)]
[RateLimit(7, RateLimitWindow.FiveMinutes, Per = RateLimitKey.Account)]
public sealed record AddedCommand(Caller Caller, AddedInput Input) : ICommand<AddedOutput>, IAuthorizedRequest
{
    public Permission Required => Permission.Standard with { AllowServiceToken = true };
}

public sealed record AddedInput(string Text = "") : IRateLimitedInput
{
    int IRateLimitedInput.Points => 3;
}

public sealed record AddedOutput(string Caller);

/// <summary>One for the moderation service, which leaves a row in the audit trail.</summary>
[XrpcMethod("com.example.reviewed")]
public sealed record ReviewedCommand(Caller Caller, AddedInput Input) : ICommand<AddedOutput>, IAuditedRequest
{
    public Permission Required => Permission.Admin;

    public AuditNote Audit => new(Input.Text);
}

internal sealed class AddedHandler : IRequestHandler<AddedCommand, AddedOutput>, IRequestHandler<ReviewedCommand, AddedOutput>
{
    public Task<AddedOutput> Handle(ReviewedCommand command, CancellationToken cancellationToken) => Task.FromResult(new AddedOutput(command.Caller.GetType().Name));

    public Task<AddedOutput> Handle(AddedCommand command, CancellationToken cancellationToken) => Task.FromResult(new AddedOutput(command.Caller.GetType().Name));
}

[XrpcOpenTo(CallerKinds.Account | CallerKinds.Service)]
public sealed class AddedController(IMediator mediator) : XrpcController
{
    [XrpcRoute<AddedCommand>]
    [Capacity(CapacityKind.Uploads)]
    public async Task<IActionResult> Add(Caller caller, [XrpcBody(MaxBytes = 100)] AddedInput input, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new AddedCommand(caller, input), cancellationToken));

    [XrpcRoute<ReviewedCommand>]
    [XrpcOpenTo(CallerKinds.Operator | CallerKinds.Moderator)]
    public async Task<IActionResult> Review(Caller caller, [XrpcBody] AddedInput input, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new ReviewedCommand(caller, input), cancellationToken));

    /// <summary>Without a message: the action says it all.</summary>
    [HttpGet("com.example.bare")]
    [XrpcRestricted(MethodRestrictions.PrivilegedOnly)]
    [RateLimit(2, RateLimitWindow.Hour)]
    public IActionResult Bare() => Output(null);
}
