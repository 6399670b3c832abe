using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Pipeline;
using Pds.Application.Settings;
using Pds.Domain.Identifiers;

namespace Pds.Application.Identity;

/// <summary>As <see cref="ResolveIdentityQuery"/>, past every cache; what was found is remembered. Lexicon: <c>com.atproto.identity.refreshIdentity</c>.</summary>
/// <param name="Caller">Who asks; an account, since it makes this server send requests.</param>
/// <param name="Input">The body.</param>
[XrpcMethod("com.atproto.identity.refreshIdentity")]
public sealed record RefreshIdentityCommand(Caller Caller, RefreshIdentityInput Input) : ICommand<IdentityInfo>, IAuthorizedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Standard.OrScoped();
}

/// <summary>Body of <see cref="RefreshIdentityCommand"/>.</summary>
public sealed record RefreshIdentityInput
{
    /// <summary>DID or handle.</summary>
    public required AtIdentifier Identifier { get; init; }
}

internal sealed class RefreshIdentityHandler(IAccountStore accounts, IHandleResolver handles, IDidResolver dids, IPlcDirectory plc, ServerSettings options)
    : IRequestHandler<RefreshIdentityCommand, IdentityInfo>
{
    private readonly IdentityLookup _lookup = new(accounts, handles, dids, plc, options);

    public Task<IdentityInfo> Handle(RefreshIdentityCommand command, CancellationToken cancellationToken) =>
        _lookup.ResolveAsync(command.Input.Identifier, refresh: true, cancellationToken);
}
