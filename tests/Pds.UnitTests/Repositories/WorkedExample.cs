using Pds.Domain.DataModel;

namespace Pds.UnitTests.Repositories;

/// <summary>The commit of an empty repository whose bytes and CIDs are known from an independent computation.</summary>
internal static class WorkedExample
{
    public const string PrivateKey = "9085d2bef69286a6cbb51623c8fa258629945cd55ca705cc4e66700396894e0c";

    public const string Rev = "3jzfcijpj2z2a";

    public const string EmptyTree = "bafyreie5737gdxlw5i64vzichcalba3z2v5n6icifvx5xytvske7mr3hpm";

    public const string Leaf = "bafyreie5cvv4h45feadgeuwhbcutmh6t2ceseocckahdoe6uat64zmz454";

    public const string CommitCid = "bafyreia5bzzhpdb6ecnhxpkhd23xhn4yejhz2iobrjcfkzd6u3me6ozvw4";

    public const string EmptyNode = "a2616580616cf6";

    public const string Signature =
        "972615ae31dfd33e9a484084e32ebb42fdad5c92d0811595a784715c8ced1f76377c79dedbb59a94f01948befb6e012c508c087af16e4d1c29dd62e752515f12";

    public const string Unsigned = "a5" + DidAndRev + DataPrevVersion;

    public const string Signed = "a6" + DidAndRev + "637369675840" + Signature + DataPrevVersion;

    public const string CarSha256 = "dd2810fb9e008811a1c1cc6a0739ecf1a6183d9492f1356f23c9584546094eae";

    private const string DidAndRev = "6364696478206469643a706c633a65777669376e787a796f756e367a687872687336346f697a637265766d336a7a6663696a706a327a3261";

    private const string DataPrevVersion =
        "6464617461d82a582500017112209dfefe61dd76ea3dcae5023880b08379d57adf20482d6fdbe2759289f647677b6470726576f66776657273696f6e03";

    public static Cid Data => Cid.Parse(EmptyTree);
}
