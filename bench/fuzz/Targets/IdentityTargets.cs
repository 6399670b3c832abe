using System.Text;
using Pds.Domain.Identifiers;
using Pds.Domain.Identity;

namespace Pds.Fuzz.Targets;

/// <summary>DID documents: only <see cref="FormatException"/> refuses, and what is found in one is usable.</summary>
internal sealed class DidDocumentTarget() : FuzzTarget("did-document", Document)
{
    public override int MaxLength => 2048;

    public override IReadOnlyList<string> Tokens { get; } =
    [
        "\"id\":", "\"alsoKnownAs\":[", "\"verificationMethod\":[{", "\"service\":[{", "\"serviceEndpoint\":", "\"type\":\"Multikey\"", "\"publicKeyMultibase\":", "#atproto", "#atproto_pds", "at://", "https://", "\\ud800", "\\u0000", "null", "{}", "[]", "1e9",
        "\"type\":\"EcdsaSecp256k1VerificationKey2019\"", "\"type\":\"EcdsaSecp256r1VerificationKey2019\"", "http://[::1]:99999/",
    ];

    public override string? Read(ReadOnlyMemory<byte> input)
    {
        try
        {
            var document = DidDocument.Parse(Samples.Did, input.Span);
            _ = document.FindKey("atproto_label");
            string? endpoint = document.FindService("atproto_pds", "AtprotoPersonalDataServer") ?? document.FindService("bsky_appview");
            Promise.Holds(endpoint is null || new Uri(endpoint).Scheme is "http" or "https", "An endpoint is no address.");
            Promise.Holds(document.PdsEndpoint is not { } pds || new Uri(pds).Host.Length > 0, "A server has no host.");
            Promise.Holds(document.Handle is not { } handle || Handle.IsValid(handle.ToString()), "A handle is none.");
            return null;
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }

    public override IEnumerable<(string Name, byte[] Bytes)> Seeds()
    {
        yield return ("whole.json", Encoding.UTF8.GetBytes(
            $$"""{"@context":["https://www.w3.org/ns/did/v1"],"id":"{{Samples.DidText}}","alsoKnownAs":["https://x.test","at://alice.test"],"verificationMethod":[{"id":"{{Samples.DidText}}#atproto","type":"Multikey","controller":"{{Samples.DidText}}","publicKeyMultibase":"{{Samples.DidKey[8..]}}"},{"id":"#atproto_label","type":"EcdsaSecp256k1VerificationKey2019","publicKeyMultibase":"zQYEBzXeuTM9UR3rfvNag6L3RNAs5pQZyYPsomTsgQhsxLdEgCrPTLgFna8yqCnxPpNT7DBk6Ym3dgPKNu86vt9GR"}],"service":[{"id":"#atproto_pds","type":"AtprotoPersonalDataServer","serviceEndpoint":"https://pds.test"},{"id":"#bsky_appview","type":"BskyAppView","serviceEndpoint":"https://api.bsky.test"}]}"""));
        yield return ("small.json", Encoding.UTF8.GetBytes($$"""{"id":"{{Samples.DidText}}"}"""));
    }
}

/// <summary>PLC operations: only <see cref="FormatException"/> refuses; what is read is the same after being written; the log refuses with <see cref="PlcException"/> only.</summary>
internal sealed class PlcOperationTarget() : FuzzTarget("plc-operation", Document)
{
    public override int MaxLength => 2048;

    public override IReadOnlyList<string> Tokens { get; } =
    [
        "\"type\":\"plc_operation\"", "\"type\":\"plc_tombstone\"", "\"type\":\"create\"", "\"prev\":null", "\"sig\":\"\"", "\"rotationKeys\":[", "\"services\":{", "\"alsoKnownAs\":[", "\"verificationMethods\":{", "did:key:z", "\\ud800", "\\u0000", "null", "{}", "[]",
    ];

    public override string? Read(ReadOnlyMemory<byte> input)
    {
        PlcOperation operation;
        try
        {
            operation = PlcOperation.FromJson(input.Span);
        }
        catch (FormatException e)
        {
            return e.Message;
        }

        var again = PlcOperation.FromJson(operation.ToJson());
        Promise.Holds(again.Cid == operation.Cid && again.Encoding.Span.SequenceEqual(operation.Encoding.Span), "An operation does not survive being written.");
        if (operation.Data is { } data)
        {
            DidDocument.Parse(Samples.Did, PlcDocument.ToDidDocument(Samples.Did, data));
        }

        try
        {
            IReadOnlyList<PlcLogEntry> log = PlcLog.Append([], operation.IsGenesis && !operation.IsLegacy ? operation.DeriveDid() : Samples.Did, operation, DateTimeOffset.UnixEpoch, Samples.Signer);
            Promise.Holds(log.Count == 1, "A log of one operation has more.");
            PlcLog.Append(log, operation.DeriveDid(), operation, DateTimeOffset.UnixEpoch, Samples.Signer);
            throw new BrokenPromiseException("A genesis follows itself.");
        }
        catch (PlcException e)
        {
            return e.Message.StartsWith("The field prev", StringComparison.Ordinal) ? null : e.Message;
        }
    }

    public override IEnumerable<(string Name, byte[] Bytes)> Seeds()
    {
        PlcData data = new()
        {
            RotationKeys = [Samples.DidKey],
            VerificationMethods = new Dictionary<string, string>(StringComparer.Ordinal) { ["atproto"] = Samples.DidKey },
            AlsoKnownAs = ["at://alice.test"],
            Services = new Dictionary<string, PlcService>(StringComparer.Ordinal) { ["atproto_pds"] = new("AtprotoPersonalDataServer", "https://pds.test") },
        };
        var genesis = PlcOperation.SignGenesis(data, Samples.Signer);
        yield return ("genesis.json", genesis.ToJson());
        yield return ("update.json", PlcOperation.SignUpdate(data, genesis.Cid, Samples.Signer).ToJson());
        yield return ("tombstone.json", PlcOperation.SignTombstone(genesis.Cid, Samples.Signer).ToJson());
        yield return ("create.json", Encoding.UTF8.GetBytes($$"""{"type":"create","signingKey":"{{Samples.DidKey}}","recoveryKey":"{{Samples.DidKey}}","handle":"alice.test","service":"https://pds.test","prev":null,"sig":"{{genesis.Signature}}"}"""));
    }
}
