using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Pds.Application.Accounts;
using Pds.Application.Crypto;
using Pds.Application.OAuth;
using Pds.Application.Settings;
using Pds.Domain.Crypto;
using Pds.Domain.Identifiers;
using Pds.IntegrationTests.OAuth;

namespace Pds.IntegrationTests.Accounts;

/// <summary>Makes credentials of every kind of <see cref="AccessTable"/>, each once unless it was spent.</summary>
internal sealed class AccessCredentials(PdsApplication pds, string view) : IAsyncDisposable
{
    /// <summary>OAuth scopes that stand in the table by name; <c>rpc</c> ones follow from the row. All come with <c>atproto</c>.</summary>
    private static readonly Dictionary<string, string> s_scopes = new(StringComparer.Ordinal)
    {
        ["atproto"] = "",
        ["generic"] = "transition:generic",
        ["email"] = "transition:email",
        ["chat"] = "transition:generic transition:chat.bsky",
        ["chatAlone"] = "transition:chat.bsky",
        ["repo:create"] = "repo:com.example.note?action=create",
        ["repo:update"] = "repo:com.example.note?action=update",
        ["repo:delete"] = "repo:com.example.note?action=delete",
        ["repo:note"] = "repo:com.example.note",
        ["repo:other"] = "repo:com.example.other",
        ["repo:*"] = "repo:*",
        ["blob:png"] = "blob:image/png",
        ["blob:image"] = "blob:image/*",
        ["blob:video"] = "blob:video/*",
        ["blob:*"] = "blob:*/*",
        ["account:email"] = "account:email",
        ["account:email!"] = "account:email?action=manage",
        ["account:repo"] = "account:repo",
        ["account:repo!"] = "account:repo?action=manage",
        ["account:status"] = "account:status",
        ["account:status!"] = "account:status?action=manage",
        ["identity:handle"] = "identity:handle",
        ["identity:*"] = "identity:*",
    };

    private readonly Dictionary<string, Credential> _made = new(StringComparer.Ordinal);
    private readonly DpopKey _key = new();
    private readonly List<AccountClient> _accounts = [];
    private AccountClient? _owner;
    private ForeignIdentity? _moderator;
    private ForeignIdentity? _labeler;

    /// <summary>The OAuth scopes of the columns.</summary>
    public static IEnumerable<string> Scopes => [.. s_scopes.Keys, "rpc", "rpc/any", "rpc/all", "rpc/otherService", "rpc/otherMethod"];

    /// <summary>An account that stays as it is.</summary>
    public AccountClient Owner => _owner!;

    public async Task StartAsync()
    {
        _owner = await NewAccountAsync();
        _moderator = await pds.CreateForeignIdentityAsync("moderator.example");
        pds.Services.GetRequiredService<ModerationSettings>().ModeratorDid = _moderator.Did.ToString();
        _labeler = await pds.CreateForeignIdentityAsync("marks-things.test", withLabelKey: true);
        _accounts.Add(await _labeler.MoveInAsync());
    }

    /// <summary>A credential of a kind for a row.</summary>
    public async Task<Credential> OfAsync(string kind, AccessRow row, bool isNew)
    {
        if (kind is "serv" or "labl" or "mod")
        {
            return await MakeServiceTokenAsync(kind, row.Method);    // each serves once
        }

        if (isNew)
        {
            return await MakeAsync(kind);
        }

        if (!_made.TryGetValue(kind, out Credential? credential))
        {
            credential = await MakeAsync(kind);
            _made[kind] = credential;
        }

        return credential;
    }

    /// <summary>An OAuth credential with a scope of the columns.</summary>
    public async Task<Credential> WithScopeAsync(string name, AccessRow row, bool isNew)
    {
        string scope = $"atproto {ScopeOf(name, row)}".TrimEnd();
        if (isNew)
        {
            return await GrantAsync(await NewAccountAsync(), scope);
        }

        if (!_made.TryGetValue(scope, out Credential? credential))
        {
            credential = await GrantAsync(Owner, scope);
            _made[scope] = credential;
        }

        return credential;
    }

    public string Prove(string verb, string address, string? nonce, string token) => _key.Prove(verb, address, nonce, token);

    public ValueTask DisposeAsync()
    {
        _accounts.ForEach(account => account.Dispose());
        _key.Dispose();
        return ValueTask.CompletedTask;
    }

    private static Credential Basic(string did, string password) => new(did, "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"admin:{password}")));

    private string ScopeOf(string name, AccessRow row)
    {
        string service = Uri.EscapeDataString(row.Service.Replace("{view}", view, StringComparison.Ordinal));
        return name switch
        {
            "rpc" => $"rpc:{row.ScopedMethod}?aud={service}",
            "rpc/any" => $"rpc:{row.ScopedMethod}?aud=*",
            "rpc/all" => $"rpc:*?aud={service}",
            "rpc/otherService" => $"rpc:{row.ScopedMethod}?aud=did:web:other.example%23svc",
            "rpc/otherMethod" => $"rpc:com.example.other?aud={service}",
            _ => s_scopes[name],
        };
    }

    private async Task<Credential> MakeAsync(string kind)
    {
        AccountClient account = kind is "none" or "junk" or "adm" or "bad" ? Owner : await NewAccountAsync();
        string did = account.Did.ToString();
        return kind switch
        {
            "none" => new Credential(did, "", ""),
            "junk" => new Credential(did, "Bearer", "not-a-token"),
            "full" => new Credential(did, "Bearer", account.AccessJwt),
            "app" => new Credential(did, "Bearer", await SignInWithAppPasswordAsync(account, privileged: false)),
            "priv" => new Credential(did, "Bearer", await SignInWithAppPasswordAsync(account, privileged: true)),
            "tdOld" => new Credential(did, "Bearer", await TakeDownAsync(account, signIn: false)),
            "tdNew" => new Credential(did, "Bearer", await TakeDownAsync(account, signIn: true)),
            "deact" => new Credential(did, "Bearer", await DeactivateAsync(account)),
            "refr" => new Credential(did, "Bearer", account.RefreshJwt),
            "adm" => Basic(did, PdsApplication.AdminPassword),
            "bad" => Basic(did, "another password"),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        };
    }

    private async Task<Credential> MakeServiceTokenAsync(string kind, string method)
    {
        (ISigner signer, string issuer) = kind switch
        {
            "serv" => (await pds.Services.GetRequiredService<ISigningKeys>().GetAsync(Owner.Did, CancellationToken.None), Owner.Did.ToString()),
            "labl" => (_labeler!.Label!, $"{_labeler.Did}#atproto_labeler"),
            _ => (_moderator!.Signing, _moderator.Did.ToString()),
        };
        return new Credential(Owner.Did.ToString(), "Bearer", GivenServiceTokens.Sign(signer, issuer, pds.Options.Server.ServiceIdentity.ToString(), method));
    }

    private async Task<AccountClient> NewAccountAsync()
    {
        AccountClient account = await pds.CreateAccountAsync();
        _accounts.Add(account);
        return account;
    }

    private async Task<string> SignInWithAppPasswordAsync(AccountClient account, bool privileged)
    {
        JsonNode made = await (await account.PostAsync("com.atproto.server.createAppPassword", new JsonObject { ["name"] = "app", ["privileged"] = privileged })).ShouldBeJsonAsync();
        return (string)(await (await pds.Http.SignInAsync(account.Handle.ToString(), (string)made["password"]!)).ShouldBeJsonAsync())["accessJwt"]!;
    }

    private async Task<string> TakeDownAsync(AccountClient account, bool signIn)
    {
        await pds.TakeDownAsync(account.Did);
        return signIn ? (string)(await (await pds.Http.SignInAsync(account.Handle.ToString(), allowTakendown: true)).ShouldBeJsonAsync())["accessJwt"]! : account.AccessJwt;
    }

    private static async Task<string> DeactivateAsync(AccountClient account)
    {
        await account.PostAsync("com.atproto.server.deactivateAccount", new JsonObject());
        return account.AccessJwt;
    }

    /// <summary>What the authorization server does once consent was given, without its pages.</summary>
    private async Task<Credential> GrantAsync(AccountClient account, string scope)
    {
        DateTimeOffset now = DateTimeOffset.UtcNow;
        OAuthSession session = new()
        {
            Id = $"ses-{Guid.NewGuid():n}",
            TokenId = $"tok-{Guid.NewGuid():n}",
            Did = account.Did,
            ClientId = OAuthClient.Loopback,
            Client = new ClientBinding(KeyThumbprint: null),
            DpopKey = _key.Thumbprint,
            Scope = scope,
            CreatedAt = now,
            UpdatedAt = now,
            ExpiresAt = now.AddDays(1),
            CodeHash = Guid.NewGuid().ToString("n"),
        };
        Account owner = (await pds.Services.GetRequiredService<IAccountStore>().FindAsync(new AtIdentifier(account.Did), CancellationToken.None))!;
        await pds.Services.GetRequiredService<IOAuthSessionStore>().AddAsync(SignInProof.Of(owner), session, CancellationToken.None);
        JsonObject claims = new()
        {
            ["jti"] = session.TokenId,
            ["sub"] = account.Did.ToString(),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = now.AddHours(1).ToUnixTimeSeconds(),
            ["aud"] = pds.Options.Server.ServiceIdentity.ToString(),
            ["cnf"] = new JsonObject { ["jkt"] = session.DpopKey },
        };
        return new Credential(account.Did.ToString(), "DPoP", GivenSessionTokens.Sign(claims));
    }
}

/// <summary>A value for the <c>Authorization</c> header, and the account it is about.</summary>
internal sealed record Credential(string Did, string Scheme, string Value)
{
    public AuthenticationHeaderValue? Header => Scheme.Length == 0 ? null : new AuthenticationHeaderValue(Scheme, Value);
}

/// <summary>Tokens under the server's own secret.</summary>
internal static class GivenSessionTokens
{
    /// <summary>Signs claims as the server signs access tokens.</summary>
    public static string Sign(JsonObject claims)
    {
        string unsigned = $"{Encode("""{"typ":"at+jwt","alg":"HS256"}""")}.{Encode(claims.ToJsonString())}";
        return $"{unsigned}.{Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(PdsApplication.JwtSecret), Encoding.ASCII.GetBytes(unsigned)))}";
    }

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}

/// <summary>Service tokens of any issuer.</summary>
internal static class GivenServiceTokens
{
    public static string Sign(ISigner signer, string issuer, string audience, string method)
    {
        JsonObject claims = new()
        {
            ["iat"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
            ["iss"] = issuer,
            ["aud"] = audience,
            ["exp"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 60,
            ["lxm"] = method,
            ["jti"] = Guid.NewGuid().ToString("n"),
        };
        string unsigned = $"{Encode($$"""{"typ":"JWT","alg":"{{signer.PublicKey.JwtAlgorithm}}"}""")}.{Encode(claims.ToJsonString())}";
        byte[] signature = new byte[ISigner.SignatureLength];
        signer.Sign(Encoding.ASCII.GetBytes(unsigned), signature);
        return $"{unsigned}.{Base64Url.EncodeToString(signature)}";
    }

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
