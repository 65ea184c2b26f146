"""Each night what counts is what told who answered; with little to go by nothing changes."""

from datetime import timedelta

from bot.features.fitting import FitWeights
from bot.ranking import WEIGHTS, Signs, weights_from
from bot.work import SIGNPOST, View, Work
from storage.database import Database, Transaction
from storage.evidence import EvidenceLog
from storage.people import Person
from storage.weighing import Weighing
from tests.storage.test_evidence import answers, community, somebody
from tests.storage.worlds import NOW

SAYS = Signs(says=3.0)
NOTHING = Signs(says=0.0)


async def fits(database: Database) -> None:
    """A night passes."""
    seen = await database.read(lambda tx: FitWeights().look(SIGNPOST, View(tx, NOW)))
    await database.write(lambda tx: FitWeights().run(SIGNPOST, Work(tx, NOW), seen))


async def town_of(database: Database, questions: int) -> list[Person]:
    """Ann asked so many questions, and Bob, who says that he knows, answered each; Cat was considered too."""
    people = [await somebody(database, name) for name in ("Ann", "Bob", "Cat")]
    ann, bob, cat = people
    place = await community(database, ann, "tax")
    for _ in range(questions):
        number, _ = await answers(database, place, ann, bob)

        def consider(tx: Transaction, number: int = number) -> None:
            EvidenceLog(tx).consider(number, {bob.id: SAYS, cat.id: NOTHING}, NOW)

        await database.write(consider)
    return people


async def test_what_told_who_answered_counts_more_from_then_on(database: Database) -> None:
    _, bob, cat = await town_of(database, 60)
    await fits(database)
    kept = await database.read(lambda tx: Weighing(tx).weights())
    assert weights_from(kept).says > WEIGHTS.says
    ready = await database.read(lambda tx: Weighing(tx).readiness([bob.id, cat.id]))
    assert ready[bob.id] >= 0 >= ready[cat.id]


async def test_with_fewer_than_fifty_questions_everything_stays_as_it_is(database: Database) -> None:
    _, bob, _ = await town_of(database, 20)
    await fits(database)
    assert await database.read(lambda tx: Weighing(tx).weights()) == {}
    assert await database.read(lambda tx: Weighing(tx).readiness([bob.id])) == {}


async def test_what_was_considered_is_kept_for_half_a_year_and_no_longer(database: Database) -> None:
    await town_of(database, 3)
    later = NOW + timedelta(days=181)
    seen = await database.read(lambda tx: FitWeights().look(SIGNPOST, View(tx, later)))
    await database.write(lambda tx: FitWeights().run(SIGNPOST, Work(tx, later), seen))
    assert await database.read(lambda tx: Weighing(tx).considered(10)) == []
