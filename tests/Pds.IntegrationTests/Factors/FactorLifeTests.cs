using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Pds.Application.Factors;
using Pds.IntegrationTests.Accounts.Mailing;

namespace Pds.IntegrationTests.Factors;

/// <summary>What lies in the database: enough to go on after a restart, nothing to sign in with, and nothing once the account is gone.</summary>
internal sealed class FactorLifeTests
{
    private static readonly string[] Tables = ["authenticator", "recovery_code", "passkey", "passkey_challenge", "trusted_browser"];

    private string _directory = null!;

    [SetUp]
    public void MakeDirectory() => _directory = Directory.CreateTempSubdirectory("pds-factors-").FullName;

    [TearDown]
    public void DeleteDirectory()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_directory, recursive: true);
    }

    [Test]
    public async Task Restart_BetweenQuestionAndAnswer_LosesNothing()
    {
        Dictionary<string, string?> port = []; // it is part of the origin that a passkey is bound to
        AccountClient alice;
        string device;
        PasskeyQuestion question;
        AuthenticatorApp app;
        string[] recoveryCodes;
        await using (PdsApplication first = await PdsApplication.StartAsync(directory: _directory))
        {
            port["PDS_PORT"] = first.Options.Server.Port.ToString();
            alice = await first.CreateAccountAsync("alice");
            device = await first.OpenDeviceAsync();
            question = await first.SendAsync(new BeginPasskeyCommand(alice.Caller(), device));
            app = new AuthenticatorApp((await first.SendAsync(new BeginAuthenticatorCommand(alice.Caller()))).Secret, TimeProvider.System);
        }

        using SoftwareAuthenticator phone = new($"http://localhost:{port["PDS_PORT"]}");
        await using (PdsApplication second = await PdsApplication.StartAsync(port, directory: _directory))
        {
            await second.SendAsync(new AddPasskeyCommand(alice.Caller(), device, new PasskeyAnswer(question.Id, phone.Create(question.Options)), "Phone"));
            recoveryCodes = [.. (await second.SendAsync(new ConfirmAuthenticatorCommand(alice.Caller(), app.Code()))).Codes];
        }

        await using PdsApplication third = await PdsApplication.StartAsync(port, directory: _directory);
        Assert.That((await third.FactorsAsync(alice)).Passkeys.Single().Name, Is.EqualTo("Phone"));
        await (await third.Http.SignInWithCodeAsync(alice, app.Code(1))).ShouldBeJsonAsync();
        await (await third.Http.SignInWithCodeAsync(alice, recoveryCodes[0])).ShouldBeJsonAsync();
        alice.Dispose();
    }

    [Test]
    public async Task Files_HoldNothingToSignInWith()
    {
        await using PdsApplication pds = await PdsApplication.StartAsync(directory: _directory);
        using AccountClient alice = await pds.CreateAccountAsync("alice");
        AuthenticatorApp app = await pds.TurnOnAuthenticatorAsync(alice);

        string[] files = [.. Directory.GetFiles(_directory, "pds.sqlite*").Select(ReadShared)];

        string[] secrets = [app.Text, Encoding.Latin1.GetString(app.Secret), Convert.ToHexString(app.Secret), .. app.RecoveryCodes, .. app.RecoveryCodes.Select(code => code.Replace("-", ""))];
        Assert.That(files.Any(file => file.Contains("alice.test", StringComparison.Ordinal)), Is.True, "the search would find what is there");
        Assert.That(secrets.Where(secret => files.Any(file => file.Contains(secret, StringComparison.OrdinalIgnoreCase))), Is.Empty);
    }

    [Test]
    public async Task DeleteAccount_LeavesNothing()
    {
        await using PdsApplication pds = await PdsApplication.StartAsync(directory: _directory);
        using AccountClient alice = await pds.CreateAccountAsync("alice");
        using SoftwareAuthenticator phone = new(pds.Options.Server.PublicOrigin);
        await pds.TurnOnAuthenticatorAsync(alice);
        await pds.AddPasskeyAsync(alice, phone);
        await pds.SendAsync(new BeginPasskeyCommand(alice.Caller(), await pds.OpenDeviceAsync()));
        Execute($"INSERT INTO trusted_browser SELECT '{alice.Did}', id, 0, {long.MaxValue / 2} FROM device");
        Assert.That(Tables.Select(Count), Is.All.GreaterThan(0));
        string token = await pds.RequestTokenAsync(alice, "com.atproto.server.requestAccountDelete");

        HttpResponseMessage response = await pds.Http.PostXrpcAsync(
            "com.atproto.server.deleteAccount", new JsonObject { ["did"] = alice.Did.ToString(), ["password"] = PdsApplication.Password, ["token"] = token });

        Assert.That(response.IsSuccessStatusCode, Is.True, await response.Content.ReadAsStringAsync());
        Assert.That(Tables.Select(Count), Is.All.Zero);
    }

    private static string ReadShared(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using MemoryStream copy = new();
        file.CopyTo(copy);
        return Encoding.Latin1.GetString(copy.ToArray());
    }

    private void Execute(string sql) => Run(sql, command => command.ExecuteNonQuery());

    private long Count(string table) => Run($"SELECT COUNT(*) FROM {table}", command => (long)command.ExecuteScalar()!);

    private T Run<T>(string sql, Func<SqliteCommand, T> read)
    {
        using SqliteConnection connection = new($"Data Source={Path.Combine(_directory, "pds.sqlite")}");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return read(command);
    }
}
