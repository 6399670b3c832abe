namespace Pds.Application.Pipeline;

/// <summary>Finds out who calls. The operator's password is checked before; this judges tokens.</summary>
public interface ICallerAuthenticator
{
    /// <summary>The caller behind a header; <see cref="Caller.Anonymous"/> when there is none.</summary>
    /// <param name="header">The header, split; <see langword="null"/> when the request has none.</param>
    /// <param name="method">NSID of the called method, which service tokens must name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Domain.Errors.XrpcException">InvalidToken, ExpiredToken and the other refusals of <see cref="Domain.Errors.AuthErrors"/>.</exception>
    ValueTask<Caller> AuthenticateAsync(AuthorizationHeader? header, string method, CancellationToken cancellationToken);
}
