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

        options.Server.DevMode = _settings.Boolean("PDS_DEV_MODE") ?? options.Server.DevMode;
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
        options.Server.DevMode = true;
        options.Accounts.InviteRequired = false;
    }

    private void ApplyIdentity(PdsOptions options)
    {
        options.Server.Port = (int)(_settings.Integer("PDS_PORT") ?? options.Server.Port);
        if (_settings.Text("PDS_HOSTNAME") is { } hostname)
        {
            options.Server.Hostname = hostname;
        }
        else if (!options.Server.DevMode)
        {
            _settings.Fault("PDS_HOSTNAME is missing. Identities made without it would name http://localhost for good: write the public host name, such as `pds.example.com`, or set PDS_DEV_MODE=true to try things out.");
        }

        options.Server.ServiceDid = _settings.Text("PDS_SERVICE_DID");
        options.Server.ServiceName = _settings.Text("PDS_SERVICE_NAME");
        options.Server.Version = _settings.Text("PDS_VERSION");
        foreach (string domain in _settings.List("PDS_SERVICE_HANDLE_DOMAINS"))
        {
            options.Server.ServiceHandleDomains.Add(domain);
        }

        options.Accounts.InviteRequired = _settings.Boolean("PDS_INVITE_REQUIRED") ?? options.Accounts.InviteRequired;
        options.Accounts.InviteInterval = _settings.Milliseconds("PDS_INVITE_INTERVAL");
        options.Accounts.InviteEpoch = DateTimeOffset.UnixEpoch + (_settings.Milliseconds("PDS_INVITE_EPOCH") ?? TimeSpan.Zero);
        options.Accounts.DidDocWithSession = _settings.Boolean("PDS_ENABLE_DID_DOC_WITH_SESSION") ?? options.Accounts.DidDocWithSession;
    }

    private void ApplyStorage(PdsOptions options)
    {
        // The official server keeps its data in the current directory; a development server had better not.
        options.Storage.DataDirectory = _settings.Text("PDS_DATA_DIRECTORY") ?? (IsEmpty ? options.Storage.DataDirectory : ".");
        options.Storage.BlobDirectory = _settings.Text("PDS_BLOBSTORE_DISK_LOCATION");
        options.Storage.BlobTempDirectory = _settings.Text("PDS_BLOBSTORE_DISK_TMP_LOCATION");
        options.Blobs.UploadLimit = _settings.Integer("PDS_BLOB_UPLOAD_LIMIT") ?? options.Blobs.UploadLimit;
        options.Blobs.Quota = _settings.Integer("PDS_BLOB_QUOTA");
        options.Blobs.TempLifetime = _settings.Milliseconds("PDS_BLOB_TEMP_LIFETIME_MS") ?? options.Blobs.TempLifetime;
        options.Repositories.AcceptingImports = _settings.Boolean("PDS_ACCEPTING_REPO_IMPORTS") ?? options.Repositories.AcceptingImports;
        options.Repositories.MaxImportSize = _settings.Integer("PDS_MAX_REPO_IMPORT_SIZE");
        if (options.Storage.BlobDirectory is not null && _settings.Text("PDS_BLOBSTORE_S3_BUCKET") is not null)
        {
            _settings.Fault("PDS_BLOBSTORE_DISK_LOCATION and PDS_BLOBSTORE_S3_BUCKET exclude each other: remove one of them.");
        }
    }

    private void ApplySecrets(PdsOptions options)
    {
        options.Secrets.JwtSecret = _settings.Text("PDS_JWT_SECRET") ?? "";
        options.Secrets.DpopSecret = _settings.Text("PDS_DPOP_SECRET");
        foreach (string client in _settings.List("PDS_OAUTH_TRUSTED_CLIENTS"))
        {
            options.OAuth.TrustedClients.Add(client);
        }

        options.Secrets.AdminPassword = _settings.Text("PDS_ADMIN_PASSWORD") ?? "";
        options.Secrets.PlcRotationKey = _settings.Text("PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX") ?? "";
        if (_settings.Text("PDS_PLC_ROTATION_KEY_KMS_KEY_ID") is not null)
        {
            _settings.Fault("PDS_PLC_ROTATION_KEY_KMS_KEY_ID names a key in a key manager, which this server cannot use: it could sign no identity. Remove it and put the key itself into PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX.");
        }
    }

    private void ApplyNetwork(PdsOptions options)
    {
        // Unlike the official server, a development server never writes its identities into the public directory unless told to.
        options.Identity.PlcUrl = _settings.Address("PDS_DID_PLC_URL") ?? (options.Server.DevMode ? null : new Uri(PublicDirectory));
        options.Identity.RecoveryDidKey = _settings.Text("PDS_RECOVERY_DID_KEY");
        if (_settings.Boolean("PDS_DISABLE_SSRF_PROTECTION") is { } unguarded)
        {
            options.Server.DisableSsrfProtection = unguarded;
        }

        foreach (string server in _settings.List("PDS_HANDLE_BACKUP_NAMESERVERS"))
        {
            options.Identity.BackupNameservers.Add(server);
        }

        foreach (Uri crawler in _settings.Addresses("PDS_CRAWLERS"))
        {
            options.Firehose.Crawlers.Add(crawler);
        }

        options.Rules.DisallowedWordsFile = _settings.Text("PDS_DISALLOWED_WORDS_FILE");
        options.Rules.ReservedHandlesFile = _settings.Text("PDS_RESERVED_HANDLES_FILE");
        options.Rules.DisposableMailDomainsFile = _settings.Text("PDS_DISPOSABLE_EMAIL_DOMAINS_FILE");
        options.Rules.LexiconDirectory = _settings.Text("PDS_LEXICON_DIRECTORY");
        options.Rules.LexiconAuthorityDid = _settings.Text("PDS_LEXICON_AUTHORITY_DID");
        options.Firehose.BackfillWindow = _settings.Milliseconds("PDS_REPO_BACKFILL_LIMIT_MS") ?? options.Firehose.BackfillWindow;
        options.Firehose.MaxSubscriptionBuffer = (int)Math.Min(_settings.Integer("PDS_MAX_SUBSCRIPTION_BUFFER") ?? options.Firehose.MaxSubscriptionBuffer, int.MaxValue);
        options.Firehose.MaxSubscribersPerAddress = (int)Math.Min(_settings.Integer("PDS_MAX_SUBSCRIBERS_PER_ADDRESS") ?? options.Firehose.MaxSubscribersPerAddress, int.MaxValue);
        options.Firehose.MaxSubscribers = Count("PDS_MAX_SUBSCRIBERS") ?? options.Firehose.MaxSubscribers;
        options.Firehose.MaxSubscriberBytes = _settings.Integer("PDS_MAX_SUBSCRIBER_BYTES") ?? options.Firehose.MaxSubscriberBytes;
        options.Repositories.MaxPageBytes = Count("PDS_MAX_PAGE_BYTES") ?? options.Repositories.MaxPageBytes;
        options.Repositories.MaxSnapshotAge = _settings.Milliseconds("PDS_MAX_SNAPSHOT_AGE_MS") ?? options.Repositories.MaxSnapshotAge;
        options.Firehose.JetstreamEnabled = _settings.Boolean("PDS_JETSTREAM_ENABLED") ?? options.Firehose.JetstreamEnabled;
        options.Identity.CacheStaleAfter = _settings.Milliseconds("PDS_DID_CACHE_STALE_TTL") ?? options.Identity.CacheStaleAfter;
        options.Identity.CacheExpiresAfter = _settings.Milliseconds("PDS_DID_CACHE_MAX_TTL") ?? options.Identity.CacheExpiresAfter;
        options.Identity.Timeout = _settings.Milliseconds("PDS_ID_RESOLVER_TIMEOUT") ?? options.Identity.Timeout;
    }

    private void ApplyOtherServices(PdsOptions options)
    {
        (options.Proxying.AppViewUrl, options.Proxying.AppViewDid) = _settings.Pair("PDS_BSKY_APP_VIEW_URL", "PDS_BSKY_APP_VIEW_DID");
        options.Proxying.AppViewCdnUrlPattern = _settings.Text("PDS_BSKY_APP_VIEW_CDN_URL_PATTERN");
        (options.Moderation.ServiceUrl, options.Moderation.ServiceDid) = _settings.Pair("PDS_MOD_SERVICE_URL", "PDS_MOD_SERVICE_DID");
        (options.Moderation.ReportServiceUrl, options.Moderation.ReportServiceDid) = _settings.Pair("PDS_REPORT_SERVICE_URL", "PDS_REPORT_SERVICE_DID");
        options.Proxying.AllowHttp2 = _settings.Boolean("PDS_PROXY_ALLOW_HTTP2") ?? options.Proxying.AllowHttp2;
        options.Proxying.HeadersTimeout = _settings.Milliseconds("PDS_PROXY_HEADERS_TIMEOUT") ?? options.Proxying.HeadersTimeout;
        options.Proxying.BodyTimeout = _settings.Milliseconds("PDS_PROXY_BODY_TIMEOUT") ?? options.Proxying.BodyTimeout;
        options.Proxying.MaxResponseSize = _settings.Integer("PDS_PROXY_MAX_RESPONSE_SIZE") ?? options.Proxying.MaxResponseSize;
        options.Proxying.MaxRetries = (int)Math.Min(_settings.Integer("PDS_PROXY_MAX_RETRIES") ?? options.Proxying.MaxRetries, int.MaxValue);
        options.Proxying.PreferCompressed = _settings.Boolean("PDS_PROXY_PREFER_COMPRESSED") ?? options.Proxying.PreferCompressed;
    }

    private void ApplyRateLimits(PdsOptions options)
    {
        options.RateLimits.Enabled = _settings.Boolean("PDS_RATE_LIMITS_ENABLED") ?? options.RateLimits.Enabled;
        options.RateLimits.BypassKey = _settings.Text("PDS_RATE_LIMIT_BYPASS_KEY");
        foreach (string address in _settings.List("PDS_RATE_LIMIT_BYPASS_IPS"))
        {
            options.RateLimits.BypassIps.Add(address);
        }
    }

    private void ApplyCapacity(PdsOptions options)
    {
        options.Capacity.MaxConcurrentRequests = Count("PDS_MAX_CONCURRENT_REQUESTS") ?? options.Capacity.MaxConcurrentRequests;
        options.Capacity.MaxConcurrentWrites = Count("PDS_MAX_CONCURRENT_WRITES") ?? options.Capacity.MaxConcurrentWrites;
        options.Capacity.MaxWaitingWrites = Count("PDS_MAX_WAITING_WRITES") ?? options.Capacity.MaxWaitingWrites;
        options.Capacity.MaxConcurrentUploads = Count("PDS_MAX_CONCURRENT_UPLOADS") ?? options.Capacity.MaxConcurrentUploads;
        options.Capacity.MaxConcurrentExports = Count("PDS_MAX_CONCURRENT_EXPORTS") ?? options.Capacity.MaxConcurrentExports;
        options.Capacity.MaxConcurrentForwards = Count("PDS_MAX_CONCURRENT_FORWARDS") ?? options.Capacity.MaxConcurrentForwards;
        options.Capacity.MaxWaitingPasswords = Count("PDS_MAX_WAITING_PASSWORDS") ?? options.Capacity.MaxWaitingPasswords;
        options.Capacity.MaxConcurrentClientCalls = Count("PDS_MAX_CONCURRENT_CLIENT_CALLS") ?? options.Capacity.MaxConcurrentClientCalls;
        options.Capacity.MaxConcurrentFetchesPerClientHost = Count("PDS_MAX_CONCURRENT_FETCHES_PER_CLIENT_HOST") ?? options.Capacity.MaxConcurrentFetchesPerClientHost;
        options.Capacity.MaxSharePercent = Count("PDS_MAX_SHARE_PERCENT") ?? options.Capacity.MaxSharePercent;
        options.Capacity.MinBodyRate = Count("PDS_MIN_BODY_RATE") ?? options.Capacity.MinBodyRate;
        options.Capacity.MaxBodyTime = _settings.Milliseconds("PDS_MAX_BODY_TIME_MS") ?? options.Capacity.MaxBodyTime;
        options.Accounts.ReservedKeyLifetime = _settings.Milliseconds("PDS_RESERVED_KEY_LIFETIME_MS") ?? options.Accounts.ReservedKeyLifetime;
        options.Accounts.MaxReservedKeys = Count("PDS_MAX_RESERVED_KEYS") ?? options.Accounts.MaxReservedKeys;
    }

    private int? Count(string name) => _settings.Integer(name) is { } value ? (int)Math.Min(value, int.MaxValue) : null;

    private void ApplyMail(PdsOptions options)
    {
        (options.Mail.SmtpUrl, options.Mail.FromAddress) = _settings.MailPair("PDS_EMAIL_SMTP_URL", "PDS_EMAIL_FROM_ADDRESS");
        options.Mail.DisableConfirmationLink = _settings.Boolean("PDS_EMAIL_DISABLE_CONFIRMATION_LINK") ?? options.Mail.DisableConfirmationLink;
        (options.Mail.ModerationSmtpUrl, options.Mail.ModerationAddress) = _settings.MailPair("PDS_MODERATION_EMAIL_SMTP_URL", "PDS_MODERATION_EMAIL_ADDRESS");
    }

    private void ApplyDescription(PdsOptions options)
    {
        options.Branding.ContactEmail = _settings.Text("PDS_CONTACT_EMAIL_ADDRESS");
        options.Branding.PrivacyPolicyUrl = _settings.Address("PDS_PRIVACY_POLICY_URL");
        options.Branding.TermsOfServiceUrl = _settings.Address("PDS_TERMS_OF_SERVICE_URL");
        options.Branding.LogoUrl = _settings.Address("PDS_LOGO_URL");
        options.Branding.SupportUrl = _settings.Address("PDS_SUPPORT_URL");
        options.Branding.HomeUrl = _settings.Address("PDS_HOME_URL");
        options.Branding.PrimaryColor = _settings.Text("PDS_PRIMARY_COLOR");
        options.Branding.ErrorColor = _settings.Text("PDS_ERROR_COLOR");
        options.Branding.WarningColor = _settings.Text("PDS_WARNING_COLOR");
        options.Branding.InfoColor = _settings.Text("PDS_INFO_COLOR");
        options.Branding.SuccessColor = _settings.Text("PDS_SUCCESS_COLOR");
        options.Branding.BackgroundLightUrl = _settings.Address("PDS_BACKGROUND_LIGHT_URL");
        options.Branding.BackgroundDarkUrl = _settings.Address("PDS_BACKGROUND_DARK_URL");
    }
}
