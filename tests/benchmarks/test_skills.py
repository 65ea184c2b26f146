"""The measurement of which skill a sentence means, on a few invented ones: all of it works on both databases."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.skills import AIMS

ROOT = Path(__file__).parents[2]
SKILLS = """skill,description
Barge mooring,You moor barges at locks and wharves.
Lock keeping,"You open and close locks, and keep the water level."
Toll collection,You collect tolls from boats and write receipts.
Dredging,
"""
QUERIES = """query,skills,levels
moor a barge safely,Barge mooring,Working
write a receipt for a toll,Toll collection | Lock keeping,Expert
nothing of the kind,Lock keeping,Expert
clear mud,Dredging,Working
"""


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_each_sentence_is_searched_for_and_counted_beside_full_text_search(database: str, tmp_path: Path) -> None:
    skills, queries = tmp_path / "skills.csv", tmp_path / "queries.csv"
    skills.write_text(SKILLS)
    queries.write_text(QUERIES)
    command = [sys.executable, "-m", "benchmarks.skills", "--skills", str(skills), "--queries", str(queries)]
    ran = subprocess.run(
        [*command, "--database", database], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    assert ran.returncode == 0, ran.stderr
    said = json.loads(ran.stdout.splitlines()[-1])
    figures = said["figures"]
    assert (figures["skills"], figures["queries"]) == (4, 4)
    assert figures["hit_at_1"] == figures["hit_at_5"] == figures["fts5_hit_at_1"] == figures["within_reach"] == 0.5
    assert (figures["described"], figures["described_hit_at_1"], figures["described_hit_at_5"]) == (3, 0.667, 0.667)
    assert set(said["met"]) == set(AIMS)
