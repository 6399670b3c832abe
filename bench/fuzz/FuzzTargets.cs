using Pds.Fuzz.Targets;

namespace Pds.Fuzz;

/// <summary>Every target.</summary>
internal static class FuzzTargets
{
    public static IReadOnlyList<FuzzTarget> All { get; } =
    [
        new CborTarget(), new JsonTarget(), new CarTarget(), new TreeNodeTarget(), new TreeTarget(), new CommitTarget(), new ArchiveTarget(), new FrameTarget(),
        .. TextTarget.All(),
        new MediaTypeTarget(), new CodingTarget(),
        new LexiconTarget(), new RecordTarget(), new DidDocumentTarget(), new PlcOperationTarget(),
        new ClientMetadataTarget(), new ClientIdTarget(), new ScopeTarget(), new JwtTarget(), new DpopTarget(),
    ];

    public static FuzzTarget Get(string name) =>
        All.FirstOrDefault(target => target.Name == name) ?? throw new ArgumentException($"There is no target {name}.", nameof(name));
}
