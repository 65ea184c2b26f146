"""What else the words of a search mean: the synonyms of communities, and what organisations are called.

One step is taken and no more: what a synonym means has no synonyms of its own here. A word that is added counts half,
and a text that lacks it loses nothing, so the words of the search win.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import bindparam, select

from storage import tables
from storage.database import Transaction
from storage.organisations import folded
from storage.statements import statement
from storage.synonyms import Synonyms
from storage.tables import columns, table
from storage.terms import STOP, terms

ADDED = 0.5
"""What an added word counts beside one of the search."""
READ = 60
"""Words of a search that are looked up: those of a paragraph."""
LONGEST = 8
"""Words of the longest phrase that is looked up; "Department for Levelling Up, Housing and Communities" has seven."""
MOST = 40
"""Names of organisations that one search is given."""

o = columns(tables.Organisation)
n = columns(tables.OrganisationName)
_other = table(tables.OrganisationName).alias("other")
_CALLED = statement(
    select(_other.c.said)
    .select_from(
        table(tables.OrganisationName)
        .join(table(tables.Organisation), o.id == n.organisation_id)
        .join(_other, _other.c.organisation_id == n.organisation_id)
    )
    .where(
        n.folded.in_(bindparam("phrases", expanding=True)),
        o.state.in_(("listed", "known", "closed")),
        _other.c.kind.in_(("name", "short")),
    )
    .limit(MOST),
    str,
)
"""What the organisations of these names are called and in short. What a person named and nobody checked is none."""


class Meaning:
    """Looks up what words mean, on one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def of(self, text: str, communities: Sequence[int]) -> Mapping[str, float]:
        """The terms that a search for this text, in these communities, looks for too, and what each counts.

        None that the text has itself; empty where nothing else is meant.
        """
        own = terms(text)
        added = {term for key in Synonyms(self._tx).meant(_phrases(own[:READ]), communities) for term in key.split()}
        added.update(term for name in self._called(text) for term in terms(name))
        return dict.fromkeys(sorted(added - set(own)), ADDED)

    def _called(self, text: str) -> list[str]:
        """What the organisations that are named in this text are called."""
        words = re.sub(r"\b(?:her|his) majestys\b", "hm", folded(text[: READ * 20])).split()[:READ]
        shouted = text.isupper() and len(words) > 1
        written = () if shouted else re.findall(r"\b[A-Z]{2,}\b", text)
        phrases = _phrases(words) - (STOP - {word.casefold() for word in written})
        return self._tx.all(_CALLED, phrases=sorted(phrases)) if phrases else []


def _phrases(words: Sequence[str]) -> set[str]:
    """Each run of up to eight of these words."""
    return set(_runs(words))


def _runs(words: Sequence[str]) -> Iterator[str]:
    for start in range(len(words)):
        for end in range(start + 1, min(start + LONGEST, len(words)) + 1):
            yield " ".join(words[start:end])
