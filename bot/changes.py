"""What happened to an installation or an account, apart from what people say: the same for every platform."""

from collections.abc import Callable
from datetime import datetime

from bot.inbound import AccountRef, Here
from bot.meeting import arrive
from bot.vouching import ask_platform
from bot.work import Work
from storage.database import Database, Transaction


class Changes:
    """Keeps installations and accounts as the platforms say they are now."""

    def __init__(self, database: Database, now: Callable[[], datetime], owed: Callable[[], None]) -> None:
        self._database = database
        self._now = now
        self._owed = owed

    async def installed(self, here: Here) -> None:
        """Signpost is in this workspace or tenant and reached there; a shared conversation it came to is known."""

        def write(tx: Transaction) -> None:
            work = Work(tx, self._now())
            work.installations.reach(here.platform, here.tenant, work.now, service_url=here.service_url)
            if here.kind != "direct" and here.conversation:
                where = (here.platform, here.tenant, here.conversation)
                work.installations.meet(where, here.kind, here.service_url, work.now)

        await self._database.write(write)

    async def added(self, account: AccountRef, here: Here) -> None:
        """Somebody added Signpost for themselves alone, or opened it: they are welcomed, once."""

        def write(tx: Transaction) -> bool:
            work = Work(tx, self._now(), here)
            arrive(work, account, here)
            return work.owes

        if await self._database.write(write):
            self._owed()

    async def removed(self, platform: str, tenant: str) -> None:
        """Signpost is no longer in this workspace or tenant: its token is gone, nothing is sent there."""

        def write(tx: Transaction) -> None:
            work = Work(tx, self._now())
            work.installations.remove(platform, tenant)
            work.record(None, "removed", f"{platform} {tenant}")

        await self._database.write(write)

    async def account_changed(self, account: AccountRef) -> None:
        """The platform is asked again what this account is; one that nobody here knows is left alone."""

        def write(tx: Transaction) -> bool:
            work = Work(tx, self._now())
            found = work.people.by_account(account.platform, account.tenant, account.user)
            if found is not None:
                ask_platform(found[1], work)
            return found is not None

        if await self._database.write(write):
            self._owed()
