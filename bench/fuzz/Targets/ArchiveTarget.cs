using Pds.Domain.DataModel;
using Pds.Domain.Identifiers;
using Pds.Domain.Repositories;

namespace Pds.Fuzz.Targets;

/// <summary>
/// Repositories in CAR files, whose signatures are taken for good: only <see cref="FormatException"/> refuses an import, a proof and a commit event.
/// </summary>
internal sealed class ArchiveTarget() : FuzzTarget("archive", Decoder / 10)
{
    private static readonly RecordPath Path = RecordPath.Parse(Samples.PathOf(1));

    public override int MaxLength => 4096;

    public override long MaxAllocation(int length) => 512 * 1024 + (2048L * length);

    public override string? Read(ReadOnlyMemory<byte> input)
    {
        RepositoryArchive archive;
        try
        {
            archive = RepositoryArchive.Open(input);
        }
        catch (FormatException e)
        {
            return e.Message;
        }

        TryEvent(archive.Commit, input);
        TryProof(archive.Commit.Did, input);
        try
        {
            foreach (ArchivedRecord record in archive.ReadRecords())
            {
                Decode(record);
            }

            return null;
        }
        catch (RepositoryFormatException e)
        {
            return e.Message;
        }
    }

    public override void Repair(Span<byte> input) => CarTarget.Heal(input);

    public override IEnumerable<(string Name, byte[] Bytes)> Seeds() => Samples.Changes(12).Select((change, at) => ($"commit-{at}.car", change.Blocks.ToArray()));

    private static void Decode(ArchivedRecord record)
    {
        try
        {
            record.DecodeForeign();
            record.Decode();
        }
        catch (RepositoryFormatException)
        {
            // The record is not one; the next may be.
        }
    }

    private static void TryEvent(Commit commit, ReadOnlyMemory<byte> car)
    {
        var cid = Cid.ForRaw("hello"u8);
        CommitClaim claim = new()
        {
            Did = commit.Did,
            Commit = commit.Cid,
            Rev = commit.Rev,
            Since = null,
            Ops = [new(WriteAction.Update, Path, cid, cid, Record: null)],
            PrevData = commit.Data,
            Blocks = car,
        };
        try
        {
            CommitVerification.Verify(claim with { Ops = [] }, Samples.Key, Samples.Signer);
            CommitVerification.Verify(claim, Samples.Key, Samples.Signer);
        }
        catch (FormatException)
        {
            // It has other operations than its tree.
        }
    }

    private static void TryProof(Did did, ReadOnlyMemory<byte> car)
    {
        try
        {
            RecordProof.Verify(car, did, Path, Samples.Key, Samples.Signer);
        }
        catch (FormatException)
        {
            // The record is not in it.
        }
    }
}
