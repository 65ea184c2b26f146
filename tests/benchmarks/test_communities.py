"""The measurement of large communities, with smaller ones: every question is answered, whatever the machine's speed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.communities import AIMS

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_members_and_searches_are_answered_and_measured(database: str) -> None:
    small = ["--members", "1000", "--communities", "100", "--rounds", "20", "--database", database]
    command = [sys.executable, "-m", "benchmarks.communities", *small]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240, check=False)
    assert run.returncode == 0, run.stderr
    said = json.loads(run.stdout.splitlines()[-1])
    assert set(said["met"]) == set(AIMS) == set(said["aims"])
    assert all(figure > 0 for figure in said["figures"].values())
