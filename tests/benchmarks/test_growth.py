"""What the history costs: a short run over two small ones on each database, and that they are what they say."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import history
from benchmarks.growth import AIMS, label
from storage.communities import Communities
from storage.database import Transaction, connect
from storage.members import Members
from storage.people import People

ROOT = Path(__file__).parent.parent.parent
SMALL = 1_000


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_a_short_run_does_everything_and_prints_every_aim(database: str) -> None:
    command = [sys.executable, "-m", "benchmarks.growth", "--database", database]
    run = subprocess.run(
        [*command, "--sizes", "1000,2000", "--rounds", "1", "--communities", "3"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    said = json.loads(run.stdout.splitlines()[-1])
    assert set(said["met"]) == set(said["aims"]) == set(AIMS)
    for aim in AIMS:
        name = aim.removesuffix("_ratio")
        assert all(said["figures"][f"{name}_us_{size}"] > 0 for size in ("1k", "2k"))


def test_who_acts_in_a_history_is_who_the_history_says() -> None:
    size = history.Size(SMALL)
    people = {history.member(size, community, place) for community in range(size.communities) for place in range(30)}
    assert len(people) == size.people == 3_000
    assert [label(questions) for questions in (1_000, 100_000, 1_000_000)] == ["1k", "100k", "1m"]


async def test_a_history_holds_communities_of_thirty_and_people_found_by_their_account(tmp_path: Path) -> None:
    url, size = f"sqlite:///{tmp_path / 'history.db'}", history.Size(SMALL)
    history.fill(url, SMALL)
    database = connect(url)

    def look(tx: Transaction) -> None:
        for number in (0, 57, 99):
            community = Communities(tx).find(history.slug(number), "")
            person = history.member(size, number, 7)
            found = People(tx).by_account(*history.account(person))
            assert community is not None and found is not None and found[0].id == person
            assert Communities(tx).membership(community.id, person) is not None
            assert Members(tx).size(community.id) in (29, 30)  # one in 90 has left

    await database.read(look)
    database.close()
