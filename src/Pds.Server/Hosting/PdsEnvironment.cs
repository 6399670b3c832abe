using Pds.Application.DependencyInjection;
using Pds.Infrastructure.S3;

namespace Pds.Server.Hosting;

/// <summary>Settings from <c>PDS_*</c> variables, as the official distribution means them (spec 09 §7). Empty is unset.</summary>
internal sealed class PdsEnvironment
{
    private const string Prefix = "PDS_";
    private const string PublicDirectory = "https://plc.directory";

    private readonly SettingReader _settings;

    private PdsEnvironment(SettingReader settings) => _settings = settings;

    /// <summary>What is wrong with the variables themselves; the rest shows when the options are judged.</summary>
    public IReadOnlyList<string> Faults => _settings.Faults;

    /// <summary>Variables that are set, known and without effect.</summary>
    public required IReadOnlyList<string> Ignored { get; init; }

    /// <summary>Whether no variable of ours is set: then a server for development starts.</summary>
    public required bool IsEmpty { get; init; }

    /// <summary>Addresses and networks that are believed about the addresses of clients, beside private ones.</summary>
    public IReadOnlyList<string> TrustedAddresses => _settings.List("PDS_RATE_LIMIT_BYPASS_IPS");

    /// <summary>Whether blobs are to be kept in an S3-compatible store.</summary>
    public bool UsesS3 => _settings.Text("PDS_BLOBSTORE_S3_BUCKET") is not null;

    /// <summary>Reads all variables.</summary>
    /// <param name="variables">Names and values, such as the process's.</param>
    public static PdsEnvironment Read(IEnumerable<KeyValuePair<string, string?>> variables)
    {
        Dictionary<string, string> set = variables
            .Where(variable => variable.Key.StartsWith(Prefix, StringComparison.Ordinal) && !string.IsNullOrEmpty(variable.Value))
            .ToDictionary(variable => variable.Key, variable => variable.Value!, StringComparer.Ordinal);
        SettingReader settings = new(set);
        foreach (string unknown in set.Keys.Where(name => !PdsVariables.IsKnown(name)).Order(StringComparer.Ordinal))
        {
            settings.Fault($"{unknown} is not a setting of this server{PdsVariables.Suggest(unknown)}. Remove it or correct its name.");
        }

        return new PdsEnvironment(settings)
        {
            Ignored = [.. variables.Where(variable => !string.IsNullOrEmpty(variable.Value)).Select(variable => variable.Key).Where(PdsVariables.HasNoEffect).Order(StringComparer.Ordinal)],
            IsEmpty = set.Count == 0 || set.Keys.All(name => name is "PDS_PORT" or "PDS_DATA_DIRECTORY"),
        };
    }

    /// <summary>Sets the options; collects what cannot be read in <see cref="Faults"/>.</summary>
    public void Apply(PdsOptions options)
    {
        if (IsEmpty)
        {
            ApplyDevelopment(options);
        }

        options.DevMode = _settings.Boolean("PDS_DEV_MODE") ?? options.DevMode;
        ApplyIdentity(options);
        ApplyStorage(options);
        ApplySecrets(options);
        ApplyNetwork(options);
        ApplyMail(options);
        ApplyOtherServices(options);
        ApplyRateLimits(options);
        ApplyCapacity(options);
        ApplyDescription(options);
    }

    /// <summary>Sets the options of the S3 store.</summary>
    public void Apply(S3BlobOptions options)
    {
        options.Bucket = _settings.Text("PDS_BLOBSTORE_S3_BUCKET") ?? "";
        options.Region = _settings.Text("PDS_BLOBSTORE_S3_REGION") ?? options.Region;
        options.Endpoint = _settings.Address("PDS_BLOBSTORE_S3_ENDPOINT");
        options.ForcePathStyle = _settings.Boolean("PDS_BLOBSTORE_S3_FORCE_PATH_STYLE") ?? options.ForcePathStyle;
        options.AccessKeyId = _settings.Text("PDS_BLOBSTORE_S3_ACCESS_KEY_ID");
        options.SecretAccessKey = _settings.Text("PDS_BLOBSTORE_S3_SECRET_ACCESS_KEY");
        options.RequestTimeout = _settings.Milliseconds("PDS_BLOBSTORE_S3_REQUEST_TIMEOUT_MS");
        if (_settings.Milliseconds("PDS_BLOBSTORE_S3_UPLOAD_TIMEOUT_MS") is { } upload && upload > TimeSpan.Zero)    // 0 means the default there, too
        {
            options.UploadTimeout = upload;
        }
    }

    /// <summary>No settings at all: whatever makes trying it out easy.</summary>
    private static void ApplyDevelopment(PdsOptions options)
    {
        options.DevMode = true;
        options.InviteRequired = false;
    }

    private void ApplyIdentity(PdsOptions options)
    {
        options.Port = (int)(_settings.Integer("PDS_PORT") ?? options.Port);
        if (_settings.Text("PDS_HOSTNAME") is { } hostname)
        {
            options.Hostname = hostname;
        }
        else if (!options.DevMode)
        {
            _settings.Fault("PDS_HOSTNAME is missing. Identities made without it would name http://localhost for good: write the public host name, such as `pds.example.com`, or set PDS_DEV_MODE=true to try things out.");
        }

        options.ServiceDid = _settings.Text("PDS_SERVICE_DID");
        options.ServiceName = _settings.Text("PDS_SERVICE_NAME");
        options.Version = _settings.Text("PDS_VERSION");
        foreach (string domain in _settings.List("PDS_SERVICE_HANDLE_DOMAINS"))
        {
            options.ServiceHandleDomains.Add(domain);
        }

        options.InviteRequired = _settings.Boolean("PDS_INVITE_REQUIRED") ?? options.InviteRequired;
        options.InviteInterval = _settings.Milliseconds("PDS_INVITE_INTERVAL");
        options.InviteEpoch = DateTimeOffset.UnixEpoch + (_settings.Milliseconds("PDS_INVITE_EPOCH") ?? TimeSpan.Zero);
        options.DidDocWithSession = _settings.Boolean("PDS_ENABLE_DID_DOC_WITH_SESSION") ?? options.DidDocWithSession;
    }

    private void ApplyStorage(PdsOptions options)
    {
        // The official server keeps its data in the current directory; a development server had better not.
        options.DataDirectory = _settings.Text("PDS_DATA_DIRECTORY") ?? (IsEmpty ? options.DataDirectory : ".");
        options.BlobDirectory = _settings.Text("PDS_BLOBSTORE_DISK_LOCATION");
        options.BlobTempDirectory = _settings.Text("PDS_BLOBSTORE_DISK_TMP_LOCATION");
        options.BlobUploadLimit = _settings.Integer("PDS_BLOB_UPLOAD_LIMIT") ?? options.BlobUploadLimit;
        options.BlobQuota = _settings.Integer("PDS_BLOB_QUOTA");
        options.TempBlobLifetime = _settings.Milliseconds("PDS_BLOB_TEMP_LIFETIME_MS") ?? options.TempBlobLifetime;
        options.AcceptingRepoImports = _settings.Boolean("PDS_ACCEPTING_REPO_IMPORTS") ?? options.AcceptingRepoImports;
        options.MaxRepoImportSize = _settings.Integer("PDS_MAX_REPO_IMPORT_SIZE");
        if (options.BlobDirectory is not null && _settings.Text("PDS_BLOBSTORE_S3_BUCKET") is not null)
        {
            _settings.Fault("PDS_BLOBSTORE_DISK_LOCATION and PDS_BLOBSTORE_S3_BUCKET exclude each other: remove one of them.");
        }
    }

    private void ApplySecrets(PdsOptions options)
    {
        options.JwtSecret = _settings.Text("PDS_JWT_SECRET") ?? "";
        options.DpopSecret = _settings.Text("PDS_DPOP_SECRET");
        foreach (string client in _settings.List("PDS_OAUTH_TRUSTED_CLIENTS"))
        {
            options.TrustedOAuthClients.Add(client);
        }

        options.AdminPassword = _settings.Text("PDS_ADMIN_PASSWORD") ?? "";
        options.PlcRotationKey = _settings.Text("PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX") ?? "";
        if (_settings.Text("PDS_PLC_ROTATION_KEY_KMS_KEY_ID") is not null)
        {
            _settings.Fault("PDS_PLC_ROTATION_KEY_KMS_KEY_ID names a key in a key manager, which this server cannot use: it could sign no identity. Remove it and put the key itself into PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX.");
        }
    }

    private void ApplyNetwork(PdsOptions options)
    {
        // Unlike the official server, a development server never writes its identities into the public directory unless told to.
        options.PlcUrl = _settings.Address("PDS_DID_PLC_URL") ?? (options.DevMode ? null : new Uri(PublicDirectory));
        options.RecoveryDidKey = _settings.Text("PDS_RECOVERY_DID_KEY");
        if (_settings.Boolean("PDS_DISABLE_SSRF_PROTECTION") is { } unguarded)
        {
            options.DisableSsrfProtection = unguarded;
        }

        foreach (string server in _settings.List("PDS_HANDLE_BACKUP_NAMESERVERS"))
        {
            options.HandleBackupNameservers.Add(server);
        }

        foreach (Uri crawler in _settings.Addresses("PDS_CRAWLERS"))
        {
            options.Crawlers.Add(crawler);
        }

        options.DisallowedWordsFile = _settings.Text("PDS_DISALLOWED_WORDS_FILE");
        options.ReservedHandlesFile = _settings.Text("PDS_RESERVED_HANDLES_FILE");
        options.DisposableMailDomainsFile = _settings.Text("PDS_DISPOSABLE_EMAIL_DOMAINS_FILE");
        options.LexiconDirectory = _settings.Text("PDS_LEXICON_DIRECTORY");
        options.LexiconAuthorityDid = _settings.Text("PDS_LEXICON_AUTHORITY_DID");
        options.BackfillWindow = _settings.Milliseconds("PDS_REPO_BACKFILL_LIMIT_MS") ?? options.BackfillWindow;
        options.MaxSubscriptionBuffer = (int)Math.Min(_settings.Integer("PDS_MAX_SUBSCRIPTION_BUFFER") ?? options.MaxSubscriptionBuffer, int.MaxValue);
        options.MaxSubscribersPerAddress = (int)Math.Min(_settings.Integer("PDS_MAX_SUBSCRIBERS_PER_ADDRESS") ?? options.MaxSubscribersPerAddress, int.MaxValue);
        options.MaxSubscribers = Count("PDS_MAX_SUBSCRIBERS") ?? options.MaxSubscribers;
        options.MaxSubscriberBytes = _settings.Integer("PDS_MAX_SUBSCRIBER_BYTES") ?? options.MaxSubscriberBytes;
        options.MaxPageBytes = Count("PDS_MAX_PAGE_BYTES") ?? options.MaxPageBytes;
        options.MaxSnapshotAge = _settings.Milliseconds("PDS_MAX_SNAPSHOT_AGE_MS") ?? options.MaxSnapshotAge;
        options.JetstreamEnabled = _settings.Boolean("PDS_JETSTREAM_ENABLED") ?? options.JetstreamEnabled;
        options.DidCacheStaleAfter = _settings.Milliseconds("PDS_DID_CACHE_STALE_TTL") ?? options.DidCacheStaleAfter;
        options.DidCacheExpiresAfter = _settings.Milliseconds("PDS_DID_CACHE_MAX_TTL") ?? options.DidCacheExpiresAfter;
        options.IdentityTimeout = _settings.Milliseconds("PDS_ID_RESOLVER_TIMEOUT") ?? options.IdentityTimeout;
    }

    private void ApplyOtherServices(PdsOptions options)
    {
        (options.AppViewUrl, options.AppViewDid) = _settings.Pair("PDS_BSKY_APP_VIEW_URL", "PDS_BSKY_APP_VIEW_DID");
        options.AppViewCdnUrlPattern = _settings.Text("PDS_BSKY_APP_VIEW_CDN_URL_PATTERN");
        (options.ModServiceUrl, options.ModServiceDid) = _settings.Pair("PDS_MOD_SERVICE_URL", "PDS_MOD_SERVICE_DID");
        (options.ReportServiceUrl, options.ReportServiceDid) = _settings.Pair("PDS_REPORT_SERVICE_URL", "PDS_REPORT_SERVICE_DID");
        options.ProxyAllowHttp2 = _settings.Boolean("PDS_PROXY_ALLOW_HTTP2") ?? options.ProxyAllowHttp2;
        options.ProxyHeadersTimeout = _settings.Milliseconds("PDS_PROXY_HEADERS_TIMEOUT") ?? options.ProxyHeadersTimeout;
        options.ProxyBodyTimeout = _settings.Milliseconds("PDS_PROXY_BODY_TIMEOUT") ?? options.ProxyBodyTimeout;
        options.ProxyMaxResponseSize = _settings.Integer("PDS_PROXY_MAX_RESPONSE_SIZE") ?? options.ProxyMaxResponseSize;
        options.ProxyMaxRetries = (int)Math.Min(_settings.Integer("PDS_PROXY_MAX_RETRIES") ?? options.ProxyMaxRetries, int.MaxValue);
        options.ProxyPreferCompressed = _settings.Boolean("PDS_PROXY_PREFER_COMPRESSED") ?? options.ProxyPreferCompressed;
    }

    private void ApplyRateLimits(PdsOptions options)
    {
        options.RateLimitsEnabled = _settings.Boolean("PDS_RATE_LIMITS_ENABLED") ?? options.RateLimitsEnabled;
        options.RateLimitBypassKey = _settings.Text("PDS_RATE_LIMIT_BYPASS_KEY");
        foreach (string address in _settings.List("PDS_RATE_LIMIT_BYPASS_IPS"))
        {
            options.RateLimitBypassIps.Add(address);
        }
    }

    private void ApplyCapacity(PdsOptions options)
    {
        options.MaxConcurrentRequests = Count("PDS_MAX_CONCURRENT_REQUESTS") ?? options.MaxConcurrentRequests;
        options.MaxConcurrentWrites = Count("PDS_MAX_CONCURRENT_WRITES") ?? options.MaxConcurrentWrites;
        options.MaxWaitingWrites = Count("PDS_MAX_WAITING_WRITES") ?? options.MaxWaitingWrites;
        options.MaxConcurrentUploads = Count("PDS_MAX_CONCURRENT_UPLOADS") ?? options.MaxConcurrentUploads;
        options.MaxConcurrentExports = Count("PDS_MAX_CONCURRENT_EXPORTS") ?? options.MaxConcurrentExports;
        options.MaxConcurrentForwards = Count("PDS_MAX_CONCURRENT_FORWARDS") ?? options.MaxConcurrentForwards;
        options.MaxWaitingPasswords = Count("PDS_MAX_WAITING_PASSWORDS") ?? options.MaxWaitingPasswords;
        options.MaxConcurrentClientCalls = Count("PDS_MAX_CONCURRENT_CLIENT_CALLS") ?? options.MaxConcurrentClientCalls;
        options.MaxConcurrentFetchesPerClientHost = Count("PDS_MAX_CONCURRENT_FETCHES_PER_CLIENT_HOST") ?? options.MaxConcurrentFetchesPerClientHost;
        options.MaxSharePercent = Count("PDS_MAX_SHARE_PERCENT") ?? options.MaxSharePercent;
        options.MinBodyRate = Count("PDS_MIN_BODY_RATE") ?? options.MinBodyRate;
        options.MaxBodyTime = _settings.Milliseconds("PDS_MAX_BODY_TIME_MS") ?? options.MaxBodyTime;
        options.ReservedKeyLifetime = _settings.Milliseconds("PDS_RESERVED_KEY_LIFETIME_MS") ?? options.ReservedKeyLifetime;
        options.MaxReservedKeys = Count("PDS_MAX_RESERVED_KEYS") ?? options.MaxReservedKeys;
    }

    private int? Count(string name) => _settings.Integer(name) is { } value ? (int)Math.Min(value, int.MaxValue) : null;

    private void ApplyMail(PdsOptions options)
    {
        (options.EmailSmtpUrl, options.EmailFromAddress) = _settings.MailPair("PDS_EMAIL_SMTP_URL", "PDS_EMAIL_FROM_ADDRESS");
        options.DisableEmailConfirmationLink = _settings.Boolean("PDS_EMAIL_DISABLE_CONFIRMATION_LINK") ?? options.DisableEmailConfirmationLink;
        (options.ModerationEmailSmtpUrl, options.ModerationEmailAddress) = _settings.MailPair("PDS_MODERATION_EMAIL_SMTP_URL", "PDS_MODERATION_EMAIL_ADDRESS");
    }

    private void ApplyDescription(PdsOptions options)
    {
        options.ContactEmail = _settings.Text("PDS_CONTACT_EMAIL_ADDRESS");
        options.PrivacyPolicyUrl = _settings.Address("PDS_PRIVACY_POLICY_URL");
        options.TermsOfServiceUrl = _settings.Address("PDS_TERMS_OF_SERVICE_URL");
        options.LogoUrl = _settings.Address("PDS_LOGO_URL");
        options.SupportUrl = _settings.Address("PDS_SUPPORT_URL");
        options.HomeUrl = _settings.Address("PDS_HOME_URL");
        options.PrimaryColor = _settings.Text("PDS_PRIMARY_COLOR");
        options.ErrorColor = _settings.Text("PDS_ERROR_COLOR");
        options.WarningColor = _settings.Text("PDS_WARNING_COLOR");
        options.InfoColor = _settings.Text("PDS_INFO_COLOR");
        options.SuccessColor = _settings.Text("PDS_SUCCESS_COLOR");
        options.BackgroundLightUrl = _settings.Address("PDS_BACKGROUND_LIGHT_URL");
        options.BackgroundDarkUrl = _settings.Address("PDS_BACKGROUND_DARK_URL");
    }
}
