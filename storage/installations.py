"""Where Signpost is installed: workspaces and tenants, the organisations they are tied to, and shared conversations."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select, update

from storage import tables
from storage.database import Transaction, insert_or_ignore
from storage.statements import statement
from storage.tables import columns, table


class Installation(NamedTuple):
    """Signpost in one workspace or tenant. `token` is encrypted, "" where the platform needs none of ours."""

    id: int
    platform: str
    tenant: str
    organisation_id: int | None
    bot: str
    token: str
    service_url: str
    active: bool


i = columns(tables.Installation)
c = columns(tables.Conversation)
p = columns(tables.Person)
a = columns(tables.Account)

INSTALLATION = (i.id, i.platform, i.tenant, i.organisation_id, i.bot, i.token, i.service_url, i.active)

_INSTALLATION = statement(
    select(*INSTALLATION).where(i.platform == bindparam("platform"), i.tenant == bindparam("tenant")), Installation
)
_INSTALLATIONS = statement(select(*INSTALLATION).order_by(i.id), Installation)
_INSTALL = statement(
    insert_or_ignore(table(tables.Installation)).values(
        platform=bindparam("platform"),
        tenant=bindparam("tenant"),
        bot="",
        token="",
        service_url="",
        active=True,
        created_at=bindparam("now"),
    )
)
_TIE = statement(
    update(table(tables.Installation))
    .where(i.platform == bindparam("platform"), i.tenant == bindparam("tenant"))
    .values(organisation_id=bindparam("organisation"))
)
_ADOPT = statement(
    update(table(tables.Person))
    .where(
        p.organisation_id.is_(None),
        p.id.in_(select(a.person_id).where(a.platform == bindparam("platform"), a.tenant == bindparam("tenant"))),
    )
    .values(organisation_id=bindparam("organisation"))
    .returning(p.id),
    int,
)
_EQUIP = statement(
    update(table(tables.Installation))
    .where(i.platform == bindparam("platform"), i.tenant == bindparam("tenant"))
    .values(bot=bindparam("to_bot"), token=bindparam("to_token"), active=True)
)
_REACH = statement(
    update(table(tables.Installation))
    .where(i.platform == bindparam("platform"), i.tenant == bindparam("tenant"))
    .values(service_url=bindparam("to_service_url"), active=True)
)
_REMOVE = statement(
    update(table(tables.Installation))
    .where(i.platform == bindparam("platform"), i.tenant == bindparam("tenant"))
    .values(token="", active=False)
)
_MEET = statement(
    insert_or_ignore(table(tables.Conversation)).values(
        platform=bindparam("platform"),
        tenant=bindparam("tenant"),
        conversation=bindparam("conversation"),
        kind=bindparam("kind"),
        thread="",
        service_url=bindparam("service_url"),
        seen_at=bindparam("now"),
    )
)


class Installations:
    """Queries about installations and shared conversations, on one transaction."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx

    def at(self, platform: str, tenant: str) -> Installation | None:
        """Signpost's installation in this workspace or tenant, active or not."""
        return self._tx.one(_INSTALLATION, platform=platform, tenant=tenant)

    def all(self) -> list[Installation]:
        """All installations, the oldest first."""
        return self._tx.all(_INSTALLATIONS)

    def install(self, platform: str, tenant: str, now: datetime) -> None:
        """There is an installation for this workspace or tenant."""
        self._tx.run(_INSTALL, platform=platform, tenant=tenant, now=now)

    def tie(self, platform: str, tenant: str, organisation: int, now: datetime) -> None:
        """People of this workspace or tenant are of this organisation."""
        self.install(platform, tenant, now)
        self._tx.run(_TIE, platform=platform, tenant=tenant, organisation=organisation)

    def adopt(self, platform: str, tenant: str, organisation: int) -> list[int]:
        """People known from there who had no organisation are of this one, not yet vouched for: who they are."""
        return self._tx.all(_ADOPT, platform=platform, tenant=tenant, organisation=organisation)

    def equip(self, platform: str, tenant: str, *, bot: str, token: str, now: datetime) -> None:
        """The installation is active, with this bot user and this encrypted token."""
        self.install(platform, tenant, now)
        self._tx.run(_EQUIP, platform=platform, tenant=tenant, to_bot=bot, to_token=token)

    def reach(self, platform: str, tenant: str, now: datetime, *, service_url: str) -> None:
        """The installation is active and reached at this service URL."""
        self.install(platform, tenant, now)
        self._tx.run(_REACH, platform=platform, tenant=tenant, to_service_url=service_url)

    def remove(self, platform: str, tenant: str) -> None:
        """The installation is no more: its token is gone; the organisation it is tied to is kept for its return."""
        self._tx.run(_REMOVE, platform=platform, tenant=tenant)

    def meet(self, where: tuple[str, str, str], kind: str, service_url: str, now: datetime) -> None:
        """This shared conversation (platform, tenant, id) is known."""
        platform, tenant, conversation = where
        place = {"platform": platform, "tenant": tenant, "conversation": conversation}
        self._tx.run(_MEET, **place, kind=kind, service_url=service_url, now=now)
