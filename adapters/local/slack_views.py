"""Modals and Home tabs of a local Slack: opened by a trigger, at most three deep, redrawn under the same id."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

from adapters.local.seen import Json, View, plain
from adapters.local.slack_blocks import decode, inputs, state_of, with_ids
from adapters.local.slack_state import APP_ID, Refused, Workspace
from adapters.local.slack_wire import SlackWire, Triggers
from adapters.slack.limits import validate_view

DEEPEST = 3
LARGEST = 250_000


@dataclass
class OpenView:
    """One view on one person's screen. `hash` changes with every redrawing."""

    id: str
    user: str
    asked: Json
    root: str
    previous: str | None
    hash: str
    errors: dict[str, str] = field(default_factory=dict)

    def shown(self) -> View:
        """The view as the person sees it."""
        return View(self.id, plain(_words(self.asked, "title")), self.asked | {"id": self.id}, dict(self.errors))


class Views:
    """The stack of modals of each person, and their Home tab."""

    def __init__(self, wire: SlackWire) -> None:
        self._wire = wire
        self.triggers = Triggers(wire.clock)
        self.stacks: dict[tuple[str, str], list[OpenView]] = {}
        self.homes: dict[tuple[str, str], OpenView] = {}

    def top(self, team: str, user: str) -> OpenView | None:
        """The modal that this person sees now."""
        stack = self.stacks.get((team, user))
        return stack[-1] if stack else None

    def open(self, space: Workspace, arguments: Json) -> Json:
        """views.open: a new stack with this view; the trigger is used up even when the view is refused."""
        user = self.triggers.redeem(str(arguments.get("trigger_id", "")), space.id)
        asked = self._checked(arguments.get("view"), "modal")
        self.stacks[(space.id, user)] = []
        return self._push(space, user, asked)

    def push(self, space: Workspace, arguments: Json) -> Json:
        """views.push: a view on top of the one that is open."""
        user = self.triggers.redeem(str(arguments.get("trigger_id", "")), space.id)
        return self.put_on_top(space, user, arguments.get("view"))

    def put_on_top(self, space: Workspace, user: str, view: object) -> Json:
        """The view is the fourth at most: Slack refuses it with `push_limit_reached`."""
        stack = self.stacks.get((space.id, user), [])
        if not stack:
            raise Refused("not_found")
        if len(stack) >= DEEPEST:
            raise Refused("push_limit_reached")
        return self._push(space, user, self._checked(view, "modal"))

    def _push(self, space: Workspace, user: str, asked: Json) -> Json:
        stack = self.stacks[(space.id, user)]
        external = asked.get("external_id")
        if external and any(view.asked.get("external_id") == external for view in self._all(space)):
            raise Refused("duplicate_external_id")
        id = f"V{secrets.token_hex(5).upper()}"
        view = OpenView(id, user, asked, stack[0].id if stack else id, stack[-1].id if stack else None, _new_hash())
        stack.append(view)
        self._wire.changed(space.id, [user])
        return view_json(space, view)

    def update(self, space: Workspace, arguments: Json) -> Json:
        """views.update: the same id, a new hash. `hash_conflict` when the caller's is an old one."""
        id, external = arguments.get("view_id"), arguments.get("external_id")
        for view in self._all(space):
            if (id and view.id == id) or (external and view.asked.get("external_id") == external):
                if arguments.get("hash") not in (None, "", view.hash):
                    raise Refused("hash_conflict")
                return self.redraw(space, view, arguments.get("view"))
        raise Refused("not_found")

    def redraw(self, space: Workspace, view: OpenView, asked: object) -> Json:
        """The view shows something else; its errors are gone."""
        kind = str(view.asked["type"])
        view.asked, view.hash, view.errors = self._checked(asked, kind), _new_hash(), {}
        self._wire.changed(space.id, [view.user])
        return view_json(space, view)

    def publish(self, space: Workspace, arguments: Json) -> Json:
        """views.publish: the Home tab of one person."""
        user = space.user(str(arguments.get("user_id", ""))).id
        asked = self._checked(arguments.get("view"), "home")
        before = self.homes.get((space.id, user))
        id = before.id if before else f"V{secrets.token_hex(5).upper()}"
        view = self.homes[(space.id, user)] = OpenView(id, user, asked, id, None, _new_hash())
        self._wire.changed(space.id, [user])
        return view_json(space, view)

    def drop(self, team: str, user: str, everything: bool = False) -> None:
        """The top view is closed, or the whole stack."""
        stack = self.stacks.get((team, user), [])
        del stack[0 if everything else -1 :]
        self._wire.changed(team, [user])

    def show_errors(self, team: str, view: OpenView, errors: Mapping[str, str]) -> None:
        """The errors stand beside their fields; one that names no input is what Slack can't show."""
        known = {field.block_id for field in inputs(view.asked["blocks"])}
        if not errors or not set(errors) <= known:
            self._wire.report(f"Errors for {sorted(errors)} in a view whose inputs are {sorted(known)}")
        view.errors = dict(errors)
        self._wire.changed(team, [view.user])

    def _all(self, space: Workspace) -> list[OpenView]:
        return [view for (team, _), stack in self.stacks.items() if team == space.id for view in stack]

    def _checked(self, view: object, kind: str) -> Json:
        asked = decode(view, "invalid_arguments")
        if not isinstance(asked, dict) or asked.get("type") != kind:
            raise Refused("invalid_arguments", [f"The view is not a {kind}"])
        if len(json.dumps(asked)) > LARGEST:
            raise Refused("view_too_large")
        problems = validate_view(asked)
        if problems:
            raise Refused("invalid_arguments", problems)
        return asked | {"blocks": with_ids(asked["blocks"])}


def view_json(space: Workspace, view: OpenView, answers: Mapping[str, str] | None = None) -> Json:
    """The view as the Web API and the payloads show it, with the values of its inputs."""
    blocks = view.asked["blocks"]
    given = {"private_metadata": "", "callback_id": "", "external_id": "", "close": None, "submit": None}
    flags = {"clear_on_close": False, "notify_on_close": False}
    return (
        given
        | flags
        | view.asked
        | {
            "id": view.id,
            "team_id": space.id,
            "blocks": blocks,
            "state": {"values": state_of(blocks, answers or {})},
            "hash": view.hash,
            "previous_view_id": view.previous,
            "root_view_id": view.root,
            "app_id": APP_ID,
            "app_installed_team_id": space.id,
            "bot_id": space.bot_id,
        }
    )


def _words(asked: Json, part: str) -> str:
    value = asked.get(part)
    return str(value.get("text", "")) if isinstance(value, dict) else ""


def _new_hash() -> str:
    return f"{secrets.randbelow(10**10)}.{secrets.token_hex(4)}"
