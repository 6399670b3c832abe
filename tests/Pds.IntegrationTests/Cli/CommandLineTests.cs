using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Pds.Application.DependencyInjection;
using Pds.Server.Cli;
using Pds.Server.Hosting;

namespace Pds.IntegrationTests.Cli;

internal sealed class CommandLineTests
{
    private readonly Dictionary<string, string?> _none = [];
    private string _directory = null!;

    [SetUp]
    public async Task MakeServerAsync()
    {
        _directory = Directory.CreateTempSubdirectory("pds-cli-").FullName;
        await using PdsApplication pds = await PdsApplication.StartAsync(directory: _directory);
    }

    [TearDown]
    public void DeleteDirectory()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_directory, recursive: true);
    }

    [Test]
    public async Task AccountVerbs_OnAStoppedServer_ManageAnAccount()
    {
        JsonNode made = await SucceedAsync("account", "create", "--handle", "alice.test", "--email", "alice@example.com");
        string did = (string)made["did"]!;

        JsonNode list = await SucceedAsync("account", "list");
        await SucceedAsync("account", "takedown", "alice.test", "--reason", "spam");
        JsonNode down = await SucceedAsync("account", "info", "alice@example.com");
        await SucceedAsync("account", "untakedown", did);
        await SucceedAsync("account", "deactivate", did);
        JsonNode closed = await SucceedAsync("account", "info", did);
        await SucceedAsync("account", "activate", did);
        JsonNode reset = await SucceedAsync("account", "reset-password", did);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((string?)made["password"], Has.Length.GreaterThan(20));
            Assert.That(list["accounts"]!.AsArray().Select(account => (string?)account!["did"]), Is.EqualTo([did]));
            Assert.That((string?)down["takedown"]!["ref"], Is.EqualTo("spam"));
            Assert.That((bool?)closed["deactivated"]!["applied"], Is.True);
            Assert.That((string?)reset["password"], Is.Not.EqualTo((string?)made["password"]));
        }

        (int unconfirmed, _, _) = await RunAsync("account", "delete", did);
        Assert.That(unconfirmed, Is.EqualTo(ExitCodes.Usage));
        await SucceedAsync("account", "delete", did, "--yes");
        Assert.That((await SucceedAsync("account", "list"))["accounts"]!.AsArray(), Is.Empty);
    }

    [Test]
    public async Task Invites_AreMadeAndShown()
    {
        string code = (string)(await SucceedAsync("invite", "create", "--uses", "3"))["code"]!;

        JsonNode list = await SucceedAsync("invite", "list");

        Assert.That(list["codes"]!.AsArray().Select(one => ((string?)one!["code"], (int?)one["available"])), Is.EqualTo([(code, 3)]));
    }

    [Test]
    public async Task Keys_AreShownAndRotated()
    {
        string did = (string)(await SucceedAsync("account", "create", "--handle", "alice.test", "--email", "alice@example.com"))["did"]!;
        JsonNode before = await SucceedAsync("key", "show", did);

        JsonNode rotated = await SucceedAsync("key", "rotate", did);
        await SucceedAsync("key", "rotate", "--all");

        JsonNode after = await SucceedAsync("key", "show", did);
        JsonNode server = await SucceedAsync("key", "show");
        using (Assert.EnterMultipleScope())
        {
            Assert.That((string?)before["signingKey"], Is.EqualTo((string?)before["published"]));
            Assert.That((string?)rotated["keys"]![0]!["signingKey"], Is.Not.EqualTo((string?)before["signingKey"]));
            Assert.That((string?)after["signingKey"], Is.EqualTo((string?)after["published"]));
            Assert.That((string?)server["rotationKey"], Does.StartWith("did:key:"));
        }
    }

    [Test]
    public async Task IdentityPublish_SaysWhatItPublished()
    {
        string did = (string)(await SucceedAsync("account", "create", "--handle", "alice.test", "--email", "alice@example.com"))["did"]!;

        JsonNode one = await SucceedAsync("identity", "publish", "alice.test");
        JsonNode all = await SucceedAsync("identity", "publish", "--all");

        Assert.That(new[] { (string?)one["published"]![0], (string?)all["published"]![0] }, Is.All.EqualTo(did));
    }

    [Test]
    public async Task AuditVerify_FindsAChangedRowAndACutOffEnd()
    {
        await SucceedAsync("invite", "create");
        await SucceedAsync("invite", "create", "--uses", "2");
        JsonNode verified = await SucceedAsync("audit", "verify");
        JsonNode list = await SucceedAsync("audit", "list");

        Execute("DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete; DELETE FROM audit WHERE seq = 2"); // whoever has the file can do this, too
        (int cutOff, _, _) = await RunAsync("audit", "verify", "--head", (string)verified["head"]!);
        JsonNode unnoticed = await SucceedAsync("audit", "verify");
        Execute("DROP TRIGGER audit_no_update; UPDATE audit SET actor = 'somebody else' WHERE seq = 1");
        (int changed, _, string errors) = await RunAsync("audit", "verify");

        using (Assert.EnterMultipleScope())
        {
            Assert.That((int?)verified["rows"], Is.EqualTo(2));
            Assert.That((string?)list["acts"]![0]!["actor"], Does.StartWith("cli:"));
            Assert.That(cutOff, Is.EqualTo(ExitCodes.Refused));
            Assert.That((int?)unnoticed["rows"], Is.EqualTo(1));
            Assert.That(changed, Is.EqualTo(ExitCodes.Refused));
            Assert.That(errors, Does.Contain("AuditBroken"));
        }
    }

    [Test]
    public async Task BlobsCollect_DeletesWhatACrashLeft()
    {
        string did = (string)(await SucceedAsync("account", "create", "--handle", "alice.test", "--email", "alice@example.com"))["did"]!;
        string folder = Path.Combine(_directory, "blobs", "tempt", did);
        Directory.CreateDirectory(folder);
        string left = Path.Combine(folder, "left");
        await File.WriteAllTextAsync(left, "left");
        File.SetLastWriteTimeUtc(left, DateTime.UtcNow.AddHours(-7));

        JsonNode dry = await SucceedAsync("blobs", "collect", "--dry-run");
        bool isThere = File.Exists(left);
        JsonNode wet = await SucceedAsync("blobs", "collect");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(isThere, Is.True);
            Assert.That(File.Exists(left), Is.False);
            Assert.That(dry.ToJsonString(), Is.EqualTo("""{"dryRun":true,"uploads":{"count":0,"bytes":0},"leftovers":{"count":1,"bytes":4}}"""));
            Assert.That(wet.ToJsonString(), Is.EqualTo("""{"dryRun":false,"uploads":{"count":0,"bytes":0},"leftovers":{"count":1,"bytes":4}}"""));
        }
    }

    [Test]
    public async Task Init_WithoutADid_RegistersANewOne()
    {
        JsonNode made = await SucceedAsync("init", "--handle", "myself.test", "--email", "me@example.com", "--password", "correct horse");
        (int again, _, _) = await RunAsync("init", "--handle", "other.test");

        using (Assert.EnterMultipleScope())
        {
            Assert.That((string?)made["did"], Does.StartWith("did:plc:"));
            Assert.That((bool?)made["active"], Is.True);
            Assert.That(again, Is.EqualTo(ExitCodes.Refused));
        }
    }

    [Test]
    public async Task Init_WithADidWebThatIsNotPublished_TellsWhatToPublish()
    {
        string key = new('2', 64);
        string file = Path.Combine(_directory, "key.txt");
        await File.WriteAllTextAsync(file, key + "\n");

        JsonNode made = await SucceedAsync("init", "--did", "did:web:me.invalid", "--handle", "me.example.com", "--signing-key", "@" + file);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((bool?)made["active"], Is.False);
            Assert.That((string?)made["document"]!["id"], Is.EqualTo("did:web:me.invalid"));
            Assert.That((string?)made["signingKey"], Does.EndWith(((string)made["document"]!["verificationMethod"]![0]!["publicKeyMultibase"]!)[1..]));
        }
    }

    [Test]
    public async Task BesideARunningServer_VerbsGoThroughItsMethodsOrRefuse()
    {
        await using PdsApplication pds = await PdsApplication.StartAsync(directory: _directory);
        Dictionary<string, string?> variables = new() { ["PDS_PORT"] = pds.Options.Server.Port.ToString() };
        using DataDirectoryLock held = DataDirectoryLock.TryTake(_directory)!;

        JsonNode made = await SucceedAsync(variables, "account", "create", "--handle", "alice.test", "--email", "alice@example.com");
        JsonNode list = await SucceedAsync(variables, "account", "list");
        await SucceedAsync(variables, "account", "takedown", "alice.test");
        await SucceedAsync(variables, "account", "untakedown", (string)made["did"]!);
        await SucceedAsync(variables, "key", "rotate", "alice.test");
        await SucceedAsync(variables, "identity", "publish", "alice.test");
        JsonNode audit = await SucceedAsync(variables, "audit", "verify");
        await SucceedAsync(variables, "blobs", "collect", "--dry-run");
        (int collect, _, _) = await RunAsync(variables, "blobs", "collect");
        (int init, _, string refusal) = await RunAsync(variables, "init", "--handle", "myself.test");
        (int missing, _, _) = await RunAsync(variables, "account", "info", "nobody.test");

        using (Assert.EnterMultipleScope())
        {
            Assert.That((string?)list["accounts"]![0]!["handle"], Is.EqualTo("alice.test"));
            Assert.That((int?)audit["rows"], Is.GreaterThanOrEqualTo(4));
            Assert.That(init, Is.EqualTo(ExitCodes.Unavailable));
            Assert.That(refusal, Does.Contain("Stop it"));
            Assert.That(collect, Is.EqualTo(ExitCodes.Unavailable));
            Assert.That(missing, Is.EqualTo(ExitCodes.Refused));
        }
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task EveryVerb_WhetherAServerRunsOrNot_AnswersTheSame(bool isRunning)
    {
        await using PdsApplication? pds = isRunning ? await PdsApplication.StartAsync(directory: _directory) : null;
        using DataDirectoryLock? held = isRunning ? DataDirectoryLock.TryTake(_directory) : null;
        Dictionary<string, string?> variables = isRunning ? new() { ["PDS_PORT"] = pds!.Options.Server.Port.ToString() } : [];

        string did = (string)(await SucceedAsync(variables, "account", "create", "--handle", "alice.test", "--email", "alice@example.com", "--password", "correct horse"))["did"]!;
        JsonNode list = await SucceedAsync(variables, "account", "list");
        JsonNode key = await SucceedAsync(variables, "key", "show", "alice.test");
        JsonNode rotation = await SucceedAsync(variables, "key", "show");
        JsonNode rotated = await SucceedAsync(variables, "key", "rotate", "--all");
        JsonNode published = await SucceedAsync(variables, "identity", "publish", "--all");
        JsonNode reset = await SucceedAsync(variables, "account", "reset-password", did);
        await SucceedAsync(variables, "account", "deactivate", "alice.test", "--reason", "rest");
        await SucceedAsync(variables, "account", "activate", did);
        await SucceedAsync(variables, "account", "takedown", "alice@example.com", "--reason", "spam");
        JsonNode down = await SucceedAsync(variables, "account", "info", did);
        await SucceedAsync(variables, "account", "untakedown", did);
        string code = (string)(await SucceedAsync(variables, "invite", "create", "--uses", "2", "--for", did))["code"]!;
        JsonNode codes = await SucceedAsync(variables, "invite", "list");
        await SucceedAsync(variables, "account", "delete", did, "--yes");
        (int gone, _, _) = await RunAsync(variables, "account", "info", did);
        JsonNode trail = await SucceedAsync(variables, "audit", "list");

        using (Assert.EnterMultipleScope())
        {
            Assert.That((string?)list["accounts"]![0]!["did"], Is.EqualTo(did));
            Assert.That((string?)key["signingKey"], Does.StartWith("did:key:").And.EqualTo((string?)key["published"]));
            Assert.That((string?)rotation["rotationKey"], Does.StartWith("did:key:"));
            Assert.That((string?)rotated["keys"]![0]!["signingKey"], Is.Not.EqualTo((string?)key["signingKey"]));
            Assert.That((string?)published["published"]![0], Is.EqualTo(did));
            Assert.That((string?)reset["password"], Has.Length.GreaterThan(20));
            Assert.That((string?)down["takedown"]!["ref"], Is.EqualTo("spam"));
            Assert.That(codes["codes"]!.AsArray().Select(one => ((string?)one!["code"], (int?)one["available"])), Has.Member((code, (int?)2)));
            Assert.That(gone, Is.EqualTo(ExitCodes.Refused));
            Assert.That(trail["acts"]!.AsArray(), Has.Count.GreaterThanOrEqualTo(8));
        }
    }

    [Test]
    public async Task BesideAStrangerOnThePort_NoPasswordIsSent()
    {
        await using StrangerServer stranger = StrangerServer.Start();
        using DataDirectoryLock held = DataDirectoryLock.TryTake(_directory)!;

        (int code, _, string errors) = await RunAsync(new Dictionary<string, string?> { ["PDS_PORT"] = $"{stranger.Port}" }, "account", "list");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(code, Is.EqualTo(ExitCodes.Unavailable));
            Assert.That(errors, Does.Contain("the admin password was not sent"));
            Assert.That(stranger.Requests.Single(), Does.StartWith("GET /_pds/proof/").And.Not.Contain("Authorization"));
        }
    }

    [Test]
    public async Task BesideAStrangerWhoAsksTheServer_NoPasswordIsSent()
    {
        await using PdsApplication pds = await PdsApplication.StartAsync(directory: _directory);
        await using StrangerServer stranger = StrangerServer.Start(path => pds.Http.GetStringAsync(new Uri(path, UriKind.Relative)));
        using DataDirectoryLock held = DataDirectoryLock.TryTake(_directory)!;

        (int code, _, _) = await RunAsync(new Dictionary<string, string?> { ["PDS_PORT"] = $"{stranger.Port}" }, "account", "list");

        Assert.That(code, Is.EqualTo(ExitCodes.Unavailable));
        Assert.That(stranger.Requests, Has.Count.EqualTo(1).And.All.Not.Contains("Authorization"));
    }

    [Test]
    [NonParallelizable] // proxies are an affair of the process
    public async Task BesideARunningServer_NoProxyIsAsked()
    {
        await using PdsApplication pds = await PdsApplication.StartAsync(directory: _directory);
        await using StrangerServer proxy = StrangerServer.Start();
        using DataDirectoryLock held = DataDirectoryLock.TryTake(_directory)!;
        System.Net.IWebProxy before = HttpClient.DefaultProxy;
        HttpClient.DefaultProxy = new System.Net.WebProxy($"http://127.0.0.1:{proxy.Port}", BypassOnLocal: false);
        try
        {
            (int code, _, string errors) = await RunAsync(new Dictionary<string, string?> { ["PDS_PORT"] = $"{pds.Options.Server.Port}" }, "account", "list");

            Assert.That(code, Is.Zero, errors);
            Assert.That(proxy.Requests, Is.Empty);
        }
        finally
        {
            HttpClient.DefaultProxy = before;
        }
    }

    [Test]
    public async Task AccountCreate_TakesThePasswordFromAFileOrAPrompt()
    {
        string file = Path.Combine(_directory, "password.txt");
        await File.WriteAllTextAsync(file, "from the file\n");

        JsonNode fromFile = await SucceedAsync("account", "create", "--handle", "alice.test", "--email", "alice@example.com", "--password-file", file);
        JsonNode fromInput = await SucceedTypedAsync("from the input\n", "account", "create", "--handle", "bobby.test", "--email", "bobby@example.com", "--password-file", "-");
        JsonNode asked = await SucceedTypedAsync("from the prompt\n", "account", "reset-password", "alice.test", "--ask-password");
        (int both, _, _) = await RunAsync("account", "reset-password", "alice.test", "--ask-password", "--password", "x");

        using (Assert.EnterMultipleScope())
        {
            Assert.That((string?)fromFile["password"], Is.EqualTo("from the file"));
            Assert.That((string?)fromInput["password"], Is.EqualTo("from the input"));
            Assert.That((string?)asked["password"], Is.EqualTo("from the prompt"));
            Assert.That(both, Is.EqualTo(ExitCodes.Usage));
        }
    }

    [Test]
    public async Task AccountCreate_OfAReservedName_NeedsTheOverride()
    {
        string[] create = ["account", "create", "--handle", "admin.test", "--email", "admin@example.com"];

        (int refused, _, string errors) = await RunAsync(create);
        JsonNode made = await SucceedAsync([.. create, "--allow-reserved"]);
        JsonNode list = await SucceedAsync("account", "list");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(refused, Is.EqualTo(ExitCodes.Refused));
            Assert.That(errors, Does.Contain("HandleNotAvailable"));
            Assert.That((string?)made["handle"], Is.EqualTo("admin.test"));
            Assert.That(list["accounts"]!.AsArray().Select(account => (string?)account!["handle"]), Is.EqualTo(["admin.test"]));
        }
    }

    [Test]
    public async Task AccountCreate_WhenTheOverriddenHandleIsTaken_SaysWhatWasMade()
    {
        await SucceedAsync("account", "create", "--handle", "alice.test", "--email", "alice@example.com");

        (int code, string output, string errors) = await RunAsync("account", "create", "--handle", "alice.test", "--email", "admin@example.com", "--allow-reserved");
        JsonNode made = JsonNode.Parse(output)!;
        JsonNode info = await SucceedAsync("account", "info", "admin@example.com");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(code, Is.EqualTo(ExitCodes.Refused));
            Assert.That(errors, Does.Contain("HandleNotAvailable").And.Contain((string?)made["handle"]));
            Assert.That((string?)made["did"], Is.EqualTo((string?)info["account"]!["did"]));
            Assert.That((string?)made["handle"], Is.EqualTo((string?)info["account"]!["handle"]).And.StartsWith("new-"));
            Assert.That((string?)made["password"], Is.Not.Empty);
        }
    }

    [Test]
    public async Task Init_WithADidWebOfOurs_CanStart()
    {
        await SucceedAsync("init", "--did", "did:web:carol.pds.test", "--handle", "carol.test");

        await using PdsApplication pds = await PdsApplication.StartAsync(directory: _directory);
        using HttpRequestMessage request = new(HttpMethod.Get, "/.well-known/did.json") { Headers = { Host = "carol.pds.test" } };
        JsonNode document = await (await pds.Http.SendAsync(request)).ShouldBeJsonAsync();

        Assert.That((string?)document["id"], Is.EqualTo("did:web:carol.pds.test"));
        Assert.That((string?)document["service"]![0]!["serviceEndpoint"], Is.EqualTo(pds.Options.Server.PublicOrigin));
    }

    [Test]
    public async Task HostedDocument_OfAnAccountThatWasTakenDown_IsNotServed()
    {
        await SucceedAsync("init", "--did", "did:web:carol.pds.test", "--handle", "carol.test");
        await SucceedAsync("account", "takedown", "did:web:carol.pds.test");

        await using PdsApplication pds = await PdsApplication.StartAsync(directory: _directory);
        using HttpRequestMessage request = new(HttpMethod.Get, "/.well-known/did.json") { Headers = { Host = "carol.pds.test" } };
        HttpResponseMessage response = await pds.Http.SendAsync(request);

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    [Test]
    public async Task BesideAServerThatDoesNotAnswer_VerbsSayWhatToDo()
    {
        using DataDirectoryLock held = DataDirectoryLock.TryTake(_directory)!;

        (int code, _, string errors) = await RunAsync(new Dictionary<string, string?> { ["PDS_PORT"] = "1" }, "account", "list");

        Assert.That(code, Is.EqualTo(ExitCodes.Unavailable));
        Assert.That(errors, Does.Contain("ServerUnreachable"));
    }

    [TestCase("account", "creat")]
    [TestCase("account", "create", "--handle", "alice.test")]
    [TestCase("key", "rotate")]
    [TestCase("invite", "create", "--uses", "0")]
    public async Task BadUsage_EndsWith64(params string[] args)
    {
        (int code, _, string errors) = await RunAsync(args);

        Assert.That(code, Is.EqualTo(ExitCodes.Usage));
        Assert.That(errors, Is.Not.Empty);
    }

    [Test]
    public async Task IncompleteSettings_EndWith78AndNameThem()
    {
        (int code, _, string errors) = await RunAsync(new Dictionary<string, string?> { ["PDS_DEV_MODE"] = null, ["PDS_ADMIN_PASSWORD"] = null }, "account", "list");

        Assert.That(code, Is.EqualTo(ExitCodes.Misconfigured));
        Assert.That(errors, Does.Contain("PDS_ADMIN_PASSWORD"));
    }

    private void Execute(string sql)
    {
        using SqliteConnection connection = new($"Data Source={Path.Combine(_directory, "pds.sqlite")};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        Assert.That(command.ExecuteNonQuery(), Is.EqualTo(1));
    }

    private Task<JsonNode> SucceedAsync(params string[] args) => SucceedAsync(_none, args);

    private async Task<JsonNode> SucceedAsync(IReadOnlyDictionary<string, string?> more, params string[] args)
    {
        (int code, string output, string errors) = await RunAsync(more, args);
        Assert.That(code, Is.Zero, $"{string.Join(' ', args)}: {errors}");
        return JsonNode.Parse(output)!;
    }

    private async Task<JsonNode> SucceedTypedAsync(string typed, params string[] args)
    {
        (int code, string output, string errors) = await RunTypedAsync(_none, typed, args);
        Assert.That(code, Is.Zero, $"{string.Join(' ', args)}: {errors}");
        return JsonNode.Parse(output)!;
    }

    private Task<(int Code, string Output, string Errors)> RunAsync(params string[] args) => RunAsync(_none, args);

    private Task<(int Code, string Output, string Errors)> RunAsync(IReadOnlyDictionary<string, string?> more, params string[] args) => RunTypedAsync(more, "", args);

    private async Task<(int Code, string Output, string Errors)> RunTypedAsync(IReadOnlyDictionary<string, string?> more, string typed, string[] args)
    {
        Dictionary<string, string?> variables = new(StringComparer.Ordinal)
        {
            ["PDS_HOSTNAME"] = "localhost",
            ["PDS_DEV_MODE"] = "true",
            ["PDS_DATA_DIRECTORY"] = _directory,
            ["PDS_JWT_SECRET"] = PdsApplication.JwtSecret,
            ["PDS_ADMIN_PASSWORD"] = PdsApplication.AdminPassword,
            ["PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX"] = new string('1', 64),
        };
        foreach ((string name, string? value) in more)
        {
            variables[name] = value;
        }

        using StringWriter output = new();
        using StringWriter errors = new();
        using StringReader input = new(typed);
        CliSession session = new(variables, output, errors) { Input = input, Configure = services => services.PostConfigure<PdsOptions>(options => options.Identity.PlcUrl = null) };
        int code = await PdsCommandLine.RunAsync([.. args, "--json"], session, _ => Task.FromResult(ExitCodes.Done));
        return (code, output.ToString(), errors.ToString());
    }
}
