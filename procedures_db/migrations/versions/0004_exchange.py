"""exchange: what is pulled from elsewhere, and a number that tells this dataset from any other

Revision 0004, after 0009, 2026-11-23.
"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "source_said",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("record", sa.JSON(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_source_said"),
    )
    op.create_table(
        "sync_source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=False),
        sa.Column("synced_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_sync_source"),
        sa.UniqueConstraint("url", name="uq_sync_source_url"),
    )
    op.create_table(
        "sync_conflict",
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ours", sa.JSON(), nullable=True),
        sa.Column("theirs", sa.JSON(), nullable=True),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("code", name="pk_sync_conflict"),
    )
    statement = sa.text("INSERT INTO state (name, value) VALUES ('dataset', :value)")
    op.execute(statement.bindparams(value=secrets.randbelow(2**31)))


def downgrade() -> None:
    for table in ("sync_conflict", "sync_source", "source_said"):
        op.drop_table(table)
    op.execute("DELETE FROM state WHERE name = 'dataset'")
