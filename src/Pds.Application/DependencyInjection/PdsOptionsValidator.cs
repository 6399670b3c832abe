using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using Pds.Domain.Crypto;
using Pds.Domain.Identifiers;

namespace Pds.Application.DependencyInjection;

/// <summary>Judges all settings; every fault says what to write. Where a variable sets the option, the fault names it in brackets.</summary>
internal sealed partial class PdsOptionsValidator : IValidateOptions<PdsOptions>
{
    private const int KeyHexDigits = 64;
    private const string PublicDirectory = "plc.directory";
    private const int MaxRetries = 10;
    private const int MinPageBytes = 64 * 1024;
    private const int MinSubscriberBytes = 16 * 1024 * 1024;
    private const int MinSnapshotMilliseconds = 1000;

    public ValidateOptionsResult Validate(string? name, PdsOptions options)
    {
        List<string> faults =
        [
            .. Required(options), .. Addresses(options), .. Limits(options), .. Names(options), .. OtherServices(options), .. MailSettings.FindFaults(options),
        ];
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Required(PdsOptions options)
    {
        if (options.JwtSecret.Length == 0)
        {
            yield return "JwtSecret (PDS_JWT_SECRET) is missing: write the output of `openssl rand --hex 16`.";
        }

        if (options.AdminPassword.Length == 0)
        {
            yield return "AdminPassword (PDS_ADMIN_PASSWORD) is missing: write a password, such as the output of `openssl rand --hex 16`.";
        }

        if (options.PlcRotationKey.Length != KeyHexDigits || !options.PlcRotationKey.All(char.IsAsciiHexDigit))
        {
            yield return "PlcRotationKey (PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX) must have 64 hex digits: write the output of `openssl rand --hex 32` and keep a copy.";
        }

        if (options.DpopSecret is { } secret && (secret.Length != KeyHexDigits || !secret.All(char.IsAsciiHexDigit)))
        {
            yield return "DpopSecret (PDS_DPOP_SECRET) must have 64 hex digits: write the output of `openssl rand --hex 32`.";
        }

        if (options.DataDirectory.Length == 0)
        {
            yield return "DataDirectory (PDS_DATA_DIRECTORY) is empty: write the path of a directory.";
        }

        if (options.DisallowedWordsFile is { } words && !File.Exists(words))
        {
            yield return $"DisallowedWordsFile (PDS_DISALLOWED_WORDS_FILE) names {words}, which is not there: write the path of a text file with one word in a line.";
        }

        if (options.ReservedHandlesFile is { } handles && !File.Exists(handles))
        {
            yield return $"ReservedHandlesFile (PDS_RESERVED_HANDLES_FILE) names {handles}, which is not there: write the path of a text file of first labels, such as `admin`.";
        }

        if (options.DisposableMailDomainsFile is { } domains && !File.Exists(domains))
        {
            yield return $"DisposableMailDomainsFile (PDS_DISPOSABLE_EMAIL_DOMAINS_FILE) names {domains}, which is not there: write the path of a text file of domains, such as `mailinator.com`.";
        }
    }

    private static IEnumerable<string> Addresses(PdsOptions options)
    {
        if (Uri.CheckHostName(options.Hostname) is not (UriHostNameType.Dns or UriHostNameType.IPv4) || options.Hostname.Any(char.IsAsciiLetterUpper))
        {
            yield return "Hostname (PDS_HOSTNAME) must be a bare host name in lower case, such as `pds.example.com`.";
        }

        if (!options.DevMode && Uri.TryCreate(options.PublicOrigin, UriKind.Absolute, out Uri? origin) && origin.IsLoopback && options.PlcUrl is { IsAbsoluteUri: true, Host: PublicDirectory })
        {
            yield return $"Hostname (PDS_HOSTNAME) is {options.Hostname}, and PlcUrl (PDS_DID_PLC_URL) is the public directory: identities would name {options.PublicOrigin} there for good. Write the public host name, or set PDS_DEV_MODE=true to try things out.";
        }

        if (options.PublicUrl is { } url && !(IsWeb(url) && url.PathAndQuery == "/"))
        {
            yield return "PublicUrl must be an http or https URL without a path, such as `https://pds.example.com`.";
        }

        foreach ((string option, Uri? value) in new (string, Uri?)[]
        {
            ("PlcUrl (PDS_DID_PLC_URL)", options.PlcUrl),
            ("PrivacyPolicyUrl (PDS_PRIVACY_POLICY_URL)", options.PrivacyPolicyUrl),
            ("TermsOfServiceUrl (PDS_TERMS_OF_SERVICE_URL)", options.TermsOfServiceUrl),
            ("SupportUrl (PDS_SUPPORT_URL)", options.SupportUrl),
            ("HomeUrl (PDS_HOME_URL)", options.HomeUrl),
            ("BackgroundLightUrl (PDS_BACKGROUND_LIGHT_URL)", options.BackgroundLightUrl),
            ("BackgroundDarkUrl (PDS_BACKGROUND_DARK_URL)", options.BackgroundDarkUrl),
            ("AppViewUrl (PDS_BSKY_APP_VIEW_URL)", options.AppViewUrl),
        })
        {
            if (value is not null && !IsWeb(value))
            {
                yield return $"{option} must be an http or https URL.";
            }
        }

        if (options.LogoUrl is { } logo && !IsWeb(logo) && !(logo.IsAbsoluteUri && logo.OriginalString.StartsWith("data:image/", StringComparison.OrdinalIgnoreCase)))
        {
            yield return "LogoUrl (PDS_LOGO_URL) must be an http or https URL, or a picture as `data:image/…`.";
        }

        if (options.Crawlers.Any(crawler => !IsWeb(crawler)))
        {
            yield return "Crawlers (PDS_CRAWLERS) must be http or https URLs, such as `https://bsky.network`.";
        }

        if ((options.AppViewUrl is null) != (options.AppViewDid is null))
        {
            yield return "AppViewUrl and AppViewDid (PDS_BSKY_APP_VIEW_URL, PDS_BSKY_APP_VIEW_DID) belong together: set both or none.";
        }
    }

    private static IEnumerable<string> Limits(PdsOptions options)
    {
        if (options.Port is < 0 or > ushort.MaxValue)
        {
            yield return "Port (PDS_PORT) must be 0 to 65535.";
        }

        if (options.BlobUploadLimit < 1)
        {
            yield return "BlobUploadLimit (PDS_BLOB_UPLOAD_LIMIT) must be 1 byte or more.";
        }

        if (options.BlobQuota < 1)
        {
            yield return "BlobQuota (PDS_BLOB_QUOTA) must be 1 byte or more, or not set.";
        }

        if (options.TempBlobLifetime < TimeSpan.FromHours(1))
        {
            yield return "TempBlobLifetime (PDS_BLOB_TEMP_LIFETIME_MS) must be 1 hour or more: clients upload first and write their record later.";
        }

        if (options.MaxRepoImportSize < 1)
        {
            yield return "MaxRepoImportSize (PDS_MAX_REPO_IMPORT_SIZE) must be 1 byte or more, or not set.";
        }

        if (options.InviteInterval <= TimeSpan.Zero)
        {
            yield return "InviteInterval (PDS_INVITE_INTERVAL) must be 1 millisecond or more, or not set.";
        }

        if (options.MaxSubscriptionBuffer < 1)
        {
            yield return "MaxSubscriptionBuffer (PDS_MAX_SUBSCRIPTION_BUFFER) must be 1 event or more.";
        }

        if (options.MaxSubscribersPerAddress < 1)
        {
            yield return "MaxSubscribersPerAddress (PDS_MAX_SUBSCRIBERS_PER_ADDRESS) must be 1 or more.";
        }

        foreach ((string option, long value, long least) in new (string, long, long)[]
        {
            ("MaxSubscribers (PDS_MAX_SUBSCRIBERS)", options.MaxSubscribers, 1),
            ("MaxSubscriberBytes (PDS_MAX_SUBSCRIBER_BYTES)", options.MaxSubscriberBytes, MinSubscriberBytes),
            ("MaxPageBytes (PDS_MAX_PAGE_BYTES)", options.MaxPageBytes, MinPageBytes),
            ("MaxSnapshotAge (PDS_MAX_SNAPSHOT_AGE_MS) in milliseconds", (long)options.MaxSnapshotAge.TotalMilliseconds, MinSnapshotMilliseconds),
        })
        {
            if (value < least)
            {
                yield return $"{option} must be {least} or more.";
            }
        }

        foreach ((string option, int value, int least) in new (string, int, int)[]
        {
            ("MaxConcurrentRequests (PDS_MAX_CONCURRENT_REQUESTS)", options.MaxConcurrentRequests, 1),
            ("MaxConcurrentWrites (PDS_MAX_CONCURRENT_WRITES)", options.MaxConcurrentWrites, 1),
            ("MaxWaitingWrites (PDS_MAX_WAITING_WRITES)", options.MaxWaitingWrites, 0),
            ("MaxConcurrentUploads (PDS_MAX_CONCURRENT_UPLOADS)", options.MaxConcurrentUploads, 1),
            ("MaxConcurrentExports (PDS_MAX_CONCURRENT_EXPORTS)", options.MaxConcurrentExports, 1),
            ("MaxConcurrentForwards (PDS_MAX_CONCURRENT_FORWARDS)", options.MaxConcurrentForwards, 1),
            ("MaxWaitingPasswords (PDS_MAX_WAITING_PASSWORDS)", options.MaxWaitingPasswords, 0),
            ("MaxConcurrentClientCalls (PDS_MAX_CONCURRENT_CLIENT_CALLS)", options.MaxConcurrentClientCalls, 1),
            ("MaxConcurrentFetchesPerClientHost (PDS_MAX_CONCURRENT_FETCHES_PER_CLIENT_HOST)", options.MaxConcurrentFetchesPerClientHost, 1),
            ("MinBodyRate (PDS_MIN_BODY_RATE)", options.MinBodyRate, 0),
            ("MaxReservedKeys (PDS_MAX_RESERVED_KEYS)", options.MaxReservedKeys, 1),
        })
        {
            if (value < least)
            {
                yield return $"{option} must be {least} or more.";
            }
        }

        if (options.MaxSharePercent is < 1 or > 100)
        {
            yield return "MaxSharePercent (PDS_MAX_SHARE_PERCENT) must be 1 to 100.";
        }

        if (options.MaxBodyTime < TimeSpan.FromMinutes(1))
        {
            yield return "MaxBodyTime (PDS_MAX_BODY_TIME_MS) must be 1 minute or more.";
        }

        if (options.ReservedKeyLifetime < TimeSpan.FromHours(1))
        {
            yield return "ReservedKeyLifetime (PDS_RESERVED_KEY_LIFETIME_MS) must be 1 hour or more.";
        }

        if (options.BackfillWindow < TimeSpan.Zero)
        {
            yield return "BackfillWindow (PDS_REPO_BACKFILL_LIMIT_MS) must not be negative.";
        }

        if (options.DidCacheStaleAfter < TimeSpan.Zero || options.DidCacheExpiresAfter < options.DidCacheStaleAfter)
        {
            yield return "DidCacheExpiresAfter (PDS_DID_CACHE_MAX_TTL) must not be less than DidCacheStaleAfter (PDS_DID_CACHE_STALE_TTL), and neither may be negative.";
        }

        if (options.IdentityTimeout <= TimeSpan.Zero)
        {
            yield return "IdentityTimeout (PDS_ID_RESOLVER_TIMEOUT) must be more than 0.";
        }
    }

    private static IEnumerable<string> Names(PdsOptions options)
    {
        if (options.ServiceDid is { } service && !Did.TryParse(service, out _))
        {
            yield return "ServiceDid (PDS_SERVICE_DID) must be a DID, such as `did:web:pds.example.com`.";
        }

        foreach (string domain in options.ServiceHandleDomains)
        {
            if (!domain.StartsWith('.') || !Handle.TryParse($"name{domain}", out _))
            {
                yield return $"ServiceHandleDomains (PDS_SERVICE_HANDLE_DOMAINS): `{domain}` must be a domain with a leading dot, such as `.example.com`.";
            }
        }

        if (options.AppViewDid is { } appView && !Did.TryParse(appView, out _))
        {
            yield return "AppViewDid (PDS_BSKY_APP_VIEW_DID) must be a DID, such as `did:web:api.bsky.app`.";
        }

        foreach ((string option, string? value) in new (string, string?)[]
        {
            ("PrimaryColor (PDS_PRIMARY_COLOR)", options.PrimaryColor),
            ("ErrorColor (PDS_ERROR_COLOR)", options.ErrorColor),
            ("WarningColor (PDS_WARNING_COLOR)", options.WarningColor),
            ("InfoColor (PDS_INFO_COLOR)", options.InfoColor),
            ("SuccessColor (PDS_SUCCESS_COLOR)", options.SuccessColor),
        })
        {
            if (value is not null && !Color.IsMatch(value))
            {
                yield return $"{option} must be of the form `#1a5fd0`, `#abc` or `rgb(26, 95, 208)`.";
            }
        }

        if (options.LexiconAuthorityDid is { } authority && !Did.TryParse(authority, out _))
        {
            yield return "LexiconAuthorityDid (PDS_LEXICON_AUTHORITY_DID) must be a DID, such as `did:web:lexicons.example.com`.";
        }

        if (options.RecoveryDidKey is { } recovery && !PublicKey.TryParseDidKey(recovery, out _))
        {
            yield return "RecoveryDidKey (PDS_RECOVERY_DID_KEY) must be a did:key of a secp256k1 or P-256 key.";
        }
    }

    private static IEnumerable<string> OtherServices(PdsOptions options)
    {
        foreach ((string name, string variable, Uri? url, string? did) in new (string, string, Uri?, string?)[]
        {
            ("ModService", "PDS_MOD_SERVICE", options.ModServiceUrl, options.ModServiceDid),
            ("ReportService", "PDS_REPORT_SERVICE", options.ReportServiceUrl, options.ReportServiceDid),
        })
        {
            if ((url is null) != (did is null) || (url is not null && !IsWeb(url)) || (did is not null && !Did.TryParse(did, out _)))
            {
                yield return $"{name}Url and {name}Did ({variable}_URL, {variable}_DID) belong together: set both or none, an http or https URL and a DID.";
            }
        }

        if (options.AppViewCdnUrlPattern is { } pattern && pattern.Split("%s").Length != 4)
        {
            yield return "AppViewCdnUrlPattern (PDS_BSKY_APP_VIEW_CDN_URL_PATTERN) must have three `%s`, for preset, DID and CID, such as `https://cdn.example.com/img/%s/plain/%s/%s@jpeg`.";
        }

        if (options.ProxyHeadersTimeout <= TimeSpan.Zero || options.ProxyBodyTimeout <= TimeSpan.Zero)
        {
            yield return "ProxyHeadersTimeout and ProxyBodyTimeout (PDS_PROXY_HEADERS_TIMEOUT, PDS_PROXY_BODY_TIMEOUT) must be more than 0.";
        }

        if (options.ProxyMaxResponseSize < 1)
        {
            yield return "ProxyMaxResponseSize (PDS_PROXY_MAX_RESPONSE_SIZE) must be 1 byte or more.";
        }

        if (options.ProxyMaxRetries is < 0 or > MaxRetries)
        {
            yield return "ProxyMaxRetries (PDS_PROXY_MAX_RETRIES) must be 0 to 10.";
        }

        foreach (string address in options.RateLimitBypassIps)
        {
            if (!IPAddress.TryParse(address, out _) && !IPNetwork.TryParse(address, out _))
            {
                yield return $"RateLimitBypassIps (PDS_RATE_LIMIT_BYPASS_IPS): `{address}` must be an address or a network, such as `192.0.2.1` or `192.0.2.0/24`.";
            }
        }
    }

    /// <summary>What the official server reads: three, four, six or eight hex digits, or parts from 0 to 255.</summary>
    [GeneratedRegex(@"^(#([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})|rgb\(\s*(\d{1,2}|1\d\d|2[0-4]\d|25[0-5])(\s*,\s*(\d{1,2}|1\d\d|2[0-4]\d|25[0-5])){2}\s*\)|rgba\(\s*(\d{1,2}|1\d\d|2[0-4]\d|25[0-5])(\s*,\s*(\d{1,2}|1\d\d|2[0-4]\d|25[0-5])){3}\s*\))\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Color { get; }

    private static bool IsWeb(Uri url) => url.IsAbsoluteUri && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp);
}
