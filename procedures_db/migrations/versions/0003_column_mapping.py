"""column mappings that officials gave

Revision 0003, after 0002.
"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('column_mapping',
    sa.Column('signature', sa.String(length=64), nullable=False),
    sa.Column('headings', sa.JSON(), nullable=False),
    sa.Column('mapping', sa.JSON(), nullable=False),
    sa.Column('saved_at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('signature', name=op.f('pk_column_mapping'))
    )


def downgrade() -> None:
    op.drop_table('column_mapping')
