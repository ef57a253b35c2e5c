"""How citizens say things, as a list that can be searched; citizen words taught by staff.

Revision 0013, after 0012.
"""

import sqlalchemy as sa
from alembic import op

from procedures_db.models.base import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("taught_wording", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("kind", sa.String(length=12), nullable=False, server_default="paraphrase")
        )
        batch_op.add_column(sa.Column("terms", sa.JSON(), nullable=False, server_default="[]"))
    op.create_table(
        "saying",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("taught_id", sa.Integer(), nullable=True),
        sa.Column("retired_by", sa.String(length=120), nullable=False),
        sa.Column("retired_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["taught_id"], ["taught_wording.id"],
            name=op.f("fk_saying_taught_id_taught_wording"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saying")),
    )  # fmt: skip
    op.create_index("ix_saying_listed", "saying", ["kind", "retired_by", "folded"], unique=False)
    op.create_index("ix_saying_taught_id", "saying", ["taught_id"], unique=False)


def downgrade() -> None:
    op.drop_table("saying")
    with op.batch_alter_table("taught_wording", schema=None) as batch_op:
        batch_op.drop_column("terms")
        batch_op.drop_column("kind")
