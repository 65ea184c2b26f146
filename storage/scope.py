"""What may cross between organisations, and into which community suppliers may look.

Every question, answer and name that is shown passes through these two conditions.
"""

from typing import Any, Literal

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, exists, func, or_, select

from storage.tables import Agreement, Community, Person, columns, table

_agreement = columns(Agreement)
_admitting = table(Community).alias("admitting")
_looking = table(Person).alias("looking")
_viewer: BindParameter[int] = bindparam("viewer")

KIND_OF_VIEWER: ColumnElement[str] = func.coalesce(
    select(_looking.c.kind).where(_looking.c.id == _viewer).scalar_subquery(), ""
)
"""What the `viewer` is: civil servant, contractor, supplier, or "" until they say."""


def crosses(organisation: ColumnElement[Any], kind: Literal["questions", "names"]) -> ColumnElement[bool]:
    """True where the row's organisation is the viewer's own, or both organisations' administrators agreed to this kind.

    Takes the parameters `viewer_organisation` and `viewer_verified` (see `scope_of`): an organisation that is
    only claimed opens nothing.
    """
    mine: BindParameter[int] = bindparam("viewer_organisation")
    return and_(bindparam("viewer_verified").is_(True), or_(organisation == mine, agreed(mine, organisation, kind)))


def agreed(
    one: ColumnElement[Any], other: ColumnElement[Any], kind: Literal["questions", "names"]
) -> ColumnElement[bool]:
    """True where the administrators of both organisations agreed to this kind, and neither ended it."""
    return exists(
        select(_agreement.id).where(
            _agreement.ended_at.is_(None),
            _agreement.questions.is_(True) if kind == "questions" else _agreement.names.is_(True),
            or_(
                and_(_agreement.first_id == one, _agreement.second_id == other),
                and_(_agreement.second_id == one, _agreement.first_id == other),
            ),
        )
    )


def admits(community: ColumnElement[Any], kind: ColumnElement[Any]) -> ColumnElement[bool]:
    """False for a supplier where the community has none: they read nothing there and nothing is brought to them.

    `kind` is the person's own: that of a row, or KIND_OF_VIEWER.
    """
    without = select(_admitting.c.id).where(_admitting.c.id == community, _admitting.c.suppliers.is_(False))
    return or_(kind != "supplier", ~exists(without))
