"""Nothing is kept longer than it is needed: each kind of record has its time, and who is silent for a year is asked."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.command import Command, May, registry
from bot.features.forget import ForgetMe, Forgotten, Keep
from bot.text import t
from bot.ui import Button, Card, Paragraph, Reply
from bot.work import Work
from storage.people import Person
from storage.retention import Retention
from storage.search import Search

YEAR = timedelta(days=365)
QUESTIONS = 5 * YEAR
"""Answers are kept to be found again; after five years without a word the rules behind most have changed."""
AUDIT = 2 * YEAR
"""Long enough for a yearly review to look back over the year before."""
ATTENDANCE = YEAR
"""Who came counts for a year of a community; how many came is not needed by name after that."""
DEPARTURES = YEAR
"""For the bulletin and the health report, which look back a year."""
NOTICES = 2 * YEAR
"""That a person was shown an earlier notice; the last one they were shown is kept as long as they are."""
REQUESTS = YEAR
"""So that who was declined, or invited, is not asked anew by chance."""
CODES = timedelta(days=7)
"""A code or link that ended opens nothing; a week is enough to see who made it."""
BODIES = timedelta(days=1)
"""What a message said once it has arrived: it is in the person's own chat. That it was sent is kept for 30 days."""
SILENT = YEAR
NOTICE_BEFORE = timedelta(days=30)
"""A profile of which nobody has heard for a year is asked about once; 30 days later it is forgotten."""
SOON = timedelta(seconds=10)
"""Between two parts of the same day's work, so that what people wait for goes first."""

# Arrivals (7 days, their replies an hour), settled messages and fired timers (30 days) and drafts (7 days) go every ten
# minutes: `bot.schedule`, `storage.arrivals`.


class Tidy(Command, may=May.SYSTEM):
    """What is past its time is gone, a part of each kind; where more is left, the next part goes right after."""

    def run(self, me: Person, work: Work) -> Reply:
        kept, now = Retention(work.tx), work.now
        parts: tuple[tuple[Callable[[datetime], bool], timedelta], ...] = (
            (kept.drop_questions, QUESTIONS),
            (kept.drop_attendance, ATTENDANCE),
            (kept.drop_audit, AUDIT),
            (kept.drop_departures, DEPARTURES),
            (kept.drop_notices, NOTICES),
            (kept.drop_requests, REQUESTS),
            (kept.drop_invitations, REQUESTS),
            (kept.drop_codes, CODES),
            (kept.drop_bodies, BODIES),
        )
        Search(work.tx).forget_changes()
        more = [drop(now - age) for drop, age in parts]
        if any(more):
            work.later(Tidy(), now + SOON, key="retention-more")
        return Reply(Card(t("What is past its time is gone.")))


class AskTheSilent(Command, may=May.SYSTEM):
    """Who said nothing for a year is asked once whether to stay; who was asked and stayed silent is forgotten."""

    def run(self, me: Person, work: Work) -> Reply:
        kept = Retention(work.tx)
        for person in kept.still_silent(work.now - NOTICE_BEFORE):
            work.later(Forgotten(person), work.now, key=f"forget-{person}")  # each in a transaction of its own
        for person in kept.silent(work.now - SILENT):
            kept.warned(person, work.now)
            if work.people.find(person) is not None:  # who left is out of reach, and forgotten all the same
                work.send(person, _question())
        return Reply(Card(t("Those who were silent for a year are asked.")))


def _question() -> Card:
    return Card(
        t("Do you still use Signpost?"),
        body=(
            Paragraph(t("You have not written to Signpost for a year.")),
            Paragraph(t("If we hear nothing for 30 days, we remove your profile and your name from what you wrote.")),
        ),
        buttons=(Button(t("Keep my profile"), Keep(), style="primary"), Button(t("Forget me"), ForgetMe())),
        note=t("To see what we hold about you, say me data."),
    )


registry.always(Tidy(), "FREQ=DAILY", "2026-01-01T03:10", "Europe/London", key="retention")
registry.always(AskTheSilent(), "FREQ=DAILY", "2026-01-01T09:40", "Europe/London", key="silent")
