"""The lists that can be imported: which columns their files have, what makes a row wrong, and what it becomes."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.text import Text
from storage.importing import About, Imports
from storage.organisations import folded

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}", re.ASCII)
"""A host name as RFC 1123 has it, with at least one dot."""
SHARED = frozenset(
    "gov.uk gsi.gov.uk gcsx.gov.uk gsx.gov.uk ac.uk sch.uk police.uk org.uk co.uk gmail.com googlemail.com outlook.com"
    " hotmail.com hotmail.co.uk live.co.uk yahoo.com yahoo.co.uk icloud.com".split()
)
"""Domains below which, or at which, anybody may have an address: they say nothing of an organisation."""
DAY = re.compile(r"\d{4}-\d\d-\d\d(?:T.*)?|\d{4}(?:-\d\d)?", re.ASCII)
DIVISIONS = ("england-and-wales", "scotland", "northern-ireland")
CLOSED = frozenset({"closed", "devolved", "replaced", "merged", "split", "no_longer_exists", "changed_name"})
LONGEST_NAME = 200

Reason = Text | str
"""Why a row cannot be taken, "" where it can be; a Text where others than administrators read it."""


@dataclass(frozen=True)
class Entry:
    """One row of a file: the line it ends in, its values by column, and why it is no row, "" where it is one."""

    line: int
    said: dict[str, str]
    wrong: Reason = ""

    def __getitem__(self, column: str) -> str:
        """What the row says there, "" where the file lacks the column."""
        return self.said.get(column, "")


@dataclass(frozen=True)
class Format:
    """One form that files of a kind have.

    `key` is what no two rows share. `wrong` says why a row cannot be taken, looking at it alone; `dangling`, with what
    the database knows. `write` keeps a row; `link`, once all are kept, the organisations that it refers to: given back
    are the slugs of those that there are not, without which the row is kept. `long` are columns whose lines are kept.
    `about` says which organisations a row speaks of, so that those of many rows are found at once. `ends` archives what
    the file no longer has, where every row of it was taken: given back is how much.
    """

    columns: tuple[str, ...]
    key: Callable[[Entry], str]
    wrong: Callable[[Entry], Reason]
    write: Callable[[Imports, Entry, datetime], str]
    dangling: Callable[[Entry, Imports], Reason] | None = None
    link: Callable[[Imports, Entry], Sequence[str]] | None = None
    long: frozenset[str] = frozenset()
    about: Callable[[Entry], About] = lambda _: ((), ())
    ends: Callable[[Imports, datetime], int] | None = None

    @property
    def passes(self) -> int:
        """How often a file is read: each row alone, with what it refers to, to keep it, and to link it."""
        return 2 + (self.dangling is not None) + (self.link is not None)


def _several(said: str) -> list[str]:
    return [part.strip() for part in said.split("|") if part.strip()]


def _wrong_name(said: str, what: str = "name") -> str:
    if not folded(said):
        return f"It has no {what}."
    if len(said) > LONGEST_NAME or not said.isprintable():
        return f"Its {what} is longer than {LONGEST_NAME} characters, or has signs in it that cannot be shown."
    return ""


def _wrong_slug(said: str, what: str) -> str:
    return "" if SLUG.fullmatch(said) else f"“{said}” is no {what} such as hm-revenue-customs."


def _wrong_day(said: str, what: str) -> str:
    """Whether it is no day, nor a month or a year where no more is known; a time of the day may follow."""
    try:
        date.fromisoformat(said[:10] + "2000-01-01"[len(said[:10]) :])
    except ValueError:
        return f"“{said}” is no {what} such as 2026-12-25."
    return "" if not said or DAY.fullmatch(said) else f"“{said}” is no {what} such as 2026-12-25."


def _organisation_wrong(entry: Entry) -> str:
    others = [*_several(entry["parent_slugs"]), *_several(entry["superseded_by"])]
    return (
        _wrong_slug(entry["slug"], "slug")
        or _wrong_name(entry["name"])
        or next(filter(None, (_wrong_slug(other, "slug") for other in others)), "")
        or _wrong_day(entry["closed_at"], "date")
    )


def _organisation(known: Imports, entry: Entry, now: datetime) -> str:
    closed = entry["status"].lower() in CLOSED
    said = {"name": entry["name"], "short": entry["abbreviation"], "form": entry["format"]}
    ended = entry["closed_at"][:10]
    return known.organisation(entry["slug"], now, state="closed" if closed else "listed", ended=ended, **said)


def _organisation_links(known: Imports, entry: Entry) -> Sequence[str]:
    return [
        *known.parents(entry["slug"], _several(entry["parent_slugs"])),
        *known.successors(entry["slug"], _several(entry["superseded_by"])),
    ]


def _organisation_about(entry: Entry) -> About:
    others = [*_several(entry["parent_slugs"]), *_several(entry["superseded_by"])]
    return [entry["slug"], *others], [entry["name"], entry["abbreviation"]]


def _succession_wrong(entry: Entry) -> str:
    first, second = entry["predecessor_slug"], entry["successor_slug"]
    same = "It says that an organisation follows itself." if first == second else ""
    return _wrong_slug(first, "slug") or _wrong_slug(second, "slug") or same


def _succession(known: Imports, entry: Entry, now: datetime) -> str:
    """An organisation that only this list knows is called as its slug reads until a list says how it was called."""
    slug = entry["predecessor_slug"]
    return "same" if known.knows(slug) else known.organisation(slug, now, name=_read(slug))


def _read(slug: str) -> str:
    return slug.replace("-", " ").capitalize()


def _succession_links(known: Imports, entry: Entry) -> Sequence[str]:
    return known.successors(entry["predecessor_slug"], [entry["successor_slug"]])


def _succession_about(entry: Entry) -> About:
    first, second = entry["predecessor_slug"], entry["successor_slug"]
    return [first, second], [_read(first)]


def _former_slug(entry: Entry) -> str:
    """The slug at the end of its page's address, else its name as a slug."""
    end = entry["website"].rstrip("/").rpartition("/")[2]
    return end if SLUG.fullmatch(end) else "-".join(re.findall(r"[a-z0-9]+", folded(entry["name"])))


def _former_wrong(entry: Entry) -> str:
    return (
        _wrong_name(entry["name"])
        or _wrong_slug(_former_slug(entry), "slug at the end of the website")
        or _wrong_day(entry["start_date"], "date")
        or _wrong_day(entry["end_date"], "date")
    )


def _former(known: Imports, entry: Entry, now: datetime) -> str:
    said = {"name": entry["name"], "short": entry["abbreviations"].upper()}
    dates = {"began": entry["start_date"][:10], "ended": entry["end_date"][:10]}
    return known.former(_former_slug(entry), now, state="closed" if entry["end_date"] else "", **said, **dates)


def _domain_wrong(entry: Entry) -> str:
    domain = entry["domain"].lower()
    if domain in SHARED:
        return f"Addresses at “{domain}” are not of one organisation alone."
    fits = len(domain) <= 253 and DOMAIN.fullmatch(domain)
    return (
        _wrong_name(entry["organisation"], "organisation") if fits else f"“{domain}” is no domain such as hmrc.gov.uk."
    )


def _domain_dangling(entry: Entry, known: Imports) -> str:
    several = len(known.organisations.named(entry["organisation"])) > 1
    return f"Several organisations are called “{entry['organisation']}”." if several else ""


def _domain(known: Imports, entry: Entry, now: datetime) -> str:
    """An organisation that no other list knows, such as a council, is known from here."""
    found = known.organisations.named(entry["organisation"])
    owner = found[0] if found else known.organisations.add(now, name=entry["organisation"])
    return known.domain(entry["domain"].lower(), owner.id)


def _framework(entry: Entry) -> str:
    return entry["framework"] or entry["profession"]


def _skill_wrong(entry: Entry) -> str:
    framework = _framework(entry)
    return _wrong_name(entry["skill"]) or (_wrong_name(framework, "framework") if framework else "")


def _skill_dangling(entry: Entry, known: Imports) -> str:
    """A skill is of one framework: what two call the same is told apart by its name, as in "Analysis (policy)"."""
    now, said = known.framework_of(entry["skill"]), _framework(entry)
    if now is None or now in ("", said):
        return ""
    return f"“{entry['skill']}” is a skill of {now} already. Give this one another name, or say framework {now}."


def _skill(known: Imports, entry: Entry, now: datetime) -> str:
    said = {"description": entry["description"], "roles": entry["roles"], "framework": _framework(entry)}
    return known.skill(entry["skill"], now, **said)


def _holiday_wrong(entry: Entry) -> str:
    if entry["division"] not in DIVISIONS:
        return f"“{entry['division']}” is none of {', '.join(DIVISIONS)}."
    whole = "" if len(entry["date"]) == len("2026-12-25") else f"“{entry['date']}” is no date such as 2026-12-25."
    return whole or _wrong_day(entry["date"], "date") or _wrong_name(entry["title_en"], "title")


def _holiday(known: Imports, entry: Entry, now: datetime) -> str:
    key = {"division": entry["division"], "day": entry["date"]}
    return known.register("holiday", key, {"title": entry["title_en"], "title_cy": entry["title_cy"]})


def _service_dangling(entry: Entry, known: Imports) -> str:
    said = entry["organisation_name"]
    found = len(known.organisations.named(said)) if said else 1
    if found > 1:
        return f"Several organisations are called “{said}”."
    return "" if found else f"There is no organisation called “{said}”. Import the list that names it first."


def _service(known: Imports, entry: Entry, now: datetime) -> str:
    found = known.organisations.named(entry["organisation_name"]) if entry["organisation_name"] else []
    said = {
        "name": _read(entry["hostname"]),
        "organisation_id": found[0].id if found else None,
    }
    return known.register("service", {"slug": entry["hostname"]}, said)


FORMATS = {
    "organisations": (
        Format(
            ("slug", "name", "abbreviation", "format", "parent_slugs", "status"),
            lambda entry: entry["slug"],
            _organisation_wrong,
            _organisation,
            link=_organisation_links,
            about=_organisation_about,
        ),
        Format(
            ("predecessor_slug", "successor_slug"),
            lambda entry: f"{entry['predecessor_slug']} {entry['successor_slug']}",
            _succession_wrong,
            _succession,
            link=_succession_links,
            about=_succession_about,
        ),
        Format(
            ("government_organisation", "name", "abbreviations", "website", "start_date", "end_date"),
            lambda entry: entry["government_organisation"],
            _former_wrong,
            _former,
            about=lambda entry: ([_former_slug(entry)], [entry["name"], entry["abbreviations"]]),
        ),
    ),
    "domains": (
        Format(
            ("domain", "organisation"),
            lambda entry: entry["domain"].lower(),
            _domain_wrong,
            _domain,
            _domain_dangling,
            about=lambda entry: ((), [entry["organisation"]]),
        ),
    ),
    "skills": (
        Format(
            ("skill", "description"),
            lambda entry: entry["skill"],
            _skill_wrong,
            _skill,
            _skill_dangling,
            ends=lambda known, now: known.archive_skills(now),
        ),
    ),
    "holidays": (
        Format(
            ("division", "date", "title_en"),
            lambda entry: f"{entry['division']} {entry['date']}",
            _holiday_wrong,
            _holiday,
        ),
    ),
    "services": (
        Format(
            ("hostname",),
            lambda entry: entry["hostname"],
            lambda entry: _wrong_slug(entry["hostname"], "name"),
            _service,
            _service_dangling,
            about=lambda entry: ((), [entry["organisation_name"]]),
        ),
    ),
}
"""Each kind, and the forms that its files may have."""
