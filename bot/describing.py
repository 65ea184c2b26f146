"""What a community is, as its owners say it: read from words or a form, checked, and shown.

A community is united by a service and the outcome it wants for the people who use it; without an outcome it is not
made. Kinds and stages are those of communities of practice as government describes them (`bot.kinds`).
"""

from collections.abc import Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.calendar import instant, read_date
from bot.errors import Refusal
from bot.finding import mixes_alphabets, slug_of, tidy
from bot.kinds import KINDS, STAGES, WAYS_IN, options
from bot.text import LANGUAGES, Reader, Text, Value, When, listing, say, t
from bot.ui import Fact, Option
from bot.work import View
from storage.communities import Community
from storage.people import Person

LONDON = ZoneInfo("Europe/London")
NAME, SERVICE, OUTCOME, PURPOSE, AUDIENCE, SUPPORTED = 80, 120, 300, 300, 200, 120
"""Characters that each of them may have."""
SUPPLIERS: Mapping[str, Text] = {"yes": t("Suppliers may join"), "no": t("Suppliers may not join")}


def kinds(me: Person, view: View) -> list[Option]:
    """The kinds of community, as choices."""
    return options(KINDS)


def ways_in(me: Person, view: View) -> list[Option]:
    """How one joins, as choices."""
    return options(WAYS_IN)


def suppliers(me: Person, view: View) -> list[Option]:
    """Whether suppliers may join, as choices."""
    return options(SUPPLIERS)


def stages(me: Person, view: View) -> list[Option]:
    """The stages of a community, as choices."""
    return options(STAGES)


def read_name(said: str, *, field: str) -> tuple[str, str]:
    """The name and its slug. Raises Refusal for one without a letter or number, or in two alphabets that look alike."""
    name = tidy(said)
    slug = slug_of(name)
    if not slug:
        raise Refusal(t("A name needs at least one letter or number."), field=field)
    if mixes_alphabets(name):
        raise Refusal(t("Write each word of the name in one alphabet, so that nobody mistakes it."), field=field)
    return name, slug


def read_outcome(said: str, *, field: str) -> str:
    """The outcome, in one line. Raises Refusal, with an example, for what is no sentence."""
    outcome = tidy(said)
    if len([word for word in outcome.split() if any(letter.isalnum() for letter in word)]) < 2:
        text = t(
            "Say in one sentence what should be true for the people, such as: people can start trading without delay."
        )
        raise Refusal(text, field=field)
    return outcome


def read_choice(said: str, names: Mapping[str, Text], *, field: str) -> str:
    """Which of these is meant, by its short name or the one on screen, in any language. Raises Refusal for none.

    The refusal says them all, as the reader finds them on a form.
    """
    word = " ".join(said.replace("_", " ").split()).casefold()
    for value, name in names.items():
        called = {say(name, Reader(language)).casefold() for language in LANGUAGES}
        if word in {value, value.replace("-", " "), *called}:
            return value
    each = [t("“{name}”", name=name) for name in names.values()]
    raise Refusal(t("Say one of these: {names}.", names=listing(each)), field=field)


def read_last_day(said: str, now: datetime, *, field: str) -> str:
    """The last day as 2027-03-31. Raises Refusal for no day, and for one that has passed."""
    today = now.astimezone(LONDON).date()
    day = read_date(said, today)
    if day is None:
        raise Refusal(t("That is not a date. Write it like 31 March 2027."), field=field)
    if day < today:
        raise Refusal(t("That day has passed. Choose a later one."), field=field)
    return day.isoformat()


def ends_on(kind: str, said: str, now: datetime, *, field: str) -> str:
    """The last day that a community of this kind has: one of action must have one, no other has any."""
    if kind == "action" and not said.strip():
        raise Refusal(t("A community of action ends. Say its last day, like 31 March 2027."), field=field)
    if kind != "action" and said.strip():
        text = t("Only a community of action has a last day. Leave it empty, or choose that kind.")
        raise Refusal(text, field=field)
    return read_last_day(said, now, field=field) if kind == "action" else ""


def last_day(day: str) -> Value:
    """The last day (2027-03-31) on screen, with its year."""
    moment = instant(date.fromisoformat(day), time(12), "Europe/London")
    return t("{day} {year}", day=When(moment, "day"), year=int(day[:4])) if moment else day


def facts_of(community: Community) -> dict[str, Fact]:
    """Each thing that is said of the community, by its field, as it is shown; what is not said is left out."""
    shown = {
        "name": Fact(t("Name"), community.name),
        "service": Fact(t("Service"), community.service),
        "outcome": Fact(t("Outcome"), community.outcome),
        "purpose": Fact(t("Purpose"), community.purpose),
        "audience": Fact(t("Who it is for"), community.audience),
        "kind": Fact(t("Kind"), KINDS[community.kind]),
        "stage": Fact(t("Stage"), STAGES[community.stage]),
        "access": Fact(t("How to join"), WAYS_IN[community.access]),
        "suppliers": Fact(t("Suppliers"), SUPPLIERS["yes" if community.suppliers else "no"]),
        "supported_by": Fact(t("Supported by"), community.supported_by),
        "ends_on": Fact(t("Last day"), last_day(community.ends_on) if community.ends_on else ""),
    }
    return {field: fact for field, fact in shown.items() if fact.value != ""}
