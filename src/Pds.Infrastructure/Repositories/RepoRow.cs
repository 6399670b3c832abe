using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Pds.Infrastructure.Persistence;

namespace Pds.Infrastructure.Repositories;

/// <summary>The head of one repository. Written through <see cref="RepositoryWriter"/>, read through <see cref="RepositoryReader"/>.</summary>
internal sealed class RepoRow : IEntityTypeConfiguration<RepoRow>
{
    public const string Table = "repo";

    public long AccountId { get; set; }

    /// <summary>Integer value of the head's TID; what compare-and-swap compares.</summary>
    public long Rev { get; set; }

    /// <summary>The signed commit block.</summary>
    public required byte[] Head { get; set; }

    /// <summary>Root of the tree whose nodes lie in <see cref="MstNodeRow"/>; null when they must be rebuilt from the records.</summary>
    public byte[]? Checkpoint { get; set; }

    /// <summary>Rises with every change of the account's status or key, so that a commit judged or signed before it is not kept.</summary>
    public long Epoch { get; set; }

    public void Configure(EntityTypeBuilder<RepoRow> builder)
    {
        builder.ToTable(Table).HasKey(row => row.AccountId);
        builder.Property(row => row.AccountId).ValueGeneratedNever().HasColumnName("account_id");
        builder.Property(row => row.Rev).HasColumnName("rev");
        builder.Property(row => row.Head).HasColumnName("head");
        builder.Property(row => row.Checkpoint).HasColumnName("checkpoint");
        builder.Property(row => row.Epoch).HasColumnName("epoch").HasDefaultValue(0L);
    }
}

/// <summary>A checkpointed tree node. Derived data: the records alone determine it.</summary>
internal sealed class MstNodeRow : IEntityTypeConfiguration<MstNodeRow>
{
    public const string Table = "mst_node";

    public long AccountId { get; set; }

    public required byte[] Cid { get; set; }

    /// <summary>Integer value of the TID of the commit that made the node.</summary>
    public long Rev { get; set; }

    public required byte[] Bytes { get; set; }

    public void Configure(EntityTypeBuilder<MstNodeRow> builder)
    {
        builder.ToTable(Table).HasKey(row => new { row.AccountId, row.Cid });
        builder.Property(row => row.AccountId).HasColumnName("account_id");
        builder.Property(row => row.Cid).HasColumnName("cid");
        builder.Property(row => row.Rev).HasColumnName("rev");
        builder.Property(row => row.Bytes).HasColumnName("bytes");
    }
}

/// <summary>A record: index entry and content in one row, so that content never outlives its entry.</summary>
internal sealed class RecordRow : IEntityTypeConfiguration<RecordRow>
{
    public const string Table = SharedTables.Record;

    public long AccountId { get; set; }

    /// <summary><c>collection/rkey</c>; ordered bytewise, as the tree is.</summary>
    public required string Path { get; set; }

    public required byte[] Cid { get; set; }

    /// <summary>Integer value of the TID of the commit that wrote this version.</summary>
    public long Rev { get; set; }

    public required byte[] Cbor { get; set; }

    /// <summary><see cref="RecordLinks.HashOf(Domain.Repositories.RecordPath, Domain.DataModel.DataMap)"/>; null for records that point at nothing, which the index on it leaves out.</summary>
    public long? Link { get; set; }

    public void Configure(EntityTypeBuilder<RecordRow> builder)
    {
        builder.ToTable(Table).HasKey(row => new { row.AccountId, row.Path });
        builder.HasIndex(row => new { row.AccountId, row.Link }).HasFilter("link IS NOT NULL");
        builder.Property(row => row.Link).HasColumnName("link");
        builder.Property(row => row.AccountId).HasColumnName("account_id");
        builder.Property(row => row.Path).HasColumnName("path");
        builder.Property(row => row.Cid).HasColumnName("cid");
        builder.Property(row => row.Rev).HasColumnName("rev");
        builder.Property(row => row.Cbor).HasColumnName("cbor");
    }
}
