"""What may cross between organisations: the one condition that every question, answer and name passes through."""

from typing import Any, Literal

from sqlalchemy import BindParameter, ColumnElement, and_, bindparam, exists, or_, select

from storage.tables import Agreement, columns

_agreement = columns(Agreement)


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
