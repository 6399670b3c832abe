using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Pds.Infrastructure.Sync;

/// <summary>One sequenced firehose event.</summary>
internal sealed class EventRow : IEntityTypeConfiguration<EventRow>
{
    public const string Table = "event";

    /// <summary>The account id of events that outlive their account.</summary>
    public const long NoAccount = 0;

    public long Seq { get; set; }

    /// <summary>Milliseconds since the Unix epoch; never decreasing along <see cref="Seq"/>, so a time is found by binary search.</summary>
    public long Time { get; set; }

    /// <summary>Whose event, for purging; <see cref="NoAccount"/> when it must stay.</summary>
    public long AccountId { get; set; }

    /// <summary>The event without its number, see <see cref="Domain.Sync.EventBody"/>.</summary>
    public required byte[] Body { get; set; }

    public void Configure(EntityTypeBuilder<EventRow> builder)
    {
        builder.ToTable(Table).HasKey(row => row.Seq);
        builder.Property(row => row.Seq).ValueGeneratedNever().HasColumnName("seq");
        builder.Property(row => row.Time).HasColumnName("time");
        builder.Property(row => row.AccountId).HasColumnName("account_id");
        builder.Property(row => row.Body).HasColumnName("body");
    }
}

/// <summary>An account whose events are no longer served; the rows themselves are deleted in small steps afterwards.</summary>
internal sealed class PurgedEventsRow : IEntityTypeConfiguration<PurgedEventsRow>
{
    public const string Table = "purged_events";

    public long AccountId { get; set; }

    public void Configure(EntityTypeBuilder<PurgedEventsRow> builder)
    {
        builder.ToTable(Table).HasKey(row => row.AccountId);
        builder.Property(row => row.AccountId).ValueGeneratedNever().HasColumnName("account_id");
    }
}
