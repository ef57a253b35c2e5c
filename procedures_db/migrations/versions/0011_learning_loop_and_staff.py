"""Learning loop, canned answers, absences of staff, what the dashboard counts.

Revision 0011, after 0010.
"""

import sqlalchemy as sa
from alembic import op

from procedures_db.models.base import UtcDateTime

revision = '0011'
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('canned_answer',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('office', sa.String(length=120), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('author', sa.String(length=120), nullable=False),
    sa.Column('updated_at', UtcDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_canned_answer'))
    )
    with op.batch_alter_table('canned_answer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_canned_answer_office'), ['office'], unique=False)

    op.create_table('learned_classifier',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('file', sa.String(length=80), nullable=False),
    sa.Column('wordings', sa.JSON(), nullable=False),
    sa.Column('made_by', sa.String(length=120), nullable=False),
    sa.Column('made_at', UtcDateTime(), nullable=False),
    sa.Column('figures', sa.JSON(), nullable=False),
    sa.Column('in_use', sa.Boolean(), nullable=False),
    sa.Column('used_by', sa.String(length=120), nullable=False),
    sa.Column('used_at', UtcDateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_learned_classifier'))
    )
    op.create_table('staff_absence',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('staff', sa.String(length=80), nullable=False),
    sa.Column('first_day', sa.Date(), nullable=False),
    sa.Column('last_day', sa.Date(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff_absence'))
    )
    with op.batch_alter_table('staff_absence', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_staff_absence_staff'), ['staff'], unique=False)

    op.create_table('topic',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('words', sa.String(length=300), nullable=False),
    sa.Column('sample', sa.Text(), nullable=False),
    sa.Column('questions', sa.Integer(), nullable=False),
    sa.Column('wrong', sa.Integer(), nullable=False),
    sa.Column('asked_twice', sa.Integer(), nullable=False),
    sa.Column('nothing_fits', sa.Integer(), nullable=False),
    sa.Column('handed_over', sa.Integer(), nullable=False),
    sa.Column('badness', sa.Integer(), nullable=False),
    sa.Column('last_at', UtcDateTime(), nullable=True),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('settled_by', sa.String(length=120), nullable=False),
    sa.Column('settled_at', UtcDateTime(), nullable=True),
    sa.Column('bad_then', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_topic')),
    sa.UniqueConstraint('words', name=op.f('uq_topic_words'))
    )
    with op.batch_alter_table('topic', schema=None) as batch_op:
        batch_op.create_index('ix_topic_state_badness', ['state', 'badness'], unique=False)

    op.create_table('taught_wording',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('origin', sa.String(length=40), nullable=False),
    sa.Column('proposed_by', sa.String(length=120), nullable=False),
    sa.Column('proposed_at', UtcDateTime(), nullable=False),
    sa.Column('decided_by', sa.String(length=120), nullable=False),
    sa.Column('decided_at', UtcDateTime(), nullable=True),
    sa.Column('effect', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('topic_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['topic_id'], ['topic.id'], name=op.f('fk_taught_wording_topic_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_taught_wording'))
    )
    with op.batch_alter_table('taught_wording', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_taught_wording_code'), ['code'], unique=False)
        batch_op.create_index(batch_op.f('ix_taught_wording_state'), ['state'], unique=False)

    op.create_table('topic_word',
    sa.Column('word', sa.String(length=40), nullable=False),
    sa.Column('topic_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['topic_id'], ['topic.id'], name=op.f('fk_topic_word_topic_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('word', 'topic_id', name=op.f('pk_topic_word'))
    )
    with op.batch_alter_table('topic_word', schema=None) as batch_op:
        batch_op.create_index('ix_topic_word_topic', ['topic_id'], unique=False)

    op.create_table('evaluation_case',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('question', sa.Text(), nullable=False),
    sa.Column('behaviour', sa.String(length=12), nullable=False),
    sa.Column('codes', sa.JSON(), nullable=False),
    sa.Column('aspects', sa.JSON(), nullable=False),
    sa.Column('accepted', sa.Boolean(), nullable=False),
    sa.Column('wording_id', sa.Integer(), nullable=True),
    sa.Column('added_by', sa.String(length=120), nullable=False),
    sa.Column('added_at', UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['wording_id'], ['taught_wording.id'], name=op.f('fk_evaluation_case_wording_id'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evaluation_case'))
    )
    with op.batch_alter_table('evaluation_case', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_evaluation_case_accepted'), ['accepted'], unique=False)
        batch_op.create_index(batch_op.f('ix_evaluation_case_wording_id'), ['wording_id'], unique=False)

    op.create_table('learning_job',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('wording_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('asked_by', sa.String(length=120), nullable=False),
    sa.Column('asked_at', UtcDateTime(), nullable=False),
    sa.Column('beat_at', UtcDateTime(), nullable=True),
    sa.Column('ended_at', UtcDateTime(), nullable=True),
    sa.Column('result', sa.JSON(none_as_null=True), nullable=True),
    sa.Column('error', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['wording_id'], ['taught_wording.id'], name=op.f('fk_learning_job_wording_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_learning_job'))
    )
    with op.batch_alter_table('learning_job', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_learning_job_state'), ['state'], unique=False)

    with op.batch_alter_table('question_log', schema=None) as batch_op:
        batch_op.add_column(sa.Column('code', sa.String(length=40), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('commune', sa.String(length=120), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('trouble', sa.String(length=12), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('topic_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('day', sa.Date(), nullable=False, server_default='1970-01-01'))
        batch_op.drop_index(batch_op.f('ix_question_log_conversation'))
        batch_op.create_index('ix_question_log_counted', ['day', 'outcome', 'trouble', 'feedback', 'channel', 'code', 'commune', 'topic_id', 'ms'], unique=False)
        batch_op.create_index('ix_question_log_talk', ['conversation', 'id'], unique=False)
        batch_op.create_index('ix_question_log_topic', ['topic_id', 'trouble', 'feedback', 'at'], unique=False)
    with op.batch_alter_table('enquiry', schema=None) as batch_op:
        batch_op.create_index('ix_enquiry_queue', ['status', 'created_at', 'id'], unique=False)
        batch_op.create_index('ix_enquiry_owner', ['assigned_to', 'status', 'created_at'], unique=False)
        batch_op.drop_index('ix_enquiry_status')
    op.execute(_FIRST_CODE[op.get_bind().dialect.name])
    op.execute("UPDATE question_log SET topic_id = 0 WHERE text LIKE '@%' OR channel = 'link'")


# Questions logged before name their procedures in a list only, and no day in Viet Nam.
_FIRST_CODE = {
    "sqlite": "UPDATE question_log SET code = coalesce(json_extract(codes, '$[0]'), ''),"
    " day = date(at, '+7 hours')",
    "postgresql": "UPDATE question_log SET code = coalesce(codes->>0, ''),"
    " day = CAST(at + interval '7 hours' AS date)",
}


def downgrade() -> None:
    with op.batch_alter_table('enquiry', schema=None) as batch_op:
        batch_op.create_index('ix_enquiry_status', ['status'], unique=False)
        batch_op.drop_index('ix_enquiry_owner')
        batch_op.drop_index('ix_enquiry_queue')
    with op.batch_alter_table('question_log', schema=None) as batch_op:
        for index in ('topic', 'talk', 'counted'):
            batch_op.drop_index(f'ix_question_log_{index}')
        batch_op.create_index('ix_question_log_conversation', ['conversation'], unique=False)
        for column in ('day', 'topic_id', 'trouble', 'commune', 'code'):
            batch_op.drop_column(column)
    for table in ('learning_job', 'evaluation_case', 'topic_word', 'taught_wording', 'topic',
                  'staff_absence', 'learned_classifier', 'canned_answer'):
        op.drop_table(table)
