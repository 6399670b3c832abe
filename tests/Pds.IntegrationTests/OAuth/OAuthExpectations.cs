using System.Net;
using System.Text.Json.Nodes;

namespace Pds.IntegrationTests.OAuth;

/// <summary>What tests expect of error answers of OAuth.</summary>
internal static class OAuthExpectations
{
    public static async Task ShouldBeOAuthErrorAsync(this HttpResponseMessage response, HttpStatusCode status, string error)
    {
        string text = await response.Content.ReadAsStringAsync();
        Assert.That(response.StatusCode, Is.EqualTo(status), text);
        JsonNode body = JsonNode.Parse(text)!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(body["error"]!.GetValue<string>(), Is.EqualTo(error), text);
            Assert.That(body["error_description"]!.GetValue<string>(), Is.Not.Empty);
        }
    }
}
