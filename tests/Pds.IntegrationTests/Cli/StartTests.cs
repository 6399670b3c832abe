using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Pds.IntegrationTests.Stores;
using Pds.Server.Hosting;

namespace Pds.IntegrationTests.Cli;

/// <summary>A start is safe or it does not happen. Each of these runs the server as a process.</summary>
[Platform(Exclude = "Win")]
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
internal sealed class StartTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Everybody = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private const UnixFileMode ReadableByOthers = UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>Nothing is forbidden to root, so it becomes somebody else.</summary>
    private static readonly string[] Nobody = Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : [];

    private string _root = null!;
    private string _directory = null!;
    private Dictionary<string, string?> _settings = null!;

    [SetUp]
    public void MakeDirectory()
    {
        _root = Directory.CreateTempSubdirectory("pds-start-").FullName;
        _directory = Path.Combine(_root, "data");
        _settings = PdsProcess.Settings(_directory);
    }

    [TearDown]
    public void DeleteDirectory()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_root, recursive: true);
    }

    [Test]
    public async Task Serve_WithoutAHostnameInProduction_DoesNotStart()
    {
        _settings["PDS_HOSTNAME"] = null;

        PdsProcess.Result result = await PdsProcess.RunAsync(_settings, "serve");

        result.ShouldBeRefused("PDS_HOSTNAME is missing", "http://localhost", "PDS_DEV_MODE");
        Assert.That(Path.Exists(_directory), Is.False);
    }

    [Test]
    public async Task Serve_AsLocalhostWithThePublicDirectory_DoesNotStart()
    {
        _settings["PDS_HOSTNAME"] = "localhost";
        _settings["PDS_DID_PLC_URL"] = null;

        (await PdsProcess.RunAsync(_settings, "serve")).ShouldBeRefused("PDS_HOSTNAME", "http://localhost");
    }

    [TestCase("account.sqlite", false)]
    [TestCase("actors", true)]
    public async Task Serve_OnAnOfficialDirectory_DoesNotStart(string name, bool isFolder)
    {
        string path = Path.Combine(Directory.CreateDirectory(_directory).FullName, name);
        if (isFolder)
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            await File.WriteAllTextAsync(path, "theirs");
        }

        PdsProcess.Result result = await PdsProcess.RunAsync(_settings, "serve");

        result.ShouldBeRefused(name, "official server", "pds serve --empty", "PDS_DATA_DIRECTORY");
        Assert.That(Directory.EnumerateFileSystemEntries(_directory).Select(Path.GetFileName), Is.EqualTo([name]), "nothing was made");
    }

    [Test]
    public async Task Serve_WithBlobsAndNoDatabase_StartsOnlyWhenToldTo()
    {
        string blobs = Directory.CreateDirectory(Path.Combine(_directory, "blobs", "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa")).FullName;
        await File.WriteAllTextAsync(Path.Combine(blobs, "bafkreiec2wlxmonw67opn4o7i4x7e3cpuh2zepnttcxak62su7cw6ayypm"), "blob");

        PdsProcess.Result refused = await PdsProcess.RunAsync(_settings, "serve");
        PdsProcess.Result started = await PdsProcess.ServeAndStopAsync(_settings, "--empty");

        refused.ShouldBeRefused("blobs holds files", "pds.sqlite", "pds serve --empty", "pds init");
        Assert.That(started.Code, Is.Zero, started.Errors);
    }

    [Test]
    public async Task Init_WithBlobsAndNoDatabase_Begins()
    {
        string blobs = Directory.CreateDirectory(Path.Combine(_directory, "blobs", "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa")).FullName;
        await File.WriteAllTextAsync(Path.Combine(blobs, "bafkreiec2wlxmonw67opn4o7i4x7e3cpuh2zepnttcxak62su7cw6ayypm"), "blob");

        PdsProcess.Result result = await PdsProcess.RunAsync(_settings, "init", "--did", "did:web:localhost%3A1", "--handle", "carol.pds.example.com");

        Assert.That(result.Code, Is.Zero, result.Errors);
    }

    [Test]
    public async Task Serve_WhenTheDatabaseIsGone_DoesNotStart()
    {
        PdsProcess.Result first = await PdsProcess.ServeAndStopAsync(_settings);
        foreach (string file in Directory.EnumerateFiles(_directory, "pds.sqlite*"))
        {
            File.Delete(file);
        }

        PdsProcess.Result again = await PdsProcess.RunAsync(_settings, "serve");

        Assert.That(first.Code, Is.Zero, first.Errors);
        again.ShouldBeRefused("pds.lock", "no database", "pds serve --empty", "pds init");
    }

    [Test]
    public async Task Serve_WithAnotherRotationKey_DoesNotStart()
    {
        PdsProcess.Result first = await PdsProcess.ServeAndStopAsync(_settings);

        PdsProcess.Result other = await PdsProcess.RunAsync(With("PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX", new string('2', 64)), "serve");

        Assert.That(first.Code, Is.Zero, first.Errors);
        other.ShouldBeRefused("does not open the signing keys", "PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX");
    }

    [Test]
    public async Task Serve_OnTheFirstVersionsData_TestsAStoredKeyAndKeepsACheckValue()
    {
        FirstVersion first = FirstVersion.Read();
        _settings["PDS_DATA_DIRECTORY"] = FirstVersion.Unpack("stopped", _root);
        _settings["PDS_HOSTNAME"] = first.Settings["PDS_HOSTNAME"];

        PdsProcess.Result wrong = await PdsProcess.RunAsync(_settings, "serve");
        PdsProcess.Result right = await PdsProcess.ServeAndStopAsync(With("PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX", first.Settings["PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX"]));

        wrong.ShouldBeRefused("does not open the signing keys");
        Assert.That(right.Code, Is.Zero, right.Errors);
        Assert.That(Query("SELECT count(*) FROM server_check WHERE name = 'rotation_key'"), Is.EqualTo(1));
    }

    [Test]
    public async Task Serve_WithAKeyInAKeyManager_DoesNotStart()
    {
        _settings["PDS_PLC_ROTATION_KEY_KMS_KEY_ID"] = "alias/pds";

        (await PdsProcess.RunAsync(_settings, "serve")).ShouldBeRefused("PDS_PLC_ROTATION_KEY_KMS_KEY_ID", "key manager", "PDS_PLC_ROTATION_KEY_K256_PRIVATE_KEY_HEX");
    }

    [Test]
    public async Task Serve_OnANewerSchema_DoesNotStart()
    {
        PdsProcess.Result first = await PdsProcess.ServeAndStopAsync(_settings);
        Execute("INSERT INTO __EFMigrationsHistory VALUES ('29990101000000_FromTheFuture', '99.0.0')");

        PdsProcess.Result again = await PdsProcess.RunAsync(_settings, "serve");

        Assert.That(first.Code, Is.Zero, first.Errors);
        again.ShouldBeRefused("newer schema", "29990101000000_FromTheFuture", "pds --version");
    }

    [Test]
    public async Task Serve_OnAFileThatIsNoDatabase_DoesNotStart()
    {
        Directory.CreateDirectory(_directory);
        await File.WriteAllTextAsync(Path.Combine(_directory, "pds.sqlite"), "This is a text, and long enough for a header.");

        (await PdsProcess.RunAsync(_settings, "serve")).ShouldBeRefused("does not begin as an SQLite database", "backup");
    }

    [Test]
    public async Task Serve_WhereTheDatabaseIsADirectory_DoesNotStart()
    {
        Directory.CreateDirectory(Path.Combine(_directory, "pds.sqlite"));

        (await PdsProcess.RunAsync(_settings, "serve")).ShouldBeRefused("is a directory", "PDS_DATA_DIRECTORY");
    }

    [Test]
    public async Task Serve_OnADatabaseOfAnotherProgram_DoesNotStart()
    {
        Directory.CreateDirectory(_directory);
        Execute("CREATE TABLE theirs (id INTEGER)");

        (await PdsProcess.RunAsync(_settings, "serve")).ShouldBeRefused("another program");
    }

    [Test]
    public async Task Serve_OnADamagedDatabase_DoesNotStart()
    {
        Directory.CreateDirectory(_directory);
        byte[] file = new byte[4096];
        "SQLite format 3\0"u8.CopyTo(file);
        await File.WriteAllBytesAsync(Path.Combine(_directory, "pds.sqlite"), file);

        (await PdsProcess.RunAsync(_settings, "serve")).ShouldBeRefused("cannot be read as a database");
    }

    [Test]
    public async Task Serve_WhereItCannotWrite_NamesOwnerAndUser()
    {
        File.SetUnixFileMode(_root, Everybody);
        Directory.CreateDirectory(_directory, ReadableByOthers);

        PdsProcess.Result result = await PdsProcess.RunUnderAsync(Nobody, _settings, "serve");

        result.ShouldBeRefused(_directory, "cannot be written", Environment.UserName, Environment.IsPrivilegedProcess ? "nobody" : Environment.UserName, "chown");
    }

    [TestCase("PDS_BLOBSTORE_DISK_LOCATION", "media")]
    [TestCase("PDS_BLOBSTORE_DISK_LOCATION", "data/blobs")]
    [TestCase("PDS_BLOBSTORE_DISK_TMP_LOCATION", "uploads")]
    public async Task Serve_WhereItCannotWriteBlobs_DoesNotStart(string setting, string folder)
    {
        string blobs = Path.Combine(_root, folder);
        File.SetUnixFileMode(_root, Everybody);
        Directory.CreateDirectory(_directory);
        Directory.CreateDirectory(blobs, ReadableByOthers);
        File.SetUnixFileMode(_directory, Everybody | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite);

        PdsProcess.Result result = await PdsProcess.RunUnderAsync(Nobody, folder.StartsWith("data", StringComparison.Ordinal) ? _settings : With(setting, blobs), "serve");

        result.ShouldBeRefused($"{blobs} cannot be written", "chown", setting);
    }

    [TestCase("pds.lock")]
    [TestCase("pds.sqlite-wal")]
    public async Task Serve_WhenAFileIsSomebodyElses_NamesTheFile(string name)
    {
        File.SetUnixFileMode(_root, Everybody);
        Directory.CreateDirectory(_directory);
        File.SetUnixFileMode(_directory, Everybody | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite);
        string held = Path.Combine(_directory, name);
        await File.WriteAllTextAsync(held, "new");
        File.SetUnixFileMode(held, UnixFileMode.None);

        (await PdsProcess.RunUnderAsync(Nobody, _settings, "serve")).ShouldBeRefused($"{held} cannot be written", "chown");
    }

    [Test]
    public async Task Serve_OnFilesOfAnotherOwnerThatItMayWrite_Starts()
    {
        const UnixFileMode Writable = Everybody | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
        PdsProcess.Result first = await PdsProcess.ServeAndStopAsync(_settings);
        File.SetUnixFileMode(_root, Everybody);
        foreach (string path in Directory.EnumerateFileSystemEntries(_directory).Append(_directory))
        {
            File.SetUnixFileMode(path, Writable);
        }

        PdsProcess.Result result = await PdsProcess.ServeAndStopUnderAsync(Nobody, _settings);

        Assert.That(first.Code, Is.Zero, first.Errors);
        Assert.That(result.Code, Is.Zero, result.Output + result.Errors);
    }

    [Test]
    public async Task Serve_OnAReadOnlyFileSystem_SaysSo()
    {
        Directory.CreateDirectory(_directory);
        string[] readOnly = ["unshare", "-rm", "sh", "-c", $"mount --bind '{_directory}' '{_directory}' && mount -o remount,ro,bind '{_directory}' && exec \"$@\"", "sh"];
        if (!await CanAsync([.. readOnly, "true"]))
        {
            Requirement.IsMissing("This machine lets nobody mount a file system of their own: util-linux and user namespaces are needed.");
        }

        (await PdsProcess.RunUnderAsync(readOnly, _settings, "serve")).ShouldBeRefused(_directory, "mounted read-only", "PDS_DATA_DIRECTORY");
    }

    [Test]
    public async Task Serve_WhenThePortIsTaken_SaysSoBeforeAnythingElse()
    {
        using TcpListener other = new(IPAddress.Any, int.Parse(_settings["PDS_PORT"]!, CultureInfo.InvariantCulture));
        other.Start();

        PdsProcess.Result result = await PdsProcess.RunAsync(_settings, "serve");

        result.ShouldBeRefused($"Port {_settings["PDS_PORT"]} is taken", "PDS_PORT");
        Assert.That(Directory.EnumerateFileSystemEntries(_directory), Is.Empty, "no database, and no lock that tells of one");
    }

    [Test]
    public async Task Serve_WhileTheLockIsHeld_DoesNotStart()
    {
        using DataDirectoryLock held = DataDirectoryLock.TryTake(_directory)!;

        (await PdsProcess.RunAsync(_settings, "serve")).ShouldBeRefused("at work in", "pds.lock", "Stop it");
    }

    [Test]
    public async Task Serve_WhenItIsRefused_HasCalledNobody()
    {
        using TcpListener others = new(IPAddress.Loopback, 0);
        others.Start();
        string address = $"http://127.0.0.1:{((IPEndPoint)others.LocalEndpoint).Port}";
        _settings["PDS_CRAWLERS"] = address;
        _settings["PDS_DID_PLC_URL"] = address;
        await File.WriteAllTextAsync(Path.Combine(Directory.CreateDirectory(_directory).FullName, "account.sqlite"), "theirs");

        PdsProcess.Result result = await PdsProcess.RunAsync(_settings, "serve");

        result.ShouldBeRefused("official server");
        Assert.That(others.Pending(), Is.False);
    }

    [Test]
    public async Task Serve_OnTheFirstVersionsData_ClosesItToOthers()
    {
        FirstVersion first = FirstVersion.Read();
        string directory = FirstVersion.Unpack("stopped", _root);
        File.SetUnixFileMode(directory, Everybody);
        File.SetUnixFileMode(Path.Combine(directory, "blobs"), Everybody);
        File.SetUnixFileMode(Path.Combine(directory, "pds.sqlite"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        Dictionary<string, string?> settings = new(first.Settings, StringComparer.Ordinal) { ["PDS_DATA_DIRECTORY"] = directory, ["PDS_PORT"] = _settings["PDS_PORT"] };

        PdsProcess.Result result = await PdsProcess.ServeAndStopAsync(settings);

        Assert.That(result.Code, Is.Zero, result.Errors);
        ShouldBeClosed(directory);
    }

    [Test]
    public async Task Serve_OnANewDirectory_ClosesItToOthers_AndFindsSixteenBytesOfSecretLongEnough()
    {
        PdsProcess.Result result = await PdsProcess.ServeAndStopAsync(With("PDS_JWT_SECRET", "sixteen-bytes-ok"));

        Assert.That(result.Code, Is.Zero, result.Errors);
        Assert.That(result.Output, Does.Not.Contain("PDS_JWT_SECRET"));
        ShouldBeClosed(_directory);
    }

    [Test]
    public async Task Serve_WithOldNamesAndOthersWithoutEffect_StartsAndListsThem()
    {
        string[] names = ["PDS_LIGHT_COLOR", "PDS_DARK_COLOR", "LOG_DESTINATION", "LOG_SYSTEMS", "PDS_ACTOR_STORE_CACHE_SIZE"];
        foreach (string name in names)
        {
            _settings[name] = "1";
        }

        _settings["PDS_JWT_SECRET"] = "short";
        PdsProcess.Result result = await PdsProcess.ServeAndStopAsync(_settings);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Code, Is.Zero, result.Errors);
            Assert.That(result.Output, Does.Contain("PDS_JWT_SECRET) has fewer than 16 bytes"));
            foreach (string name in names)
            {
                Assert.That(result.Output, Does.Contain(name));
            }
        }
    }

    [TestCase("account", "list")]
    [TestCase("audit", "list")]
    [TestCase("blobs", "collect")]
    [TestCase("key", "show")]
    public async Task Verb_OnADirectoryWithoutAServer_SaysSoAndMakesNothing(params string[] args)
    {
        PdsProcess.Result result = await PdsProcess.RunAsync(new Dictionary<string, string?> { ["PDS_DEV_MODE"] = "true", ["PDS_DATA_DIRECTORY"] = _directory }, args);

        result.ShouldBeRefused("There is no server in", "pds init");
        Assert.That(Path.Exists(_directory), Is.False);
    }

    private static void ShouldBeClosed(string directory)
    {
        IEnumerable<string> open = Directory.EnumerateFileSystemEntries(directory)
            .Append(directory)
            .Where(path => (File.GetUnixFileMode(path) & ~OwnerOnly) != UnixFileMode.None && Path.GetFileName(path) is not "pds.lock");

        Assert.That(open, Is.Empty);
    }

    private static async Task<bool> CanAsync(string[] command)
    {
        try
        {
            using var process = System.Diagnostics.Process.Start(command[0], command.Skip(1));
            await process.WaitForExitAsync();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private Dictionary<string, string?> With(string name, string? value) => new(_settings, StringComparer.Ordinal) { [name] = value };

    private void Execute(string sql) => Run(sql, command => command.ExecuteNonQuery());

    private long Query(string sql) => (long)Run(sql, command => command.ExecuteScalar())!;

    private object? Run(string sql, Func<SqliteCommand, object?> run)
    {
        using SqliteConnection connection = new($"Data Source={Path.Combine(_settings["PDS_DATA_DIRECTORY"]!, "pds.sqlite")};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return run(command);
    }
}
