using MediatR;
using Microsoft.AspNetCore.Mvc;
using Pds.Api.Xrpc;
using Pds.Application.Pipeline;

namespace EmbeddedPds;

/// <summary>Tells whether a record with a text would be refused. A method of this application: <c>com.example.checkWords</c>.</summary>
/// <param name="Caller">Who asks.</param>
/// <param name="Text">The text of the record.</param>
[XrpcMethod("com.example.checkWords")]
[RateLimit(100, RateLimitWindow.Hour, Per = RateLimitKey.Account)]
public sealed record CheckWordsQuery(Caller Caller, string Text) : IQuery<CheckWordsOutput>, IAuthorizedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Standard.OrScoped();
}

/// <summary>What becomes of the text.</summary>
/// <param name="Refused">Whether a record with the text is refused.</param>
public sealed record CheckWordsOutput(bool Refused);

internal sealed class CheckWordsHandler(BlockedWords words) : IRequestHandler<CheckWordsQuery, CheckWordsOutput>
{
    public Task<CheckWordsOutput> Handle(CheckWordsQuery query, CancellationToken cancellationToken) => Task.FromResult(new CheckWordsOutput(words.AnyIn(query.Text)));
}

/// <summary>Methods of this application.</summary>
/// <param name="mediator">Sends the messages.</param>
public sealed class WordsController(IMediator mediator) : XrpcController
{
    /// <summary>Serves <see cref="CheckWordsQuery"/>.</summary>
    [XrpcRoute<CheckWordsQuery>]
    public async Task<IActionResult> CheckWords(string text, Caller caller, CancellationToken cancellationToken) =>
        Output(await mediator.Send(new CheckWordsQuery(caller, text), cancellationToken));
}
