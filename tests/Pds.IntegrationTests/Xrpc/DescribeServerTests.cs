using System.Text.Json.Nodes;

namespace Pds.IntegrationTests.Xrpc;

internal sealed class DescribeServerTests : PdsTest
{
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
}
