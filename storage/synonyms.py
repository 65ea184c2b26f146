"""Synonyms: words that mean the same to whoever searches in a community, as its owners say."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, delete, func, or_, select

from storage import tables
from storage.database import Transaction, insert_or_ignore
from storage.statements import statement
from storage.tables import columns, table
from storage.terms import terms


class Synonym(NamedTuple):
    """Two phrases that mean the same, as they were written: a search for either finds the other too."""

    words: str
    means: str


s = columns(tables.Synonym)

_here = s.community_id == bindparam("community")
_LIST = statement(select(s.words, s.means).where(_here).order_by(s.words_key, s.means_key), Synonym)
_COUNT = statement(select(func.count()).select_from(table(tables.Synonym)).where(_here), int)
_ADD = statement(
    insert_or_ignore(table(tables.Synonym)).values(
        community_id=bindparam("community"),
        words=bindparam("words"),
        means=bindparam("means"),
        words_key=bindparam("words_key"),
        means_key=bindparam("means_key"),
        added_by=bindparam("person"),
        added_at=bindparam("now"),
    )
)
_one: Any = bindparam("one")
_other: Any = bindparam("other")
_either = or_(and_(s.words_key == _one, s.means_key == _other), and_(s.words_key == _other, s.means_key == _one))
_HAS = statement(select(func.count()).select_from(table(tables.Synonym)).where(_here, _either), int)
_REMOVE = statement(delete(table(tables.Synonym)).where(_here, _either))
_REMOVE_ALL = statement(delete(table(tables.Synonym)).where(_here, or_(s.words_key == _one, s.means_key == _one)))
_phrases: Any = bindparam("phrases", expanding=True)
_OF = statement(
    select(s.words_key, s.means_key).where(
        s.community_id.in_(bindparam("communities", expanding=True)),
        or_(s.words_key.in_(_phrases), s.means_key.in_(_phrases)),
    )
)


def key_of(words: str) -> str:
    """How a phrase is known again, in whatever form its words are written; "" where it says nothing."""
    return " ".join(terms(words))


class Synonyms:
    """Queries about synonyms, on one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def of(self, community: int) -> list[Synonym]:
        """All of this community, by their words. For its owners, who are checked before."""
        return self._tx.all(_LIST, community=community)

    def count(self, community: int) -> int:
        """How many this community has."""
        number: int = self._tx.value(_COUNT, community=community)
        return number

    def add(self, community: int, synonym: Synonym, by: int, now: datetime) -> bool:
        """Whether the two mean the same from now on; False where they did before, whichever way round."""
        one, other = key_of(synonym.words), key_of(synonym.means)
        if self._tx.value(_HAS, community=community, one=one, other=other):
            return False
        said = {"words": synonym.words, "means": synonym.means, "words_key": one, "means_key": other}
        return self._tx.run(_ADD, community=community, person=by, now=now, **said) == 1

    def remove(self, community: int, words: str, means: str = "") -> int:
        """How many are gone now: the one of these two, whichever way round; without `means`, all with these words."""
        one = key_of(words)
        if not means:
            return self._tx.run(_REMOVE_ALL, community=community, one=one)
        return self._tx.run(_REMOVE, community=community, one=one, other=key_of(means))

    def meant(self, phrases: Collection[str], communities: Sequence[int]) -> set[str]:
        """What these phrases mean too in any of these communities. Both are keys; one step is taken, no more."""
        if not phrases or not communities:
            return set()
        found = self._tx.all(_OF, communities=communities, phrases=list(phrases))
        return {other for pair in found for one, other in (pair, pair[::-1]) if one in phrases} - set(phrases)
