using System.CommandLine;
using Pds.Application.Blobs;

namespace Pds.Server.Cli;

/// <summary><c>pds blobs …</c></summary>
internal static class BlobVerbs
{
    public static Command Build(CliSession session) => new("blobs", "Blobs.") { Collect(session) };

    private static Command Collect(CliSession session)
    {
        Option<bool> dryRun = new("--dry-run") { Description = "Only count them. Works beside a running server." };
        return new Command("collect", "Delete uploads that no record came to refer to, and temporary files that a crash left behind. A running server does so every hour.") { dryRun }
            .Does(session, async (result, at, cancel) =>
            {
                bool isDry = result.GetValue(dryRun);
                await using DirectAccess server = isDry ? await at.OpenForReadingAsync(cancel) : await at.OpenStoppedAsync(mayBegin: false, cancel);
                CollectedBlobs uploads = await server.Services.GetRequiredService<ITemporaryBlobs>().CollectAsync(isDry, cancel);
                CollectedBlobs leftovers = await server.Services.GetRequiredService<IBlobLeftovers>().SweepAsync(isDry, cancel);
                string done = isDry ? "would be deleted" : "deleted";
                await at.WriteAsync(
                    new { DryRun = isDry, uploads, leftovers },
                    $"{uploads.Count} uploads, {uploads.Bytes} bytes, {done}",
                    $"{leftovers.Count} files without an upload, {leftovers.Bytes} bytes, {done}");
            });
    }
}
