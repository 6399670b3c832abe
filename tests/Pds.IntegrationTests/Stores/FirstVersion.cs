using System.Formats.Tar;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Pds.IntegrationTests.Stores;

/// <summary>A data directory of the first version and what that version answered about it; made by <c>tests/fixtures/make-first-version.mjs</c>.</summary>
internal sealed class FirstVersion
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "fixtures", "first-version");
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    public required DateTimeOffset RecordedAt { get; init; }

    public required Dictionary<string, string?> Settings { get; init; }

    public required string Password { get; init; }

    public required IReadOnlyList<Answer> Answers { get; init; }

    /// <summary>Every frame of <c>subscribeRepos</c> from cursor 0.</summary>
    public required IReadOnlyList<byte[]> Frames { get; init; }

    public required IReadOnlyDictionary<string, Session> Sessions { get; init; }

    public required IReadOnlyDictionary<string, string> AppPasswords { get; init; }

    public required OAuthSession OAuth { get; init; }

    /// <summary>DIDs by the first label of the handle at sign-up.</summary>
    public required IReadOnlyDictionary<string, string> Accounts { get; init; }

    public static FirstVersion Read()
    {
        using GZipStream file = new(File.OpenRead(Path.Combine(Folder, "answers.json.gz")), CompressionMode.Decompress);
        return JsonSerializer.Deserialize<FirstVersion>(file, Web)!;
    }

    /// <summary>Unpacks the data directory.</summary>
    /// <param name="name"><c>stopped</c>: stopped cleanly; <c>crashed</c>: killed, with its write-ahead log.</param>
    /// <param name="target">Where to, an empty directory.</param>
    /// <returns>The data directory.</returns>
    public static string Unpack(string name, string target)
    {
        using GZipStream file = new(File.OpenRead(Path.Combine(Folder, $"{name}.tar.gz")), CompressionMode.Decompress);
        TarFile.ExtractToDirectory(file, target, overwriteFiles: false);
        return Path.Combine(target, "data");
    }

    /// <summary>Starts this version on it, at the time when its answers were recorded.</summary>
    public Task<PdsApplication> StartAsync(string directory)
    {
        ManualTime time = new();
        time.Advance(RecordedAt - TimeProvider.System.GetUtcNow());
        Dictionary<string, string?> variables = new(Settings, StringComparer.Ordinal) { ["PDS_ENABLE_DID_DOC_WITH_SESSION"] = "true" };
        return PdsApplication.StartAsync(variables, services => services.Replace(ServiceDescriptor.Singleton<TimeProvider>(time)), directory);
    }

    internal sealed record Answer(string Path, string? Authorization, int Status, string ContentType, byte[] Body)
    {
        public HttpRequestMessage Ask() => new(HttpMethod.Get, Path)
        {
            Headers = { Authorization = Authorization is null ? null : AuthenticationHeaderValue.Parse(Authorization) },
        };
    }

    internal sealed record Session(string Did, string AccessJwt, string RefreshJwt);

    internal sealed record OAuthSession(string Did, string ClientId, string Scope, Dictionary<string, string> Key, string AccessToken, string RefreshToken);
}
