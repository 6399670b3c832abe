using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Pds.Infrastructure.Blobs;

/// <summary>A blob of an account. Written through <see cref="BlobWriter"/>, read through <see cref="BlobReader"/>.</summary>
internal sealed class BlobRow : IEntityTypeConfiguration<BlobRow>
{
    public const string Table = "blob";

    public long AccountId { get; set; }

    public required byte[] Cid { get; set; }

    public required string MimeType { get; set; }

    public long Size { get; set; }

    /// <summary>Name of the temporary file; null once a record refers to the blob.</summary>
    public string? TempKey { get; set; }

    /// <summary>Of the last upload while the blob was temporary.</summary>
    public DateTimeOffset CreatedAt { get; set; }

    public string? TakedownRef { get; set; }

    public void Configure(EntityTypeBuilder<BlobRow> builder)
    {
        builder.ToTable(Table).HasKey(row => new { row.AccountId, row.Cid });
        builder.Property(row => row.AccountId).HasColumnName("account_id");
        builder.Property(row => row.Cid).HasColumnName("cid");
        builder.Property(row => row.MimeType).HasColumnName("mime_type");
        builder.Property(row => row.Size).HasColumnName("size");
        builder.Property(row => row.TempKey).HasColumnName("temp_key");
        builder.Property(row => row.CreatedAt).HasColumnName("created_at");
        builder.Property(row => row.TakedownRef).HasColumnName("takedown_ref");
        builder.HasIndex(row => row.CreatedAt).HasFilter("temp_key IS NOT NULL");
    }
}

/// <summary>That a record refers to a blob, be it here or missing.</summary>
internal sealed class RecordBlobRow : IEntityTypeConfiguration<RecordBlobRow>
{
    public const string Table = "record_blob";

    public long AccountId { get; set; }

    /// <summary>The blob.</summary>
    public required byte[] Cid { get; set; }

    /// <summary><c>collection/rkey</c> of the record.</summary>
    public required string Path { get; set; }

    public void Configure(EntityTypeBuilder<RecordBlobRow> builder)
    {
        builder.ToTable(Table).HasKey(row => new { row.AccountId, row.Cid, row.Path });
        builder.Property(row => row.AccountId).HasColumnName("account_id");
        builder.Property(row => row.Cid).HasColumnName("cid");
        builder.Property(row => row.Path).HasColumnName("path");
        builder.HasIndex(row => new { row.AccountId, row.Path });
    }
}
