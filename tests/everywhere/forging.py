"""What no card of ours carries, delivered as the platforms deliver a press or a form: signed, but made up."""

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table, select
from sqlmodel import SQLModel

from adapters.local.slack_wire import who
from adapters.local.traffic import Delivered
from adapters.slack.modals import FORM, Origin
from adapters.teams.render import FIELD
from storage.database import Transaction
from tests.town import Town

POST = ("inbound", "bucket", "outbox", "lane", "account")
"""What any answer changes: what was acknowledged, the answer itself, and when somebody was last seen."""


async def presses_forged(town: Town, key: str, payload: str, *, on: str = "1700000000.000100") -> Delivered:
    """The person's client sends a press of a button with this payload, which no card has: in Slack, on this message."""
    if town.people[key].platform == "slack":
        delivered = await _slack_press(town, key, payload, on)
    else:
        delivered = await _teams_press(town, key, {"signpost": payload})
    await town.quiet()
    return delivered


async def fills_forged(town: Town, key: str, payload: str, answers: Mapping[str, str]) -> Delivered:
    """The person's client sends a form for this payload with these answers."""
    if town.people[key].platform == "slack":
        delivered = await _slack_form(town, key, payload, answers)
    else:
        fields = {f"{FIELD}{name}": value for name, value in answers.items()}
        delivered = await _teams_press(town, key, {"signpost": payload, "form": "message", **fields})
    await town.quiet()
    return delivered


def shown(town: Town, key: str, delivered: Delivered) -> str:
    """All that the person could read of it: the answer's body and their direct chat."""
    return "\n".join([delivered.body, *town.reads(key)])


async def remembered(town: Town) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table but the post's."""

    def look(tx: Transaction) -> dict[str, list[tuple[Any, ...]]]:
        return {name: _rows(tx, table) for name, table in SQLModel.metadata.tables.items() if name not in POST}

    return await town.database.read(look)


def _rows(tx: Transaction, table: Table) -> list[tuple[Any, ...]]:
    return sorted(tx.once(select(table)), key=repr)


async def _slack_press(town: Town, key: str, payload: str, on: str) -> Delivered:
    person, wire = town.people[key], town.platforms.slack.wire
    space = wire.spaces[person.tenant]
    channel = space.direct(person.user)
    pressed = {"type": "button", "action_id": "a", "block_id": "b", "value": payload, "action_ts": "1.2"}
    return await wire.interaction(
        {
            "type": "block_actions",
            **who(space, space.user(person.user)),
            "trigger_id": _trigger(town, key),
            "actions": [pressed],
            "container": {"type": "message", "message_ts": on, "channel_id": channel.id},
            "channel": {"id": channel.id, "name": "directmessage"},
        }
    )


async def _slack_form(town: Town, key: str, payload: str, answers: Mapping[str, str]) -> Delivered:
    person, wire = town.people[key], town.platforms.slack.wire
    space = wire.spaces[person.tenant]
    values = {name: {name: {"type": "plain_text_input", "value": value}} for name, value in answers.items()}
    view = {"id": "V0FORGED", "type": "modal", "callback_id": FORM, "state": {"values": values}}
    return await wire.interaction(
        {
            "type": "view_submission",
            **who(space, space.user(person.user)),
            "trigger_id": _trigger(town, key),
            "view": view | {"private_metadata": Origin(payload).written()},
        }
    )


async def _teams_press(town: Town, key: str, data: Mapping[str, Any]) -> Delivered:
    person = town.people[key]
    action = {"type": "Action.Execute", "data": dict(data)}
    invoke = {"type": "invoke", "name": "adaptiveCard/action", "value": {"action": action, "trigger": "manual"}}
    return await town.platforms.teams.event(person.tenant, person.user, json.loads(json.dumps(invoke)))


def _trigger(town: Town, key: str) -> str:
    """A trigger that no modal is opened with by these tests, so that it need not be one that Slack made."""
    return f"forged.{key}.{len(town.platforms.slack.wire.deliveries)}"
