"""Questions and answers as they are remembered: who may see which, for any people, agreements and communities."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.answered import AnsweredQuestions
from storage.answers import Answers
from storage.database import Database, Transaction
from storage.members import Members
from storage.questions import Questions
from tests.storage.worlds import NOW, Built, Somebody, World, build, worlds

WEEK_AGO = NOW - timedelta(days=7)
small = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@dataclass(frozen=True)
class Talk:
    """One question: places of asker, community and author, its state, and the state of the offer to each person."""

    asker: int
    community: int
    author: int
    state: str
    offers: tuple[str, ...]


talks = st.builds(
    Talk,
    asker=st.integers(0, 4),
    community=st.integers(0, 1),
    author=st.integers(0, 4),
    state=st.sampled_from(["draft", "open", "answered", "withdrawn"]),
    offers=st.tuples(*[st.sampled_from(["", "planned", "offered", "answered", "declined"])] * 5),
)


@dataclass(frozen=True)
class Told:
    """A world with one question and one answer, by number, and who is who in it."""

    tx: Transaction
    world: World
    built: Built
    talk: Talk
    question: int
    answer: int

    def somebody(self, place: int) -> tuple[int, Somebody]:
        at = place % len(self.world.people)
        return at, self.world.people[at]

    def may_see_question(self, at: int) -> bool:
        """The rule in words: one's own; or asked, in one's community or brought to one, where they may cross."""
        asker, asked_by = self.somebody(self.talk.asker)
        looking = self.world.people[at]
        near = self.talk.community in looking.communities or self.talk.offers[at] not in ("", "planned")
        public = self.talk.state in ("open", "answered")
        return at == asker or (public and near and self.world.crosses(looking, asked_by))

    def may_see_answer(self, at: int) -> bool:
        """One's own; or that of an organisation that agreed with one's own, to a question one may see."""
        author, answered_by = self.somebody(self.talk.author)
        return at == author or (self.may_see_question(at) and self.world.crosses(self.world.people[at], answered_by))


class Undone(Exception):
    """Nothing of this world stays in the database."""


async def told(database: Database, world: World, talk: Talk, check: Callable[[Told], None]) -> None:
    """The check has run in this world, in a transaction that left nothing behind."""

    def write(tx: Transaction) -> None:
        built = build(tx, world)
        asker = built.people[talk.asker % len(built.people)]
        author = built.people[talk.author % len(built.people)]
        questions = Questions(tx)
        number = questions.draft(built.communities[talk.community], asker, "How?", NOW)
        questions.become(number, talk.state)
        for person, state in zip(built.people, talk.offers, strict=False):
            if state:
                questions.offer(number, person.id, NOW, state=state)
        answer = Answers(tx).add(number, author, "So.", NOW)
        check(Told(tx, world, built, talk, number, answer))
        raise Undone

    with pytest.raises(Undone):
        await database.write(write)


@small
@given(world=worlds, talk=talks)
async def test_nobody_sees_a_question_without_an_agreement(database: Database, world: World, talk: Talk) -> None:
    def check(told: Told) -> None:
        for at, viewer in enumerate(told.built.people):
            seen = Questions(told.tx).get(told.question, viewer=viewer)
            assert (seen is not None) == told.may_see_question(at)

    await told(database, world, talk, check)


@small
@given(world=worlds, talk=talks)
async def test_nobody_sees_an_answer_or_its_author_without_an_agreement_of_both(
    database: Database, world: World, talk: Talk
) -> None:
    def check(told: Told) -> None:
        for at, viewer in enumerate(told.built.people):
            seen = Answers(told.tx).get(told.answer, viewer=viewer)
            assert (seen is not None) == told.may_see_answer(at)
            met = AnsweredQuestions(told.tx).said([told.question], viewer=viewer)
            crossing = told.may_see_question(at) and told.world.crosses(
                told.world.people[at], told.somebody(told.talk.author)[1]
            )
            assert [row.question_id for row in met] == ([told.question] if crossing else [])

    await told(database, world, talk, check)


@small
@given(world=worlds, talk=talks)
async def test_the_lists_hold_nothing_that_may_not_be_seen_one_by_one(
    database: Database, world: World, talk: Talk
) -> None:
    def check(told: Told) -> None:
        questions, asker = Questions(told.tx), told.somebody(told.talk.asker)[0]
        for at, viewer in enumerate(told.built.people):
            visible, is_open = told.may_see_question(at), told.talk.state == "open"
            listed = [row.id for row in questions.open(viewer=viewer)]
            waiting = [row.id for row in questions.offered(viewer=viewer)]
            mine = [row.id for row in questions.mine(viewer=viewer)]
            assert listed == ([told.question] if visible and is_open and at != asker else [])
            assert waiting == ([told.question] if visible and is_open and told.talk.offers[at] == "offered" else [])
            assert mine == ([told.question] if at == asker and told.talk.state in ("open", "answered") else [])

    await told(database, world, talk, check)


@small
@given(world=worlds, talk=talks)
async def test_who_is_not_verified_sees_nothing_of_others_and_is_asked_nothing(
    database: Database, world: World, talk: Talk
) -> None:
    def check(told: Told) -> None:
        questions, answers, members = Questions(told.tx), Answers(told.tx), Members(told.tx)
        asker, author = (told.somebody(place)[0] for place in (told.talk.asker, told.talk.author))
        for at, viewer in enumerate(told.built.people):
            for community in told.built.communities:
                willing = members.willing(community, WEEK_AGO, viewer=viewer)
                assert all(person.verified for person in willing)
                assert told.world.people[at].vouched or willing == []
            if not told.world.people[at].vouched:
                assert at == asker or questions.get(told.question, viewer=viewer) is None
                assert at == author or answers.get(told.answer, viewer=viewer) is None
                assert AnsweredQuestions(told.tx).said([told.question], viewer=viewer) == []
                everybody = [person.id for person in told.built.people]
                assert members.findable_among(everybody, viewer=viewer) == {}

    await told(database, world, talk, check)


@small
@given(world=worlds)
async def test_only_those_who_said_yes_in_agreeing_organisations_are_willing(database: Database, world: World) -> None:
    def check(told: Told) -> None:
        for at, viewer in enumerate(told.built.people):
            for place, community in enumerate(told.built.communities):
                willing = {person.id for person in Members(told.tx).willing(community, WEEK_AGO, viewer=viewer)}
                assert willing == {
                    told.built.people[n].id
                    for n, found in enumerate(told.world.people)
                    if n != at
                    and found.active
                    and found.asked
                    and place in found.communities
                    and told.world.crosses(told.world.people[at], found)
                }

    await told(database, world, Talk(0, 0, 0, "draft", ("",) * 5), check)


async def _one(database: Database, act: Callable[[Transaction, Built], None]) -> None:
    """What `act` asserts holds, for two people of two agreeing organisations in one community."""
    both = frozenset({0})
    world = World(
        (Somebody(0, True, True, True, True, both), Somebody(1, True, True, True, True, both)), frozenset({(0, 1)})
    )
    await database.write(lambda tx: act(tx, build(tx, world)))


async def test_a_draft_is_sent_once(database: Database) -> None:
    def act(tx: Transaction, built: Built) -> None:
        questions = Questions(tx)
        number = questions.draft(built.communities[0], built.people[0], "How?", NOW)
        assert [questions.send(number, NOW), questions.send(number, NOW)] == [True, False]

    await _one(database, act)


async def test_a_plan_uses_nothing_of_the_week_and_a_question_brought_later_counts_from_then(
    database: Database,
) -> None:
    def act(tx: Transaction, built: Built) -> None:
        questions, (asker, other) = Questions(tx), built.people
        numbers = [questions.draft(built.communities[0], asker, "How?", NOW - timedelta(days=8)) for _ in range(3)]

        def can_be_asked() -> bool:
            return bool(Members(tx).willing(built.communities[0], WEEK_AGO, viewer=asker))

        for number in numbers:
            questions.offer(number, other.id, NOW - timedelta(days=8), state="planned")
        assert can_be_asked()
        for number in numbers[:2]:
            questions.bring(number, other.id, NOW)
        assert can_be_asked()
        questions.bring(numbers[2], other.id, NOW)
        assert not can_be_asked()

    await _one(database, act)


async def test_what_an_unverified_person_writes_is_of_no_organisation(database: Database) -> None:
    def act(tx: Transaction, built: Built) -> None:
        claimed = built.people[0]._replace(verified=False)
        number = Questions(tx).draft(built.communities[0], claimed, "How?", NOW)
        Questions(tx).send(number, NOW)
        assert Questions(tx).get(number, viewer=built.people[1]) is None
        record = Questions(tx).record(number)
        assert record is not None
        assert record.organisation == ""

    await _one(database, act)


async def test_an_edited_answer_keeps_what_it_said_and_a_withdrawn_one_is_said_no_more(database: Database) -> None:
    def act(tx: Transaction, built: Built) -> None:
        answers, (asker, author) = Answers(tx), built.people
        number = Questions(tx).draft(built.communities[0], asker, "How?", NOW)
        said = answers.get(answers.add(number, author, "So.", NOW), viewer=author)
        assert said is not None
        answers.edit(said, "Thus.", NOW)
        changed = answers.record(said.id)
        assert changed is not None
        assert (changed.text, changed.edited) == ("Thus.", True)
        assert [answers.withdraw(said.id), answers.withdraw(said.id)] == [True, False]
        assert answers.sent(number) == []

    await _one(database, act)
