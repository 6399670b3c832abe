using Microsoft.Extensions.Options;
using Pds.Application.DependencyInjection;
using Pds.Server.Hosting;

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
            Assert.That(options.Server.DevMode, Is.True);
            Assert.That(options.Accounts.InviteRequired, Is.False);
            Assert.That(options.Identity.PlcUrl, Is.Null);
            Assert.That(options.Storage.DataDirectory, Is.EqualTo("data"));
            Assert.That(options.Server.PublicOrigin, Is.EqualTo("http://localhost:2583"));
            Assert.That(options.Server.HandleDomains, Is.EqualTo([".test"]));
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
            Assert.That(options.Server.DevMode, Is.False);
            Assert.That(options.Server.DisableSsrfProtection, Is.False);
            Assert.That(options.Accounts.InviteRequired, Is.True);
            Assert.That(options.Server.PublicOrigin, Is.EqualTo("https://pds.example.com"));
            Assert.That(options.Server.ServiceIdentity.ToString(), Is.EqualTo("did:web:pds.example.com"));
            Assert.That(options.Server.HandleDomains, Is.EqualTo([".pds.example.com"]));
            Assert.That(options.Storage.BlobPath, Is.EqualTo("/pds/blocks"));
            Assert.That(options.Storage.BlobTempPath, Is.EqualTo(Path.Combine("/pds/blocks", "tempt")));
            Assert.That(options.Blobs.UploadLimit, Is.EqualTo(104_857_600));
            Assert.That(options.Firehose.Crawlers, Is.EqualTo([new Uri("https://bsky.network")]));
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
            "PDS_PORT must be a whole number", "PDS_INVITE_REQUIRED must be true or false", "Server.Hostname (PDS_HOSTNAME)", "JwtSecret (PDS_JWT_SECRET)",
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
                new[] { options.Capacity.MaxConcurrentRequests, options.Capacity.MaxConcurrentWrites, options.Capacity.MaxConcurrentUploads, options.Capacity.MaxConcurrentForwards, options.Capacity.MaxWaitingPasswords, options.Capacity.MaxWaitingWrites },
                Is.EqualTo(new[] { 5, 4, 3, 2, 0, 1 }));
            Assert.That(FaultsOf(options), Is.EqualTo(new[] { "Capacity.MaxConcurrentExports (PDS_MAX_CONCURRENT_EXPORTS) must be 1 or more." }));
        }
    }

    [TestCase("pds.example.com")]
    [TestCase("10.0.0.1")]
    public void Validate_OfAHostname_AcceptsBareNames(string hostname) =>
        Assert.That(FaultsOf(Read([.. Production, ("PDS_HOSTNAME", hostname)]).Options).Where(fault => fault.Contains("Hostname", StringComparison.Ordinal)), Is.Empty);

    [TestCase("https://pds.example.com")]
    [TestCase("pds_example.com:443")]
    [TestCase("PDS.example.com")]
    public void Validate_OfABadHostname_BlamesNothingElse(string hostname) =>
        Assert.That(FaultsOf(Read([.. Production, ("PDS_HOSTNAME", hostname)]).Options), Is.EqualTo(["Server.Hostname (PDS_HOSTNAME) must be a bare host name in lower case, such as `pds.example.com`."]));

    [Test]
    public void Validate_OfLocalhostWithThePublicDirectory_IsOneFault()
    {
        IEnumerable<string> faults = FaultsOf(Read([.. Production, ("PDS_HOSTNAME", "localhost")]).Options);

        Assert.That(faults.Single(), Does.Contain("http://localhost:2583").And.Contain("PDS_DID_PLC_URL"));
    }

    [TestCase("smtps://me:p@ss@smtp.example.com:465")]
    [TestCase("smtps://me@example.com:pass@smtp.example.com")]
    [TestCase("smtp://me:pa/ss@smtp.example.com:587")]
    [TestCase("smtp://me:pa#ss@smtp.example.com:587")]
    [TestCase("smtp://me:pa?ss@smtp.example.com:587")]
    public void Read_OfAMailUrlThatIsNotEncoded_IsOneFaultThatSaysHow(string url)
    {
        (PdsOptions options, PdsEnvironment environment) = Read([.. Production, ("PDS_EMAIL_SMTP_URL", url), ("PDS_EMAIL_FROM_ADDRESS", "pds@example.com")]);

        string fault = environment.Faults.Concat(FaultsOf(options)).Single();
        Assert.That(fault, Does.StartWith("PDS_EMAIL_SMTP_URL").And.Contain("`@` is `%40`").And.Not.Contain("ss@"));
    }

    [TestCase("smtps://me%40example.com:p%2Fss@smtp.example.com:465")]
    [TestCase("smtp://localhost:1025")]
    public void Read_OfAMailUrlThatIsEncoded_IsGood(string url)
    {
        (PdsOptions options, PdsEnvironment environment) = Read([.. Production, ("PDS_EMAIL_SMTP_URL", url), ("PDS_EMAIL_FROM_ADDRESS", "pds@example.com")]);

        Assert.That(environment.Faults.Concat(FaultsOf(options)), Is.Empty);
        Assert.That(options.Mail.SmtpUrl, Is.EqualTo(new Uri(url)));
    }

    [TestCase("PDS_EMAIL_SMTP_URL", "not a url", "PDS_EMAIL_FROM_ADDRESS", "pds@example.com")]
    [TestCase("PDS_BSKY_APP_VIEW_URL", "not a url", "PDS_BSKY_APP_VIEW_DID", "did:web:api.bsky.app")]
    [TestCase("PDS_MOD_SERVICE_URL", "not a url", "PDS_MOD_SERVICE_DID", "did:web:mod.example.com")]
    public void Read_WhenHalfOfAPairCannotBeRead_IsOneFault(string name, string value, string partner, string other)
    {
        (PdsOptions options, PdsEnvironment environment) = Read([.. Production, (name, value), (partner, other)]);

        Assert.That(environment.Faults.Concat(FaultsOf(options)).Single(), Does.StartWith($"{name} must be a URL"));
    }

    [TestCase("PDS_HOSTNAME", "\"pds.example.com\"")]
    [TestCase("PDS_BLOB_UPLOAD_LIMIT", "'5'")]
    public void Read_OfAQuotedValue_NamesItAsSuch(string name, string value)
    {
        (PdsOptions options, PdsEnvironment environment) = Read([.. Production, (name, value)]);

        Assert.That(environment.Faults.Concat(FaultsOf(options)).Single(), Does.StartWith($"{name} is written in quotation marks"));
    }

    [Test]
    public void Read_OfAQuotedSecret_LeavesItAsItIs() =>
        Assert.That(Read([.. Production, ("PDS_ADMIN_PASSWORD", "\"quoted\"")]).Options.Secrets.AdminPassword, Is.EqualTo("\"quoted\""));

    [TestCase("true", "false", false)]
    [TestCase("true", null, true)]
    [TestCase("false", "true", true)]
    [TestCase("false", null, false)]
    public void Read_OfAnExplicitSetting_WinsOverTheMode(string mode, string? unguarded, bool expected)
    {
        PdsOptions options = Read([.. Production, ("PDS_DEV_MODE", mode), ("PDS_DISABLE_SSRF_PROTECTION", unguarded ?? "")]).Options;

        Assert.That(options.Server.DisableSsrfProtection, Is.EqualTo(expected));
        Assert.That(options.Identity.PlcUrl, Is.EqualTo(new Uri("https://plc.directory")));
        Assert.That(options.Accounts.InviteRequired, Is.True);
    }

    [Test]
    public void Read_OfAKeyManager_IsRefusedWithTheWayOut() =>
        Assert.That(Read([.. Production, ("PDS_PLC_ROTATION_KEY_KMS_KEY_ID", "alias/pds")]).Environment.Faults.Single(), Does.Contain("key manager").And.Contain("PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX"));

    [TestCase("#1a5fd0")]
    [TestCase("#ABC")]
    [TestCase("#abcd")]
    [TestCase("#1a5fd0ff")]
    [TestCase("rgb(26, 95, 208)")]
    [TestCase("rgba(26,95,208,255)")]
    public void Validate_OfAColour_TakesWhatTheOfficialServerDoes(string color) =>
        Assert.That(FaultsOf(Read([.. Production, ("PDS_PRIMARY_COLOR", color)]).Options), Is.Empty);

    [TestCase("blue")]
    [TestCase("#12345")]
    [TestCase("rgb(256, 0, 0)")]
    [TestCase("rgb(1, 2)")]
    [TestCase("rgb(1, 2, 3);")]
    public void Validate_OfNoColour_SaysHow(string color) =>
        Assert.That(FaultsOf(Read([.. Production, ("PDS_PRIMARY_COLOR", color)]).Options).Single(), Does.Contain("rgb("));

    [TestCase("data:image/svg+xml;base64,PHN2Zy8+", 0)]
    [TestCase("https://example.com/logo.png", 0)]
    [TestCase("data:text/html,x", 1)]
    [TestCase("javascript:alert(1)", 1)]
    public void Validate_OfALogo_TakesAddressesAndPictures(string logo, int faults) =>
        Assert.That(FaultsOf(Read([.. Production, ("PDS_LOGO_URL", logo)]).Options).Count(), Is.EqualTo(faults));

    [Test]
    public void Validate_OfAShortSecret_IsNoFault() => Assert.That(FaultsOf(Read([.. Production, ("PDS_JWT_SECRET", "short")]).Options), Is.Empty);

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
