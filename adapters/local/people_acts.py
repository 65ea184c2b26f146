"""The demo's people on both local platforms: what each can do and sees, whichever platform they are on."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from adapters.local.seen import Json, Message
from adapters.local.slack import LocalSlack
from adapters.local.teams import LocalTeams
from adapters.local.traffic import Delivered

DIRECT = "direct"


@dataclass(frozen=True)
class LocalPerson:
    """One of the demo's people: who they are, and their account on the one platform that they use."""

    key: str
    name: str
    title: str
    organisation: str
    platform: Literal["slack", "teams"]
    tenant: str
    user: str


class Declined(Exception):
    """What did not work, in a sentence for the person; `more` goes into the answer beside it."""

    def __init__(self, sentence: str, more: Mapping[str, object] | None = None) -> None:
        super().__init__(sentence)
        self.more = dict(more or {})


class Stage:
    """Both platforms and everyone on them. What can't be done is Declined, or the platform's own refusal."""

    def __init__(self, slack: LocalSlack, teams: LocalTeams, people: Sequence[LocalPerson]) -> None:
        self.slack = slack
        self.teams = teams
        self.people = {person.key: person for person in people}

    def person(self, key: str) -> LocalPerson:
        """The person with this key."""
        found = self.people.get(str(key))
        if found is None:
            raise Declined(f"There is nobody called “{key}” here.")
        return found

    def platform(self, person: LocalPerson) -> LocalSlack | LocalTeams:
        """The platform that this person uses."""
        return self.slack if person.platform == "slack" else self.teams

    def places(self) -> list[Json]:
        """The channels of every tenant that someone here is from."""
        tenants = sorted({(person.platform, person.tenant) for person in self.people.values()})
        found: list[Json] = []
        for platform, tenant in tenants:
            channels = self.slack.channels(tenant) if platform == "slack" else self.teams.channels(tenant)
            found += [
                {"id": channel.id, "name": channel.name, "platform": platform, "tenant": tenant} for channel in channels
            ]
        return found

    def watch(self, touched: Callable[[Iterable[str]], None]) -> None:
        """`touched` gets the keys of those who see something new."""
        keys: dict[tuple[str, str, str], str] = {}
        for person in self.people.values():
            keys[(person.platform, person.tenant, person.user.removeprefix("29:"))] = person.key

        def watcher(platform: str) -> Callable[[str, Iterable[str]], None]:
            def changed(tenant: str, users: Iterable[str]) -> None:
                named = (keys.get((platform, tenant, user)) for user in users)
                touched([key for key in named if key is not None])

            return changed

        self.slack.watch(watcher("slack"))
        self.teams.watch(watcher("teams"))

    def conversation(self, person: LocalPerson, place: str) -> str:
        """The platform's own id of this place."""
        return self.platform(person).direct(person.tenant, person.user) if place == DIRECT else place

    def seen(self, person: LocalPerson, place: str) -> list[Message]:
        """What they see there now, oldest first."""
        return self.platform(person).seen(person.tenant, person.user, _channel(place))

    def modal(self, person: LocalPerson) -> Json | None:
        """The JSON of the modal that is open for them; only Slack has any."""
        view = self.slack.modal(person.tenant, person.user) if person.platform == "slack" else None
        return view.json if view else None

    async def say(self, person: LocalPerson, asked: Json) -> Json:
        """A message; one that begins with "/" is a command of Slack, or of the slash picker in a Teams channel."""
        text, thread = str(asked["text"]).strip(), str(asked.get("thread") or "")
        channel = _channel(asked["place"])
        if not text:
            raise Declined("There is nothing in the message.")
        if person.platform == "slack":
            return await self._say_in_slack(person, channel, text, thread)
        if text.startswith("/") and channel:
            return _done(await self.teams.slash(person.tenant, person.user, text, channel=channel))
        return _done(await self.teams.say(person.tenant, person.user, text, channel=channel, thread=thread))

    async def _say_in_slack(self, person: LocalPerson, channel: str, text: str, thread: str) -> Json:
        if not text.startswith("/"):
            return _done(await self.slack.say(person.tenant, person.user, text, channel=channel, thread=thread))
        command, _, rest = text.partition(" ")
        if thread:
            raise Declined(f"Slack does not run {command} in threads. Say it outside the thread.")
        if command not in self.slack.commands:
            known = ", ".join(sorted(self.slack.commands))
            raise Declined(f"{command} is not a command of this workspace. There is {known}.")
        return _done(await self.slack.command(person.tenant, person.user, command, rest.strip(), channel))

    async def press(self, person: LocalPerson, asked: Json) -> Json:
        """A press on a message, or in the open modal; `inputs` are the values of the card's fields.

        Where Teams shows words for a moment instead of a card, they come back as `notice`.
        """
        inputs = {str(name): str(value) for name, value in (asked.get("inputs") or {}).items()}
        message, action = str(asked["message"]), str(asked["action"])
        before = len(self._notices(person))
        press = self.platform(person).press
        channel = _channel(asked["place"])
        result = _done(await press(person.tenant, person.user, message, action, channel=channel, values=inputs))
        told = self._notices(person)[before:]
        return result | ({"notice": told[-1]} if told else {})

    def _notices(self, person: LocalPerson) -> list[str]:
        return self.teams.notices(person.tenant, person.user) if person.platform == "teams" else []

    async def submit(self, person: LocalPerson, asked: Json) -> Json:
        """The open modal. `errors` by block id come back where Signpost refused a field."""
        answers = {str(name): str(value) for name, value in (asked.get("answers") or {}).items()}
        before = self.slack.modal(person.tenant, person.user)
        result = _done(await self.slack.submit(person.tenant, person.user, answers))
        view = self.slack.modal(person.tenant, person.user)
        if view is not None and before is not None and view.id == before.id and view.errors:
            raise Declined(next(iter(view.errors.values())), {"errors": view.errors})
        return result

    async def close(self, person: LocalPerson) -> Json:
        """The open modal is closed."""
        await self.slack.close(person.tenant, person.user)
        return {}


def _channel(place: str) -> str:
    """The platforms' name for the direct chat is no name."""
    return "" if place == DIRECT else str(place)


def _done(delivered: Delivered) -> Json:
    """What was held back is done too: the platform showed it and told nobody."""
    if delivered.refused:
        raise Declined(delivered.refused if delivered.refused.endswith(".") else f"{delivered.refused}.")
    if delivered.sent and not delivered.ok:
        what = f"answered {delivered.status}" if delivered.status else "did not answer in time"
        raise Declined(f"Signpost {what}. Try again.")
    return {}
