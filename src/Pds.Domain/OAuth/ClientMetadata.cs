namespace Pds.Domain.OAuth;

/// <summary>What a client says of itself, judged.</summary>
/// <remarks>Source: <see href="https://atproto.com/specs/oauth#clients"/></remarks>
public sealed record ClientMetadata
{
    /// <summary>The client: the address of its metadata, or a loopback client's text.</summary>
    public required string ClientId { get; init; }

    /// <summary>Every scope token that it may ask for, literally.</summary>
    public required IReadOnlyList<string> Scope { get; init; }

    /// <summary>Where users may be sent back to; at least one.</summary>
    public required IReadOnlyList<string> RedirectUris { get; init; }

    /// <summary>Whether it may have refresh tokens.</summary>
    public required bool AllowsRefresh { get; init; }

    /// <summary>Whether it proves who it is with a key (<c>private_key_jwt</c>).</summary>
    public bool IsConfidential { get; init; }

    /// <summary>Whether it is a loopback client, for development; others have a document.</summary>
    public bool IsLoopback { get; init; }

    /// <summary>Keys of a confidential client; empty when they are at <see cref="JwksUri"/>.</summary>
    public IReadOnlyList<JsonWebKey> Keys { get; init; } = [];

    /// <summary>Where the keys are.</summary>
    public Uri? JwksUri { get; init; }

    /// <summary>The algorithm of its assertions; <see langword="null"/> for public clients.</summary>
    public string? AssertionAlgorithm { get; init; }

    /// <summary>The algorithm of its request objects, <c>none</c> for unsigned ones; <see langword="null"/> when it does not say.</summary>
    public string? RequestAlgorithm { get; init; }

    /// <summary>What it calls itself. Anybody can call himself anything.</summary>
    public string? Name { get; init; }

    /// <summary>Its web site.</summary>
    public Uri? Uri { get; init; }

    /// <summary>Its picture.</summary>
    public Uri? LogoUri { get; init; }

    /// <summary>What tells people who they deal with: the host of its document.</summary>
    public string Host => IsLoopback ? "localhost" : new Uri(ClientId).Authority;
}
