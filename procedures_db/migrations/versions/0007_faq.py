"""Questions often asked, kept by staff.

Revision 0007, after 0005.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "faq",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("variants", sa.JSON(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("procedures", sa.JSON(), nullable=False),
        sa.Column("review_by", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("author", sa.String(length=120), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_faq")),
    )
    with op.batch_alter_table("faq") as batch:
        batch.create_index(batch.f("ix_faq_review_by"), ["review_by"])
        batch.create_index(batch.f("ix_faq_state"), ["state"])


def downgrade() -> None:
    op.drop_table("faq")
