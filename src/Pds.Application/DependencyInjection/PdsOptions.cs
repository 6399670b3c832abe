using Pds.Domain.Identifiers;
namespace Pds.Application.DependencyInjection;
/// Settings of a server; each PDS_* variable maps to one (spec 09 §7). Filled in by the api helper with docs; properties below are relied upon by others.
public sealed class PdsOptions
{
    public string Hostname { get; set; } = "localhost";
    public int Port { get; set; } = 2583;
    /// without trailing slash
    public Uri? PublicUrl { get; set; }
    /// did:web:<hostname> when null
    public string? ServiceDid { get; set; }
    public IList<string> ServiceHandleDomains { get; } = [];
    public bool InviteRequired { get; set; }
    public bool DevMode { get; set; }
    public string DataDirectory { get; set; } = "data";
    public string? BlobDirectory { get; set; }
    public string? BlobTempDirectory { get; set; }
    public long BlobUploadLimit { get; set; } = 5_242_880;
    public string JwtSecret { get; set; } = "";
    public string AdminPassword { get; set; } = "";
    /// 64 hex digits
    public string PlcRotationKey { get; set; } = "";
    /// null: the in-process directory (development)
    public Uri? PlcUrl { get; set; }
    public string? RecoveryDidKey { get; set; }
    public bool DidDocWithSession { get; set; } = true;
    public bool DisableSsrfProtection { get; set; }
    public IList<string> HandleBackupNameservers { get; } = [];
    public IList<Uri> Crawlers { get; } = [];
    public TimeSpan BackfillWindow { get; set; } = TimeSpan.FromHours(72);
    public int MaxSubscriptionBuffer { get; set; } = 500;
    public TimeSpan DidCacheStaleAfter { get; set; } = TimeSpan.FromHours(1);
    public TimeSpan DidCacheExpiresAfter { get; set; } = TimeSpan.FromHours(24);
    public TimeSpan IdentityTimeout { get; set; } = TimeSpan.FromSeconds(3);
    public string? ContactEmail { get; set; }
    public Uri? PrivacyPolicyUrl { get; set; }
    public Uri? TermsOfServiceUrl { get; set; }
    public Uri? AppViewUrl { get; set; }
    public string? AppViewDid { get; set; }
    public string? Version { get; set; }
}
