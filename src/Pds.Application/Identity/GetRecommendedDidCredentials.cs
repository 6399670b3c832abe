using MediatR;
using Pds.Application.Accounts;
using Pds.Application.Crypto;
using Pds.Application.Pipeline;
using Pds.Domain.Crypto;
using Pds.Domain.Identity;

namespace Pds.Application.Identity;

/// <summary>Tells what the caller's identity should say for this server to serve it. Lexicon: <c>com.atproto.identity.getRecommendedDidCredentials</c>.</summary>
[XrpcMethod("com.atproto.identity.getRecommendedDidCredentials")]
public sealed record GetRecommendedDidCredentialsQuery(Caller Caller) : IQuery<GetRecommendedDidCredentialsOutput>, IAuthorizedRequest
{
    /// <inheritdoc/>
    public Permission Required => Permission.Standard.OrScoped();
}

/// <summary>What the identity should say.</summary>
public sealed record GetRecommendedDidCredentialsOutput
{
    /// <summary>Keys that may change it, strongest first; absent for a did:web, which has none.</summary>
    public IReadOnlyList<string>? RotationKeys { get; init; }

    /// <summary>The handle as alias.</summary>
    public required IReadOnlyList<string> AlsoKnownAs { get; init; }

    /// <summary>The signing key.</summary>
    public required IReadOnlyDictionary<string, string> VerificationMethods { get; init; }

    /// <summary>This server.</summary>
    public required IReadOnlyDictionary<string, PlcService> Services { get; init; }
}

internal sealed class GetRecommendedDidCredentialsHandler(IAccountStore accounts, ISigningKeys keys, ServerIdentity server)
    : IRequestHandler<GetRecommendedDidCredentialsQuery, GetRecommendedDidCredentialsOutput>
{
    public async Task<GetRecommendedDidCredentialsOutput> Handle(GetRecommendedDidCredentialsQuery query, CancellationToken cancellationToken)
    {
        Account account = await accounts.RequireOwnAsync(query.Caller, cancellationToken);
        PublicKey signingKey = (await keys.GetAsync(account.Did, cancellationToken)).PublicKey;
        PlcData data = server.Describe(account.ShownHandle, signingKey, recoveryKey: null);
        return new GetRecommendedDidCredentialsOutput
        {
            RotationKeys = account.Did.Method == "plc" ? data.RotationKeys : null,
            AlsoKnownAs = account.Handle is null ? [] : data.AlsoKnownAs,
            VerificationMethods = data.VerificationMethods,
            Services = data.Services,
        };
    }
}
