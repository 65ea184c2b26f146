"""Pure: where somebody stands in a community, from counts alone."""

from collections.abc import Sequence
from typing import NamedTuple

from bot.professions import Profession, people_in, profession_of, same_profession
from bot.text import Text, t, tn
from storage.members import Counted
from storage.people import Person


class Standing(NamedTuple):
    """How many there are in all, of the person's profession, of their organisation, and in their job elsewhere."""

    members: int
    peers: int
    colleagues: int
    elsewhere: int


def standing(me: Person, counted: Sequence[Counted]) -> Standing:
    """Where this person stands among members who were counted for them: roles are known where names may cross."""
    own = me.organisation if me.verified else ""
    peers = [row for row in counted if row.role and same_profession(me.role, row.role)]
    return Standing(
        members=sum(row.members for row in counted),
        peers=sum(row.members for row in peers),
        colleagues=sum(row.members for row in counted if own and row.organisation == own),
        elsewhere=sum(row.members for row in peers if row.organisation not in ("", own)),
    )


def in_words(stands: Standing, me: Person) -> list[Text]:
    """The same as sentences, for who has just joined; nothing about what is not known.

    That nobody else is of their profession is not said: others may be whose role they cannot see.
    """
    profession, said = profession_of(me.role), []
    alone = stands.colleagues == 1
    among = people_in(profession, stands.peers) if stands.peers > 1 and profession is not Profession.OTHER else None
    from_mine = None if stands.colleagues < 2 else _from(me.organisation, stands.colleagues)
    if among and from_mine:
        said.append(t("You are one of {some}, and one of {others}.", some=among, others=from_mine))
    elif among or from_mine:
        said.append(t("You are one of {some}.", some=among or from_mine or ""))
    if alone:
        said.append(t("You are the only member from {organisation}.", organisation=me.organisation))
    if stands.elsewhere:
        said.append(
            tn(
                "{n} person does your job in another organisation.",
                "{n} people do your job in other organisations.",
                n=stands.elsewhere,
            )
        )
    return said


def _from(organisation: str, n: int) -> Text:
    return tn("{n} person from {organisation}", "{n} people from {organisation}", n=n, organisation=organisation)
