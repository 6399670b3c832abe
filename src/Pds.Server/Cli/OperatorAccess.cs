using MediatR;
using Pds.Application.Pipeline;

namespace Pds.Server.Cli;

/// <summary>How a command reaches the accounts: through a running server's methods, or through the same use cases in this process.</summary>
internal abstract class OperatorAccess : IAsyncDisposable
{
    /// <summary>Who acts, for the audit trail.</summary>
    public static Caller Caller { get; } = new Caller.Admin($"cli:{Environment.UserName}");

    /// <summary>Calls a query.</summary>
    /// <param name="method">Its NSID.</param>
    /// <param name="parameters">Its parameters; those without a value are left out.</param>
    /// <param name="message">The same as a message.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CliRefusal">Refused.</exception>
    public abstract Task<TOutput> GetAsync<TOutput>(
        string method, IReadOnlyList<(string Name, string? Value)> parameters, IRequest<TOutput> message, CancellationToken cancellationToken);

    /// <summary>Calls a procedure.</summary>
    /// <param name="method">Its NSID.</param>
    /// <param name="input">Its input.</param>
    /// <param name="message">The same as a message.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CliRefusal">Refused.</exception>
    public abstract Task<TOutput> PostAsync<TOutput>(string method, object input, IRequest<TOutput> message, CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();
}
