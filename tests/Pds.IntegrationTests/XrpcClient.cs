using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Pds.IntegrationTests;

/// <summary>XRPC over any client, and what tests expect of the answers.</summary>
internal static class XrpcClient
{
    public static Task<HttpResponseMessage> GetXrpcAsync(this HttpClient http, string method, params (string Name, object? Value)[] parameters)
    {
        IEnumerable<string> query = parameters.Where(parameter => parameter.Value is not null)
            .Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value!.ToString()!)}");
        return http.GetAsync(new Uri($"/xrpc/{method}?{string.Join('&', query)}", UriKind.Relative));
    }

    public static async Task<HttpResponseMessage> PostXrpcAsync(this HttpClient http, string method, JsonNode? input = null)
    {
        using StringContent? content = input is null ? null : new StringContent(input.ToJsonString(), Encoding.UTF8, "application/json");
        return await http.PostAsync(new Uri($"/xrpc/{method}", UriKind.Relative), content);
    }

    /// <summary>Asserts 200 and gives the JSON.</summary>
    public static async Task<JsonNode> ShouldBeJsonAsync(this HttpResponseMessage response)
    {
        string text = await response.Content.ReadAsStringAsync();
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), text);
        return JsonNode.Parse(text)!;
    }

    /// <summary>Asserts 200.</summary>
    public static async Task ShouldSucceedAsync(this HttpResponseMessage response) =>
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK), await response.Content.ReadAsStringAsync());

    /// <summary>Asserts status and name of an error, and that it says something.</summary>
    public static async Task<JsonNode> ShouldBeXrpcErrorAsync(this HttpResponseMessage response, HttpStatusCode status, string error)
    {
        string text = await response.Content.ReadAsStringAsync();
        Assert.That(response.StatusCode, Is.EqualTo(status), text);
        JsonNode body = JsonNode.Parse(text)!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(body["error"]!.GetValue<string>(), Is.EqualTo(error), text);
            Assert.That(body["message"]!.GetValue<string>(), Is.Not.Empty);
        }

        return body;
    }
}
