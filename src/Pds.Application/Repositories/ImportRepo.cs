using MediatR;
using Pds.Application.Pipeline;
using Pds.Application.Settings;
using Pds.Domain.Errors;
using Pds.Domain.OAuth;

namespace Pds.Application.Repositories;

/// <summary>Makes the caller's repository what an archive says. Lexicon: <c>com.atproto.repo.importRepo</c>.</summary>
/// <param name="Caller">Whose repository.</param>
/// <param name="Archive">The CAR; read once, to its end.</param>
[XrpcMethod("com.atproto.repo.importRepo")]
public sealed record ImportRepoCommand(Caller Caller, Stream Archive) : ICommand<Unit>, IAuthorizedRequest
{
    /// <summary>Judges the writes; sends each of its parts as a <see cref="ReviewImportCommand"/>, so that whatever watches writes sees them.</summary>
    public required ImportReview Review { get; init; }

    /// <inheritdoc/>
    public Permission Required => Access;

    internal static Permission Access => Permission.Full with { RefuseTakendown = true, Scoped = [new ScopeDemand.Account("repo", Manage: true)] };
}

internal sealed class ImportRepoHandler(IRepositoryImport repositories, RepositorySettings options) : IRequestHandler<ImportRepoCommand, Unit>
{
    public async Task<Unit> Handle(ImportRepoCommand command, CancellationToken cancellationToken)
    {
        if (!options.AcceptingImports)
        {
            throw new XrpcException(RequestErrors.InvalidRequest, "Service is not accepting repo imports");
        }

        await repositories.ImportAsync(command.Caller.Account!.Value, command.Archive, command.Review, cancellationToken);
        return Unit.Value;
    }
}
