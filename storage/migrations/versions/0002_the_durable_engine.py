"""The durable engine."""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('announcement',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('community_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('author_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_announcement_author_id')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_announcement_community_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_announcement_organisation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_announcement')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('announcement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_announcement_author_id'), ['author_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_announcement_community_id'), ['community_id'], unique=False)

    with op.batch_alter_table('lane', schema=None) as batch_op:
        batch_op.add_column(sa.Column('queue', sa.String(), server_default='0 ', nullable=False))
        batch_op.drop_index(batch_op.f('ix_lane_due'))
        batch_op.create_index('ix_lane_queue', ['queue', 'due_at'], unique=False, sqlite_where=sa.text('due_at IS NOT NULL'), postgresql_where=sa.text('due_at IS NOT NULL'))

    with op.batch_alter_table('offer', schema=None) as batch_op:
        batch_op.drop_index('ix_offer_person_id')
        batch_op.create_index('ix_offer_person_id', ['person_id', 'offered_at', 'state'], unique=False)

    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.add_column(sa.Column('rank', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('bucket', sa.String(), server_default='', nullable=False))
        batch_op.drop_index(batch_op.f('ix_outbox_lane_state'))
        batch_op.create_index('ix_outbox_lane_rank', ['lane', 'state', 'rank', 'id'], unique=False)
        batch_op.create_index('ix_outbox_state', ['state', 'created_at'], unique=False)

    with op.batch_alter_table('timer', schema=None) as batch_op:
        batch_op.add_column(sa.Column('rule', sa.String(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('local', sa.String(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('zone', sa.String(), server_default='', nullable=False))

    with op.batch_alter_table('question', schema=None) as batch_op:
        batch_op.drop_index('ix_question_community_state')
        batch_op.drop_index(batch_op.f('ix_question_asker_id'))
        batch_op.create_index('ix_question_community_state', ['community_id', 'state', 'id'], unique=False)
        batch_op.create_index('ix_question_asker_id', ['asker_id', 'id'], unique=False)
        batch_op.create_index('ix_question_draft', ['asked_at'], unique=False, sqlite_where=sa.text("state = 'draft'"), postgresql_where=sa.text("state = 'draft'"))

    with op.batch_alter_table('showcase', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_showcase_community_id'))
        batch_op.create_index('ix_showcase_community_id', ['community_id', 'starts_at'], unique=False)

    with op.batch_alter_table('answer', schema=None) as batch_op:
        batch_op.create_index('ix_answer_to_id', ['to_id'], unique=False, sqlite_where=sa.text('to_id IS NOT NULL'), postgresql_where=sa.text('to_id IS NOT NULL'))

    with op.batch_alter_table('mirror', schema=None) as batch_op:
        batch_op.create_index('ix_mirror_under_id', ['under_id'], unique=False, sqlite_where=sa.text('under_id IS NOT NULL'), postgresql_where=sa.text('under_id IS NOT NULL'))



def downgrade() -> None:
    with op.batch_alter_table('mirror', schema=None) as batch_op:
        batch_op.drop_index('ix_mirror_under_id', sqlite_where=sa.text('under_id IS NOT NULL'), postgresql_where=sa.text('under_id IS NOT NULL'))

    with op.batch_alter_table('answer', schema=None) as batch_op:
        batch_op.drop_index('ix_answer_to_id', sqlite_where=sa.text('to_id IS NOT NULL'), postgresql_where=sa.text('to_id IS NOT NULL'))

    with op.batch_alter_table('showcase', schema=None) as batch_op:
        batch_op.drop_index('ix_showcase_community_id')
        batch_op.create_index(batch_op.f('ix_showcase_community_id'), ['community_id'], unique=False)

    with op.batch_alter_table('question', schema=None) as batch_op:
        batch_op.drop_index('ix_question_draft', sqlite_where=sa.text("state = 'draft'"), postgresql_where=sa.text("state = 'draft'"))
        batch_op.drop_index('ix_question_asker_id')
        batch_op.drop_index('ix_question_community_state')
        batch_op.create_index(batch_op.f('ix_question_asker_id'), ['asker_id'], unique=False)
        batch_op.create_index('ix_question_community_state', ['community_id', 'state'], unique=False)

    with op.batch_alter_table('timer', schema=None) as batch_op:
        batch_op.drop_column('zone')
        batch_op.drop_column('local')
        batch_op.drop_column('rule')

    with op.batch_alter_table('outbox', schema=None) as batch_op:
        batch_op.drop_index('ix_outbox_state')
        batch_op.drop_index('ix_outbox_lane_rank')
        batch_op.create_index(batch_op.f('ix_outbox_lane_state'), ['lane', 'state', 'id'], unique=False)
        batch_op.drop_column('bucket')
        batch_op.drop_column('rank')

    with op.batch_alter_table('offer', schema=None) as batch_op:
        batch_op.drop_index('ix_offer_person_id')
        batch_op.create_index('ix_offer_person_id', ['person_id', 'state', 'offered_at'], unique=False)

    with op.batch_alter_table('lane', schema=None) as batch_op:
        batch_op.drop_index('ix_lane_queue', sqlite_where=sa.text('due_at IS NOT NULL'), postgresql_where=sa.text('due_at IS NOT NULL'))
        batch_op.create_index(batch_op.f('ix_lane_due'), ['due_at'], unique=False)
        batch_op.drop_column('queue')

    with op.batch_alter_table('announcement', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_announcement_community_id'))
        batch_op.drop_index(batch_op.f('ix_announcement_author_id'))

    op.drop_table('announcement')
