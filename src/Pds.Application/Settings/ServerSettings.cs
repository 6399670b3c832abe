using Pds.Domain.Identifiers;

namespace Pds.Application.Settings;

/// <summary>What the server is called and where it is reached.</summary>
public sealed class ServerSettings
{
    private const string LocalHost = "localhost";
    private string? _hostname;
    private bool? _disableSsrfProtection;

    /// <summary>The URL others reach this server under: scheme, host and port, without a path. Default <c>https://&lt;hostname&gt;</c>, for localhost <c>http://localhost:&lt;port&gt;</c>.</summary>
    public Uri? PublicUrl { get; set; }

    /// <summary>For trying things out: http is good enough, addresses are not guarded, secrets make themselves, mail is shown on a page. Never for a public server. Default <see langword="false"/>.</summary>
    [Variable("PDS_DEV_MODE")]
    public bool DevMode { get; set; }

    /// <summary>Public host name, lower case, without port. Default: the host of <see cref="PublicUrl"/>, else <c>localhost</c>. It is part of the service DID, so changing it ends all sessions. <c>pds</c> requires it outside development mode.</summary>
    [Variable("PDS_HOSTNAME", OfficialDefault = "`localhost`")]
    public string Hostname
    {
        get => _hostname ?? PublicUrl?.Host ?? LocalHost;
        set => _hostname = string.IsNullOrEmpty(value) ? null : value;
    }

    /// <summary>Port to listen on, 0 to 65535. Default 2583. Only <c>pds serve</c> listens; an embedding host decides for itself.</summary>
    [Variable("PDS_PORT")]
    public int Port { get; set; } = 2583;

    /// <summary>DID of the server, audience of its tokens. Default <c>did:web:&lt;hostname&gt;</c>.</summary>
    [Variable("PDS_SERVICE_DID")]
    public string? ServiceDid { get; set; }

    /// <summary>Domains under which people may take handles, each with a leading dot. Default <c>.&lt;hostname&gt;</c>, for localhost <c>.test</c>.</summary>
    [Variable("PDS_SERVICE_HANDLE_DOMAINS")]
    public IList<string> ServiceHandleDomains { get; } = [];

    /// <summary>Allows outgoing requests to private addresses and over http, where users or other servers name them. Default: <see cref="DevMode"/>; a value that is set wins over it.</summary>
    [Variable("PDS_DISABLE_SSRF_PROTECTION")]
    public bool DisableSsrfProtection
    {
        get => _disableSsrfProtection ?? DevMode;
        set => _disableSsrfProtection = value;
    }

    /// <summary>Name of the server on its pages. Default <c>&lt;hostname&gt; PDS</c>.</summary>
    [Variable("PDS_SERVICE_NAME")]
    public string? ServiceName { get; set; }

    /// <summary><see cref="ServiceName"/>, or what follows from the host name.</summary>
    public string DisplayName => ServiceName ?? $"{Hostname} PDS";

    /// <summary>Version told by <c>_health</c>. Default: the version of the package.</summary>
    [Variable("PDS_VERSION")]
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
}
