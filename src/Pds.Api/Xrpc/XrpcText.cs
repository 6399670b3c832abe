using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;

namespace Pds.Api.Xrpc;

/// <summary>Words for what a text should have been.</summary>
internal static class XrpcText
{
    private static readonly Dictionary<Type, string> Words = new()
    {
        [typeof(bool)] = "true or false",
        [typeof(int)] = "an integer",
        [typeof(long)] = "an integer",
        [typeof(Did)] = "a DID",
        [typeof(Handle)] = "a handle",
        [typeof(AtIdentifier)] = "a DID or a handle",
        [typeof(Nsid)] = "an NSID",
        [typeof(RecordKey)] = "a record key",
        [typeof(Tid)] = "a TID",
        [typeof(AtUri)] = "an AT-URI",
        [typeof(Cid)] = "a CID",
        [typeof(DataMap)] = "an object",
    };

    public static string Describe(Type type) => Words.GetValueOrDefault(type, "of another type");
}
