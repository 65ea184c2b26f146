"""A person's own data as a file: a private link that is good once and for an hour, and what it opens.

Nothing is kept but the digest of the link's token: the file is made from one snapshot at the moment it is fetched.
"""

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import SQLModel

from bot.private_links import link_for, use, whose
from bot.text import Reader, Value, When, say, t, tn
from bot.work import View, Work, reader_of
from storage.database import Database, Transaction
from storage.exporting import held_about, named_in
from storage.people import Person

DATA = "data"
"""What these links are for."""
PATH = "/data/"
"""Where the web application answers such a link; the token follows."""


@dataclass(frozen=True)
class File:
    """What is handed over: its name, and its bytes (a zip)."""

    name: str
    content: bytes


def link_to_data(me: Person, work: Work) -> str:
    """A new address that gives this person's data, once, within the hour, to whoever has it."""
    return link_for(DATA, PATH, me, work)


class Downloads:
    """Hands over what links were given for."""

    def __init__(self, database: Database, now: Callable[[], datetime]) -> None:
        self._database = database
        self._now = now

    async def reader(self, token: str) -> Reader | None:
        """How the person reads whose link this is, while it is good; it stays good. None where it is not."""

        def look(tx: Transaction) -> Reader | None:
            me = whose(DATA, token, View(tx, self._now()))
            return reader_of(me) if me else None

        return await self._database.read(look)

    async def take(self, token: str) -> File | None:
        """The file, once: of two that ask at the same time one gets it. None where the link is used, old or unknown."""
        found = await self._database.read(lambda tx: _file(token, View(tx, self._now())))
        if found is None or not await self._database.write(lambda tx: _used(token, Work(tx, self._now()))):
            return None
        return found


def _used(token: str, work: Work) -> bool:
    number = use(DATA, token, work)
    if number is not None:
        work.record(work.people.find(number), "take data", f"person {number}")
    return number is not None


def _file(token: str, view: View) -> File | None:
    me = whose(DATA, token, view)
    if me is None:
        return None
    held = held_about(view.tx, me.id)
    data = {
        "made_at": view.now.isoformat(),
        "tables": {name: {"what": _what(name), "rows": rows} for name, rows in held.items()},
        "names": named_in(view.tx, held),
    }
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("summary.txt", _summary(me, held, view))
        archive.writestr("data.json", json.dumps(data, indent=1, ensure_ascii=False))
    return File(f"signpost-my-data-{view.now:%Y-%m-%d}.zip", packed.getvalue())


def _what(name: str) -> str:
    """What the rows of a table are, and what the words in them mean."""
    described = (model for model in SQLModel.__subclasses__() if model.__tablename__ == name)
    return " ".join((next(described).__doc__ or "").split())


def _summary(me: Person, held: dict[str, list[dict[str, Any]]], view: View) -> str:
    """The same in a few lines of plain text, in their own language."""

    def count(name: str, **wanted: Any) -> int:
        return sum(all(row[key] == value for key, value in wanted.items()) for row in held.get(name, []))

    communities = ", ".join(community.name for community in view.communities.mine(me.id))
    lines: list[Value] = [
        t("What Signpost holds about {name}", name=me.name),
        t("Made at {when}.", when=When(view.now)),
        "",
        t("Role: {role}", role=me.role or "–"),
        t("Organisation: {organisation}", organisation=me.organisation or "–"),
        t("Knows about: {knows}", knows=me.knows or "–"),
        t("Communities: {communities}", communities=communities or "–"),
        tn("{n} question that you asked.", "{n} questions that you asked.", n=count("question", asker_id="you")),
        tn("{n} answer that you gave.", "{n} answers that you gave.", n=count("answer", author_id="you")),
        "",
        t("The file data.json holds all of it, by table, with what each table is."),
        *(f"- {name}: {len(rows)}" for name, rows in held.items()),
    ]
    return "\n".join(say(line, reader_of(me)) for line in lines) + "\n"
