"""Hear, as an administrator, what could not be delivered in your organisation, and why: at most once a day."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from bot.command import Command, May
from bot.text import Text, t, tn
from bot.ui import Card, Paragraph, Reply
from bot.undeliverable import REPORT, UNTOLD, Cause, report_key
from bot.work import Work
from storage.administrators import Administrators
from storage.letters import Brought, Failure, Letters
from storage.people import Person

log = logging.getLogger(__name__)

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Report:
    """What failed: so many messages given up to so many people, all failures by why, and what the questions came to."""

    messages: int
    people: int
    failures: tuple[Failure, ...]
    questions: Brought

    @property
    def uncertain(self) -> int:
        """How many may have arrived or not."""
        return sum(failure.messages for failure in self.failures if failure.why == "uncertain")


class TellUndelivered(Command, may=May.SYSTEM):
    """Every administrator of the organisation has been told what failed since then in its workspace or tenant.

    A day later it looks again, until a day has passed without any. Where somebody could not be told, the log says so.
    """

    platform: str
    tenant: str
    since: str

    def run(self, me: Person, work: Work) -> Reply:
        report = self._look(work)
        if not report.failures:
            return Reply(Card(t("Everything was delivered.")))
        card = drawn(report)
        unheard = Unheard(self.platform, self.tenant, report.messages, report.people, report.uncertain)
        told = [work.send(person, card, kind=REPORT, otherwise=unheard) for person in self._administrators(work)]
        if not any(told):
            unheard.run(me, work)
        next_look = TellUndelivered(self.platform, self.tenant, work.now.isoformat())
        work.later(next_look, work.now + DAY, key=report_key(self.platform, self.tenant))
        return Reply(card)

    def _look(self, work: Work) -> Report:
        letters, within = Letters(work.tx), f"{self.platform}:{self.tenant}:"
        since = datetime.fromisoformat(self.since)
        messages, people = letters.given_up(within, since, untold=UNTOLD)
        failures = letters.failures(within, since, list(Cause), untold=UNTOLD)
        return Report(messages, people, tuple(failures), letters.brought(within, since, untold=UNTOLD))

    def _administrators(self, work: Work) -> list[int]:
        found = work.installations.at(self.platform, self.tenant)
        if found is None or found.organisation_id is None:
            return []
        return Administrators(work.tx).of(found.organisation_id)


class Unheard(Command, may=May.SYSTEM):
    """An administrator could not be told, or there is none: the log has the counts, for whoever runs Signpost."""

    platform: str
    tenant: str
    messages: int
    people: int
    uncertain: int

    def run(self, me: Person, work: Work) -> Reply:
        log.warning("no administrator was told what could not be delivered", extra=asdict(self))
        return Reply(Card(t("The log has it.")))


def drawn(report: Report) -> Card:
    """The report in words: how many, why, what became of the questions, and what to do. No person's words or name."""
    told = [line for failure in report.failures for line in _why(failure)]
    return Card(
        _title(report),
        body=tuple(Paragraph(line) for line in (*told, *_questions(report.questions))),
        note=t("Whoever runs Signpost can list these messages, send them again or drop them: say signpost tray."),
    )


def _title(report: Report) -> Text:
    messages = tn("{n} message", "{n} messages", n=report.messages)
    if not report.messages:
        return tn(
            "{n} message of the last day may not have arrived",
            "{n} messages of the last day may not have arrived",
            n=report.uncertain,
        )
    if not report.people:
        return t("{messages} could not be delivered in the last day", messages=messages)
    people = tn("{n} person", "{n} people", n=report.people)
    return t("{messages} to {people} could not be delivered in the last day", messages=messages, people=people)


def _why(failure: Failure) -> list[Text]:
    """A line for the people and one for the shared conversations, where there are any; else one for the messages."""
    lines = []
    if failure.people and failure.why in OF_PEOPLE:
        lines.append(OF_PEOPLE[failure.why](failure.people))
    if failure.places and failure.why in OF_PLACES:
        lines.append(OF_PLACES[failure.why](failure.places))
    return lines or [OF_MESSAGES.get(failure.why, _refused)(failure.messages)]


def _questions(brought: Brought) -> list[Text]:
    lines = []
    if brought.elsewhere:
        lines.append(
            tn(
                "{n} question among them is with someone else now.",
                "{n} questions among them are with someone else now.",
                n=brought.elsewhere,
            )
        )
    if brought.nowhere:
        lines.append(
            tn(
                "{n} question among them waits for a member to find it under questions.",
                "{n} questions among them wait for a member to find them under questions.",
                n=brought.nowhere,
            )
        )
    return lines


OF_PEOPLE: Mapping[str, Callable[[int], Text]] = {
    Cause.NOT_INSTALLED: lambda n: tn(
        "Signpost is not installed for {n} person. Ask whoever looks after your chat tool to add it again.",
        "Signpost is not installed for {n} people. Ask whoever looks after your chat tool to add it again.",
        n=n,
    ),
    Cause.BLOCKED: lambda n: tn(
        "Signpost is blocked for {n} person. If that is not what they want, ask for it to be allowed.",
        "Signpost is blocked for {n} people. If that is not what they want, ask for it to be allowed.",
        n=n,
    ),
    Cause.LEFT: lambda n: tn(
        "{n} person has left, or their chat with Signpost is gone. You do not need to do anything.",
        "{n} people have left, or their chats with Signpost are gone. You do not need to do anything.",
        n=n,
    ),
}
"""Why people could not be reached, and what to do."""

OF_PLACES: Mapping[str, Callable[[int], Text]] = {
    Cause.NOT_INSTALLED: lambda n: tn(
        "Signpost is not in {n} channel it has something for. Ask a member of it to add Signpost.",
        "Signpost is not in {n} channels it has something for. Ask a member of each to add Signpost.",
        n=n,
    ),
    Cause.BLOCKED: lambda n: tn(
        "Signpost may not write in {n} channel. Ask its members whether it should.",
        "Signpost may not write in {n} channels. Ask their members whether it should.",
        n=n,
    ),
    Cause.LEFT: lambda n: tn(
        "{n} channel is gone. You do not need to do anything.",
        "{n} channels are gone. You do not need to do anything.",
        n=n,
    ),
    Cause.ARCHIVED: lambda n: tn(
        "{n} channel is archived. You do not need to do anything.",
        "{n} channels are archived. You do not need to do anything.",
        n=n,
    ),
}
"""The same for conversations that are nobody's own."""


def _refused(n: int) -> Text:
    return tn(
        "{n} message was refused. Tell whoever runs Signpost.",
        "{n} messages were refused. Tell whoever runs Signpost.",
        n=n,
    )


OF_MESSAGES: Mapping[str, Callable[[int], Text]] = {
    Cause.ARCHIVED: lambda n: tn(
        "{n} message was for a channel that is archived. You do not need to do anything.",
        "{n} messages were for channels that are archived. You do not need to do anything.",
        n=n,
    ),
    "dead": lambda n: tn(
        "{n} message was tried many times in vain. Tell whoever runs Signpost.",
        "{n} messages were tried many times in vain. Tell whoever runs Signpost.",
        n=n,
    ),
    "uncertain": lambda n: tn(
        "{n} reminder or announcement may have arrived or not. It is not sent twice.",
        "{n} reminders or announcements may have arrived or not. They are not sent twice.",
        n=n,
    ),
}
"""The same for messages, whoever they were to."""
