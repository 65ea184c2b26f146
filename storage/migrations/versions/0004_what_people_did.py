"""What people did."""

import math
from collections import defaultdict
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('search_change',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('noun', sa.String(), nullable=False),
    sa.Column('subject_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('transaction', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_search_change')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('search_change', schema=None) as batch_op:
        batch_op.create_index('ix_search_change_transaction', ['transaction', 'id'], unique=False)

    op.create_table('watch',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('topic', sa.String(), nullable=False),
    sa.Column('organisation', sa.String(), nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('step', sa.String(), nullable=False),
    sa.Column('community', sa.String(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('looked_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_watch_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_watch')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('watch', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_watch_looked_at'), ['looked_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_watch_person_id'), ['person_id'], unique=False)

    op.create_table('weight',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('sign', sa.String(), nullable=False),
    sa.Column('value', sa.Float(), nullable=False),
    sa.Column('fitted_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_weight')),
    sa.UniqueConstraint('sign', name=op.f('uq_weight_sign'))
    )
    op.create_table('busy_hour',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('hour', sa.Integer(), nullable=False),
    sa.Column('half_year', sa.Float(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_busy_hour_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_busy_hour')),
    sa.UniqueConstraint('person_id', 'hour', name=op.f('uq_busy_hour_person_id_hour'))
    )
    with op.batch_alter_table('busy_hour', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_busy_hour_person_id'), ['person_id'], unique=False)

    op.create_table('activity',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('community_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('answered', sa.Integer(), nullable=False),
    sa.Column('accepted', sa.Integer(), nullable=False),
    sa.Column('thanked', sa.Integer(), nullable=False),
    sa.Column('ten_days', sa.Float(), nullable=False),
    sa.Column('quarter', sa.Float(), nullable=False),
    sa.Column('half_year', sa.Float(), nullable=False),
    sa.Column('last_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_activity_community_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_activity_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_activity')),
    sa.UniqueConstraint('person_id', 'community_id', name=op.f('uq_activity_person_id_community_id'))
    )
    with op.batch_alter_table('activity', schema=None) as batch_op:
        batch_op.create_index('ix_activity_community_id', ['community_id', 'quarter'], unique=False)
        batch_op.create_index(batch_op.f('ix_activity_person_id'), ['person_id'], unique=False)

    op.create_table('considered',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('question_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('signs', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_considered_person_id')),
    sa.ForeignKeyConstraint(['question_id'], ['question.id'], name=op.f('fk_considered_question_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_considered')),
    sa.UniqueConstraint('question_id', 'person_id', name=op.f('uq_considered_question_id_person_id')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('considered', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_considered_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_considered_person_id'), ['person_id'], unique=False)

    op.create_table('evidence',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('question_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('asker_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('accepted', sa.Boolean(), nullable=False),
    sa.Column('thanked', sa.Boolean(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['asker_id'], ['person.id'], name=op.f('fk_evidence_asker_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_evidence_person_id')),
    sa.ForeignKeyConstraint(['question_id'], ['question.id'], name=op.f('fk_evidence_question_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evidence')),
    sa.UniqueConstraint('question_id', 'person_id', name=op.f('uq_evidence_question_id_person_id'))
    )
    with op.batch_alter_table('evidence', schema=None) as batch_op:
        batch_op.create_index('ix_evidence_asker_id', ['asker_id', 'person_id'], unique=False)
        batch_op.create_index('ix_evidence_votes', ['question_id', 'person_id', 'answered_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_evidence_person_id'), ['person_id'], unique=False)

    op.create_table('readiness',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('value', sa.Float(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_readiness_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_readiness')),
    sa.UniqueConstraint('person_id', name=op.f('uq_readiness_person_id'))
    )
    with op.batch_alter_table('readiness', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_readiness_person_id'), ['person_id'], unique=False)

    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.add_column(sa.Column('away_from', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('away_until', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('hours', sa.String(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('languages', sa.String(), server_default='', nullable=False))

    op.create_table('hiding',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_hiding_organisation_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_hiding_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_hiding')),
    sa.UniqueConstraint('person_id', 'organisation_id', name=op.f('uq_hiding_person_id_organisation_id'))
    )
    with op.batch_alter_table('hiding', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_hiding_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_hiding_person_id'), ['person_id'], unique=False)

    op.create_table('synonym',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('community_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('words', sa.String(), nullable=False),
    sa.Column('means', sa.String(), nullable=False),
    sa.Column('words_key', sa.String(), nullable=False),
    sa.Column('means_key', sa.String(), nullable=False),
    sa.Column('added_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('added_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['added_by'], ['person.id'], name=op.f('fk_synonym_added_by')),
    sa.ForeignKeyConstraint(['community_id'], ['community.id'], name=op.f('fk_synonym_community_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_synonym')),
    sa.UniqueConstraint('community_id', 'words_key', 'means_key', name=op.f('uq_synonym_community_id_words_key_means_key')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('synonym', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_synonym_added_by'), ['added_by'], unique=False)
        batch_op.create_index('ix_synonym_means', ['community_id', 'means_key'], unique=False)

    with op.batch_alter_table('answer', schema=None) as batch_op:
        batch_op.add_column(sa.Column('thanked', sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table('skill', schema=None) as batch_op:
        batch_op.add_column(sa.Column('framework', sa.String(), server_default='', nullable=False))
        batch_op.add_column(sa.Column('archived', sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column('listed_at', sa.DateTime(timezone=True), nullable=True))

    op.create_table('person_skill',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('skill_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('words', sa.String(), nullable=False),
    sa.Column('folded', sa.String(), nullable=False),
    sa.Column('level', sa.String(), nullable=False),
    sa.Column('said_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_person_skill_person_id')),
    sa.ForeignKeyConstraint(['skill_id'], ['skill.id'], name=op.f('fk_person_skill_skill_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person_skill')),
    sa.UniqueConstraint('person_id', 'folded', name=op.f('uq_person_skill_person_id_folded')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('person_skill', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_person_skill_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_person_skill_skill_id'), ['skill_id'], unique=False)

    op.create_table('suggestion',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('skill_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('words', sa.String(), nullable=False),
    sa.Column('folded', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_suggestion_person_id')),
    sa.ForeignKeyConstraint(['skill_id'], ['skill.id'], name=op.f('fk_suggestion_skill_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_suggestion')),
    sa.UniqueConstraint('person_id', 'folded', name=op.f('uq_suggestion_person_id_folded')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('suggestion', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_suggestion_person_id'), ['person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_suggestion_skill_id'), ['skill_id'], unique=False)

    op.create_table('confirming',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_confirming_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_confirming')),
    sa.UniqueConstraint('person_id', name=op.f('uq_confirming_person_id'))
    )
    with op.batch_alter_table('confirming', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_confirming_due_at'), ['due_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_confirming_person_id'), ['person_id'], unique=False)

    count_what_was_answered()


def count_what_was_answered() -> None:
    """Evidence and activity are as if they had been counted from the first answer on."""
    moment = sa.DateTime(timezone=True)
    question = sa.table("question", *map(sa.column, ("id", "community_id", "asker_id", "accepted_id")))
    answer = sa.table(
        "answer", *map(sa.column, ("id", "question_id", "author_id", "kind", "state")), sa.column("written_at", moment)
    )
    rows = op.get_bind().execute(
        sa.select(
            question.c.id, question.c.community_id, question.c.asker_id, question.c.accepted_id,
            answer.c.id, answer.c.author_id, answer.c.written_at,
        )
        .where(
            answer.c.question_id == question.c.id,
            answer.c.author_id.is_not(None),
            answer.c.author_id.is_distinct_from(question.c.asker_id),
            answer.c.kind == "answer",
            answer.c.state == "sent",
        )
        .order_by(answer.c.id)
    )
    found: dict[tuple[int, int], dict[str, Any]] = {}
    where: dict[tuple[int, int], int] = {}
    for number, community, asker, accepted, said, author, at in rows:
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
        one = found.setdefault(
            (number, author),
            {
                "question_id": number, "person_id": author, "asker_id": asker, "accepted": False, "thanked": False,
                "answered_at": at,
            },
        )
        one["accepted"] = one["accepted"] or accepted == said
        where[number, author] = community
    began = datetime(2026, 1, 1, tzinfo=UTC)
    doing: dict[tuple[int, int], dict[str, Any]] = {}
    hours: dict[tuple[int, int], float] = defaultdict(float)
    for key, one in found.items():
        days = (one["answered_at"] - began).total_seconds() / 86400
        row = doing.setdefault(
            (one["person_id"], where[key]),
            {
                "person_id": one["person_id"], "community_id": where[key], "answered": 0, "accepted": 0,
                "thanked": 0, "ten_days": 0.0, "quarter": 0.0, "half_year": 0.0, "last_at": one["answered_at"],
            },
        )
        row["answered"] += 1
        row["accepted"] += one["accepted"]
        for name, life in (("ten_days", 10), ("quarter", 90), ("half_year", 180)):
            row[name] += math.exp(days / life)
        row["last_at"] = max(row["last_at"], one["answered_at"])
        hours[one["person_id"], one["answered_at"].hour] += math.exp(days / 180)
    evidence = sa.table(
        "evidence", *map(sa.column, ("question_id", "person_id", "asker_id", "accepted", "thanked")),
        sa.column("answered_at", moment),
    )
    activity = sa.table(
        "activity",
        *map(sa.column, ("person_id", "community_id", "answered", "accepted", "thanked")),
        *map(sa.column, ("ten_days", "quarter", "half_year")),
        sa.column("last_at", moment),
    )
    busy_hour = sa.table("busy_hour", *map(sa.column, ("person_id", "hour", "half_year")))
    busy = [{"person_id": person, "hour": hour, "half_year": much} for (person, hour), much in hours.items()]
    for table, counted in ((evidence, list(found.values())), (activity, list(doing.values())), (busy_hour, busy)):
        if counted:
            op.get_bind().execute(sa.insert(table), counted)


def downgrade() -> None:
    with op.batch_alter_table('confirming', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_confirming_person_id'))
        batch_op.drop_index(batch_op.f('ix_confirming_due_at'))

    op.drop_table('confirming')
    with op.batch_alter_table('suggestion', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_suggestion_skill_id'))
        batch_op.drop_index(batch_op.f('ix_suggestion_person_id'))

    op.drop_table('suggestion')
    with op.batch_alter_table('person_skill', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_person_skill_skill_id'))
        batch_op.drop_index(batch_op.f('ix_person_skill_person_id'))

    op.drop_table('person_skill')
    with op.batch_alter_table('skill', schema=None) as batch_op:
        batch_op.drop_column('listed_at')
        batch_op.drop_column('archived')
        batch_op.drop_column('framework')

    with op.batch_alter_table('evidence', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_evidence_person_id'))
        batch_op.drop_index('ix_evidence_votes')
        batch_op.drop_index('ix_evidence_asker_id')

    op.drop_table('evidence')
    with op.batch_alter_table('considered', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_considered_person_id'))
        batch_op.drop_index(batch_op.f('ix_considered_at'))

    op.drop_table('considered')
    with op.batch_alter_table('activity', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_activity_person_id'))
        batch_op.drop_index('ix_activity_community_id')

    op.drop_table('activity')
    with op.batch_alter_table('busy_hour', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_busy_hour_person_id'))

    op.drop_table('busy_hour')
    op.drop_table('weight')
    with op.batch_alter_table('watch', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_watch_person_id'))
        batch_op.drop_index(batch_op.f('ix_watch_looked_at'))

    op.drop_table('watch')
    with op.batch_alter_table('search_change', schema=None) as batch_op:
        batch_op.drop_index('ix_search_change_transaction')

    op.drop_table('search_change')
    with op.batch_alter_table('readiness', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_readiness_person_id'))

    op.drop_table('readiness')
    with op.batch_alter_table('hiding', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_hiding_person_id'))
        batch_op.drop_index(batch_op.f('ix_hiding_organisation_id'))

    op.drop_table('hiding')
    with op.batch_alter_table('person', schema=None) as batch_op:
        batch_op.drop_column('languages')
        batch_op.drop_column('hours')
        batch_op.drop_column('away_until')
        batch_op.drop_column('away_from')

    with op.batch_alter_table('answer', schema=None) as batch_op:
        batch_op.drop_column('thanked')

    with op.batch_alter_table('synonym', schema=None) as batch_op:
        batch_op.drop_index('ix_synonym_means')
        batch_op.drop_index(batch_op.f('ix_synonym_added_by'))

    op.drop_table('synonym')
