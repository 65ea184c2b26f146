"""Questions and answers that a community had before, from a CSV file: `signpost import questions`, or an owner's.

Its columns are question, answer and asked_on (2025-03-01); answered_on and source_url may be left out. A question in
two rows is kept once, with the answers of both.
"""

from datetime import UTC, date, datetime, time

from bot.administration import Wrong
from bot.lists import Entry, Format, Reason
from bot.text import t
from storage.importing import Imports
from storage.past import Past, Place

REQUIRED = ("question", "answer", "asked_on")
LONGEST = 3000
"""Characters of the longest question or answer, as in chat."""
MIDDAY = time(12, tzinfo=UTC)
"""The same day wherever it is read in Europe."""
EXAMPLE = "2025-03-01"
MISSING = {"question": t("It has no question."), "answer": t("It has no answer.")}
LONG = {
    "question": t("Its question is longer than {most} characters.", most=LONGEST),
    "answer": t("Its answer is longer than {most} characters.", most=LONGEST),
}


def forms(community: str, owner: int | None = None) -> tuple[Format, ...]:
    """The form of files of questions for the community of this slug: brought by this owner, in whose name they are.

    From the command line, where nobody is named, they are in the name of the owner who is longest there.
    """
    return (
        Format(
            REQUIRED,
            lambda entry: str(entry.line),
            _wrong,
            lambda known, entry, now: known.past.bring(_past(entry), _place(community, owner, known)),
            lambda entry, known: _not_dangling(community, owner, known),
            long=frozenset({"question", "answer"}),
        ),
    )


def _not_dangling(community: str, owner: int | None, known: Imports) -> str:
    _place(community, owner, known)
    return ""


def _place(community: str, owner: int | None, known: Imports) -> Place:
    """Where the rows belong. Wrong is of the whole file: no row of it can be taken."""
    found = known.past.place(community, owner)
    if found is not None:
        return found
    if owner is not None:
        text = t("The rest was not brought: you do not own {community} now, or it is archived.", community=community)
        raise Wrong(text)
    if known.past.is_there(community):
        raise Wrong(
            f"Nothing was changed: no owner of {community} has a verified organisation, in whose name it could be."
        )
    raise Wrong(f"Nothing was changed: there is no community “{community}”. Say --community and its name as in join.")


def _wrong(entry: Entry) -> Reason:
    for column in ("question", "answer"):
        if not any(character.isalnum() for character in entry[column]):
            return MISSING[column]
        if len(entry[column]) > LONGEST:
            return LONG[column]
    asked, answered = _day(entry["asked_on"]), _day(entry["answered_on"] or entry["asked_on"])
    if asked is None or answered is None:
        said = entry["asked_on" if asked is None else "answered_on"]
        return t("“{said}” is no date such as {example}.", said=said, example=EXAMPLE)
    if answered < asked:
        return t("It was answered before it was asked.")
    url = entry["source_url"]
    return t("“{url}” is no address that begins with https://.", url=url) if url and not _is_address(url) else ""


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
