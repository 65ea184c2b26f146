"""Who is meant by a name, and how long lists take to import: `python -m benchmarks.organisations --data FOLDER`.

The folder holds the reference files by their names in FILES; those it lacks are left out. Without one, the small list
that comes with Signpost is imported. After them come 100,000 generated organisations: how long these take, and how
much memory the process grows by meanwhile. `--rows 2000` is a short run that shows that everything works.
"""

import argparse
import asyncio
import csv
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from benchmarks.figures import Aim, last_line, table
from benchmarks.stores import store
from bot.importing import Watch, bring_in
from storage import tables
from storage.database import Database, Transaction, connect
from storage.organisations import Organisations, folded
from storage.schema import upgrade
from storage.tables import columns

FILES = (
    ("organisations", "organisations_govuk_api.csv"),
    ("organisations", "organisation_successions.csv"),
    ("organisations", "government_organisation_register_2017.csv"),
    ("domains", "email_domains_2019.csv"),
    ("skills", "gdad_skills.csv"),
    ("holidays", "bank_holidays.csv"),
    ("services", "government_services_register_2018.csv"),
)
"""The reference files, in the order in which each knows what the next refers to."""
OWN = Path(__file__).parents[1] / "config" / "seeds" / "organisations.csv"
SPLIT = "BEIS"
"""Closed in 2023; three departments took over its work."""
AIMS: Mapping[str, Aim] = {
    "names_not_resolved": Aim(0),
    "abbreviations_not_resolved": Aim(0),
    "abbreviations_that_ask": Aim(2),
    "successors_of_beis": Aim(3, least=True),
    "changed_when_run_again": Aim(0),
    "seconds_for_generated": Aim(120),
    "memory_growth_megabytes": Aim(16),
}
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
HEADER = "slug,name,abbreviation,format,parent_slugs,status,closed_status,closed_at,superseded_by\n"


def resolved(tx: Transaction, listed: Path) -> dict[str, float]:
    """How many names and abbreviations of the list are those of their own organisation, and which are not."""
    known, o = Organisations(tx), columns(tables.Organisation)
    numbers: dict[str, int] = dict(tx.once(select(o.slug, o.id).where(o.slug.is_not(None))))
    with listed.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    wrong = [row["name"] for row in rows if not _means(known, row["name"], numbers.get(row["slug"]))]
    shorts = {row["abbreviation"]: numbers.get(row["slug"]) for row in rows if row["abbreviation"].strip()}
    asking = [short for short in shorts if len(known.named(short)) > 1]
    lost = [short for short, number in shorts.items() if short not in asking and not _means(known, short, number)]
    for what, found in (("Names", wrong), ("Abbreviations", lost), ("Ambiguous", asking)):
        if found:
            sys.stdout.write(f"{what}: {', '.join(found)}\n")
    split = known.named(SPLIT)
    return {
        "names": len(rows),
        "names_not_resolved": len(wrong),
        "abbreviations": len({folded(short) for short in shorts}),
        "abbreviations_not_resolved": len(lost),
        "abbreviations_that_ask": len({folded(short) for short in asking}),
        "successors_of_beis": len(known.today(split[0])) if len(split) == 1 else 0,
    }


def _means(known: Organisations, said: str, number: int | None) -> bool:
    return [found.id for found in known.named(said)] == [number]


def generated(rows: int) -> Iterator[str]:
    """A list of so many organisations, each but the first ten part of another."""
    yield HEADER
    for number in range(rows):
        parent = f"generated-{number % 10}" if number >= 10 else ""
        yield f"generated-{number},Generated Office {number},GO{number},Other,{parent},live,,,\n"


class Peak:
    """The most memory that this process held since it began to look, in bytes more than then."""

    def __init__(self) -> None:
        self._start = self._most = _resident()
        self._lines = 0

    def look(self, _: int) -> None:
        """Looks each thousandth time it is told to."""
        self._lines += 1
        if self._lines % 1000 == 0:
            self._most = max(self._most, _resident())

    @property
    def growth(self) -> int:
        return self._most - self._start


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096


async def run(database: Database, data: Path | None, big: Path) -> dict[str, float]:
    """All files, who is meant by which name then, the list once more, and the generated one."""
    files = (
        [(kind, data / name) for kind, name in FILES if (data / name).exists()] if data else [("organisations", OWN)]
    )
    began, refused = time.perf_counter(), 0
    for kind, path in files:
        refused += await _import(database, kind, path)
    figures: dict[str, float] = {"reference_seconds": time.perf_counter() - began, "reference_rows_refused": refused}
    listed = files[0][1]
    figures |= await database.read(lambda tx: resolved(tx, listed))
    again = await bring_in(database, "organisations", listed, _watch(), NOW, skip_bad=True)
    figures["changed_when_run_again"] = again.outcomes["added"] + again.outcomes["changed"]
    began, peak = time.perf_counter(), Peak()
    result = await bring_in(database, "organisations", big, _watch(peak.look), NOW)
    seconds = time.perf_counter() - began
    figures |= {"generated_rows": result.outcomes["added"], "seconds_for_generated": seconds}
    return figures | {"memory_growth_megabytes": peak.growth / 1e6}


async def _import(database: Database, kind: str, path: Path) -> int:
    """How many rows were left out, which are printed with the reason."""
    result = await bring_in(database, kind, path, _watch(), NOW, skip_bad=True)
    sys.stdout.write(f"{path.name}: {result.in_words()}\n")
    return result.refused


def _watch(read: Callable[[int], object] = lambda _: None) -> Watch:
    return Watch(lambda line: print(f"  {line}"), read=read)


def main() -> None:
    """Measures, prints a line for each figure, and then the JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=None, help="the folder of the reference files")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    chosen = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="signpost-lists-") as folder,
        store(chosen.database, Path(folder)) as kept,
    ):
        big = Path(folder) / "generated.csv"
        with big.open("w", encoding="utf-8") as file:
            file.writelines(generated(chosen.rows))
        url = kept.make("lists")
        upgrade(url)
        database = connect(url)
        figures = asyncio.run(run(database, chosen.data, big))
        database.close()
    print(*table(figures, AIMS), last_line(figures, AIMS), sep="\n")


if __name__ == "__main__":
    main()
