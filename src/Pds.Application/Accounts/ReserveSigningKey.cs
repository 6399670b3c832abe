using MediatR;
using Pds.Application.Pipeline;
using Pds.Domain.Crypto;
using Pds.Domain.Identifiers;

namespace Pds.Application.Accounts;

/// <summary>Makes a signing key ahead of an account. Lexicon: <c>com.atproto.server.reserveSigningKey</c>.</summary>
[XrpcMethod("com.atproto.server.reserveSigningKey")]
[RateLimit(50, RateLimitWindow.FiveMinutes)]
public sealed record ReserveSigningKeyCommand(ReserveSigningKeyInput Input) : ICommand<ReserveSigningKeyOutput>, IAnonymousRequest;

/// <summary>Whom the key is for.</summary>
/// <param name="Did">The identity; asking again for it gives the same key.</param>
public sealed record ReserveSigningKeyInput(Did? Did = null);

/// <summary>The key.</summary>
/// <param name="SigningKey">Its public half, as <c>did:key</c>.</param>
public sealed record ReserveSigningKeyOutput(string SigningKey);

internal sealed class ReserveSigningKeyHandler(IReservedKeyStore keys) : IRequestHandler<ReserveSigningKeyCommand, ReserveSigningKeyOutput>
{
    public async Task<ReserveSigningKeyOutput> Handle(ReserveSigningKeyCommand command, CancellationToken cancellationToken)
    {
        PublicKey key = await keys.ReserveAsync(command.Input.Did, cancellationToken);
        return new ReserveSigningKeyOutput(key.ToDidKey());
    }
}
