"""Places: the channels and teams where a community's news is posted, once both sides agreed."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, bindparam, case, func, select, update

from storage import tables
from storage.database import Transaction, insert_or_ignore
from storage.organisations import CALLED
from storage.statements import statement
from storage.tables import columns, table


class Place(NamedTuple):
    """A channel or team, and what it is to a community. `state`: proposed, connected, ended.

    `owner_id` is the owner who agreed for the community, `administrator_id` the administrator who agreed for the
    workspace or tenant; the one who has not agreed yet is None. `organisation_id` is whose workspace or tenant it is.
    """

    id: int
    community_id: int
    conversation_id: int
    platform: str
    tenant: str
    conversation: str
    service_url: str
    organisation_id: int | None
    organisation: str
    owner_id: int | None
    administrator_id: int | None
    state: str


class Connected(NamedTuple):
    """How many channels or teams of one organisation a community has on one platform."""

    organisation: str
    platform: str
    places: int


x = columns(tables.ConnectedPlace)
v = columns(tables.Conversation)
i = columns(tables.Installation)
o = columns(tables.Organisation)

PLACE = (
    x.id,
    x.community_id,
    v.id,
    v.platform,
    v.tenant,
    v.conversation,
    v.service_url,
    i.organisation_id,
    CALLED,
    x.owner_id,
    x.administrator_id,
    x.state,
)
_places = (
    table(tables.ConnectedPlace)
    .join(table(tables.Conversation), v.id == x.conversation_id)
    .outerjoin(table(tables.Installation), and_(i.platform == v.platform, i.tenant == v.tenant))
    .outerjoin(table(tables.Organisation), o.id == i.organisation_id)
)
_GET = statement(select(*PLACE).select_from(_places).where(x.id == bindparam("place")), Place)
_OF = statement(
    select(*PLACE)
    .select_from(_places)
    .where(x.community_id == bindparam("community"), x.conversation_id == bindparam("conversation")),
    Place,
)
_CONNECTED = statement(
    select(*PLACE)
    .select_from(_places)
    .where(x.community_id == bindparam("community"), x.state == "connected")
    .order_by(x.id),
    Place,
)
_COUNTED = statement(
    select(CALLED, v.platform, func.count())
    .select_from(_places)
    .where(x.community_id == bindparam("community"), x.state == "connected")
    .group_by(o.name, o.short, v.platform)
    .order_by(o.name, v.platform),
    Connected,
)
_CONVERSATION = statement(
    select(v.id).where(
        v.platform == bindparam("platform"),
        v.tenant == bindparam("tenant"),
        v.conversation == bindparam("conversation"),
    ),
    int,
)
_PROPOSE = statement(
    insert_or_ignore(table(tables.ConnectedPlace)).values(
        community_id=bindparam("community"),
        conversation_id=bindparam("conversation"),
        owner_id=None,
        administrator_id=None,
        state="proposed",
        at=bindparam("now"),
    )
)
_PROPOSE_AGAIN = statement(
    update(table(tables.ConnectedPlace))
    .where(x.community_id == bindparam("community"), x.conversation_id == bindparam("conversation"), x.state == "ended")
    .values(owner_id=None, administrator_id=None, state="proposed", at=bindparam("now"))
)
_OWNER_AGREES = statement(
    update(table(tables.ConnectedPlace))
    .where(x.id == bindparam("place"), x.state == "proposed", x.owner_id.is_(None))
    .values(
        owner_id=bindparam("person"),
        state=case((x.administrator_id.is_not(None), "connected"), else_="proposed"),
        at=bindparam("now"),
    )
)
_ADMINISTRATOR_AGREES = statement(
    update(table(tables.ConnectedPlace))
    .where(x.id == bindparam("place"), x.state == "proposed", x.administrator_id.is_(None))
    .values(
        administrator_id=bindparam("person"),
        state=case((x.owner_id.is_not(None), "connected"), else_="proposed"),
        at=bindparam("now"),
    )
)
_END = statement(
    update(table(tables.ConnectedPlace))
    .where(x.id == bindparam("place"), x.state != "ended")
    .values(state="ended", at=bindparam("now"))
)


class Places:
    """Queries about connected places, on one transaction. That they are connected is open to everyone."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def conversation(self, platform: str, tenant: str, conversation: str) -> int | None:
        """The number of this shared conversation, once it is known."""
        return self._tx.one(_CONVERSATION, platform=platform, tenant=tenant, conversation=conversation)

    def get(self, place: int) -> Place | None:
        """The place with this number, whatever its state."""
        return self._tx.one(_GET, place=place)

    def of(self, community: int, conversation: int) -> Place | None:
        """What this conversation is to this community, if it ever was anything."""
        return self._tx.one(_OF, community=community, conversation=conversation)

    def connected(self, community: int) -> list[Place]:
        """Where the community's news is posted."""
        return self._tx.all(_CONNECTED, community=community)

    def counted(self, community: int) -> list[Connected]:
        """How many connected places there are of each organisation and platform."""
        return self._tx.all(_COUNTED, community=community)

    def propose(self, community: int, conversation: int, now: datetime) -> None:
        """It may be agreed to connect them; what was agreed or is waiting stays as it is."""
        there = {"community": community, "conversation": conversation, "now": now}
        if not self._tx.run(_PROPOSE, **there):
            self._tx.run(_PROPOSE_AGAIN, **there)

    def owner_agrees(self, place: int, person: int, now: datetime) -> bool:
        """Whether an owner's agreement was still needed; with the administrator's, it is connected."""
        return self._tx.run(_OWNER_AGREES, place=place, person=person, now=now) == 1

    def administrator_agrees(self, place: int, person: int, now: datetime) -> bool:
        """Whether an administrator's agreement was still needed; with the owner's, it is connected."""
        return self._tx.run(_ADMINISTRATOR_AGREES, place=place, person=person, now=now) == 1

    def end(self, place: int, now: datetime) -> bool:
        """Whether it was proposed or connected; it is neither now."""
        return self._tx.run(_END, place=place, now=now) == 1
