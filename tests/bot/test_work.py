"""What a command sets going is rows in its own transaction: all of them, or none."""

import msgspec
import pytest
from sqlalchemy import select

from bot.errors import Refusal
from bot.features.ask import RouteAgain
from bot.inbound import Address, Here
from bot.text import t
from bot.ui import Card
from bot.work import Work, chat_of, lane_of
from storage import tables
from storage.database import Transaction
from storage.tables import columns
from tests.bot.platform import START, Office

x = columns(tables.Outbox)


async def rows(office: Office) -> list[tuple[str, str, int | None]]:
    return await office.database.read(lambda tx: tx.once(select(x.lane, x.kind, x.person_id).order_by(x.id)))


async def test_what_a_refused_command_would_have_sent_is_not_owed(office: Office) -> None:
    ann = await office.person("Ann")

    def refuse(work: Work) -> None:
        work.send(ann, Card(t("never")))
        work.later(RouteAgain(1, ann), START, key="never")
        work.record(None, "never", "")
        raise Refusal(t("No."))

    with pytest.raises(Refusal):
        await office.work(refuse)
    assert await rows(office) == []
    assert await office.work(lambda work: work.timers.next_due()) is None


async def test_who_has_no_account_left_is_not_sent_anything(office: Office) -> None:
    def send(work: Work) -> tuple[bool, bool]:
        nobody = work.people.add("Nobody", work.now)
        sent = work.send(nobody, Card(t("never")))
        work.show(nobody, ("question", 1))
        return sent, work.owes

    assert await office.work(send) == (False, False)
    assert await rows(office) == []


async def test_a_person_is_written_to_where_they_were_last_seen(office: Office) -> None:
    ann = await office.person("Ann")

    def move(work: Work) -> None:
        account = work.people.add_account(ann, ("teams", "T2", "UTeams"), work.now)
        assert account is not None
        office.clock.passes(60)
        work.people.seen(account, office.clock(), chat="chat", service_url="https://teams.example/")

    await office.owes(ann, "to Slack")
    await office.work(move)
    await office.owes(ann, "to Teams")
    assert [lane for lane, _, _ in await rows(office)] == ["slack:T1:UAnn", "teams:T2:UTeams"]


async def test_replies_and_notices_in_one_chat_share_a_lane_however_the_chat_is_named(office: Office) -> None:
    ann = await office.person("Ann")

    def reply(tx: Transaction) -> None:
        work = Work(tx, START, Here("slack", "T1", "direct", "D1"))
        found = work.people.by_account("slack", "T1", "UAnn")
        assert found is not None
        work.account = found[1]
        by_conversation = Address("slack", "T1", conversation="D1", thread="m1")
        work.post(by_conversation, Card(t("a reply")), kind="reply", person=ann)

    await office.database.write(reply)
    await office.owes(ann, "a notice")
    assert {lane for lane, _, _ in await rows(office)} == {"slack:T1:UAnn"}


async def test_a_shared_conversation_has_a_lane_of_its_own(office: Office) -> None:
    ann = await office.person("Ann")

    def post(tx: Transaction) -> None:
        work = Work(tx, START, Here("slack", "T1", "channel", "C1"))
        found = work.people.by_account("slack", "T1", "UAnn")
        work.account = found[1] if found else None
        work.post(Address("slack", "T1", conversation="C1"), Card(t("to all")), kind="reply", person=ann)

    await office.database.write(post)
    assert await rows(office) == [("slack:T1:C1", "reply", ann)]


async def test_what_cannot_be_delivered_carries_what_to_do_then(office: Office) -> None:
    ann = await office.person("Ann")
    await office.work(lambda work: work.send(ann, Card(t("x")), otherwise=RouteAgain(7, ann)))
    kept_rows: list[tuple[str, str]] = await office.database.read(lambda tx: tx.once(select(x.otherwise, x.address)))
    ((otherwise, address),) = kept_rows
    assert otherwise == RouteAgain(7, ann).pack()
    kept = msgspec.json.decode(address, type=Address)
    assert lane_of(kept) == "slack:T1:UAnn"
    account = await office.work(lambda work: work.people.home(ann))
    assert account is not None and chat_of(account) == kept


async def test_the_audit_says_who_did_what_and_nothing_that_was_said(office: Office) -> None:
    ann = await office.person("Ann")
    found = await office.work(lambda work: work.people.find(ann))
    await office.work(lambda work: work.record(found, "join", "community 1"))
    await office.work(lambda work: work.record(None, "removed", "slack T1"))
    d = columns(tables.Audit)
    said: list[tuple[object, ...]] = await office.database.read(
        lambda tx: tx.once(select(d.actor_id, d.verb, d.subject, d.at).order_by(d.id))
    )
    assert said == [(ann, "join", "community 1", START), (None, "removed", "slack T1", START)]
