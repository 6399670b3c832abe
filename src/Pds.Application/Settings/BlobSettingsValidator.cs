namespace Pds.Application.Settings;

internal static class BlobSettingsValidator
{
    public static IEnumerable<string> FindFaults(BlobSettings settings)
    {
        if (settings.UploadLimit < 1)
        {
            yield return "Blobs.UploadLimit (PDS_BLOB_UPLOAD_LIMIT) must be 1 byte or more.";
        }

        if (settings.Quota < 1)
        {
            yield return "Blobs.Quota (PDS_BLOB_QUOTA) must be 1 byte or more, or not set.";
        }

        if (settings.TempLifetime < TimeSpan.FromHours(1))
        {
            yield return "Blobs.TempLifetime (PDS_BLOB_TEMP_LIFETIME_MS) must be 1 hour or more: clients upload first and write their record later.";
        }
    }
}
