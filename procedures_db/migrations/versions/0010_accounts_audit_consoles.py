"""accounts audit consoles

Revision 0010, after 0006, 2026-11-23 02:21:20.655650.
"""

import sqlalchemy as sa
from alembic import op

from procedures_db.storing import folded

revision = '0010'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('account',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('username', sa.String(length=80), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('roles', sa.JSON(), nullable=False),
    sa.Column('password_hash', sa.String(length=200), nullable=False),
    sa.Column('must_change_password', sa.Boolean(), nullable=False),
    sa.Column('totp_secret', sa.String(length=64), nullable=False),
    sa.Column('totp_step', sa.BigInteger(), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('locked_until', sa.DateTime(), nullable=True),
    sa.Column('disabled_at', sa.DateTime(), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('logged_in_at', sa.DateTime(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account')),
    sa.UniqueConstraint('username', name=op.f('uq_account_username'))
    )
    op.create_table('announcement',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('begins_at', sa.DateTime(), nullable=False),
    sa.Column('ends_at', sa.DateTime(), nullable=True),
    sa.Column('created_by', sa.String(length=200), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_announcement'))
    )
    op.create_table('audit_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('actor', sa.String(length=200), nullable=False),
    sa.Column('action', sa.String(length=60), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('address', sa.String(length=45), nullable=False),
    sa.Column('detail', sa.JSON(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_event')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('audit_event', schema=None) as batch_op:
        batch_op.create_index('ix_audit_event_action', ['action', 'id'], unique=False)
        batch_op.create_index('ix_audit_event_actor', ['actor', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_event_at'), ['at'], unique=False)

    op.create_table('pending_import',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('filename', sa.String(length=255), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('as_of', sa.Date(), nullable=True),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('overview', sa.JSON(), nullable=False),
    sa.Column('uploaded_by', sa.String(length=80), nullable=False),
    sa.Column('uploaded_at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pending_import'))
    )
    with op.batch_alter_table('pending_import', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_pending_import_uploaded_at'), ['uploaded_at'], unique=False)

    op.create_table('account_session',
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('csrf', sa.String(length=43), nullable=False),
    sa.Column('awaits_code', sa.Boolean(), nullable=False),
    sa.Column('address', sa.String(length=45), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('used_at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_account_session_account_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('token_hash', name=op.f('pk_account_session'))
    )
    with op.batch_alter_table('account_session', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_account_session_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_account_session_used_at'), ['used_at'], unique=False)

    op.create_table('wording',
    sa.Column('key', sa.String(length=80), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('author', sa.String(length=200), nullable=False),
    sa.Column('updated_at', sa.DateTime(), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_wording'))
    )
    _keep_the_log()
    for name in ('folded', 'folded_agencies'):
        op.add_column('procedure', sa.Column(name, sa.Text(), nullable=False, server_default=''))
    _fold_names()


def _keep_the_log() -> None:
    """Rows of the audit log are only ever added, as those of the history are (0002)."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER audit_event_is_final BEFORE UPDATE OR DELETE ON audit_event "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            "CREATE TRIGGER audit_event_is_final_truncate BEFORE TRUNCATE ON audit_event "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
        return
    for event in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER audit_event_is_final_{event} BEFORE {event} ON audit_event "
            "BEGIN SELECT RAISE(ABORT, 'rows of audit_event are never changed'); END"
        )


def _fold_names() -> None:
    """Fill what the list of procedures looks for words in, as storing.py does from now on."""
    connection = op.get_bind()
    more: dict[str, dict[int, list[str]]] = {}
    for part in ("alias", "agency"):
        rows = connection.execute(sa.text(f"SELECT procedure_id, name FROM procedure_{part}"))
        found = more.setdefault(part, {})
        for row in rows:
            found.setdefault(row.procedure_id, []).append(row.name)
    table = sa.table(
        "procedure",
        *(sa.column(name) for name in ("id", "code", "name", "field", "decision_agency")),
        sa.column("keywords", sa.JSON()), sa.column("folded"), sa.column("folded_agencies"),
    )
    update = table.update().where(table.c.id == sa.bindparam("row_id")).values(
        folded=sa.bindparam("words"), folded_agencies=sa.bindparam("agencies")
    )
    values = [
        {
            "row_id": row.id,
            "words": folded(row.name, row.field, *more["alias"].get(row.id, ()), *row.keywords, row.code),
            "agencies": folded(row.decision_agency, *more["agency"].get(row.id, ())),
        }
        for row in connection.execute(
            sa.select(table.c.id, table.c.code, table.c.name, table.c.field, table.c.decision_agency, table.c.keywords)
        )
    ]
    if values:
        connection.execute(update, values)


def downgrade() -> None:
    for table in ("wording", "account_session", "pending_import", "audit_event", "announcement", "account"):
        op.drop_table(table)
    for name in ("folded", "folded_agencies"):
        op.drop_column("procedure", name)
