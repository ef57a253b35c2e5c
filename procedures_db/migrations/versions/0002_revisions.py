"""revisions: change sets, contents, drafts; when a procedure comes into force

Revision 0002, after 0001, 2026-11-22.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# History is only ever added to; a later migration that rebuilds one of these tables (SQLite's batch
# mode copies them) has to make its trigger again.
FINAL_TABLES = ("change_set", "content", "revision")


def upgrade() -> None:
    op.add_column("procedure", sa.Column("effective_from", sa.Date(), nullable=True))
    op.create_table(
        "change_set",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("actor", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("source_name", sa.Text(), nullable=False),
        sa.Column("source_sha256", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["undoes"], ["change_set.id"], name="fk_change_set_undoes"),
        sa.PrimaryKeyConstraint("id", name="pk_change_set"),
    )
    for column in ("kind", "at", "undoes"):
        op.create_index(f"ix_change_set_{column}", "change_set", [column])
    op.create_table(
        "content",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_content"),
    )
    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("change_set_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("state_before", sa.String(length=12), nullable=False),
        sa.Column("state_after", sa.String(length=12), nullable=False),
        sa.Column("old_content", sa.String(length=64), nullable=True),
        sa.Column("old_as_of", sa.Date(), nullable=True),
        sa.Column("new_content", sa.String(length=64), nullable=True),
        sa.Column("new_as_of", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["change_set_id"], ["change_set.id"], name="fk_revision_change_set_id"),
        sa.ForeignKeyConstraint(["old_content"], ["content.key"], name="fk_revision_old_content"),
        sa.ForeignKeyConstraint(["new_content"], ["content.key"], name="fk_revision_new_content"),
        sa.PrimaryKeyConstraint("id", name="pk_revision"),
        sa.UniqueConstraint("code", "number", name="uq_revision_code"),
    )
    op.create_index("ix_revision_change_set_id", "revision", ["change_set_id"])
    op.create_table(
        "draft",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("content", sa.String(length=64), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("base_content", sa.String(length=64), nullable=True),
        sa.Column("base_as_of", sa.Date(), nullable=True),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["content"], ["content.key"], name="fk_draft_content"),
        sa.ForeignKeyConstraint(["base_content"], ["content.key"], name="fk_draft_base_content"),
        sa.PrimaryKeyConstraint("code", name="pk_draft"),
    )
    op.create_index("ix_draft_state", "draft", ["state"])
    _forbid_changes()


def _forbid_changes() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'rows of % are never changed', TG_TABLE_NAME; END $$"
        )
    for table in FINAL_TABLES:
        if op.get_bind().dialect.name == "postgresql":
            op.execute(
                f"CREATE TRIGGER {table}_is_final BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )
            continue
        for event in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER {table}_is_final_{event} BEFORE {event} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are never changed'); END"
            )


def downgrade() -> None:
    for table in ("draft", "revision", "content", "change_set"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")
    with op.batch_alter_table("procedure") as batch_op:
        batch_op.drop_column("effective_from")
