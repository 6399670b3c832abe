using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.DependencyInjection;

namespace Pds.IntegrationTests.Xrpc;

/// <summary>A server that also has the methods of <see cref="ProbeController"/>.</summary>
internal abstract class XrpcTest : PdsTest
{
    protected override Task<PdsApplication> StartAsync() => PdsApplication.StartAsync(
        new Dictionary<string, string?>(StringComparer.Ordinal) { ["LOG_ENABLED"] = "false" },
        services => services.AddMvcCore().AddApplicationPart(typeof(ProbeController).Assembly));

    protected Task<HttpResponseMessage> GetRawAsync(string pathAndQuery) => Pds.Http.GetAsync(new Uri(pathAndQuery, UriKind.Relative));

    /// <summary>Sends a request as it is.</summary>
    protected Task<HttpResponseMessage> SendAsync(HttpMethod verb, string path, HttpContent? content = null, string? authorization = null)
    {
        HttpRequestMessage request = new(verb, path) { Content = content };
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        return Pds.Http.SendAsync(request);
    }

    protected static HttpContent Json(string json, string? contentType = "application/json")
    {
        ByteArrayContent content = new(Encoding.UTF8.GetBytes(json));
        content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        return content;
    }

    protected static string Basic(string user, string password) => $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))}";
}
