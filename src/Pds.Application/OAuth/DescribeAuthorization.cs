using MediatR;
using Pds.Application.Pipeline;
using Pds.Domain.Errors;

namespace Pds.Application.OAuth;

/// <summary>Tells what a request is about, if it is this browser's and not over; looking at it keeps it alive.</summary>
/// <param name="RequestId">The request.</param>
/// <param name="DeviceId">The browser.</param>
/// <exception cref="XrpcException">invalid_request: nothing of the kind.</exception>
public sealed record DescribeAuthorizationCommand(string RequestId, string DeviceId) : ICommand<DescribeAuthorizationOutput>, IAnonymousRequest;

/// <summary>What a request is about.</summary>
/// <param name="Context">What all pages of the request show.</param>
/// <param name="NeedsSignIn">Whether the client wants the user to prove anew who he is (<c>prompt=login</c>).</param>
public sealed record DescribeAuthorizationOutput(AuthorizationContext Context, bool NeedsSignIn);

internal sealed class DescribeAuthorizationHandler(AuthorizationFlow flow, IClientMetadataSource metadata)
    : IRequestHandler<DescribeAuthorizationCommand, DescribeAuthorizationOutput>
{
    public async Task<DescribeAuthorizationOutput> Handle(DescribeAuthorizationCommand command, CancellationToken cancellationToken)
    {
        AuthorizationRequest request = await flow.RequireAsync(command.RequestId, command.DeviceId, cancellationToken);
        return new DescribeAuthorizationOutput(
            flow.Describe(request, await metadata.GetAsync(request.ClientId, allowStale: false, cancellationToken)), request.Parameters.Prompt == "login");
    }
}
