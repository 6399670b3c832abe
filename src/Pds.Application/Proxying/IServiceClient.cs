namespace Pds.Application.Proxying;

/// <summary>Sends requests to other people's services.</summary>
public interface IServiceClient
{
    /// <summary>Sends a request and hands over the answer, whatever its status, as soon as its headers are there. Redirects come back as what they are.</summary>
    /// <param name="call">The request.</param>
    /// <param name="cancellationToken">Gives up; also ends the body of the answer.</param>
    /// <exception cref="Domain.Errors.XrpcException">UpstreamFailure: refused by us, unreachable, too slow, or an answer that is too large.</exception>
    Task<ServiceAnswer> SendAsync(ServiceCall call, CancellationToken cancellationToken);
}
