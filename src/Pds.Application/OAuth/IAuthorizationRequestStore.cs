using Pds.Application.Accounts;
using Pds.Domain.Identifiers;

namespace Pds.Application.OAuth;

/// <summary>Keeps authorization requests from the push to the exchange of their code.</summary>
public interface IAuthorizationRequestStore
{
    /// <summary>Keeps a new request, and drops those that ended before it.</summary>
    Task AddAsync(AuthorizationRequest request, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>A request, whatever its age, or <see langword="null"/>.</summary>
    ValueTask<AuthorizationRequest?> FindAsync(string id, CancellationToken cancellationToken);

    /// <summary>Changes a request; changes run one after the other.</summary>
    /// <param name="id">Which.</param>
    /// <param name="change">Gives the request as it shall be, or <see langword="null"/> to drop it. What it throws reaches the caller.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The request as kept; <see langword="null"/> when it is gone.</returns>
    /// <exception cref="Domain.Errors.XrpcException">AuthenticationRequired when somebody signs in or a code is given, and the proof does not hold any more.</exception>
    Task<AuthorizationRequest?> UpdateAsync(string id, Func<AuthorizationRequest, AuthorizationRequest?> change, CancellationToken cancellationToken);

    /// <summary>Takes the request of a code out of the store: of several who ask, one gets it.</summary>
    Task<AuthorizationRequest?> TakeAsync(string codeHash, CancellationToken cancellationToken);
}

/// <summary>A pushed request and how far it came.</summary>
public sealed record AuthorizationRequest
{
    /// <summary><c>req-</c> and 32 hex digits.</summary>
    public required string Id { get; init; }

    /// <summary>Who asks.</summary>
    public required string ClientId { get; init; }

    /// <summary>How the client proved it.</summary>
    public required ClientBinding Client { get; init; }

    /// <summary>What it asks for.</summary>
    public required AuthorizationParameters Parameters { get; init; }

    /// <summary>Thumbprint of the key that tokens shall be bound to; <see langword="null"/> when the exchange decides.</summary>
    public string? DpopKey { get; init; }

    /// <summary>When it ends, unless somebody looks at it before.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The browser that opened it; no other may.</summary>
    public string? DeviceId { get; init; }

    /// <summary>The sign-in by which it is answered.</summary>
    public SignInProof? SignIn { get; init; }

    /// <summary>The account that was chosen or signed in to.</summary>
    public Did? Account => SignIn?.Account;

    /// <summary>SHA-256 of the code in hex, once there is one.</summary>
    public string? CodeHash { get; init; }

    /// <summary>The scope that was granted.</summary>
    public string? GrantedScope { get; init; }

    /// <summary>What that grants, with permission sets opened; <see langword="null"/> when it includes none.</summary>
    public string? Permissions { get; init; }
}

/// <summary>How a client proved who it is; sessions stay with it.</summary>
/// <param name="KeyThumbprint">SHA-256 thumbprint of the client's key; <see langword="null"/> for public clients.</param>
public sealed record ClientBinding(string? KeyThumbprint)
{
    /// <summary>Whether a later call may use what an earlier one began: the same key, or from no key to one.</summary>
    public bool IsContinuedBy(ClientBinding later) => KeyThumbprint is null || KeyThumbprint == later.KeyThumbprint;
}

/// <summary>What a client asks for.</summary>
public sealed record AuthorizationParameters
{
    /// <summary>Where the answer goes.</summary>
    public required string RedirectUri { get; init; }

    /// <summary>The tokens that are understood.</summary>
    public required string Scope { get; init; }

    /// <summary>S256 of the verifier.</summary>
    public required string CodeChallenge { get; init; }

    /// <summary>Comes back with the answer.</summary>
    public string? State { get; init; }

    /// <summary>The account to sign in to: DID or handle in lower case.</summary>
    public string? LoginHint { get; init; }

    /// <summary><c>none</c>, <c>login</c>, <c>consent</c>, <c>select_account</c> or <c>create</c>.</summary>
    public string? Prompt { get; init; }

    /// <summary>How long ago the password may have been given, in seconds; <see langword="null"/> for the usual time.</summary>
    public int? MaxAge { get; init; }

    /// <summary><c>query</c>, <c>fragment</c> or <c>form_post</c>.</summary>
    public string ResponseMode { get; init; } = "query";

    /// <summary>Languages for the pages, best first, parted by spaces.</summary>
    public string? UiLocales { get; init; }
}
