using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Pds.Infrastructure.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class EventBodies : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.RenameColumn(
                name: "frame",
                table: "event",
                newName: "body");

            migrationBuilder.AddColumn<long>(
                name: "epoch",
                table: "repo",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            LeavePosition(migrationBuilder);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "epoch",
                table: "repo");

            migrationBuilder.RenameColumn(
                name: "body",
                table: "event",
                newName: "frame");
        }

        /// <summary>
        /// The rows are whole frames still. <see cref="Pds.Infrastructure.Sync.EventBodies"/> turns them into bodies behind this, in steps, and starts from the number 0.
        /// </summary>
        private static void LeavePosition(MigrationBuilder migrationBuilder) =>
            migrationBuilder.Sql("INSERT INTO server_check (name, value) SELECT 'event_bodies', CAST('0' AS BLOB) WHERE EXISTS (SELECT 1 FROM event);");
    }
}
