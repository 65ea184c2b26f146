"""The benchmark of names and imports, with files of the test's own: all of it works, whatever the machine's speed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.organisations import AIMS

ROOT = Path(__file__).parents[2]
OF_THE_MACHINE = {"seconds_for_generated", "memory_growth_megabytes"}
LISTED = """slug,name,abbreviation,format,parent_slugs,status,closed_status,closed_at,superseded_by
office-of-ferries,Office of Ferries,OF,Other,,live,,,
office-of-fords,Office of Fords,OF,Other,office-of-ferries,live,,,
trade-office,Trade Office,TO,Other,,live,,,
"""
FOLLOWED = """predecessor_slug,successor_slug
business-and-water-office,office-of-ferries
business-and-water-office,office-of-fords
business-and-water-office,trade-office
"""
REGISTER = """government_organisation,name,abbreviations,website,start_date,end_date
D1,Business & Water Office,beis,https://www.example/organisations/business-and-water-office,2016-07,
"""


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_every_name_is_counted_and_what_closed_leads_to_its_successors(database: str, tmp_path: Path) -> None:
    for name, text in (
        ("organisations_govuk_api.csv", LISTED),
        ("organisation_successions.csv", FOLLOWED),
        ("government_organisation_register_2017.csv", REGISTER),
        ("email_domains_2019.csv", "domain,organisation\nferries.example,Office of Ferries\n"),
    ):
        (tmp_path / name).write_text(text)
    said = _run("--data", str(tmp_path), "--rows", "2000", "--database", database)
    assert set(said["met"]) == set(AIMS)
    assert [aim for aim, met in said["met"].items() if not met and aim not in OF_THE_MACHINE] == []
    figures = said["figures"]
    assert (figures["names"], figures["abbreviations"], figures["abbreviations_that_ask"]) == (3, 2, 1)
    assert (figures["successors_of_beis"], figures["generated_rows"]) == (3, 2000)


def test_without_files_the_small_list_that_comes_with_signpost_is_measured() -> None:
    figures = _run("--rows", "20")["figures"]
    assert (figures["names_not_resolved"], figures["abbreviations_that_ask"], figures["successors_of_beis"]) == (
        0,
        0,
        3,
    )


def _run(*words: str) -> dict[str, dict[str, float]]:
    command = [sys.executable, "-m", "benchmarks.organisations", *words]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240, check=False)
    assert run.returncode == 0, run.stderr
    said: dict[str, dict[str, float]] = json.loads(run.stdout.splitlines()[-1])
    return said
