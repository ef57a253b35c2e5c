"""Life events and terms edited in the console.

Revision 0012, after 0011.
"""

import sqlalchemy as sa
from alembic import op

from procedures_db.models.base import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "kept_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("deed", sa.String(length=20), nullable=False),
        sa.Column("content", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_text")),
    )
    op.create_index("ix_kept_text_entry", "kept_text", ["kind", "key", "id"], unique=False)
    op.execute("INSERT INTO state (name, value) VALUES ('kept_texts_version', 0)")


def downgrade() -> None:
    op.execute("DELETE FROM state WHERE name = 'kept_texts_version'")
    op.drop_table("kept_text")
