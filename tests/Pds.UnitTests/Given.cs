using System.Text.Json;
using Pds.Domain.Crypto;
using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;
using Pds.Domain.Repositories.Mst;
using Pds.UnitTests.Fakes;

namespace Pds.UnitTests;

/// <summary>Test data: a test states only what matters to it.</summary>
internal static class Given
{
    public const string DidText = "did:plc:ewvi7nxzyoun6zhxrhs64oiz";

    /// <summary>The key of the worked example; nothing is signed with it here, see <see cref="Signer"/>.</summary>
    public const string DidKey = "did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme";

    public static Did Did(string text = DidText) => Domain.Identifiers.Did.Parse(text);

    public static PublicKey PublicKey(string didKey = DidKey) =>
        Domain.Crypto.PublicKey.TryParseDidKey(didKey, out PublicKey? key) ? key : throw new ArgumentException("Not a did:key.", nameof(didKey));

    /// <summary>Signs and verifies quickly and deterministically, but not with a curve.</summary>
    public static FakeSigner Signer() => new(PublicKey());

    /// <summary>A clock whose time stands still, so that revisions follow each other by one microsecond.</summary>
    public static TidClock Clock() => new(new ManualTime(), clockId: 7);

    public static RecordPath Path(string key, string collection = "app.bsky.feed.post") =>
        new(Nsid.Parse(collection), RecordKey.Parse(key));

    public static DataMap Post(string text = "hello") =>
        DataMap.FromJson(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string>
        {
            ["$type"] = "app.bsky.feed.post",
            ["text"] = text,
            ["createdAt"] = "2026-01-02T03:04:05.678Z",
        }));

    /// <summary>A record of exactly so many bytes of DAG-CBOR, at least 65,600.</summary>
    public static DataMap PostOfSize(int bytes, char filler = 'x')
    {
        int overhead = Post(new string(filler, 70_000)).Cbor.Length - 70_000;
        return Post(new string(filler, bytes - overhead));
    }

    /// <summary>A repository before its first commit.</summary>
    public static Repository NewRepository(ISigner? signer = null) => new(Did(), head: null, MstTree.Empty, signer ?? Signer(), Clock());

    /// <summary>A repository whose head holds those records, all of one commit.</summary>
    public static Repository Repository(params ReadOnlySpan<RecordPath> paths)
    {
        Repository repository = NewRepository();
        var writes = new List<RecordWrite>();
        foreach (RecordPath path in paths)
        {
            writes.Add(RecordWrite.Create(path, Post(path.ToString())));
        }

        return repository.Advance(repository.Apply(writes));
    }
}
