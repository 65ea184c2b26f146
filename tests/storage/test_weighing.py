"""What is fitted each night replaces what was fitted before, and holds nobody who was forgotten meanwhile."""

from functools import partial

import pytest

from storage.database import Database, Transaction
from storage.evidence import EvidenceLog
from storage.forgetting import Forgetting
from storage.weighing import Weighing
from tests.storage.test_evidence import answers, community, somebody
from tests.storage.worlds import NOW


async def test_the_weights_that_were_fitted_last_are_the_ones_in_use(database: Database) -> None:
    await database.write(lambda tx: Weighing(tx).weigh({"votes": 1.0}, NOW))
    await database.write(lambda tx: Weighing(tx).weigh({"votes": 2.0}, NOW))
    assert await database.read(lambda tx: Weighing(tx).weights()) == {"votes": 2.0}


def fit(much: dict[int, float], tx: Transaction) -> None:
    Weighing(tx).are_ready(much)


async def test_who_is_ready_to_answer_is_who_was_found_to_be_last(database: Database) -> None:
    ann, bob = await somebody(database, "Ann"), await somebody(database, "Bob")
    place = await community(database, ann, "tax")
    question, _ = await answers(database, place, ann, bob)
    await database.write(lambda tx: EvidenceLog(tx).consider(question, {ann.id: [1.0], bob.id: [2.0]}, NOW))
    for much in ({ann.id: 0.5, bob.id: 1.5}, {bob.id: -0.5}):
        await database.write(partial(fit, much))
    assert await database.read(lambda tx: Weighing(tx).readiness([ann.id, bob.id])) == {bob.id: pytest.approx(-0.5)}
    told = await database.read(lambda tx: Weighing(tx).considered(10))
    assert [(one.person_id, one.answered) for one in told] == [(ann.id, False), (bob.id, True)]


async def test_nothing_is_kept_of_who_was_forgotten_while_it_was_counted(database: Database) -> None:
    ann, bob = await somebody(database, "Ann"), await somebody(database, "Bob")
    place = await community(database, ann, "tax")
    question, _ = await answers(database, place, ann, bob)
    await database.write(lambda tx: EvidenceLog(tx).consider(question, {bob.id: [2.0]}, NOW))
    await database.write(lambda tx: Forgetting(tx).erase(bob.id))

    await database.write(partial(fit, {bob.id: 1.5}))
    assert await database.read(lambda tx: Weighing(tx).readiness([bob.id])) == {}


async def test_how_often_each_helped_the_other_is_counted_both_ways(database: Database) -> None:
    ann, bob = await somebody(database, "Ann"), await somebody(database, "Bob")
    place = await community(database, ann, "tax")
    await answers(database, place, ann, bob, times=2)
    assert await database.read(lambda tx: EvidenceLog(tx).helped(ann.id, [bob.id])) == {bob.id: 2}
    assert await database.read(lambda tx: EvidenceLog(tx).helped_by(bob.id, [ann.id])) == {ann.id: 2}
