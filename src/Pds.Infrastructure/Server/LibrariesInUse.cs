using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Pds.Cryptography;

namespace Pds.Infrastructure.Server;

/// <summary>Says at the start which native libraries serve: what an operator asks when an advisory names a version, or signing is slow.</summary>
internal sealed partial class LibrariesInUse(Secp256k1 secp256k1, Scrypt scrypt, ILogger<LibrariesInUse> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        using SqliteConnection sqlite = new();
        LogLibraries(sqlite.ServerVersion, secp256k1.Name, scrypt.Name);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(2201, LogLevel.Information, "SQLite {Sqlite}; secp256k1 by {Secp256k1}, P-256 by the platform, scrypt by {Scrypt}")]
    private partial void LogLibraries(string sqlite, string secp256k1, string scrypt);
}
