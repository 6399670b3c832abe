namespace Pds.Server.Hosting;

/// <summary>Every variable of the official distribution and those of our own, and what this server does with it.</summary>
internal static class PdsVariables
{
    private const int MaxTypos = 3;
    private const int LettersPerTypo = 5;

    private static readonly HashSet<string> ActedOn = Named(
        """
        PORT HOSTNAME SERVICE_DID SERVICE_NAME VERSION SERVICE_HANDLE_DOMAINS INVITE_REQUIRED INVITE_INTERVAL INVITE_EPOCH ENABLE_DID_DOC_WITH_SESSION DEV_MODE
        DATA_DIRECTORY BLOBSTORE_DISK_LOCATION BLOBSTORE_DISK_TMP_LOCATION BLOB_UPLOAD_LIMIT BLOB_QUOTA BLOB_TEMP_LIFETIME_MS ACCEPTING_REPO_IMPORTS MAX_REPO_IMPORT_SIZE
        BLOBSTORE_S3_BUCKET BLOBSTORE_S3_REGION BLOBSTORE_S3_ENDPOINT BLOBSTORE_S3_FORCE_PATH_STYLE BLOBSTORE_S3_ACCESS_KEY_ID BLOBSTORE_S3_SECRET_ACCESS_KEY
        BLOBSTORE_S3_UPLOAD_TIMEOUT_MS BLOBSTORE_S3_REQUEST_TIMEOUT_MS
        JWT_SECRET ADMIN_PASSWORD PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX DID_PLC_URL RECOVERY_DID_KEY DISABLE_SSRF_PROTECTION
        HANDLE_BACKUP_NAMESERVERS CRAWLERS REPO_BACKFILL_LIMIT_MS MAX_SUBSCRIPTION_BUFFER MAX_SUBSCRIBERS_PER_ADDRESS MAX_SUBSCRIBERS MAX_SUBSCRIBER_BYTES MAX_PAGE_BYTES MAX_SNAPSHOT_AGE_MS JETSTREAM_ENABLED DID_CACHE_STALE_TTL DID_CACHE_MAX_TTL ID_RESOLVER_TIMEOUT
        BSKY_APP_VIEW_URL BSKY_APP_VIEW_DID BSKY_APP_VIEW_CDN_URL_PATTERN MOD_SERVICE_URL MOD_SERVICE_DID REPORT_SERVICE_URL REPORT_SERVICE_DID
        PROXY_ALLOW_HTTP2 PROXY_HEADERS_TIMEOUT PROXY_BODY_TIMEOUT PROXY_MAX_RESPONSE_SIZE PROXY_MAX_RETRIES PROXY_PREFER_COMPRESSED
        RATE_LIMITS_ENABLED RATE_LIMIT_BYPASS_KEY RATE_LIMIT_BYPASS_IPS DISALLOWED_WORDS_FILE RESERVED_HANDLES_FILE DISPOSABLE_EMAIL_DOMAINS_FILE LEXICON_DIRECTORY LEXICON_AUTHORITY_DID CONTACT_EMAIL_ADDRESS PRIVACY_POLICY_URL TERMS_OF_SERVICE_URL
        DPOP_SECRET OAUTH_TRUSTED_CLIENTS LOGO_URL SUPPORT_URL HOME_URL PRIMARY_COLOR ERROR_COLOR WARNING_COLOR INFO_COLOR SUCCESS_COLOR BACKGROUND_LIGHT_URL BACKGROUND_DARK_URL
        MAX_CONCURRENT_REQUESTS MAX_CONCURRENT_WRITES MAX_CONCURRENT_UPLOADS MAX_CONCURRENT_EXPORTS MAX_CONCURRENT_FORWARDS MAX_WAITING_PASSWORDS MAX_WAITING_WRITES
        MAX_CONCURRENT_CLIENT_CALLS MAX_CONCURRENT_FETCHES_PER_CLIENT_HOST MAX_SHARE_PERCENT MIN_BODY_RATE MAX_BODY_TIME_MS RESERVED_KEY_LIFETIME_MS MAX_RESERVED_KEYS
        PLC_ROTATION_KEY_KMS_KEY_ID EMAIL_SMTP_URL EMAIL_FROM_ADDRESS EMAIL_DISABLE_CONFIRMATION_LINK MODERATION_EMAIL_SMTP_URL MODERATION_EMAIL_ADDRESS
        """);

    /// <summary>Accepted, so that an official environment file, also an older one, starts this server; listed in the log.</summary>
    private static readonly HashSet<string> ForLater = Named(
        """
        HCAPTCHA_SITE_KEY HCAPTCHA_SECRET_KEY HCAPTCHA_TOKEN_SALT
        ACCOUNT_DB_LOCATION SEQUENCER_DB_LOCATION DID_CACHE_DB_LOCATION ACTOR_STORE_DIRECTORY ACTOR_STORE_CACHE_SIZE SQLITE_DISABLE_WAL_AUTO_CHECKPOINT
        ENTRYWAY_URL ENTRYWAY_DID ENTRYWAY_JWT_VERIFY_KEY_K256_PUBLIC_KEY_HEX ENTRYWAY_PLC_ROTATION_KEY ENTRYWAY_ADMIN_TOKEN
        REDIS_SCRATCH_ADDRESS REDIS_SCRATCH_PASSWORD
        FETCH_MAX_RESPONSE_SIZE ENV_FILE
        LIGHT_COLOR DARK_COLOR CONTRAST_SATURATION BRAND_COLOR PRIMARY_COLOR_CONTRAST PRIMARY_COLOR_HUE ERROR_COLOR_CONTRAST ERROR_COLOR_HUE
        WARNING_COLOR_CONTRAST WARNING_COLOR_HUE SUCCESS_COLOR_CONTRAST SUCCESS_COLOR_HUE INFO_COLOR_CONTRAST INFO_COLOR_HUE
        """);

    /// <summary>Names without the prefix that the official server reads, and this one does not.</summary>
    private static readonly HashSet<string> OtherNames = ["LOG_DESTINATION", "LOG_SYSTEMS"];

    public static bool IsKnown(string name) => ActedOn.Contains(name) || ForLater.Contains(name);

    public static bool HasNoEffect(string name) => ForLater.Contains(name) || OtherNames.Contains(name);

    /// <summary>The known name that is a few keystrokes away, if there is one.</summary>
    public static string Suggest(string unknown)
    {
        (string nearest, int distance) = ActedOn.Concat(ForLater).Select(name => (name, Distance(unknown, name))).MinBy(candidate => candidate.Item2);
        return distance <= Math.Min(MaxTypos, unknown.Length / LettersPerTypo) ? $" (did you mean {nearest}?)" : "";
    }

    private static HashSet<string> Named(string names) =>
        [.. names.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(name => $"PDS_{name}")];

    /// <summary>Levenshtein's.</summary>
    private static int Distance(string first, string second)
    {
        int[] row = [.. Enumerable.Range(0, second.Length + 1)];
        for (int i = 1; i <= first.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= second.Length; j++)
            {
                int above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (first[i - 1] == second[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[^1];
    }
}
