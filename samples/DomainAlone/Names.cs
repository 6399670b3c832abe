using System.Text.Json;
using Pds.Domain.Identifiers;

namespace DomainAlone;

/// <summary>Identifiers: parsed once at the edge, then values that cannot be wrong.</summary>
public static class Names
{
    /// <summary>Says what an AT-URI names.</summary>
    public static string Describe(string text)
    {
        if (!AtUri.TryParse(text, out AtUri uri))
        {
            return "That is not an AT-URI.";
        }

        string owner = uri.Authority.TryGetDid(out Did did)
            ? $"the account {did}, whose DID is of the method {did.Method}"
            : $"the account that is known as {uri.Authority}";
        return uri.Collection is { } collection ? $"{collection.Name} {uri.Key} of {owner}" : owner;
    }

    /// <summary>When a record with such a key was made; <see langword="null"/> when the key does not tell.</summary>
    public static DateTimeOffset? TimeOf(RecordKey key) =>
        Tid.TryParse(key.ToString(), out Tid tid) ? DateTimeOffset.UnixEpoch.AddMicroseconds(tid.UnixMicroseconds) : null;

    /// <summary>A file of your own: values and keys are their texts, no options needed.</summary>
    public static string Save(Profile profile, IReadOnlyDictionary<Did, Tid> lastSeen) =>
        JsonSerializer.Serialize(new { profile, lastSeen });
}

/// <summary>What an application keeps about an account.</summary>
public sealed record Profile(Did Did, Handle? Handle, AtUri? PinnedPost);
