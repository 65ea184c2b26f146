"""The measurement of `whoknows`: a short run on each database, and that what is found is what was generated."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_a_short_run_finds_people_and_prints_every_figure(database: str) -> None:
    command = [sys.executable, "-m", "benchmarks.people", "--database", database, "--sizes", "1000", "--rounds", "5"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240, check=False)
    assert run.returncode == 0, run.stderr
    said = json.loads(run.stdout.splitlines()[-1])
    assert set(said["met"]) == set(said["aims"]) == {"whoknows_p95_ms_1k"}
    for name in ("build_seconds_1k", "whoknows_median_ms_1k", "whoknows_p95_ms_1k"):
        assert said["figures"][name] > 0
    assert "grown_megabytes_1k" in said["figures"]
