"""Communities and organisations."""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def folded(said: str) -> str:
    """As `storage.organisations.folded` was then."""
    plain = unicodedata.normalize("NFKC", said).casefold().replace("&", " and ")
    plain = " ".join(re.findall(r"\w+", re.sub(r"[’'`.]", "", plain)))
    return re.sub(r"^(?:her|his) majestys\b", "hm", plain).removeprefix("the ")


def upgrade() -> None:
    op.create_table('bank_holiday',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('division', sa.String(), nullable=False),
    sa.Column('day', sa.String(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('title_cy', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bank_holiday')),
    sa.UniqueConstraint('division', 'day', name=op.f('uq_bank_holiday_division_day'))
    )
    op.create_table('pairing',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('round', sa.String(), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pairing')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('pairing', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_pairing_round'), ['round'], unique=False)

    op.create_table('skill',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('description', sa.String(), nullable=False),
    sa.Column('roles', sa.String(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_skill')),
    sa.UniqueConstraint('name', name=op.f('uq_skill_name'))
    )
    op.create_table('organisation_domain',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('domain', sa.String(), nullable=False),
    sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_organisation_domain_organisation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisation_domain')),
    sa.UniqueConstraint('domain', name=op.f('uq_organisation_domain_domain'))
    )
    with op.batch_alter_table('organisation_domain', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_organisation_domain_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('organisation_name',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('folded', sa.String(), nullable=False),
    sa.Column('said', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_organisation_name_organisation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisation_name')),
    sa.UniqueConstraint('folded', 'organisation_id', name=op.f('uq_organisation_name_folded_organisation_id'))
    )
    with op.batch_alter_table('organisation_name', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_organisation_name_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('organisation_parent',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('parent_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_organisation_parent_organisation_id')),
    sa.ForeignKeyConstraint(['parent_id'], ['organisation.id'], name=op.f('fk_organisation_parent_parent_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisation_parent')),
    sa.UniqueConstraint('organisation_id', 'parent_id', name=op.f('uq_organisation_parent_organisation_id_parent_id'))
    )
    with op.batch_alter_table('organisation_parent', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_organisation_parent_parent_id'), ['parent_id'], unique=False)

    op.create_table('organisation_succession',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('predecessor_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('successor_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['predecessor_id'], ['organisation.id'], name=op.f('fk_organisation_succession_predecessor_id')),
    sa.ForeignKeyConstraint(['successor_id'], ['organisation.id'], name=op.f('fk_organisation_succession_successor_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisation_succession')),
    sa.UniqueConstraint('predecessor_id', 'successor_id', name=op.f('uq_organisation_succession_predecessor_id_successor_id'))
    )
    with op.batch_alter_table('organisation_succession', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_organisation_succession_successor_id'), ['successor_id'], unique=False)

    op.create_table('service',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('slug', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_service_organisation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_service')),
    sa.UniqueConstraint('slug', name=op.f('uq_service_slug'))
    )
    with op.batch_alter_table('service', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_service_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('consent',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('other_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('kinds', sa.String(), nullable=False),
    sa.Column('given_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('given_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['given_by'], ['person.id'], name=op.f('fk_consent_given_by')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_consent_organisation_id')),
    sa.ForeignKeyConstraint(['other_id'], ['organisation.id'], name=op.f('fk_consent_other_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consent'))
    )
    with op.batch_alter_table('consent', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_consent_given_by'), ['given_by'], unique=False)
        batch_op.create_index('ix_consent_organisation_id', ['organisation_id', 'other_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_consent_other_id'), ['other_id'], unique=False)

    op.create_table('notice',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('shown_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_notice_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice')),
    sa.UniqueConstraint('person_id', 'version', name=op.f('uq_notice_person_id_version'))
    )
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_notice_person_id'), ['person_id'], unique=False)

    op.create_table('paired',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('pairing_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('round', sa.String(), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['pairing_id'], ['pairing.id'], name=op.f('fk_paired_pairing_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_paired_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paired')),
    sa.UniqueConstraint('pairing_id', 'person_id', name=op.f('uq_paired_pairing_id_person_id')),
    sa.UniqueConstraint('round', 'person_id', name=op.f('uq_paired_round_person_id'))
    )
    with op.batch_alter_table('paired', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_paired_person_id'), ['person_id'], unique=False)

    op.create_table('person_service',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('service_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_person_service_person_id')),
    sa.ForeignKeyConstraint(['service_id'], ['service.id'], name=op.f('fk_person_service_service_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person_service')),
    sa.UniqueConstraint('person_id', 'service_id', name=op.f('uq_person_service_person_id_service_id'))
    )
    with op.batch_alter_table('person_service', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_person_service_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_person_service_service_id'), ['service_id'], unique=False)

    op.create_table('bulletin',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('community_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('author_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('words', sa.String(), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('happened', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['person.id'], name=op.f('fk_bulletin_author_id')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_bulletin_community_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_bulletin_organisation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bulletin')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('bulletin', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_bulletin_author_id'), ['author_id'], unique=False)
        batch_op.create_index('ix_bulletin_draft', ['community_id'], unique=True, sqlite_where=sa.text("state = 'draft'"), postgresql_where=sa.text("state = 'draft'"))
        batch_op.create_index('ix_bulletin_until', ['community_id', 'until'], unique=False)

    op.create_table('connected_place',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('community_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('conversation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('administrator_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['administrator_id'], ['person.id'], name=op.f('fk_connected_place_administrator_id')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_connected_place_community_id')),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversation.id'], name=op.f('fk_connected_place_conversation_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['person.id'], name=op.f('fk_connected_place_owner_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_connected_place')),
    sa.UniqueConstraint('community_id', 'conversation_id', name=op.f('uq_connected_place_community_id_conversation_id')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('connected_place', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_connected_place_administrator_id'), ['administrator_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_connected_place_conversation_id'), ['conversation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_connected_place_owner_id'), ['owner_id'], unique=False)

    op.create_table('merging',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('community_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('into_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('decided_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_merging_by_id')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_merging_community_id')),
    sa.ForeignKeyConstraint(['decided_by'], ['person.id'], name=op.f('fk_merging_decided_by')),
    sa.ForeignKeyConstraint(['into_id'], ['community.id'], name=op.f('fk_merging_into_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_merging'))
    )
    with op.batch_alter_table('merging', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_merging_by_id'), ['by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_merging_community_id'), ['community_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_merging_decided_by'), ['decided_by'], unique=False)
        batch_op.create_index(batch_op.f('ix_merging_into_id'), ['into_id'], unique=False)

    op.create_table('closing',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('community_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('members', sa.Integer(), nullable=False),
    sa.Column('organisations', sa.Integer(), nullable=False),
    sa.Column('asked', sa.Integer(), nullable=False),
    sa.Column('answered', sa.Integer(), nullable=False),
    sa.Column('showcases', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_closing_by_id')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_closing_community_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_closing'))
    )
    with op.batch_alter_table('closing', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_closing_by_id'), ['by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_closing_community_id'), ['community_id'], unique=False)

    op.create_table('departure',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('community_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_departure_community_id')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_departure_organisation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_departure'))
    )
    with op.batch_alter_table('departure', schema=None) as batch_op:
        batch_op.create_index('ix_departure_community_id', ['community_id', 'at'], unique=False)

    op.create_table('invitation',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('community_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('invited_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_invitation_by_id')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_invitation_community_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_invitation_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invitation')),
    sa.UniqueConstraint('community_id', 'person_id', 'kind', name=op.f('uq_invitation_community_id_person_id_kind')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_invitation_by_id'), ['by_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_invitation_person_id'), ['person_id'], unique=False)

    op.create_table('join_request',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('community_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('words', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('answer', sa.String(), nullable=True),
    sa.Column('decided_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_join_request_community_id')),
    sa.ForeignKeyConstraint(['decided_by'], ['person.id'], name=op.f('fk_join_request_decided_by')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_join_request_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_join_request')),
    sa.UniqueConstraint('community_id', 'person_id', name=op.f('uq_join_request_community_id_person_id')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('join_request', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_join_request_decided_by'), ['decided_by'], unique=False)
        batch_op.create_index(batch_op.f('ix_join_request_person_id'), ['person_id'], unique=False)

    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.add_column(sa.Column('domain', sa.String(), server_default='', nullable=False))

    with op.batch_alter_table('agreement', schema=None) as batch_op:
        batch_op.add_column(sa.Column('questions', sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column('names', sa.Boolean(), server_default=sa.true(), nullable=False))

    with op.batch_alter_table('community', schema=None) as batch_op:
        batch_op.add_column(sa.Column('kind', sa.String(), server_default='service', nullable=False))
        batch_op.add_column(sa.Column('purpose', sa.String(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('audience', sa.String(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('stage', sa.String(), server_default='forming', nullable=False))
        batch_op.add_column(sa.Column('access', sa.String(), server_default='open', nullable=False))
        batch_op.add_column(sa.Column('suppliers', sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column('supported_by', sa.String(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('ends_on', sa.String(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('state', sa.String(), server_default='active', nullable=False))
        batch_op.add_column(sa.Column('merged_into_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.add_column(sa.Column('size', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('ownerless_since', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('bulletin', sa.String(), server_default='MO', nullable=False))
        batch_op.create_foreign_key(batch_op.f('fk_community_merged_into_id'), 'community', ['merged_into_id'], ['id'])

    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.add_column(sa.Column('role', sa.String(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.add_column(sa.Column('active', sa.Boolean(), server_default=sa.true(), nullable=False))
        batch_op.add_column(sa.Column('muted', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('findable', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_index('ix_membership_counts', ['community_id', 'active', 'organisation_id', 'role'], unique=False)
        batch_op.create_index('ix_membership_findable', ['community_id', 'person_id', 'organisation_id'], unique=False, sqlite_where=sa.text('findable IS 1'), postgresql_where=sa.text('findable IS true'))
        batch_op.create_index('ix_membership_owner', ['community_id'], unique=False, sqlite_where=sa.text('owner IS 1'), postgresql_where=sa.text('owner IS true'))
        batch_op.create_index('ix_membership_joined', ['community_id', 'joined_at'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_membership_organisation_id'), 'organisation', ['organisation_id'], ['id'])

    with op.batch_alter_table('organisation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('slug', sa.String(), nullable=True))
        batch_op.add_column(sa.Column('form', sa.String(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('state', sa.String(), server_default='known', nullable=False))
        batch_op.add_column(sa.Column('began', sa.String(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('ended', sa.String(), server_default='', nullable=False))
        batch_op.drop_constraint(batch_op.f('uq_organisation_short'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_organisation_slug'), ['slug'])

    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.add_column(sa.Column('kind', sa.String(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('introduced', sa.String(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('told', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('warned_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index('ix_person_introduced', ['introduced', 'id'], unique=False, sqlite_where=sa.text("introduced <> ''"), postgresql_where=sa.text("introduced <> ''"))

    with op.batch_alter_table('question', schema=None) as batch_op:
        batch_op.add_column(sa.Column('source', sa.String(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('origin', sa.String(), nullable=True))
        batch_op.create_index('ix_question_origin', ['origin'], unique=True)

    # What the version before knew, as this one keeps it: names to resolve by, consents behind each agreement, and on each
    # membership what it is counted by.
    connection = op.get_bind()
    named = [
        {"organisation": row.id, "folded": folded(said), "said": said, "kind": kind}
        for row in connection.execute(sa.text("SELECT id, name, short FROM organisation"))
        for said, kind in ((row.name, "name"), (row.short, "short"))
    ]
    add = sa.text(
        "INSERT INTO organisation_name (organisation_id, folded, said, kind)"
        " VALUES (:organisation, :folded, :said, :kind) ON CONFLICT DO NOTHING"
    )
    for row in named:
        connection.execute(add, row)
    for one, other in (("first_id", "second_id"), ("second_id", "first_id")):
        op.execute(
            "INSERT INTO consent (organisation_id, other_id, kinds, given_at, ended_at)"
            f" SELECT {one}, {other}, 'questions names', agreed_at, ended_at FROM agreement"
        )
    op.execute(
        "UPDATE membership SET role = (SELECT role FROM person WHERE person.id = person_id),"
        " active = (SELECT active FROM person WHERE person.id = person_id),"
        " organisation_id = (SELECT organisation_id FROM person WHERE person.id = person_id AND verified),"
        " findable = (SELECT findable AND verified AND active FROM person WHERE person.id = person_id)"
    )
    op.execute(
        "UPDATE community SET size = (SELECT count(*) FROM membership WHERE community_id = community.id AND active)"
    )


def downgrade() -> None:
    with op.batch_alter_table('question', schema=None) as batch_op:
        batch_op.drop_index('ix_question_origin')
        batch_op.drop_column('origin')
        batch_op.drop_column('source')

    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.drop_index('ix_person_introduced')
        batch_op.drop_column('warned_at')
        batch_op.drop_column('told')
        batch_op.drop_column('introduced')
        batch_op.drop_column('kind')

    with op.batch_alter_table('organisation', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_organisation_slug'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_organisation_short'), ['short'])
        batch_op.drop_column('ended')
        batch_op.drop_column('began')
        batch_op.drop_column('state')
        batch_op.drop_column('form')
        batch_op.drop_column('slug')

    with op.batch_alter_table('membership', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_membership_organisation_id'), type_='foreignkey')
        batch_op.drop_index('ix_membership_findable')
        batch_op.drop_index('ix_membership_owner', sqlite_where=sa.text('owner IS 1'), postgresql_where=sa.text('owner IS true'))
        batch_op.drop_index('ix_membership_joined')
        batch_op.drop_index('ix_membership_counts')
        batch_op.drop_column('findable')
        batch_op.drop_column('muted')
        batch_op.drop_column('active')
        batch_op.drop_column('organisation_id')
        batch_op.drop_column('role')

    with op.batch_alter_table('community', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_community_merged_into_id'), type_='foreignkey')
        batch_op.drop_column('bulletin')
        batch_op.drop_column('ownerless_since')
        batch_op.drop_column('size')
        batch_op.drop_column('merged_into_id')
        batch_op.drop_column('state')
        batch_op.drop_column('ends_on')
        batch_op.drop_column('supported_by')
        batch_op.drop_column('suppliers')
        batch_op.drop_column('access')
        batch_op.drop_column('stage')
        batch_op.drop_column('audience')
        batch_op.drop_column('purpose')
        batch_op.drop_column('kind')

    with op.batch_alter_table('agreement', schema=None) as batch_op:
        batch_op.drop_column('names')
        batch_op.drop_column('questions')

    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.drop_column('domain')

    with op.batch_alter_table('join_request', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_join_request_person_id'))
        batch_op.drop_index(batch_op.f('ix_join_request_decided_by'))

    op.drop_table('join_request')
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_invitation_person_id'))
        batch_op.drop_index(batch_op.f('ix_invitation_by_id'))

    op.drop_table('invitation')
    with op.batch_alter_table('closing', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_closing_by_id'))
        batch_op.drop_index(batch_op.f('ix_closing_community_id'))

    op.drop_table('closing')
    with op.batch_alter_table('merging', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_merging_by_id'))
        batch_op.drop_index(batch_op.f('ix_merging_community_id'))
        batch_op.drop_index(batch_op.f('ix_merging_decided_by'))
        batch_op.drop_index(batch_op.f('ix_merging_into_id'))

    op.drop_table('merging')
    with op.batch_alter_table('departure', schema=None) as batch_op:
        batch_op.drop_index('ix_departure_community_id')

    op.drop_table('departure')
    with op.batch_alter_table('connected_place', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_connected_place_owner_id'))
        batch_op.drop_index(batch_op.f('ix_connected_place_conversation_id'))
        batch_op.drop_index(batch_op.f('ix_connected_place_administrator_id'))

    op.drop_table('connected_place')
    with op.batch_alter_table('bulletin', schema=None) as batch_op:
        batch_op.drop_index('ix_bulletin_until')
        batch_op.drop_index('ix_bulletin_draft')
        batch_op.drop_index(batch_op.f('ix_bulletin_author_id'))

    op.drop_table('bulletin')
    with op.batch_alter_table('person_service', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_person_service_service_id'))
        batch_op.drop_index(batch_op.f('ix_person_service_person_id'))

    op.drop_table('person_service')
    with op.batch_alter_table('paired', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_paired_person_id'))

    op.drop_table('paired')
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_notice_person_id'))

    op.drop_table('notice')
    with op.batch_alter_table('consent', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_consent_other_id'))
        batch_op.drop_index('ix_consent_organisation_id')
        batch_op.drop_index(batch_op.f('ix_consent_given_by'))

    op.drop_table('consent')
    with op.batch_alter_table('service', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_service_organisation_id'))

    op.drop_table('service')
    with op.batch_alter_table('organisation_succession', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_organisation_succession_successor_id'))

    op.drop_table('organisation_succession')
    with op.batch_alter_table('organisation_parent', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_organisation_parent_parent_id'))

    op.drop_table('organisation_parent')
    with op.batch_alter_table('organisation_name', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_organisation_name_organisation_id'))

    op.drop_table('organisation_name')
    with op.batch_alter_table('organisation_domain', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_organisation_domain_organisation_id'))

    op.drop_table('organisation_domain')
    op.drop_table('skill')
    with op.batch_alter_table('pairing', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_pairing_round'))

    op.drop_table('pairing')
    op.drop_table('bank_holiday')
