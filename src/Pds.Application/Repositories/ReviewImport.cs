using MediatR;
using Pds.Application.Pipeline;
using Pds.Domain.Errors;
using Pds.Domain.Repositories;

namespace Pds.Application.Repositories;

/// <summary>Judges some of the writes of an import before they are kept, by the rules that hold for every write.</summary>
/// <remarks>Lexicons and shapes are not asked for: records of other times and servers must be able to move.</remarks>
/// <param name="Caller">Whose repository.</param>
/// <param name="Proposed">The writes.</param>
public sealed record ReviewImportCommand(Caller Caller, IReadOnlyList<ProposedWrite> Proposed) : ICommand<Unit>, IAuthorizedRequest, IRecordWriteCommand
{
    /// <inheritdoc/>
    public Permission Required => ImportRepoCommand.Access;
}

internal sealed class ReviewImportHandler(RecordPreparation preparation) : IRequestHandler<ReviewImportCommand, Unit>
{
    public Task<Unit> Handle(ReviewImportCommand request, CancellationToken cancellationToken)
    {
        foreach (ProposedWrite write in request.Proposed)
        {
            if (write is not { Record: { } record, Key: { } key })
            {
                continue;
            }

            preparation.RequireDecent(key.ToString());
            if (record.Cbor.Length > RepositoryLimits.MaxRecordBytes)
            {
                throw new XrpcException(
                    RequestErrors.InvalidRequest, $"The record at {write.Collection}/{key} is too large. Max: {RepositoryLimits.MaxRecordBytes} bytes");
            }
        }

        return Task.FromResult(Unit.Value);
    }
}
