using System.Text;
using Pds.Application.Identity;
using Pds.Application.Lexicons;
using Pds.Application.Repositories;
using Pds.Application.Settings;
using Pds.Domain.Crypto;
using Pds.Domain.DataModel;
using Pds.Domain.Errors;
using Pds.Domain.Identifiers;
using Pds.Domain.Identity;
using Pds.Domain.Lexicons;
using Pds.Domain.Repositories;
using Pds.Infrastructure.Http;
using Pds.Infrastructure.Identity;

namespace Pds.Infrastructure.Lexicons;

/// <summary>Reads a record of an active account of this server. <c>IsHere</c> is <see langword="false"/> where there is no such account; then somebody else may have the record.</summary>
internal delegate ValueTask<(bool IsHere, StoredRecord? Record)> OwnRecordLookup(Did did, RecordPath path, CancellationToken cancellationToken);

/// <summary>
/// Fetches a lexicon from the repository of its authority and believes nothing that is not proven. What an account of this server published is
/// read here: this server may not reach its own public address, and needs no proof of its own records.
/// </summary>
/// <remarks>Source: <see href="https://atproto.com/specs/lexicon#lexicon-publication-and-resolution"/></remarks>
internal sealed class LexiconResolver(
    RuleSettings options, TxtLookup texts, IDidResolver dids, IVerifier verifier, GuardedHttp http, OwnRecordLookup own)
{
    private const string Prefix = "did=";
    private const int MaxNameLength = 253;

    private static readonly TimeSpan DnsTimeout = TimeSpan.FromSeconds(3);
    private static readonly FetchLimits ProofLimits = new(512 * 1024, TimeSpan.FromSeconds(10));
    private static readonly Nsid Collection = Nsid.Parse("com.atproto.lexicon.schema");

    /// <summary>Looks a lexicon up, past every cache of lexicons, in bounded time.</summary>
    public async Task<LexiconLookup> FetchAsync(Nsid nsid, CancellationToken cancellationToken)
    {
        if (await FindAuthorityAsync(nsid, cancellationToken) is not { } did)
        {
            return LexiconLookup.Failed($"Failed to resolve lexicon DID authority for {nsid}");
        }

        (bool isHere, StoredRecord? record) = await own(did, new RecordPath(Collection, RecordKey.Parse(nsid.ToString())), cancellationToken);
        if (isHere)
        {
            return record?.Record.Type == Collection.ToString()
                ? Judge(nsid, did, record.Record)
                : LexiconLookup.Failed($"The lexicon authority {did} has not published the lexicon {nsid}");
        }

        try
        {
            if (await dids.ResolveAsync(did, refresh: false, cancellationToken) is not { SigningKey: not null, PdsEndpoint: not null } document)
            {
                return LexiconLookup.Failed($"The lexicon authority {did} has no repository");
            }

            byte[]? proof = await FetchProofAsync(document.PdsEndpoint, did, nsid, cancellationToken);
            return proof is null
                ? LexiconLookup.Failed($"Failed to fetch the lexicon {nsid}")
                : await ReadAsync(nsid, document, proof, cancellationToken);
        }
        catch (XrpcException)
        {
            return LexiconLookup.Failed($"The lexicon authority {did} could not be resolved");
        }
    }

    private async Task<Did?> FindAuthorityAsync(Nsid nsid, CancellationToken cancellationToken)
    {
        if (options.LexiconAuthorityDid is { } authority)
        {
            return Did.Parse(authority);
        }

        // This very name and no other: neither parents nor children speak for it.
        string name = $"_lexicon.{nsid.Authority}";
        IReadOnlyList<string>? records = name.Length > MaxNameLength
            ? null
            : await texts(name, Nameservers.OfSystem(), DnsTimeout, cancellationToken);
        string[] found = [.. (records ?? []).Where(record => record.StartsWith(Prefix, StringComparison.Ordinal))];
        return found is [string only] && Did.TryParse(only[Prefix.Length..], out Did did) ? did : null;
    }

    private async Task<byte[]?> FetchProofAsync(string endpoint, Did did, Nsid nsid, CancellationToken cancellationToken)
    {
        var uri = new Uri(
            new Uri(endpoint),
            $"/xrpc/com.atproto.sync.getRecord?did={Uri.EscapeDataString(did.ToString())}&collection={Collection}&rkey={nsid}");
        try
        {
            FetchResponse response = await http.GetAsync(uri, "application/vnd.ipld.car", ProofLimits, cancellationToken);
            return response.IsSuccess ? response.Body : null;
        }
        catch (FetchException)
        {
            return null;
        }
    }

    private async Task<LexiconLookup> ReadAsync(Nsid nsid, DidDocument document, byte[] proof, CancellationToken cancellationToken)
    {
        var path = new RecordPath(Collection, RecordKey.Parse(nsid.ToString()));
        DataMap? record = Verify(proof, document, path);
        if (record is null
            && await dids.ResolveAsync(document.Did, refresh: true, cancellationToken) is { } current
            && !Equals(current.SigningKey, document.SigningKey))
        {
            record = Verify(proof, current, path);   // the key was changed since the document was cached
        }

        if (record?.Type != Collection.ToString())
        {
            return LexiconLookup.Failed($"Failed to verify the proof of the lexicon {nsid}");
        }

        return Judge(nsid, document.Did, record);
    }

    private static LexiconLookup Judge(Nsid nsid, Did authority, DataMap record)
    {
        try
        {
            var lexicon = LexiconDocument.Parse(Encoding.UTF8.GetBytes(record.ToJson()));
            return lexicon.Id == nsid
                ? LexiconLookup.Found(new PublishedLexicon(new AtUri(authority, Collection, RecordKey.Parse(nsid.ToString())), record.Cid, record, lexicon))
                : LexiconLookup.Failed($"The document published as lexicon {nsid} has another id");
        }
        catch (LexiconFormatException)
        {
            return LexiconLookup.Failed($"The document published as lexicon {nsid} is not a lexicon");
        }
    }

    private DataMap? Verify(byte[] proof, DidDocument document, RecordPath path)
    {
        try
        {
            return document.SigningKey is { } key ? RecordProof.Verify(proof, document.Did, path, key, verifier) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
