using Pds.Application.Settings;

namespace Pds.Application.DependencyInjection;

/// <summary>Settings of a server, by concern. Hosts set them in code or from a configuration section; <c>pds</c> reads them from <c>PDS_*</c> variables.</summary>
/// <remarks>
/// They are validated once, at start: a fault stops the host with one message that lists all of them. Services are injected with the class of their concern.
/// </remarks>
public sealed class PdsOptions
{
    /// <summary>The URL others reach this server under: the same as <see cref="ServerSettings.PublicUrl"/> of <see cref="Server"/>.</summary>
    public Uri? PublicUrl
    {
        get => Server.PublicUrl;
        set => Server.PublicUrl = value;
    }

    /// <summary>Whether this is for trying things out: the same as <see cref="ServerSettings.DevMode"/> of <see cref="Server"/>.</summary>
    public bool DevMode
    {
        get => Server.DevMode;
        set => Server.DevMode = value;
    }

    /// <summary>What the server is called and where it is reached.</summary>
    public ServerSettings Server { get; } = new();

    /// <summary>Where the server keeps its files.</summary>
    public StorageSettings Storage { get; } = new();

    /// <summary>Passwords and keys.</summary>
    public SecretSettings Secrets { get; } = new();

    /// <summary>How identities are made, looked up and cached.</summary>
    public IdentitySettings Identity { get; } = new();

    /// <summary>Who may have an account, invite codes, reserved keys.</summary>
    public AccountSettings Accounts { get; } = new();

    /// <summary>How people sign in, and how guessing is slowed down.</summary>
    public SignInSettings SignIn { get; } = new();

    /// <summary>Lexicons and word lists that names and records are checked against.</summary>
    public RuleSettings Rules { get; } = new();

    /// <summary>Bounds on uploaded blobs.</summary>
    public BlobSettings Blobs { get; } = new();

    /// <summary>Bounds on imports, exports and pages of repositories.</summary>
    public RepositorySettings Repositories { get; } = new();

    /// <summary>Event streams and the relays that are told of them.</summary>
    public FirehoseSettings Firehose { get; } = new();

    /// <summary>Mail servers and senders.</summary>
    public MailSettings Mail { get; } = new();

    /// <summary>Links, pictures and colours of the pages.</summary>
    public BrandingSettings Branding { get; } = new();

    /// <summary>Signing in to applications.</summary>
    public OAuthSettings OAuth { get; } = new();

    /// <summary>The AppView, and how other services are called.</summary>
    public ProxyingSettings Proxying { get; } = new();

    /// <summary>The services that moderate and that receive reports.</summary>
    public ModerationSettings Moderation { get; } = new();

    /// <summary>Limits on the number of requests.</summary>
    public RateLimitSettings RateLimits { get; } = new();

    /// <summary>Bounds on what runs at the same time, and on slow bodies.</summary>
    public CapacitySettings Capacity { get; } = new();
}
