using Microsoft.Extensions.Primitives;
using Pds.Api.RateLimits;
using Pds.Application.Pipeline;
using Pds.Domain.Errors;

namespace Pds.Api.Authentication;

/// <summary>Finds out who calls, from the <c>Authorization</c> header (spec 04 §4).</summary>
internal sealed class CallerReader(AdminPassword adminPassword)
{
    /// <summary>The caller of a method.</summary>
    /// <param name="context">The request.</param>
    /// <param name="method">The method, and the kinds of credentials that open it.</param>
    /// <param name="isOptional">Whether strangers are let through.</param>
    /// <exception cref="XrpcException">One of <see cref="AuthErrors"/>.</exception>
    public async ValueTask<Caller> ReadAsync(HttpContext context, CalledMethod method, bool isOptional)
    {
        AuthorizationHeader? header = Split(context.Request);
        if (header is null)
        {
            return isOptional ? Caller.Anonymous.Instance : throw Missing(method.Opens);
        }

        Caller caller = await AuthenticateAsync(context, header, method);
        if ((caller.Account ?? (caller as Caller.Service)?.Issuer) is { } account)
        {
            CapacityPass.Of(context)?.Claim(account);
        }

        return caller;
    }

    private async ValueTask<Caller> AuthenticateAsync(HttpContext context, AuthorizationHeader header, CalledMethod method)
    {
        if (header.IsBearer)
        {
            ICallerAuthenticator authenticator = context.RequestServices.GetRequiredService<ICallerAuthenticator>();
            return await authenticator.AuthenticateAsync(header, method, context.RequestAborted);
        }

        if (header.IsBasic && method.Opens.HasFlag(CallerKinds.Operator))
        {
            return adminPassword.Authenticate(header, context.Connection.RemoteIpAddress);
        }

        return header.IsDpop && method.Opens.HasFlag(CallerKinds.Account)
            ? await context.RequestServices.GetRequiredService<DpopHandler>().AuthenticateAsync(context, header)
            : throw Unexpected(header, method.Opens);
    }

    /// <summary>The refresh token of a request.</summary>
    /// <exception cref="XrpcException">AuthMissing without a bearer token, InvalidToken.</exception>
    public static string RequireBearer(AuthorizationHeader header) =>
        header.IsBearer ? header.Credentials
        : header.IsBasic || header.IsDpop ? throw Missing(CallerKinds.Account)
        : throw Unsupported(header);

    /// <summary>The header of a request, which must have one.</summary>
    /// <exception cref="XrpcException">AuthMissing, InvalidToken.</exception>
    public static AuthorizationHeader Require(HttpRequest request) => Split(request) ?? throw Missing(CallerKinds.Account);

    private static AuthorizationHeader? Split(HttpRequest request)
    {
        StringValues lines = request.Headers.Authorization;
        if (lines.Count == 0)
        {
            return null;
        }

        return lines.Count == 1 && AuthorizationHeader.TryParse(lines[0], out AuthorizationHeader? header)
            ? header
            : throw new XrpcException(AuthErrors.InvalidToken, "Malformed authorization header");
    }

    private static XrpcException Missing(CallerKinds opens) =>
        new(opens.HasFlag(CallerKinds.Account) ? AuthErrors.AuthMissing : AuthErrors.AuthenticationRequired, AuthErrors.CredentialsRequired);

    /// <summary>Credentials of a kind that does not open the method. Clients of accounts act on InvalidToken, operators and services on 401.</summary>
    private static XrpcException Unexpected(AuthorizationHeader header, CallerKinds opens)
    {
        if (!header.IsBasic && !header.IsDpop)
        {
            return Unsupported(header);
        }

        return opens.HasFlag(CallerKinds.Account) ? new XrpcException(AuthErrors.InvalidToken, "Unexpected authorization type")
            : opens.HasFlag(CallerKinds.Operator) ? Missing(opens)
            : new XrpcException(AuthErrors.AuthenticationRequired, "Invalid authorization header");
    }

    private static XrpcException Unsupported(AuthorizationHeader header) => new(AuthErrors.InvalidToken, $"Unsupported authorization type: {header.Scheme}");
}
