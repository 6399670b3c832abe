using Pds.Application.Identity;
using Pds.Domain.Crypto;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Identity;

namespace Pds.Infrastructure.Identity;

/// <summary>A PLC directory inside this server, by the rules of the public one; for development and closed networks.</summary>
internal sealed class InProcessPlcDirectory(IPlcLogStore logs, IVerifier verifier, TimeProvider time) : IPlcDirectory, IPlcDocumentSource
{
    private const int Attempts = 5;

    /// <inheritdoc/>
    public async Task SubmitAsync(Did did, PlcOperation operation, CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < Attempts; attempt++)
        {
            IReadOnlyList<PlcLogEntry> log = Extend(await logs.ReadAsync(did, cancellationToken), did, operation);
            if (await logs.AppendAsync(did, log, cancellationToken))
            {
                return;
            }
        }

        throw new XrpcException(RequestErrors.UpstreamFailure, "Too many operations on this DID at the same time.");
    }

    /// <inheritdoc/>
    public async Task<PlcOperation?> FindLastAsync(Did did, CancellationToken cancellationToken) =>
        PlcLog.FindLast(await logs.ReadAsync(did, cancellationToken))?.Operation is { Data: not null } operation ? operation : null;

    /// <inheritdoc/>
    public async Task<bool> IsTombstonedAsync(Did did, CancellationToken cancellationToken) =>
        PlcLog.FindLast(await logs.ReadAsync(did, cancellationToken)) is { Operation.Data: null };

    /// <inheritdoc/>
    public async Task<DidDocument?> FindDocumentAsync(Did did, CancellationToken cancellationToken) =>
        await FindLastAsync(did, cancellationToken) is { Data: { } data } ? DidDocument.Parse(did, PlcDocument.ToDidDocument(did, data)) : null;

    private IReadOnlyList<PlcLogEntry> Extend(IReadOnlyList<PlcLogEntry> log, Did did, PlcOperation operation)
    {
        try
        {
            return PlcLog.Append(log, did, operation, time.GetUtcNow(), verifier);
        }
        catch (PlcException e)
        {
            throw new XrpcException(RequestErrors.InvalidRequest, e.Message); // our own words, from the domain
        }
    }
}
