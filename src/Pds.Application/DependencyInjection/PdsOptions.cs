using Pds.Domain.Identifiers;

namespace Pds.Application.DependencyInjection;

/// <summary>Settings of a server. Hosts set them in code or from a configuration section; <c>pds</c> reads them from <c>PDS_*</c> variables.</summary>
/// <remarks>They are judged once, at start: a fault stops the host with one message that lists all of them.</remarks>
public sealed class PdsOptions
{
    private const string LocalHost = "localhost";
    private string? _hostname;
    private bool? _disableSsrfProtection;

    /// <summary>Public host name, lower case, without port. Default: the host of <see cref="PublicUrl"/>, else <c>localhost</c>. It is part of the service DID, so changing it ends all sessions.</summary>
    public string Hostname
    {
        get => _hostname ?? PublicUrl?.Host ?? LocalHost;
        set => _hostname = string.IsNullOrEmpty(value) ? null : value;
    }

    /// <summary>Port to listen on, 0 to 65535. Default 2583. Only <c>pds serve</c> listens; an embedding host decides for itself.</summary>
    public int Port { get; set; } = 2583;

    /// <summary>The URL others reach this server under: scheme, host and port, without a path. Default <c>https://&lt;hostname&gt;</c>, for localhost <c>http://localhost:&lt;port&gt;</c>.</summary>
    public Uri? PublicUrl { get; set; }

    /// <summary>DID of the server, audience of its tokens. Default <c>did:web:&lt;hostname&gt;</c>.</summary>
    public string? ServiceDid { get; set; }

    /// <summary>Domains under which people may take handles, each with a leading dot. Default <c>.&lt;hostname&gt;</c>, for localhost <c>.test</c>.</summary>
    public IList<string> ServiceHandleDomains { get; } = [];

    /// <summary>Whether sign-up needs an invite code. Default <see langword="true"/>.</summary>
    public bool InviteRequired { get; set; } = true;

    /// <summary>How often an account gets an invite code to give away, when codes are required. Default: never; the operator makes all codes.</summary>
    public TimeSpan? InviteInterval { get; set; }

    /// <summary>Older accounts get no codes for the time before. Default: 1970.</summary>
    public DateTimeOffset InviteEpoch { get; set; } = DateTimeOffset.UnixEpoch;

    /// <summary>For trying things out: http is good enough, addresses are not guarded, secrets make themselves, mail is shown on a page. Default <see langword="false"/>; never for a public server.</summary>
    public bool DevMode { get; set; }

    /// <summary>Directory of the database and everything else that is kept. Default <c>data</c> in the current directory.</summary>
    public string DataDirectory { get; set; } = "data";

    /// <summary>Whether a server may begin without accounts where files say that there was one: an official server's, blobs, or a lock. Default <see langword="false"/>; <c>pds serve --empty</c> sets it.</summary>
    public bool StartEmpty { get; set; }

    /// <summary>Directory of blobs, laid out as the official server's. Default <c>blobs</c> in <see cref="DataDirectory"/>.</summary>
    public string? BlobDirectory { get; set; }

    /// <summary>Directory of uploads that are not finished, on the same file system. Default <c>tempt</c> in <see cref="BlobDirectory"/>.</summary>
    public string? BlobTempDirectory { get; set; }

    /// <summary>Largest blob in bytes, 1 or more. Default 5,242,880.</summary>
    public long BlobUploadLimit { get; set; } = 5_242_880;

    /// <summary>How many bytes the blobs of one account may have in sum, 1 or more. Default: no limit.</summary>
    public long? BlobQuota { get; set; }

    /// <summary>How long an uploaded blob waits for a record to refer to it before it is deleted, 1 hour or more. Default 6 hours.</summary>
    public TimeSpan TempBlobLifetime { get; set; } = TimeSpan.FromHours(6);

    /// <summary>Whether <c>importRepo</c> is served. Default <see langword="true"/>.</summary>
    public bool AcceptingRepoImports { get; set; } = true;

    /// <summary>Largest repository to import in bytes, 1 or more. Default: no limit.</summary>
    public long? MaxRepoImportSize { get; set; }

    /// <summary>Signs session tokens: HS256 with the UTF-8 bytes of this text. Required; below 16 bytes the log warns. Changing it ends all sessions.</summary>
    public string JwtSecret { get; set; } = "";

    /// <summary>Password of the operator (user <c>admin</c>). Required.</summary>
    public string AdminPassword { get; set; } = "";

    /// <summary>Private secp256k1 key that signs did:plc operations of accounts here: 64 hex digits. Required. Losing it means losing control of the identities.</summary>
    public string PlcRotationKey { get; set; } = "";

    /// <summary>The did:plc directory. Default <see langword="null"/>: a directory inside the process, known to nobody else.</summary>
    public Uri? PlcUrl { get; set; }

    /// <summary>A <c>did:key</c> that new identities list before the server's, so that somebody else can recover them. Default: none.</summary>
    public string? RecoveryDidKey { get; set; }

    /// <summary>Whether session answers carry the DID document. Default <see langword="false"/>: with it the official client follows the document, during a migration to the old server.</summary>
    public bool DidDocWithSession { get; set; }

    /// <summary>Allows outgoing requests to private addresses and over http. Default: <see cref="DevMode"/>; a value that is set wins over it.</summary>
    public bool DisableSsrfProtection
    {
        get => _disableSsrfProtection ?? DevMode;
        set => _disableSsrfProtection = value;
    }

    /// <summary>Directory whose <c>*.json</c> are lexicons that records are checked against, besides the built-in ones and before them. Default: none.</summary>
    public string? LexiconDirectory { get; set; }

    /// <summary>File of words that no handle and no record key may have, one in a line, in place of the built-in few; <c>word*</c> is the beginning of words. Default: none.</summary>
    public string? DisallowedWordsFile { get; set; }

    /// <summary>File of first labels of handles that only the operator gives out, parted by white space, in place of the built-in list. Default: none.</summary>
    public string? ReservedHandlesFile { get; set; }

    /// <summary>File of e-mail domains that are refused, parted by white space, in place of the built-in list of disposable ones. Default: none.</summary>
    public string? DisposableMailDomainsFile { get; set; }

    /// <summary>DID whose repository holds all published lexicons; DNS is not asked for their authorities then. Default: none.</summary>
    public string? LexiconAuthorityDid { get; set; }

    /// <summary>Name servers, <c>address</c> or <c>address:port</c>, asked for a handle when the system's find nothing. Default: none.</summary>
    public IList<string> HandleBackupNameservers { get; } = [];

    /// <summary>Relays that are asked to crawl this server. Default: none.</summary>
    public IList<Uri> Crawlers { get; } = [];

    /// <summary>How far back the firehose can be replayed. Default 72 hours.</summary>
    public TimeSpan BackfillWindow { get; set; } = TimeSpan.FromHours(72);

    /// <summary>How many events a subscriber may lag behind before it is cut off, 1 or more. Default 500.</summary>
    public int MaxSubscriptionBuffer { get; set; } = 500;

    /// <summary>How many event streams one address may have open at a time, 1 or more. Addresses of IPv6 count by network (/64), loopback does not count. Default 64.</summary>
    public int MaxSubscribersPerAddress { get; set; } = 64;

    /// <summary>How many event streams may be open at a time, whoever asks, 1 or more. Those beyond are answered 503. Default 2000.</summary>
    public int MaxSubscribers { get; set; } = 2000;

    /// <summary>
    /// How many bytes of events may be on their way to all subscribers together, 16 MiB or more. Where that is not enough, the subscriber that has not read for the
    /// longest time is cut off. What subscribers of Jetstream ask for in messages may take a quarter of it. Default 64 MiB.
    /// </summary>
    public long MaxSubscriberBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>How many bytes of records one page of a collection may hold, 64 KiB or more; a page of one record may be larger. Default 1 MiB.</summary>
    public int MaxPageBytes { get; set; } = 1024 * 1024;

    /// <summary>How long an export may hold its view of the database, 1 second or more; it is cut off then, because the write-ahead log grows as long as the view is held. Default 10 minutes.</summary>
    public TimeSpan MaxSnapshotAge { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Whether events are also served as JSON at <c>/subscribe</c>, as Jetstream does. Default <see langword="true"/>.</summary>
    public bool JetstreamEnabled { get; set; } = true;

    /// <summary>Age at which a cached DID document is fetched anew in the background. Default 1 hour.</summary>
    public TimeSpan DidCacheStaleAfter { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Age at which a cached DID document is not used any more; not less than <see cref="DidCacheStaleAfter"/>. Default 24 hours.</summary>
    public TimeSpan DidCacheExpiresAfter { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long one lookup of a DID or handle may take. Default 3 seconds.</summary>
    public TimeSpan IdentityTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Name of the server on its pages. Default <c>&lt;hostname&gt; PDS</c>.</summary>
    public string? ServiceName { get; set; }

    /// <summary>E-mail address of the operator, shown by <c>describeServer</c>. Default: none.</summary>
    public string? ContactEmail { get; set; }

    /// <summary>Mail server: <c>smtp://user:password@host:port</c>, encrypted by STARTTLS (port 587 when none is given), or <c>smtps://…</c> (465). User and password are percent-encoded and optional. Needs <see cref="EmailFromAddress"/>. Default: none, and no mail is sent.</summary>
    public Uri? EmailSmtpUrl { get; set; }

    /// <summary>Sender of mails, <c>address</c> or <c>name &lt;address&gt;</c>; needs <see cref="EmailSmtpUrl"/>. Default: none.</summary>
    public string? EmailFromAddress { get; set; }

    /// <summary>Mail server of the moderators, as <see cref="EmailSmtpUrl"/>; needs <see cref="ModerationEmailAddress"/>. Default: the server's.</summary>
    public Uri? ModerationEmailSmtpUrl { get; set; }

    /// <summary>Sender of the moderators' mails; needs <see cref="ModerationEmailSmtpUrl"/>. Default: the server's.</summary>
    public string? ModerationEmailAddress { get; set; }

    /// <summary>Leaves out the link to the page where an address is confirmed by a click. Default <see langword="false"/>.</summary>
    public bool DisableEmailConfirmationLink { get; set; }

    /// <summary>Privacy policy, shown by <c>describeServer</c>. Default: none.</summary>
    public Uri? PrivacyPolicyUrl { get; set; }

    /// <summary>Terms of service, shown by <c>describeServer</c>. Default: none.</summary>
    public Uri? TermsOfServiceUrl { get; set; }

    /// <summary>The AppView; needs <see cref="AppViewDid"/>. Default: none.</summary>
    public Uri? AppViewUrl { get; set; }

    /// <summary>DID of the AppView; needs <see cref="AppViewUrl"/>. Default: none.</summary>
    public string? AppViewDid { get; set; }

    /// <summary>Makes the nonces of DPoP proofs: 64 hex digits. Default: follows from <see cref="JwtSecret"/>.</summary>
    public string? DpopSecret { get; set; }

    /// <summary>Ids of OAuth clients that the operator vouches for: their names and pictures are shown, and their sessions last. Default: none.</summary>
    public IList<string> TrustedOAuthClients { get; } = [];

    /// <summary>Picture on the pages of the server, an https URL or a <c>data:image/…</c> URL. Default: none.</summary>
    public Uri? LogoUrl { get; set; }

    /// <summary>Colour of buttons on the pages of the server: <c>#rrggbb</c>, <c>#rgb</c> or <c>rgb(r, g, b)</c>; an alpha part is passed over. Default <c>#1a5fd0</c>.</summary>
    public string? PrimaryColor { get; set; }

    /// <summary>Colour of faults on the pages, written as <see cref="PrimaryColor"/>. Default <c>#b3261e</c>. Colours of text are darkened or lightened until they can be read.</summary>
    public string? ErrorColor { get; set; }

    /// <summary>Colour of warnings on the pages, written as <see cref="PrimaryColor"/>. Default <c>#8a4b00</c>.</summary>
    public string? WarningColor { get; set; }

    /// <summary>Colour of hints on the pages, written as <see cref="PrimaryColor"/>. Default <c>#5a6070</c>.</summary>
    public string? InfoColor { get; set; }

    /// <summary>Colour of good news on the pages, written as <see cref="PrimaryColor"/>. Default <c>#1b6e3c</c>.</summary>
    public string? SuccessColor { get; set; }

    /// <summary>Picture behind the pages when they are light, an https URL. Default: none.</summary>
    public Uri? BackgroundLightUrl { get; set; }

    /// <summary>Picture behind the pages when they are dark, an https URL. Default: none.</summary>
    public Uri? BackgroundDarkUrl { get; set; }

    /// <summary>Where the logo on the pages leads. Default: nowhere.</summary>
    public Uri? HomeUrl { get; set; }

    /// <summary>Where people find help, shown on the pages of the server. Default: none.</summary>
    public Uri? SupportUrl { get; set; }

    /// <summary>
    /// Where the AppView serves pictures: a URL with three <c>%s</c> for preset, DID and CID. Default: none, and pictures that the AppView
    /// does not know yet are linked at this server.
    /// </summary>
    public string? AppViewCdnUrlPattern { get; set; }

    /// <summary>The moderation service, which gets the moderators' methods and may call the methods of the operator; needs <see cref="ModServiceDid"/>. Default: none.</summary>
    public Uri? ModServiceUrl { get; set; }

    /// <summary>DID of the moderation service; needs <see cref="ModServiceUrl"/>. Default: none.</summary>
    public string? ModServiceDid { get; set; }

    /// <summary>The service that gets people's reports; needs <see cref="ReportServiceDid"/>. Default: the moderation service.</summary>
    public Uri? ReportServiceUrl { get; set; }

    /// <summary>DID of the service that gets people's reports; needs <see cref="ReportServiceUrl"/>. Default: the moderation service.</summary>
    public string? ReportServiceDid { get; set; }

    /// <summary>Whether other services may be spoken to over HTTP/2. Default <see langword="false"/>.</summary>
    public bool ProxyAllowHttp2 { get; set; }

    /// <summary>How long another service may take to begin its answer. Default 10 seconds.</summary>
    public TimeSpan ProxyHeadersTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the body of another service's answer may stand still. Default 30 seconds.</summary>
    public TimeSpan ProxyBodyTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Largest answer of another service in bytes as it comes off the wire, 1 or more. Default 10,485,760.</summary>
    public long ProxyMaxResponseSize { get; set; } = 10_485_760;

    /// <summary>How often a query is sent again when the connection to the other service broke, 0 to 10. Default 0.</summary>
    public int ProxyMaxRetries { get; set; }

    /// <summary>Whether answers that this server has to look into are asked for compressed. Default <see langword="false"/>: that costs time.</summary>
    public bool ProxyPreferCompressed { get; set; }

    /// <summary>Whether tokens for other services name the service (<c>did#service</c>) as their audience. Default <see langword="false"/>: its DID alone, which is what services expect today.</summary>
    public bool FullServiceAudience { get; set; }

    /// <summary>Whether requests are counted and refused when there are too many. Default <see langword="false"/>.</summary>
    public bool RateLimitsEnabled { get; set; }

    /// <summary>Requests whose header <c>x-ratelimit-bypass</c> has this value are not counted. Default: none.</summary>
    public string? RateLimitBypassKey { get; set; }

    /// <summary>Addresses (<c>192.0.2.1</c>) and networks (<c>192.0.2.0/24</c>) whose requests are not counted; <c>pds serve</c> also believes what they say about a client's address. Default: none.</summary>
    public IList<string> RateLimitBypassIps { get; } = [];

    /// <summary>How many requests may be under way at a time, 1 or more; event streams and health checks do not count. Those beyond are answered 503 at once. Default 4096.</summary>
    public int MaxConcurrentRequests { get; set; } = 4096;

    /// <summary>How many writes of records may be under way at a time, 1 or more; one counts once for each 16 KiB that it begins. Those beyond wait (<see cref="MaxWaitingWrites"/>). Default 512.</summary>
    public int MaxConcurrentWrites { get; set; } = 512;

    /// <summary>How many writes of records may wait, for two seconds at most, until others are done, 0 or more; each counts as above. Those beyond are answered 503 at once. Default 2048.</summary>
    public int MaxWaitingWrites { get; set; } = 2048;

    /// <summary>How many blobs and repositories may be on their way in at a time, 1 or more. Those beyond are answered 503. Default 64.</summary>
    public int MaxConcurrentUploads { get; set; } = 64;

    /// <summary>How many repositories, or choices of their blocks, may be on their way out at a time, 1 or more; each holds a view of the database until its reader has it. Those beyond are answered 503. Default 32.</summary>
    public int MaxConcurrentExports { get; set; } = 32;

    /// <summary>How many requests may wait for other services at a time, 1 or more; kept below <see cref="MaxConcurrentRequests"/>, a service that hangs keeps nobody else waiting. Those beyond are answered 503. Default 512.</summary>
    public int MaxConcurrentForwards { get; set; } = 512;

    /// <summary>How many passwords may wait to be hashed, 0 or more; as many as there are processors are at a time, with 16 MiB each. Sign-ins beyond are answered 503. Default 64.</summary>
    public int MaxWaitingPasswords { get; set; } = 64;

    /// <summary>How many requests that may wait for the documents of OAuth clients (<c>/oauth/par</c>, <c>/oauth/token</c>, <c>/oauth/revoke</c>, the pages of <c>/oauth/authorize</c>) may be under way at a time, 1 or more. Those beyond are answered 503. Default 256.</summary>
    public int MaxConcurrentClientCalls { get; set; } = 256;

    /// <summary>How many requests to one host of OAuth clients may be under way at a time, 1 or more. Those beyond are answered 503. Default 4.</summary>
    public int MaxConcurrentFetchesPerClientHost { get; set; } = 4;

    /// <summary>How many percent of the places of each bound above, and of its queue, one account may have and one address, 1 to 100, at least one place. Addresses of IPv6 count by network (/64); loopback and private addresses have no share. Default 25.</summary>
    public int MaxSharePercent { get; set; } = 25;

    /// <summary>Bytes a second that senders of blobs and repositories, forwarded bodies and answers of other services must reach, measured over 15 seconds of waiting; 0 for no least pace. <c>pds serve</c> demands it of all bodies in both directions. Default 1024.</summary>
    public int MinBodyRate { get; set; } = 1024;

    /// <summary>How long an upload, an export or a forwarded request may take in whole, 1 minute or more. Default 1 hour.</summary>
    public TimeSpan MaxBodyTime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long a key of <c>reserveSigningKey</c> waits for its account, 1 hour or more. Default 7 days.</summary>
    public TimeSpan ReservedKeyLifetime { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How many keys of <c>reserveSigningKey</c> may wait for their accounts, 1 or more; the oldest make room, those without a DID first. Default 1000.</summary>
    public int MaxReservedKeys { get; set; } = 1000;

    /// <summary>Version told by <c>_health</c>. Default: the version of the package.</summary>
    public string? Version { get; set; }

    /// <summary><see cref="PublicUrl"/>, or what follows from the host name: scheme, host and port as text, without a trailing slash.</summary>
    public string PublicOrigin =>
        PublicUrl?.GetLeftPart(UriPartial.Authority) ?? (Hostname == LocalHost ? $"http://{LocalHost}:{Port}" : $"https://{Hostname}");

    /// <summary><see cref="ServiceDid"/>, or what follows from the host name.</summary>
    /// <exception cref="FormatException">The settings were not judged yet, and the DID is none.</exception>
    public Did ServiceIdentity => Did.Parse(ServiceDid ?? $"did:web:{Hostname}");

    /// <summary><see cref="ServiceHandleDomains"/>, or what follows from the host name.</summary>
    public IReadOnlyList<string> HandleDomains =>
        ServiceHandleDomains.Count > 0 ? [.. ServiceHandleDomains] : [Hostname == LocalHost ? ".test" : $".{Hostname}"];

    /// <summary><see cref="BlobDirectory"/>, or its place in the data directory.</summary>
    public string BlobPath => BlobDirectory ?? Path.Combine(DataDirectory, "blobs");

    /// <summary><see cref="BlobTempDirectory"/>, or its place in the blob directory.</summary>
    public string BlobTempPath => BlobTempDirectory ?? Path.Combine(BlobPath, "tempt");
}
