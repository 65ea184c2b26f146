"""What may cross between organisations, who hides from whom, and into which community suppliers may look.

Every question, answer and name that is shown passes through these conditions.
"""

from typing import Any, Literal

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, exists, func, or_, select

from storage.tables import Agreement, Community, Hiding, Person, columns, table

_agreement = columns(Agreement)
_hiding = columns(Hiding)
_admitting = table(Community).alias("admitting")
_looking = table(Person).alias("looking")
_viewer: BindParameter[int] = bindparam("viewer")

KIND_OF_VIEWER: ColumnElement[str] = func.coalesce(
    select(_looking.c.kind).where(_looking.c.id == _viewer).scalar_subquery(), ""
)
"""What the `viewer` is: civil servant, contractor, supplier, or "" until they say."""


Kind = Literal["questions", "names"]


def crosses(organisation: ColumnElement[Any], kind: Kind, *, many: bool = False) -> ColumnElement[bool]:
    """True where the row's organisation is the viewer's own, or both organisations' administrators agreed to this kind.

    Takes the parameters `viewer_organisation` and `viewer_verified` (see `scope_of`): an organisation that is
    only claimed opens nothing. Where thousands of rows may be looked at, with `many`, the viewer's agreements are found
    once, rather than one for each row.
    """
    mine: BindParameter[int] = bindparam("viewer_organisation")
    partner = organisation.in_(_partners(mine, kind)) if many else agreed(mine, organisation, kind)
    return and_(bindparam("viewer_verified").is_(True), or_(organisation == mine, partner))


def _holds(kind: Kind) -> ColumnElement[bool]:
    allowed = _agreement.questions if kind == "questions" else _agreement.names
    return and_(_agreement.ended_at.is_(None), allowed.is_(True))


def agreed(one: ColumnElement[Any], other: ColumnElement[Any], kind: Kind) -> ColumnElement[bool]:
    """True where the administrators of both organisations agreed to this kind, and neither ended it."""
    return exists(
        select(_agreement.id).where(
            _holds(kind),
            or_(
                and_(_agreement.first_id == one, _agreement.second_id == other),
                and_(_agreement.second_id == one, _agreement.first_id == other),
            ),
        )
    )


def _partners(mine: BindParameter[int], kind: Kind) -> Any:
    first = select(_agreement.second_id).where(_agreement.first_id == mine, _holds(kind))
    return first.union_all(select(_agreement.first_id).where(_agreement.second_id == mine, _holds(kind)))


def hides(person: ColumnElement[Any], organisation: ColumnElement[Any]) -> ColumnElement[bool]:
    """True where the person said that nobody of this organisation is to see them by name."""
    return exists(select(_hiding.id).where(_hiding.person_id == person, _hiding.organisation_id == organisation))


def shows(person: ColumnElement[Any]) -> ColumnElement[bool]:
    """False where the person hides from the viewer's organisation. Takes the parameter `viewer_organisation`."""
    return ~hides(person, bindparam("viewer_organisation"))


def shows_viewer(organisation: ColumnElement[Any]) -> ColumnElement[bool]:
    """False where the viewer hides from this organisation. Takes the parameter `viewer`."""
    return ~hides(_viewer, organisation)


def admits(community: ColumnElement[Any], kind: ColumnElement[Any]) -> ColumnElement[bool]:
    """False for a supplier where the community has none: they read nothing there and nothing is brought to them.

    `kind` is the person's own: that of a row, or KIND_OF_VIEWER.
    """
    without = select(_admitting.c.id).where(_admitting.c.id == community, _admitting.c.suppliers.is_(False))
    return or_(kind != "supplier", ~exists(without))
