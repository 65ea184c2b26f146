"""An owner tells all members at once: checked first, sent once, in parts, behind what people wait for."""

from datetime import datetime, timedelta

from sqlalchemy import func, select

from bot.work import RANKS, Work, bucket_of, chat_of, lane_of
from storage import spreading, tables
from storage.database import Transaction
from storage.tables import columns
from storage.tray import queue_of
from tests.features.telling import nothing_was_refused
from tests.town import Town

SAID = "announce The form changes on Monday"
TITLE = "tells all members of Starting a business"
x, a = columns(tables.Outbox), columns(tables.Lane)


async def announces(town: Town, said: str = SAID) -> None:
    """Tom, who owns Starting a business and uses Teams, said it, and it has reached everyone."""
    await town.says("tom", said)
    await town.presses("tom", "Send to all")
    await town.passes(timedelta(0))


def have_it(town: Town, words: str = TITLE) -> set[str]:
    return {key for key in town.people if any(words in read for read in town.reads(key))}


async def test_it_is_checked_with_how_many_it_reaches_and_nobody_is_told_before(town: Town) -> None:
    await town.says("tom", SAID)
    words = town.last("tom")
    for has in ("Check your announcement before it is sent", "The form changes on Monday", "members of Starting a"):
        assert has in words
    assert have_it(town) == set()

    await town.presses("tom", "Do not send")
    await town.passes(timedelta(0))
    assert "Nobody saw it" in town.last("tom")
    assert have_it(town) == set()
    assert nothing_was_refused(town)


async def test_every_member_who_may_see_it_has_it_once_on_their_own_platform(town: Town) -> None:
    await town.says("tom", SAID)
    promised = int(town.last("tom").partition("It goes to ")[2].split()[0])
    await town.presses("tom", "Send to all")
    await town.passes(timedelta(0))
    told = have_it(town)
    assert {"amira", "priya"} <= told
    assert "tom" not in told
    assert len(told) == promised
    platforms = {town.people[key].platform for key in told}
    assert platforms == {"slack", "teams"}
    assert all(sum(TITLE in words for words in town.reads(key)) == 1 for key in told)
    assert nothing_was_refused(town)


async def test_it_is_sent_by_form_and_from_slack_too(town: Town) -> None:
    await town.says("priya", "/signpost announce Show and tell moves to Thursday")
    await town.presses("priya", "Send to all")
    await town.passes(timedelta(0))
    assert "tom" in have_it(town)
    assert nothing_was_refused(town)


async def test_only_an_owner_can_and_only_for_their_own_community(town: Town) -> None:
    await town.says("amira", SAID)
    assert "Only a community owner can do this" in town.last("amira")
    await town.says("tom", f"{SAID} community: services-in-welsh")
    assert "Only an owner of" in town.last("tom")
    assert have_it(town) == set()


async def test_pressing_send_twice_tells_nobody_twice(town: Town) -> None:
    await town.says("tom", SAID)
    first = await town.presses("tom", "Send to all")
    assert first.exchange is not None
    await town.platforms.teams.deliver(first.exchange.body.encode())
    await town.passes(timedelta(0))
    assert all(sum(TITLE in words for words in town.reads(key)) == 1 for key in have_it(town))
    assert await town.counts("announcement") == 1


async def test_withdrawn_it_says_so_to_those_who_have_it(town: Town) -> None:
    await announces(town)
    told = have_it(town)
    await town.presses("tom", "Withdraw it")
    await town.passes(timedelta(0))
    await town.passes(timedelta(minutes=5))
    assert have_it(town) == set()
    assert have_it(town, "withdrew what they told Starting a business") == told
    assert nothing_was_refused(town)


async def test_withdrawn_before_it_reached_anybody_nobody_hears_of_it(town: Town) -> None:
    await town.says("tom", SAID)
    await town.presses("tom", "Send to all")
    await town.presses("tom", "Withdraw it")
    await town.passes(timedelta(0))
    assert have_it(town) == set()
    assert have_it(town, "withdrew") <= {"tom"}


async def test_who_left_before_it_came_does_not_get_it(town: Town) -> None:
    await town.says("tom", SAID)
    await town.presses("tom", "Send to all")
    await town.says("amira", "leave starting-a-business")
    await town.passes(timedelta(0))
    assert "amira" not in have_it(town)


async def gathered(town: Town, size: int) -> list[int]:
    """So many new members of Starting a business, of Tom's own organisation, every other one on Slack."""

    def write(tx: Transaction) -> list[int]:
        work = Work(tx, town.clock())
        tom = next(person for person in town.platforms.people if person.key == "tom")
        found = work.people.by_account(tom.platform, tom.tenant, tom.user)
        community = work.communities.find("starting-a-business", "")
        assert found is not None and community is not None
        numbers = []
        for number in range(size):
            slack = number % 2
            where = (
                ("slack", "T0HMRC001", f"UCROWD{number}") if slack else (tom.platform, tom.tenant, f"crowd-{number}")
            )
            person = work.people.add("Member", work.now, organisation=found[0].organisation_id, verified=True)
            work.people.add_account(person, where, work.now)
            work.communities.join(community.id, person, work.now)
            numbers.append(person)
        return numbers

    return await town.database.write(write)


async def test_many_members_are_told_in_parts_each_of_them_once(town: Town) -> None:
    numbers = await gathered(town, 2 * spreading.PART + 7)
    await town.says("tom", SAID)
    await town.presses("tom", "Send to all")
    await town.signpost.schedule.tick()
    rows: list[tuple[int, int]] = await town.database.read(
        lambda tx: tx.once(select(x.person_id, func.count(x.id)).where(x.kind == "announcement").group_by(x.person_id))
    )
    told = dict(rows)
    assert set(numbers) <= set(told)
    assert set(told.values()) == {1}


async def test_its_rows_are_what_a_single_message_would_have_written(town: Town) -> None:
    (number,) = await gathered(town, 1)
    await town.says("tom", SAID)
    await town.presses("tom", "Send to all")
    await town.signpost.schedule.tick()

    def look(tx: Transaction) -> None:
        account = Work(tx, town.clock()).people.home(number)
        assert account is not None
        chat = chat_of(account)
        bucket, rank = bucket_of(chat, "post"), RANKS["announcement"]
        wrote: list[tuple[str, str, int]] = tx.once(select(x.lane, x.bucket, x.rank).where(x.person_id == number))
        assert wrote == [(lane_of(chat), bucket, rank)]
        found: list[tuple[str, datetime]] = tx.once(select(a.queue, a.due_at).where(a.name == lane_of(chat)))
        assert found == [(queue_of(rank, bucket), town.clock())]

    await town.database.read(look)


async def test_a_question_overtakes_an_announcement_that_is_still_going_out(town: Town) -> None:
    await gathered(town, 300)
    await town.says("tom", SAID)
    await town.presses("tom", "Send to all")
    await town.signpost.schedule.tick()
    await town.signpost.delivery.settled()
    left: list[tuple[int]] = await town.database.read(
        lambda tx: tx.once(select(func.count(x.id)).where(x.kind == "announcement", x.state == "waiting"))
    )
    assert left[0][0] > 200
    amira = town.people["amira"]
    await town.platforms.slack.command(amira.tenant, amira.user, "/signpost", "ask Who signs the form?")
    shown = town.sees("amira")[-1]
    await town.platforms.slack.press(amira.tenant, amira.user, shown.id, "Send")
    before = town.clock()
    for _ in range(20):
        town.clock.move_by(timedelta(milliseconds=100))
        await town.signpost.delivery.settled()
    assert town.clock() - before == timedelta(seconds=2)
    waiting: list[tuple[str]] = await town.database.read(
        lambda tx: tx.once(select(x.kind).where(x.kind != "announcement", x.state.in_(["waiting", "sending"])))
    )
    assert waiting == []
