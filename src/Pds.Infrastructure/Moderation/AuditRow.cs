using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Pds.Domain.Moderation;

namespace Pds.Infrastructure.Moderation;

/// <summary>A row of the audit trail; only ever added.</summary>
internal sealed class AuditRow : IEntityTypeConfiguration<AuditRow>
{
    public const string Table = "audit";

    /// <summary>Without gaps, from 1. Two servers that add at once collide here, and the later one goes on behind the other.</summary>
    public long Seq { get; set; }

    public DateTimeOffset At { get; set; }

    public required string Actor { get; set; }

    public required string Action { get; set; }

    public required string Subject { get; set; }

    public string? Reason { get; set; }

    public required string Outcome { get; set; }

    public required byte[] Hash { get; set; }

    public static AuditRow From(AuditRecord record) => new()
    {
        Seq = record.Seq,
        At = record.Act.At,
        Actor = record.Act.Actor,
        Action = record.Act.Action,
        Subject = record.Act.Subject,
        Reason = record.Act.Reason,
        Outcome = record.Act.Outcome,
        Hash = record.Hash.ToArray(),
    };

    public AuditRecord ToRecord() =>
        new(Seq, new AuditAct { At = At, Actor = Actor, Action = Action, Subject = Subject, Reason = Reason, Outcome = Outcome }, Hash);

    public void Configure(EntityTypeBuilder<AuditRow> builder)
    {
        builder.ToTable(Table).HasKey(row => row.Seq);
        builder.Property(row => row.Seq).ValueGeneratedNever().HasColumnName("seq");
        builder.Property(row => row.At).HasColumnName("at");
        builder.Property(row => row.Actor).HasColumnName("actor");
        builder.Property(row => row.Action).HasColumnName("action");
        builder.Property(row => row.Subject).HasColumnName("subject");
        builder.Property(row => row.Reason).HasColumnName("reason");
        builder.Property(row => row.Outcome).HasColumnName("outcome");
        builder.Property(row => row.Hash).HasColumnName("hash");
    }
}
