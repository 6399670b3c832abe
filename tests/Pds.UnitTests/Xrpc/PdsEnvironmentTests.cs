using Microsoft.Extensions.Options;
using Pds.Api.Hosting;
using Pds.Application.DependencyInjection;

namespace Pds.UnitTests.Xrpc;

internal sealed class PdsEnvironmentTests
{
    private static readonly (string, string)[] Production =
    [
        ("PDS_HOSTNAME", "pds.example.com"),
        ("PDS_JWT_SECRET", "0123456789abcdef0123456789abcdef"),
        ("PDS_ADMIN_PASSWORD", "hunter2"),
        ("PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX", "1111111111111111111111111111111111111111111111111111111111111111"),
        ("PDS_DATA_DIRECTORY", "/pds"),
        ("PDS_BLOBSTORE_DISK_LOCATION", "/pds/blocks"),
        ("PDS_BLOB_UPLOAD_LIMIT", "104857600"),
        ("PDS_DID_PLC_URL", "https://plc.directory"),
        ("PDS_BSKY_APP_VIEW_URL", "https://api.bsky.app"),
        ("PDS_BSKY_APP_VIEW_DID", "did:web:api.bsky.app"),
        ("PDS_REPORT_SERVICE_URL", "https://mod.bsky.app"),
        ("PDS_REPORT_SERVICE_DID", "did:plc:ar7c4by46qjdydhdevvrndac"),
        ("PDS_CRAWLERS", "https://bsky.network"),
        ("PDS_RATE_LIMITS_ENABLED", "true"),
        ("PDS_EMAIL_SMTP_URL", ""),
        ("LOG_ENABLED", "true"),
    ];

    [Test]
    public void Read_OfNothing_IsADevelopmentServer()
    {
        (PdsOptions options, PdsEnvironment environment) = Read(("HOME", "/root"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(environment.IsEmpty, Is.True);
            Assert.That(options.DevMode, Is.True);
            Assert.That(options.InviteRequired, Is.False);
            Assert.That(options.PlcUrl, Is.Null);
            Assert.That(options.DataDirectory, Is.EqualTo("data"));
            Assert.That(options.PublicOrigin, Is.EqualTo("http://localhost:2583"));
            Assert.That(options.HandleDomains, Is.EqualTo([".test"]));
        }
    }

    [Test]
    public void Read_OfTheOfficialSample_IsAPublicServer()
    {
        (PdsOptions options, PdsEnvironment environment) = Read(Production);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(FaultsOf(options), Is.Empty);
            Assert.That(environment.Faults, Is.Empty);
            Assert.That(environment.Ignored, Is.Empty);
            Assert.That(options.DevMode, Is.False);
            Assert.That(options.DisableSsrfProtection, Is.False);
            Assert.That(options.InviteRequired, Is.True);
            Assert.That(options.PublicOrigin, Is.EqualTo("https://pds.example.com"));
            Assert.That(options.ServiceIdentity.ToString(), Is.EqualTo("did:web:pds.example.com"));
            Assert.That(options.HandleDomains, Is.EqualTo([".pds.example.com"]));
            Assert.That(options.BlobPath, Is.EqualTo("/pds/blocks"));
            Assert.That(options.BlobTempPath, Is.EqualTo(Path.Combine("/pds/blocks", "tempt")));
            Assert.That(options.BlobUploadLimit, Is.EqualTo(104_857_600));
            Assert.That(options.Crawlers, Is.EqualTo([new Uri("https://bsky.network")]));
        }
    }

    [Test]
    public void Read_WhenManyThingsAreWrong_TellsThemAll()
    {
        (PdsOptions options, PdsEnvironment environment) = Read(
            ("PDS_HOSTNAME", "https://pds.example.com"),
            ("PDS_JWT_SECRT", "x"),
            ("PDS_NOBODY_KNOWS_THIS_ONE", "x"),
            ("PDS_PORT", "many"),
            ("PDS_INVITE_REQUIRED", "yes"),
            ("PDS_BSKY_APP_VIEW_URL", "https://api.bsky.app"),
            ("PDS_SERVICE_HANDLE_DOMAINS", "example.com"),
            ("PDS_BLOBSTORE_DISK_LOCATION", "/b"),
            ("PDS_BLOBSTORE_S3_BUCKET", "b"));

        string faults = string.Join('\n', [.. environment.Faults, .. FaultsOf(options)]);

        string[] expected =
        [
            "PDS_JWT_SECRT is not a setting of this server (did you mean PDS_JWT_SECRET?)", "PDS_NOBODY_KNOWS_THIS_ONE is not a setting of this server.",
            "PDS_PORT must be a whole number", "PDS_INVITE_REQUIRED must be true or false", "Hostname (PDS_HOSTNAME)", "JwtSecret (PDS_JWT_SECRET)",
            "AdminPassword (PDS_ADMIN_PASSWORD)", "PlcRotationKey (PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX)", "belong together", "`example.com` must be a domain with a leading dot",
            "exclude each other",
        ];
        using (Assert.EnterMultipleScope())
        {
            foreach (string fault in expected)
            {
                Assert.That(faults, Does.Contain(fault));
            }
        }
    }

    [Test]
    public void Read_OfCapacities_SetsThemAndRefusesNone()
    {
        PdsOptions options = Read(
            [
                .. Production,
                ("PDS_MAX_CONCURRENT_REQUESTS", "5"), ("PDS_MAX_CONCURRENT_WRITES", "4"), ("PDS_MAX_CONCURRENT_UPLOADS", "3"),
                ("PDS_MAX_CONCURRENT_EXPORTS", "0"), ("PDS_MAX_CONCURRENT_FORWARDS", "2"), ("PDS_MAX_WAITING_PASSWORDS", "0"),
                ("PDS_MAX_WAITING_WRITES", "1"),
            ]).Options;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                new[] { options.MaxConcurrentRequests, options.MaxConcurrentWrites, options.MaxConcurrentUploads, options.MaxConcurrentForwards, options.MaxWaitingPasswords, options.MaxWaitingWrites },
                Is.EqualTo(new[] { 5, 4, 3, 2, 0, 1 }));
            Assert.That(FaultsOf(options), Is.EqualTo(new[] { "MaxConcurrentExports (PDS_MAX_CONCURRENT_EXPORTS) must be 1 or more." }));
        }
    }

    [TestCase("pds.example.com")]
    [TestCase("10.0.0.1")]
    [TestCase("localhost")]
    public void Validate_OfAHostname_AcceptsBareNames(string hostname) =>
        Assert.That(FaultsOf(Read([.. Production, ("PDS_HOSTNAME", hostname)]).Options).Where(fault => fault.Contains("Hostname", StringComparison.Ordinal)), Is.Empty);

    private static (PdsOptions Options, PdsEnvironment Environment) Read(params (string Name, string Value)[] variables)
    {
        Dictionary<string, string?> all = new(StringComparer.Ordinal);
        foreach ((string name, string value) in variables)
        {
            all[name] = value;
        }

        PdsEnvironment environment = PdsEnvironment.Read(all);
        PdsOptions options = new();
        environment.Apply(options);
        return (options, environment);
    }

    private static IEnumerable<string> FaultsOf(PdsOptions options)
    {
        ValidateOptionsResult result = new PdsOptionsValidator().Validate(null, options);
        return result.Failures ?? [];
    }
}
