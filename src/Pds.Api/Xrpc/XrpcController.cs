using MediatR;
using Microsoft.AspNetCore.Mvc;
using Pds.Application.Pipeline;
using Pds.Domain.Identifiers;

namespace Pds.Api.Xrpc;

/// <summary>Base of all XRPC methods. An action is named by its route, the NSID; its parameters are bound, and checked, in the order they are written.</summary>
/// <remarks>
/// The order of the protocol is query parameters, then <see cref="Caller"/> (which authenticates), then <c>[XrpcBody]</c>. Every refusal is an
/// <see cref="Domain.Errors.XrpcException"/>. A procedure with a <see cref="Caller"/> demands credentials before it reads the body, unless the parameter says
/// <c>[XrpcCaller(Optional = true)]</c>; a query leaves it to what the message requires.
/// A host may derive its own methods; <c>MapPds</c> maps them with ours.
/// </remarks>
[Route("xrpc")]
[XrpcErrors]
public abstract class XrpcController : ControllerBase
{
    /// <summary>The NSID of the method that is called.</summary>
    protected Nsid Method => Nsid.Parse(XrpcMethod.Of(ControllerContext.ActionDescriptor)!.Nsid);

    /// <summary>Answers 200 with JSON; without a body when there is nothing to say.</summary>
    /// <param name="output">The output record of the method, or <see langword="null"/>.</param>
    protected static IActionResult Output(object? output) => output is null or Unit ? new OkResult() : new XrpcResult(output);
}
