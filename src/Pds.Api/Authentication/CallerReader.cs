using Microsoft.Extensions.Primitives;
using Pds.Application.Pipeline;
using Pds.Domain.Errors;

namespace Pds.Api.Authentication;

/// <summary>Finds out who calls, from the <c>Authorization</c> header (spec 04 §4).</summary>
internal sealed class CallerReader(AdminPassword adminPassword)
{
    /// <summary>The caller of a method.</summary>
    /// <param name="context">The request.</param>
    /// <param name="nsid">The method.</param>
    /// <param name="isOptional">Whether strangers are let through.</param>
    /// <exception cref="XrpcException">One of <see cref="AuthErrors"/>.</exception>
    public async ValueTask<Caller> ReadAsync(HttpContext context, string nsid, bool isOptional)
    {
        AuthorizationHeader? header = Split(context.Request);
        if (header is null)
        {
            return isOptional ? Caller.Anonymous.Instance : throw Missing();
        }

        return header.IsBasic ? adminPassword.Authenticate(header) : await AuthenticateTokenAsync(context, header, nsid);
    }

    /// <summary>The header of a request, which must have one.</summary>
    /// <exception cref="XrpcException">AuthMissing, InvalidToken.</exception>
    public static AuthorizationHeader Require(HttpRequest request) => Split(request) ?? throw Missing();

    private static async ValueTask<Caller> AuthenticateTokenAsync(HttpContext context, AuthorizationHeader header, string nsid)
    {
        if (header.IsDpop)
        {
            return await context.RequestServices.GetRequiredService<DpopHandler>().AuthenticateAsync(context, header);
        }

        if (!header.IsBearer)
        {
            throw new XrpcException(AuthErrors.InvalidToken, $"Unsupported authorization type: {header.Scheme}");
        }

        ICallerAuthenticator authenticator = context.RequestServices.GetRequiredService<ICallerAuthenticator>();
        return await authenticator.AuthenticateAsync(header, nsid, context.RequestAborted);
    }

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

    private static XrpcException Missing() => new(AuthErrors.AuthMissing, "Authentication Required");
}
