namespace Pds.Application.Settings;

internal static class StorageSettingsValidator
{
    public static IEnumerable<string> FindFaults(StorageSettings settings)
    {
        if (settings.DataDirectory.Length == 0)
        {
            yield return "Storage.DataDirectory (PDS_DATA_DIRECTORY) is empty: write the path of a directory.";
        }
    }
}
