"""`signpost import questions`: questions and answers that a community had before, from a CSV file.

Its columns are question, answer and asked_on (2025-03-01); answered_on and source_url may be left out. A question in
two rows is kept once, with the answers of both.
"""

from datetime import UTC, date, datetime, time

from bot.administration import Wrong
from bot.lists import Entry, Format
from storage.importing import Imports
from storage.past import Past, Place

LONGEST = 3000
"""Characters of the longest question or answer, as in chat."""
MIDDAY = time(12, tzinfo=UTC)
"""The same day wherever it is read in Europe."""


def forms(community: str) -> tuple[Format, ...]:
    """The form of files of questions for the community of this slug."""
    return (
        Format(
            ("question", "answer", "asked_on"),
            lambda entry: str(entry.line),
            _wrong,
            lambda known, entry, now: known.past.bring(_past(entry), _place(community, known)),
            lambda entry, known: _not_dangling(community, known),
            long=frozenset({"question", "answer"}),
        ),
    )


def _not_dangling(community: str, known: Imports) -> str:
    _place(community, known)
    return ""


def _place(community: str, known: Imports) -> Place:
    """Where the rows belong. Wrong is of the whole file: no row of it can be taken."""
    found = known.past.place(community)
    if found is not None:
        return found
    if known.past.is_there(community):
        raise Wrong(
            f"Nothing was changed: no owner of {community} has a verified organisation, in whose name it could be."
        )
    raise Wrong(f"Nothing was changed: there is no community “{community}”. Say --community and its name as in join.")


def _wrong(entry: Entry) -> str:
    for column in ("question", "answer"):
        if not any(character.isalnum() for character in entry[column]):
            return f"It has no {column}."
        if len(entry[column]) > LONGEST:
            return f"Its {column} is longer than {LONGEST} characters."
    asked, answered = _day(entry["asked_on"]), _day(entry["answered_on"] or entry["asked_on"])
    if asked is None or answered is None:
        return f"“{entry['asked_on'] if asked is None else entry['answered_on']}” is no date such as 2025-03-01."
    if answered < asked:
        return "It was answered before it was asked."
    url = entry["source_url"]
    return f"“{url}” is no address that begins with https://." if url and not _is_address(url) else ""


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None


def _is_address(said: str) -> bool:
    return said.startswith(("https://", "http://")) and len(said) <= 500 and " " not in said


def _past(entry: Entry) -> Past:
    """The row as it is kept: the address where it was said stands below the answer."""
    asked, answered = _day(entry["asked_on"]), _day(entry["answered_on"] or entry["asked_on"])
    if asked is None or answered is None:
        raise LookupError("A row that was checked has its dates.")
    answer = "\n".join(filter(None, (entry["answer"], entry["source_url"])))
    return Past(entry["question"], answer, datetime.combine(asked, MIDDAY), datetime.combine(answered, MIDDAY))
