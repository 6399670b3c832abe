using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Pds.Infrastructure.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class Trust : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            RemoveOrphans(migrationBuilder);

            migrationBuilder.CreateTable(
                name: "server_check",
                columns: table => new
                {
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    value = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_server_check", x => x.name);
                });

            migrationBuilder.AddColumn<long>(
                name: "created_at",
                table: "reserved_key",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "sign_in_epoch",
                table: "pending_sign_in",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "sign_in_epoch",
                table: "oauth_request",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "sign_in_epoch",
                table: "account",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddForeignKey(
                name: "FK_app_password_account_did",
                table: "app_password",
                column: "did",
                principalTable: "account",
                principalColumn: "did",
                onDelete: ReferentialAction.Cascade);

            migrationBuilder.AddForeignKey(
                name: "FK_authenticator_account_did",
                table: "authenticator",
                column: "did",
                principalTable: "account",
                principalColumn: "did",
                onDelete: ReferentialAction.Cascade);

            migrationBuilder.AddForeignKey(
                name: "FK_authorized_client_account_did",
                table: "authorized_client",
                column: "did",
                principalTable: "account",
                principalColumn: "did",
                onDelete: ReferentialAction.Cascade);

            migrationBuilder.AddForeignKey(
                name: "FK_device_account_account_did",
                table: "device_account",
                column: "did",
                principalTable: "account",
                principalColumn: "did",
                onDelete: ReferentialAction.Cascade);

            migrationBuilder.AddForeignKey(
                name: "FK_email_token_account_did",
                table: "email_token",
                column: "did",
                principalTable: "account",
                principalColumn: "did",
                onDelete: ReferentialAction.Cascade);

            migrationBuilder.AddForeignKey(
                name: "FK_oauth_request_account_did",
                table: "oauth_request",
                column: "did",
                principalTable: "account",
                principalColumn: "did",
                onDelete: ReferentialAction.Cascade);

            migrationBuilder.AddForeignKey(
                name: "FK_oauth_session_account_did",
                table: "oauth_session",
                column: "did",
                principalTable: "account",
                principalColumn: "did",
                onDelete: ReferentialAction.Cascade);

            migrationBuilder.AddForeignKey(
                name: "FK_passkey_account_did",
                table: "passkey",
                column: "did",
                principalTable: "account",
                principalColumn: "did",
                onDelete: ReferentialAction.Cascade);

            migrationBuilder.AddForeignKey(
                name: "FK_passkey_challenge_account_did",
                table: "passkey_challenge",
                column: "did",
                principalTable: "account",
                principalColumn: "did",
                onDelete: ReferentialAction.Cascade);

            migrationBuilder.AddForeignKey(
                name: "FK_pending_sign_in_account_did",
                table: "pending_sign_in",
                column: "did",
                principalTable: "account",
                principalColumn: "did",
                onDelete: ReferentialAction.Cascade);

            migrationBuilder.AddForeignKey(
                name: "FK_preference_account_did",
                table: "preference",
                column: "did",
                principalTable: "account",
                principalColumn: "did",
                onDelete: ReferentialAction.Cascade);

            migrationBuilder.AddForeignKey(
                name: "FK_recovery_code_account_did",
                table: "recovery_code",
                column: "did",
                principalTable: "account",
                principalColumn: "did",
                onDelete: ReferentialAction.Cascade);

            migrationBuilder.AddForeignKey(
                name: "FK_refresh_token_account_did",
                table: "refresh_token",
                column: "did",
                principalTable: "account",
                principalColumn: "did",
                onDelete: ReferentialAction.Cascade);

            migrationBuilder.AddForeignKey(
                name: "FK_refresh_token_app_password_did_app_password_name",
                table: "refresh_token",
                columns: new[] { "did", "app_password_name" },
                principalTable: "app_password",
                principalColumns: new[] { "did", "name" },
                onDelete: ReferentialAction.Cascade);

            migrationBuilder.AddForeignKey(
                name: "FK_trusted_browser_account_did",
                table: "trusted_browser",
                column: "did",
                principalTable: "account",
                principalColumn: "did",
                onDelete: ReferentialAction.Cascade);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "FK_app_password_account_did",
                table: "app_password");

            migrationBuilder.DropForeignKey(
                name: "FK_authenticator_account_did",
                table: "authenticator");

            migrationBuilder.DropForeignKey(
                name: "FK_authorized_client_account_did",
                table: "authorized_client");

            migrationBuilder.DropForeignKey(
                name: "FK_device_account_account_did",
                table: "device_account");

            migrationBuilder.DropForeignKey(
                name: "FK_email_token_account_did",
                table: "email_token");

            migrationBuilder.DropForeignKey(
                name: "FK_oauth_request_account_did",
                table: "oauth_request");

            migrationBuilder.DropForeignKey(
                name: "FK_oauth_session_account_did",
                table: "oauth_session");

            migrationBuilder.DropForeignKey(
                name: "FK_passkey_account_did",
                table: "passkey");

            migrationBuilder.DropForeignKey(
                name: "FK_passkey_challenge_account_did",
                table: "passkey_challenge");

            migrationBuilder.DropForeignKey(
                name: "FK_pending_sign_in_account_did",
                table: "pending_sign_in");

            migrationBuilder.DropForeignKey(
                name: "FK_preference_account_did",
                table: "preference");

            migrationBuilder.DropForeignKey(
                name: "FK_recovery_code_account_did",
                table: "recovery_code");

            migrationBuilder.DropForeignKey(
                name: "FK_refresh_token_account_did",
                table: "refresh_token");

            migrationBuilder.DropForeignKey(
                name: "FK_refresh_token_app_password_did_app_password_name",
                table: "refresh_token");

            migrationBuilder.DropForeignKey(
                name: "FK_trusted_browser_account_did",
                table: "trusted_browser");

            migrationBuilder.DropColumn(
                name: "sign_in_epoch",
                table: "pending_sign_in");

            migrationBuilder.DropColumn(
                name: "sign_in_epoch",
                table: "oauth_request");

            migrationBuilder.DropColumn(
                name: "sign_in_epoch",
                table: "account");

            migrationBuilder.DropColumn(
                name: "created_at",
                table: "reserved_key");

            migrationBuilder.DropTable(
                name: "server_check");
        }

        /// <summary>
        /// The first version could leave credentials of accounts and app passwords that were gone. The unique index on account.did serves the new keys, so the
        /// unique constraint that EF Core asks for beside it is not made: it would copy the whole table.
        /// </summary>
        private static void RemoveOrphans(MigrationBuilder migrationBuilder)
        {
            string[] children =
            [
                "app_password", "authenticator", "authorized_client", "device_account", "email_token", "oauth_request", "oauth_session", "passkey",
                "passkey_challenge", "pending_sign_in", "preference", "recovery_code", "refresh_token", "trusted_browser",
            ];
            foreach (string child in children)
            {
                migrationBuilder.Sql($"DELETE FROM {child} WHERE did IS NOT NULL AND did NOT IN (SELECT did FROM account);");
            }

            migrationBuilder.Sql("""
                DELETE FROM refresh_token WHERE app_password_name IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM app_password WHERE app_password.did = refresh_token.did AND app_password.name = refresh_token.app_password_name);
                """);
        }
    }
}
