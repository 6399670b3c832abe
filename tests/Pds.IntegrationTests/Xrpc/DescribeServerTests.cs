using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;

namespace Pds.IntegrationTests.Xrpc;

internal sealed class DescribeServerTests : PdsTest
{
    // Pitfall D 87.
    [Test]
    public async Task DescribeServer_Always_TellsWhatSettingsSay()
    {
        HttpResponseMessage response = await Pds.Http.GetXrpcAsync("com.atproto.server.describeServer");

        JsonNode output = await response.ShouldBeJsonAsync();
        Assert.That(output.ToJsonString(), Is.EqualTo(
            """{"did":"did:web:localhost","availableUserDomains":[".test"],"inviteCodeRequired":false,"phoneVerificationRequired":false,"blobUploadLimit":5242880,"links":{},"contact":{}}"""));
    }

    [Test]
    public async Task Health_Always_TellsTheVersion()
    {
        HttpResponseMessage response = await Pds.Http.GetXrpcAsync("_health");

        JsonNode output = await response.ShouldBeJsonAsync();
        Assert.That(output["version"]!.GetValue<string>(), Does.Match(@"^\d+\.\d+\.\d+"));
    }

    /// <summary>Pitfall D 86: open to anybody, and to pages of any origin.</summary>
    [Test]
    public async Task Health_WhenTheDatabaseDoesNotAnswer_Is503UntilItDoes()
    {
        Execute("ALTER TABLE account RENAME TO gone");
        HttpResponseMessage ill = await Pds.Http.GetXrpcAsync("_health");
        Execute("ALTER TABLE gone RENAME TO account");
        HttpResponseMessage well = await Pds.Http.GetXrpcAsync("_health");

        JsonNode output = JsonNode.Parse(await ill.Content.ReadAsStringAsync())!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That((ill.StatusCode, well.StatusCode), Is.EqualTo((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK)));
            Assert.That((string?)output["error"], Is.EqualTo("Service Unavailable"));
            Assert.That((string?)output["version"], Is.Not.Empty);
            Assert.That(ill.Headers.GetValues("Access-Control-Allow-Origin"), Is.EqualTo(["*"]));
        }
    }

    private void Execute(string sql)
    {
        using SqliteConnection connection = new($"Data Source={Path.Combine(Pds.Directory, "pds.sqlite")};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
