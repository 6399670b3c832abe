using Pds.Application.OAuth;

namespace Pds.Api.Pages;

/// <summary>An application that asks for access.</summary>
/// <param name="ClientId">What it is known by: a URL.</param>
/// <param name="Host">Where it is; must always be shown.</param>
/// <param name="Name">What it calls itself; <see langword="null"/> unless the operator vouches for it, since anybody can call himself anything.</param>
/// <param name="IsLoopback">Whether it runs on the user's device and is still being developed.</param>
public sealed record ClientView(string ClientId, string Host, string? Name, bool IsLoopback)
{
    /// <summary>The client of a request.</summary>
    /// <param name="context">The request.</param>
    public static ClientView Of(AuthorizationContext context) =>
        new(context.Client.ClientId, context.Client.Host, context.IsTrusted ? context.Client.Name : null, context.Client.IsLoopback);
}
