namespace Pds.Application.Pipeline;

/// <summary>Finds out who calls. The operator's password and OAuth tokens are judged elsewhere; this judges bearer tokens.</summary>
public interface ICallerAuthenticator
{
    /// <summary>The caller behind a bearer token.</summary>
    /// <param name="header">The header, split.</param>
    /// <param name="method">The called method, and which kinds of credentials open it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Domain.Errors.XrpcException">InvalidToken, ExpiredToken and the other refusals of <see cref="Domain.Errors.AuthErrors"/>.</exception>
    ValueTask<Caller> AuthenticateAsync(AuthorizationHeader header, CalledMethod method, CancellationToken cancellationToken);
}
