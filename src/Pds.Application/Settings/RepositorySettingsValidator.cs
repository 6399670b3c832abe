namespace Pds.Application.Settings;

internal static class RepositorySettingsValidator
{
    private const int MinPageBytes = 64 * 1024;
    private const int MinSnapshotMilliseconds = 1000;

    public static IEnumerable<string> FindFaults(RepositorySettings settings)
    {
        if (settings.MaxImportSize < 1)
        {
            yield return "Repositories.MaxImportSize (PDS_MAX_REPO_IMPORT_SIZE) must be 1 byte or more, or not set.";
        }

        if (settings.MaxPageBytes < MinPageBytes)
        {
            yield return $"Repositories.MaxPageBytes (PDS_MAX_PAGE_BYTES) must be {MinPageBytes} or more.";
        }

        if (settings.MaxSnapshotAge < TimeSpan.FromMilliseconds(MinSnapshotMilliseconds))
        {
            yield return $"Repositories.MaxSnapshotAge (PDS_MAX_SNAPSHOT_AGE_MS) in milliseconds must be {MinSnapshotMilliseconds} or more.";
        }
    }
}
