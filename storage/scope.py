"""What may cross between organisations: the one condition that every question, answer and name passes through."""

from typing import Any

from sqlalchemy import BindParameter, Column, ColumnElement, and_, bindparam, exists, or_, select

from storage.tables import Agreement, columns

_agreement = columns(Agreement)


def crosses(organisation: Column[Any]) -> ColumnElement[bool]:
    """True where the row's organisation is the viewer's own, or both organisations' administrators agreed.

    Takes the parameters `viewer_organisation` and `viewer_verified` (see `scope_of`): an organisation that is
    only claimed opens nothing.
    """
    mine: BindParameter[int] = bindparam("viewer_organisation")
    agreed = exists(
        select(_agreement.id).where(
            _agreement.ended_at.is_(None),
            or_(
                and_(_agreement.first_id == mine, _agreement.second_id == organisation),
                and_(_agreement.second_id == mine, _agreement.first_id == organisation),
            ),
        )
    )
    return and_(bindparam("viewer_verified").is_(True), or_(organisation == mine, agreed))
