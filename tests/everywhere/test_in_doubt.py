"""PostgreSQL is lost over a commit: nobody knows whether it was kept, the platform asks again, and it is done once."""

import pytest

from adapters.local.slack_wire import FORM_TYPE
from adapters.local.traffic import Delivered
from tests.everywhere.breaking import Where, a_way_to
from tests.town import Town, running_town

SAID = "create Home repairs service: Grants outcome: Warm homes"
DONE = "Home repairs is open"


@pytest.mark.parametrize("where", ["going", "coming"])
async def test_a_command_whose_commit_is_in_doubt_is_asked_for_again_and_done_once(
    postgres_url: str, where: Where
) -> None:
    async with a_way_to(postgres_url) as (way, url), running_town(url) as town:
        town.platforms.slack.wire.deadline = 60.0
        before = await _done(town)
        way.breaks = where
        first = await town.platforms.slack.command(*_account(town, "amira"), "/signpost", SAID)
        assert first.status == 503 and first.headers["Retry-After"]
        kept = await _done(town)
        assert kept == ([count + 1 for count in before] if where == "coming" else before)

        for _ in range(2):
            again = await _again(town, first)
            assert again.status == 200 and DONE in again.body
        assert await _done(town) == [count + 1 for count in before]


@pytest.mark.parametrize("where", ["going", "coming"])
async def test_a_message_whose_commit_is_in_doubt_is_answered_with_one_message(postgres_url: str, where: Where) -> None:
    async with a_way_to(postgres_url) as (way, url), running_town(url) as town:
        town.platforms.teams.wire.deadline = 60.0
        before, seen = await _done(town), len(town.reads("gareth"))
        way.breaks = where
        first = await town.platforms.teams.say(*_account(town, "gareth"), SAID)
        assert first.status == 503
        for _ in range(2):
            assert (await town.platforms.teams.redeliver(first)).status == 200
            await town.quiet()
        assert await _done(town) == [count + 1 for count in before]
        assert DONE in town.last("gareth") and len(town.reads("gareth")) == seen + 2  # what was said, and its answer


async def _done(town: Town) -> list[int]:
    """How often the command was done, by what it leaves."""
    return [await town.counts(table) for table in ("community", "membership", "audit")]


async def _again(town: Town, first: Delivered) -> Delivered:
    assert first.exchange is not None
    return await town.platforms.slack.deliver(first.exchange.body.encode(), FORM_TYPE)


def _account(town: Town, key: str) -> tuple[str, str]:
    return town.people[key].tenant, town.people[key].user
