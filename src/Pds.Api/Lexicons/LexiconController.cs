using MediatR;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Pds.Api.Xrpc;
using Pds.Application.Lexicons;
using Pds.Domain.Identifiers;

namespace Pds.Api.Lexicons;

/// <summary><c>com.atproto.lexicon.*</c></summary>
/// <param name="mediator">Sends messages.</param>
internal sealed class LexiconController(IMediator mediator) : XrpcController
{
    /// <summary>Lexicon: <c>com.atproto.lexicon.resolveLexicon</c>.</summary>
    [XrpcRoute<ResolveLexiconQuery>]
    public async Task<IActionResult> ResolveLexicon([BindRequired] Nsid nsid, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new ResolveLexiconQuery(nsid), cancellationToken));
}
