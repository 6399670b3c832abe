using MediatR;
using Pds.Application.Pipeline;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;

namespace Pds.Application.Proxying;

/// <summary>Reads a record of a repository that is not here, from the AppView and as a stranger. Lexicon: <c>com.atproto.repo.getRecord</c>.</summary>
/// <param name="Uri">The record as the client named it, for the refusal.</param>
/// <param name="Query">The query as the client wrote it.</param>
public sealed record GetForeignRecordQuery(string Uri, string Query) : IQuery<ServiceAnswer>, IAnonymousRequest
{
    /// <summary>The client's <c>Accept-Encoding</c>.</summary>
    public string? AcceptEncoding { get; init; }
}

internal sealed class GetForeignRecordHandler(ServiceRoutes routes, IServiceClient client) : IRequestHandler<GetForeignRecordQuery, ServiceAnswer>
{
    private static readonly Nsid Method = Nsid.Parse("com.atproto.repo.getRecord");

    public async Task<ServiceAnswer> Handle(GetForeignRecordQuery request, CancellationToken cancellationToken)
    {
        if (routes.AppView?.Endpoint is not { } appView)
        {
            throw new XrpcException(RepositoryErrors.RecordNotFound, $"Could not locate record: {request.Uri}");
        }

        var call = new ServiceCall(HttpMethod.Get, SignedCalls.AddressOf(appView, Method, request.Query))
        {
            Headers = [new("accept-encoding", request.AcceptEncoding ?? "identity")],
        };
        return await UpstreamRefusals.TranslateAsync(await client.SendAsync(call, cancellationToken), cancellationToken);
    }
}
