using System.Collections.Specialized;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Web;
using Pds.Application.Accounts;
using Pds.Application.Repositories;
using Pds.Application.Settings;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Proxying;
using Pds.Domain.Repositories;

namespace Pds.Application.Proxying;

/// <summary>
/// Completes answers of an AppView that lags behind what the caller wrote here (spec 04 §8). On any doubt the answer passes as it came.
/// </summary>
internal sealed class ReadAfterWrite(
    LocalChangesReader changes, IAccountStore accounts, IRecordStore records, SignedCalls calls, ProxyingSettings proxying, ServerSettings server, TimeProvider time)
{
    private const string RevHeader = "atproto-repo-rev";
    private const string LagHeader = "atproto-upstream-lag";
    private const int Ok = 200;
    private const int BadRequest = 400;

    private static readonly Nsid GetPostThread = Nsid.Parse(AnswerPatches.GetPostThread);
    private static readonly RecordPath ProfilePath = RecordPath.Parse("app.bsky.actor.profile/self");

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 2 * AnswerJson.MaxDepth };

    /// <summary>Whether answers of a method are completed.</summary>
    public static bool AppliesTo(Nsid method, HttpMethod verb) => verb == HttpMethod.Get && AnswerPatches.AppliesTo(method);

    /// <summary>The answer, completed where it lags behind.</summary>
    /// <param name="answer">What the AppView says; taken over.</param>
    /// <param name="query">What it was asked.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ServiceAnswer> CompleteAsync(ServiceAnswer answer, AnsweredQuery query, CancellationToken cancellationToken)
    {
        bool isMissingThread = answer.Status == BadRequest && query.Method == GetPostThread;
        if ((answer.Status != Ok && !isMissingThread)
            || !answer.IsJson
            || !Tid.TryParse(answer.Headers.GetValueOrDefault(RevHeader), out Tid rev)
            || await changes.FindAsync(query.Issuer, rev, cancellationToken) is not { } local)
        {
            return answer;
        }

        (byte[] raw, bool isWhole) = await ReadStartAsync(answer, cancellationToken);
        if (!isWhole)
        {
            return answer.Resumed(raw);
        }

        ServiceAnswer rewound = answer.Rewound(raw);
        await answer.DisposeAsync();

        try
        {
            return await PatchAsync(rewound, raw, query, local, cancellationToken) ?? rewound;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return rewound;     // not of the shape that was expected, or what was missing could not be fetched
        }
    }

    private static async Task<(byte[] Raw, bool IsWhole)> ReadStartAsync(ServiceAnswer answer, CancellationToken cancellationToken)
    {
        try
        {
            return await AnswerBody.ReadStartAsync(answer.Body, AnswerJson.MaxBytes, cancellationToken);
        }
        catch
        {
            await answer.DisposeAsync();
            throw;
        }
    }

    private async Task<ServiceAnswer?> PatchAsync(ServiceAnswer answer, byte[] raw, AnsweredQuery query, LocalChanges local, CancellationToken cancellationToken)
    {
        if (await AnswerBody.DecodeAsync(answer, raw, AnswerJson.MaxBytes, cancellationToken) is not { } decoded
            || AnswerJson.Parse(decoded) is not { } body
            || await accounts.FindAsync(new AtIdentifier(query.Issuer), cancellationToken) is not { } account)
        {
            return null;
        }

        var appView = new AppViewReader(calls, query.Issuer, query.Endpoint, query.Audience);
        StoredRecord? profile = await records.FindAsync(query.Issuer, ProfilePath, cancellationToken);
        JsonObject? profileJson = profile is null ? null : JsonNode.Parse(profile.Record.ToJson())!.AsObject();
        var viewer = new LocalViewer(account, profileJson, new LocalEmbeds(appView, proxying, server), proxying, server);
        var patches = new AnswerPatches(query.Issuer.ToString(), local, viewer, new LocalLikes(local, appView));
        if (answer.Status != Ok)
        {
            body = body["error"]?.GetValue<string>() == ProxyErrors.NotFound ? await ShowThreadAsync(patches, appView, account, query, local, cancellationToken) ?? body : body;
            return body.ContainsKey("thread") ? Answer(answer, body, local) : null;
        }

        return await patches.ApplyAsync(query.Method, body, IsOwnFirstPage(query, account), cancellationToken) ? Answer(answer, body, local) : null;
    }

    private static bool IsOwnFirstPage(AnsweredQuery query, Account account)
    {
        NameValueCollection parameters = HttpUtility.ParseQueryString(query.Query);
        return string.IsNullOrEmpty(parameters["cursor"]) && (parameters["actor"] == account.Did.ToString() || parameters["actor"] == account.Handle?.ToString());
    }

    /// <summary>A post that was written a moment ago: its thread is made of what lies here, below ancestors that the AppView knows.</summary>
    private static async Task<JsonObject?> ShowThreadAsync(
        AnswerPatches patches, AppViewReader appView, Account account, AnsweredQuery query, LocalChanges local, CancellationToken cancellationToken)
    {
        NameValueCollection parameters = HttpUtility.ParseQueryString(query.Query);
        if (!AtUri.TryParse(parameters["uri"], out AtUri asked) || asked.Collection is not { } collection || asked.Key is not { } key
            || (asked.Authority.ToString() != account.Did.ToString() && asked.Authority.ToString() != account.Handle?.ToString()))
        {
            return null;
        }

        string uri = new AtUri(account.Did, collection, key).ToString();
        if (await patches.ShowThreadAsync(uri, cancellationToken) is not { } thread)
        {
            return null;
        }

        JsonNode? parent = local.Posts.First(post => post.Uri == uri).Value["reply"]?["parent"]?["uri"];
        if (parent is not null)
        {
            string height = parameters["parentHeight"] is { } wanted ? $"&parentHeight={Uri.EscapeDataString(wanted)}" : "";
            string ancestors = $"?uri={Uri.EscapeDataString(parent.GetValue<string>())}&depth=0{height}";
            if (await TryQueryAsync(appView, ancestors, cancellationToken) is { } found)
            {
                thread["parent"] = found.DeepClone();
            }
        }

        return new JsonObject { ["thread"] = thread };
    }

    private static async Task<JsonNode?> TryQueryAsync(AppViewReader appView, string query, CancellationToken cancellationToken)
    {
        try
        {
            return (await appView.QueryAsync(GetPostThread, query, cancellationToken))?["thread"];
        }
        catch (Exception e) when (e is XrpcException or JsonException)
        {
            return null;    // a thread without its ancestors is better than none
        }
    }

    private ServiceAnswer Answer(ServiceAnswer answer, JsonObject body, LocalChanges local)
    {
        double lag = (time.GetUtcNow() - local.Records.Min(record => record.IndexedAt)).TotalMilliseconds;
        string text = Math.Max(0, (long)lag).ToString(CultureInfo.InvariantCulture);
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Relaxed))
        {
            body.WriteTo(json);
        }

        return answer.WithJson(Ok, buffer.ToArray(), new(LagHeader, text));
    }
}

/// <summary>A query that an AppView answered.</summary>
/// <param name="Issuer">Who asked.</param>
/// <param name="Method">The method.</param>
/// <param name="Query">Its parameters, as written.</param>
/// <param name="Endpoint">Base address of the AppView.</param>
/// <param name="Audience">Audience of tokens for it.</param>
internal sealed record AnsweredQuery(Did Issuer, Nsid Method, string Query, Uri Endpoint, string Audience);
