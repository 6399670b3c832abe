using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Pds.Infrastructure.Persistence.Migrations
{
    /// <inheritdoc />
    public partial class Initial : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "account",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    did = table.Column<string>(type: "TEXT", nullable: false),
                    handle = table.Column<string>(type: "TEXT", nullable: true),
                    email = table.Column<string>(type: "TEXT", nullable: true),
                    password_hash = table.Column<string>(type: "TEXT", nullable: true),
                    email_confirmed_at = table.Column<long>(type: "INTEGER", nullable: true),
                    email_auth_factor = table.Column<bool>(type: "INTEGER", nullable: false),
                    invites_disabled = table.Column<bool>(type: "INTEGER", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    takedown_ref = table.Column<string>(type: "TEXT", nullable: true),
                    deactivated_at = table.Column<long>(type: "INTEGER", nullable: true),
                    delete_after = table.Column<long>(type: "INTEGER", nullable: true),
                    signing_key = table.Column<byte[]>(type: "BLOB", nullable: false),
                    signing_curve = table.Column<int>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_account", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "app_password",
                columns: table => new
                {
                    did = table.Column<string>(type: "TEXT", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    password_hash = table.Column<string>(type: "TEXT", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    privileged = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_app_password", x => new { x.did, x.name });
                });

            migrationBuilder.CreateTable(
                name: "audit",
                columns: table => new
                {
                    seq = table.Column<long>(type: "INTEGER", nullable: false),
                    at = table.Column<long>(type: "INTEGER", nullable: false),
                    actor = table.Column<string>(type: "TEXT", nullable: false),
                    action = table.Column<string>(type: "TEXT", nullable: false),
                    subject = table.Column<string>(type: "TEXT", nullable: false),
                    reason = table.Column<string>(type: "TEXT", nullable: true),
                    outcome = table.Column<string>(type: "TEXT", nullable: false),
                    hash = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_audit", x => x.seq);
                });

            migrationBuilder.CreateTable(
                name: "authenticator",
                columns: table => new
                {
                    did = table.Column<string>(type: "TEXT", nullable: false),
                    secret = table.Column<byte[]>(type: "BLOB", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    confirmed_at = table.Column<long>(type: "INTEGER", nullable: true),
                    used_step = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_authenticator", x => x.did);
                });

            migrationBuilder.CreateTable(
                name: "authorized_client",
                columns: table => new
                {
                    did = table.Column<string>(type: "TEXT", nullable: false),
                    client_id = table.Column<string>(type: "TEXT", nullable: false),
                    scope = table.Column<string>(type: "TEXT", nullable: false),
                    updated_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_authorized_client", x => new { x.did, x.client_id });
                });

            migrationBuilder.CreateTable(
                name: "blob",
                columns: table => new
                {
                    account_id = table.Column<long>(type: "INTEGER", nullable: false),
                    cid = table.Column<byte[]>(type: "BLOB", nullable: false),
                    mime_type = table.Column<string>(type: "TEXT", nullable: false),
                    size = table.Column<long>(type: "INTEGER", nullable: false),
                    temp_key = table.Column<string>(type: "TEXT", nullable: true),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    takedown_ref = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_blob", x => new { x.account_id, x.cid });
                });

            migrationBuilder.CreateTable(
                name: "device",
                columns: table => new
                {
                    id = table.Column<string>(type: "TEXT", nullable: false),
                    secret_hash = table.Column<string>(type: "TEXT", nullable: false),
                    previous_hash = table.Column<string>(type: "TEXT", nullable: true),
                    rotated_at = table.Column<long>(type: "INTEGER", nullable: false),
                    last_seen_at = table.Column<long>(type: "INTEGER", nullable: false),
                    user_agent = table.Column<string>(type: "TEXT", nullable: true),
                    address = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_device", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "email_token",
                columns: table => new
                {
                    purpose = table.Column<int>(type: "INTEGER", nullable: false),
                    did = table.Column<string>(type: "TEXT", nullable: false),
                    token_hash = table.Column<string>(type: "TEXT", nullable: false),
                    requested_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_email_token", x => new { x.did, x.purpose });
                });

            migrationBuilder.CreateTable(
                name: "event",
                columns: table => new
                {
                    seq = table.Column<long>(type: "INTEGER", nullable: false),
                    time = table.Column<long>(type: "INTEGER", nullable: false),
                    account_id = table.Column<long>(type: "INTEGER", nullable: false),
                    frame = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_event", x => x.seq);
                });

            migrationBuilder.CreateTable(
                name: "invite_code",
                columns: table => new
                {
                    code = table.Column<string>(type: "TEXT", nullable: false),
                    available_uses = table.Column<int>(type: "INTEGER", nullable: false),
                    disabled = table.Column<bool>(type: "INTEGER", nullable: false),
                    for_account = table.Column<string>(type: "TEXT", nullable: false),
                    created_by = table.Column<string>(type: "TEXT", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_invite_code", x => x.code);
                });

            migrationBuilder.CreateTable(
                name: "mst_node",
                columns: table => new
                {
                    account_id = table.Column<long>(type: "INTEGER", nullable: false),
                    cid = table.Column<byte[]>(type: "BLOB", nullable: false),
                    rev = table.Column<long>(type: "INTEGER", nullable: false),
                    bytes = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_mst_node", x => new { x.account_id, x.cid });
                });

            migrationBuilder.CreateTable(
                name: "oauth_request",
                columns: table => new
                {
                    id = table.Column<string>(type: "TEXT", nullable: false),
                    client_id = table.Column<string>(type: "TEXT", nullable: false),
                    client_key = table.Column<string>(type: "TEXT", nullable: true),
                    parameters = table.Column<string>(type: "TEXT", nullable: false),
                    dpop_key = table.Column<string>(type: "TEXT", nullable: true),
                    expires_at = table.Column<long>(type: "INTEGER", nullable: false),
                    device_id = table.Column<string>(type: "TEXT", nullable: true),
                    did = table.Column<string>(type: "TEXT", nullable: true),
                    code_hash = table.Column<string>(type: "TEXT", nullable: true),
                    granted_scope = table.Column<string>(type: "TEXT", nullable: true),
                    permissions = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_oauth_request", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "oauth_session",
                columns: table => new
                {
                    id = table.Column<string>(type: "TEXT", nullable: false),
                    token_id = table.Column<string>(type: "TEXT", nullable: false),
                    did = table.Column<string>(type: "TEXT", nullable: false),
                    client_id = table.Column<string>(type: "TEXT", nullable: false),
                    client_key = table.Column<string>(type: "TEXT", nullable: true),
                    dpop_key = table.Column<string>(type: "TEXT", nullable: false),
                    scope = table.Column<string>(type: "TEXT", nullable: false),
                    permissions = table.Column<string>(type: "TEXT", nullable: true),
                    device_id = table.Column<string>(type: "TEXT", nullable: true),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    updated_at = table.Column<long>(type: "INTEGER", nullable: false),
                    expires_at = table.Column<long>(type: "INTEGER", nullable: false),
                    code_hash = table.Column<string>(type: "TEXT", nullable: false),
                    refresh_hash = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_oauth_session", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "passkey",
                columns: table => new
                {
                    id = table.Column<string>(type: "TEXT", nullable: false),
                    did = table.Column<string>(type: "TEXT", nullable: false),
                    user_handle = table.Column<string>(type: "TEXT", nullable: false),
                    public_key = table.Column<byte[]>(type: "BLOB", nullable: false),
                    name = table.Column<string>(type: "TEXT", nullable: false),
                    created_at = table.Column<long>(type: "INTEGER", nullable: false),
                    last_used_at = table.Column<long>(type: "INTEGER", nullable: true),
                    sign_count = table.Column<long>(type: "INTEGER", nullable: false),
                    transports = table.Column<string>(type: "TEXT", nullable: false),
                    is_backup_eligible = table.Column<bool>(type: "INTEGER", nullable: false),
                    is_backed_up = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_passkey", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "passkey_challenge",
                columns: table => new
                {
                    id = table.Column<string>(type: "TEXT", nullable: false),
                    device_id = table.Column<string>(type: "TEXT", nullable: false),
                    did = table.Column<string>(type: "TEXT", nullable: true),
                    state = table.Column<string>(type: "TEXT", nullable: false),
                    expires_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_passkey_challenge", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "pending_sign_in",
                columns: table => new
                {
                    id = table.Column<string>(type: "TEXT", nullable: false),
                    device_id = table.Column<string>(type: "TEXT", nullable: false),
                    did = table.Column<string>(type: "TEXT", nullable: false),
                    remember = table.Column<bool>(type: "INTEGER", nullable: false),
                    expires_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_pending_sign_in", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "plc_operation",
                columns: table => new
                {
                    Id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    Did = table.Column<string>(type: "TEXT", nullable: false),
                    Position = table.Column<int>(type: "INTEGER", nullable: false),
                    Operation = table.Column<byte[]>(type: "BLOB", nullable: false),
                    CreatedAt = table.Column<long>(type: "INTEGER", nullable: false),
                    Nullified = table.Column<bool>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_plc_operation", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "preference",
                columns: table => new
                {
                    id = table.Column<long>(type: "INTEGER", nullable: false)
                        .Annotation("Sqlite:Autoincrement", true),
                    did = table.Column<string>(type: "TEXT", nullable: false),
                    type = table.Column<string>(type: "TEXT", nullable: false),
                    json = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_preference", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "purged_events",
                columns: table => new
                {
                    account_id = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_purged_events", x => x.account_id);
                });

            migrationBuilder.CreateTable(
                name: "record",
                columns: table => new
                {
                    account_id = table.Column<long>(type: "INTEGER", nullable: false),
                    path = table.Column<string>(type: "TEXT", nullable: false),
                    cid = table.Column<byte[]>(type: "BLOB", nullable: false),
                    rev = table.Column<long>(type: "INTEGER", nullable: false),
                    cbor = table.Column<byte[]>(type: "BLOB", nullable: false),
                    link = table.Column<long>(type: "INTEGER", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_record", x => new { x.account_id, x.path });
                });

            migrationBuilder.CreateTable(
                name: "record_blob",
                columns: table => new
                {
                    account_id = table.Column<long>(type: "INTEGER", nullable: false),
                    cid = table.Column<byte[]>(type: "BLOB", nullable: false),
                    path = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_record_blob", x => new { x.account_id, x.cid, x.path });
                });

            migrationBuilder.CreateTable(
                name: "record_takedown",
                columns: table => new
                {
                    account_id = table.Column<long>(type: "INTEGER", nullable: false),
                    path = table.Column<string>(type: "TEXT", nullable: false),
                    takedown_ref = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_record_takedown", x => new { x.account_id, x.path });
                });

            migrationBuilder.CreateTable(
                name: "recovery_code",
                columns: table => new
                {
                    did = table.Column<string>(type: "TEXT", nullable: false),
                    code_hash = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_recovery_code", x => new { x.did, x.code_hash });
                });

            migrationBuilder.CreateTable(
                name: "refresh_token",
                columns: table => new
                {
                    id = table.Column<string>(type: "TEXT", nullable: false),
                    did = table.Column<string>(type: "TEXT", nullable: false),
                    expires_at = table.Column<long>(type: "INTEGER", nullable: false),
                    next_id = table.Column<string>(type: "TEXT", nullable: true),
                    app_password_name = table.Column<string>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_refresh_token", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "repo",
                columns: table => new
                {
                    account_id = table.Column<long>(type: "INTEGER", nullable: false),
                    rev = table.Column<long>(type: "INTEGER", nullable: false),
                    head = table.Column<byte[]>(type: "BLOB", nullable: false),
                    checkpoint = table.Column<byte[]>(type: "BLOB", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_repo", x => x.account_id);
                });

            migrationBuilder.CreateTable(
                name: "reserved_key",
                columns: table => new
                {
                    public_key = table.Column<string>(type: "TEXT", nullable: false),
                    did = table.Column<string>(type: "TEXT", nullable: true),
                    signing_key = table.Column<byte[]>(type: "BLOB", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_reserved_key", x => x.public_key);
                });

            migrationBuilder.CreateTable(
                name: "device_account",
                columns: table => new
                {
                    did = table.Column<string>(type: "TEXT", nullable: false),
                    device_id = table.Column<string>(type: "TEXT", nullable: false),
                    signed_in_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_device_account", x => new { x.did, x.device_id });
                    table.ForeignKey(
                        name: "FK_device_account_device_device_id",
                        column: x => x.device_id,
                        principalTable: "device",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "trusted_browser",
                columns: table => new
                {
                    did = table.Column<string>(type: "TEXT", nullable: false),
                    device_id = table.Column<string>(type: "TEXT", nullable: false),
                    trusted_at = table.Column<long>(type: "INTEGER", nullable: false),
                    trusted_until = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_trusted_browser", x => new { x.did, x.device_id });
                    table.ForeignKey(
                        name: "FK_trusted_browser_device_device_id",
                        column: x => x.device_id,
                        principalTable: "device",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "invite_code_use",
                columns: table => new
                {
                    code = table.Column<string>(type: "TEXT", nullable: false),
                    used_by = table.Column<string>(type: "TEXT", nullable: false),
                    used_at = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_invite_code_use", x => new { x.code, x.used_by });
                    table.ForeignKey(
                        name: "FK_invite_code_use_invite_code_code",
                        column: x => x.code,
                        principalTable: "invite_code",
                        principalColumn: "code",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "used_refresh_token",
                columns: table => new
                {
                    hash = table.Column<string>(type: "TEXT", nullable: false),
                    session_id = table.Column<string>(type: "TEXT", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_used_refresh_token", x => x.hash);
                    table.ForeignKey(
                        name: "FK_used_refresh_token_oauth_session_session_id",
                        column: x => x.session_id,
                        principalTable: "oauth_session",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_account_created_at_did",
                table: "account",
                columns: new[] { "created_at", "did" });

            migrationBuilder.CreateIndex(
                name: "IX_account_did",
                table: "account",
                column: "did",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_account_email",
                table: "account",
                column: "email",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_account_handle",
                table: "account",
                column: "handle",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_blob_created_at",
                table: "blob",
                column: "created_at",
                filter: "temp_key IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_device_last_seen_at",
                table: "device",
                column: "last_seen_at");

            migrationBuilder.CreateIndex(
                name: "IX_device_account_device_id",
                table: "device_account",
                column: "device_id");

            migrationBuilder.CreateIndex(
                name: "IX_email_token_purpose_token_hash",
                table: "email_token",
                columns: new[] { "purpose", "token_hash" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_invite_code_for_account",
                table: "invite_code",
                column: "for_account");

            migrationBuilder.CreateIndex(
                name: "IX_invite_code_use_used_by",
                table: "invite_code_use",
                column: "used_by");

            migrationBuilder.CreateIndex(
                name: "IX_oauth_request_code_hash",
                table: "oauth_request",
                column: "code_hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_oauth_request_did",
                table: "oauth_request",
                column: "did");

            migrationBuilder.CreateIndex(
                name: "IX_oauth_request_expires_at",
                table: "oauth_request",
                column: "expires_at");

            migrationBuilder.CreateIndex(
                name: "IX_oauth_session_code_hash",
                table: "oauth_session",
                column: "code_hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_oauth_session_did",
                table: "oauth_session",
                column: "did");

            migrationBuilder.CreateIndex(
                name: "IX_oauth_session_expires_at",
                table: "oauth_session",
                column: "expires_at");

            migrationBuilder.CreateIndex(
                name: "IX_oauth_session_refresh_hash",
                table: "oauth_session",
                column: "refresh_hash",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_oauth_session_token_id",
                table: "oauth_session",
                column: "token_id",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_passkey_did",
                table: "passkey",
                column: "did");

            migrationBuilder.CreateIndex(
                name: "IX_passkey_user_handle",
                table: "passkey",
                column: "user_handle");

            migrationBuilder.CreateIndex(
                name: "IX_passkey_challenge_did",
                table: "passkey_challenge",
                column: "did");

            migrationBuilder.CreateIndex(
                name: "IX_passkey_challenge_expires_at",
                table: "passkey_challenge",
                column: "expires_at");

            migrationBuilder.CreateIndex(
                name: "IX_pending_sign_in_did",
                table: "pending_sign_in",
                column: "did");

            migrationBuilder.CreateIndex(
                name: "IX_pending_sign_in_expires_at",
                table: "pending_sign_in",
                column: "expires_at");

            migrationBuilder.CreateIndex(
                name: "IX_plc_operation_Did_Position",
                table: "plc_operation",
                columns: new[] { "Did", "Position" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_preference_did",
                table: "preference",
                column: "did");

            migrationBuilder.CreateIndex(
                name: "IX_record_account_id_link",
                table: "record",
                columns: new[] { "account_id", "link" },
                filter: "link IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_record_blob_account_id_path",
                table: "record_blob",
                columns: new[] { "account_id", "path" });

            migrationBuilder.CreateIndex(
                name: "IX_refresh_token_did_app_password_name",
                table: "refresh_token",
                columns: new[] { "did", "app_password_name" });

            migrationBuilder.CreateIndex(
                name: "IX_reserved_key_did",
                table: "reserved_key",
                column: "did",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_trusted_browser_device_id",
                table: "trusted_browser",
                column: "device_id");

            migrationBuilder.CreateIndex(
                name: "IX_used_refresh_token_session_id",
                table: "used_refresh_token",
                column: "session_id");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "account");

            migrationBuilder.DropTable(
                name: "app_password");

            migrationBuilder.DropTable(
                name: "audit");

            migrationBuilder.DropTable(
                name: "authenticator");

            migrationBuilder.DropTable(
                name: "authorized_client");

            migrationBuilder.DropTable(
                name: "blob");

            migrationBuilder.DropTable(
                name: "device_account");

            migrationBuilder.DropTable(
                name: "email_token");

            migrationBuilder.DropTable(
                name: "event");

            migrationBuilder.DropTable(
                name: "invite_code_use");

            migrationBuilder.DropTable(
                name: "mst_node");

            migrationBuilder.DropTable(
                name: "oauth_request");

            migrationBuilder.DropTable(
                name: "passkey");

            migrationBuilder.DropTable(
                name: "passkey_challenge");

            migrationBuilder.DropTable(
                name: "pending_sign_in");

            migrationBuilder.DropTable(
                name: "plc_operation");

            migrationBuilder.DropTable(
                name: "preference");

            migrationBuilder.DropTable(
                name: "purged_events");

            migrationBuilder.DropTable(
                name: "record");

            migrationBuilder.DropTable(
                name: "record_blob");

            migrationBuilder.DropTable(
                name: "record_takedown");

            migrationBuilder.DropTable(
                name: "recovery_code");

            migrationBuilder.DropTable(
                name: "refresh_token");

            migrationBuilder.DropTable(
                name: "repo");

            migrationBuilder.DropTable(
                name: "reserved_key");

            migrationBuilder.DropTable(
                name: "trusted_browser");

            migrationBuilder.DropTable(
                name: "used_refresh_token");

            migrationBuilder.DropTable(
                name: "invite_code");

            migrationBuilder.DropTable(
                name: "device");

            migrationBuilder.DropTable(
                name: "oauth_session");
        }
    }
}
