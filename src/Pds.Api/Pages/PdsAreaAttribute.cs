namespace Pds.Api.Pages;

/// <summary>The part of the server that a controller belongs to and that can be switched off with it.</summary>
/// <param name="area">The part.</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class PdsAreaAttribute(PdsArea area) : Attribute
{
    public PdsArea Area => area;

    /// <summary>Whether the endpoint is served.</summary>
    public static bool IsServed(Endpoint endpoint, PdsPagesOptions options) => endpoint.Metadata.GetMetadata<PdsAreaAttribute>()?.Area switch
    {
        PdsArea.AuthorizationServer => options.AuthorizationServer,
        PdsArea.Account => options.AccountArea,
        PdsArea.SignUp => options.AccountArea && options.SignUp,
        _ => true,
    };
}

/// <summary>Parts that can be switched off.</summary>
internal enum PdsArea
{
    /// <summary>Signs people in to applications.</summary>
    AuthorizationServer,

    /// <summary>Where people manage their accounts.</summary>
    Account,

    /// <summary>Where people make accounts.</summary>
    SignUp,
}
