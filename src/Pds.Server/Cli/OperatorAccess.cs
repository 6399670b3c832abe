using MediatR;
using Pds.Application.Pipeline;

namespace Pds.Server.Cli;

/// <summary>How a command reaches the accounts: through a running server's methods, or through the same use cases in this process.</summary>
internal abstract class OperatorAccess : IAsyncDisposable
{
    /// <summary>Who acts, for the audit trail.</summary>
    public static Caller Caller { get; } = new Caller.Admin($"cli:{Environment.UserName}");

    /// <summary>Calls the query of a message.</summary>
    /// <param name="parameters">Its parameters; those without a value are left out.</param>
    /// <param name="message">The same as a message.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CliRefusal">Refused.</exception>
    public abstract Task<TOutput> GetAsync<TOutput>(
        IReadOnlyList<(string Name, string? Value)> parameters, IRequest<TOutput> message, CancellationToken cancellationToken);

    /// <summary>Calls the procedure of a message.</summary>
    /// <param name="input">Its input.</param>
    /// <param name="message">The same as a message.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CliRefusal">Refused.</exception>
    public abstract Task<TOutput> PostAsync<TOutput>(object input, IRequest<TOutput> message, CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();
}
