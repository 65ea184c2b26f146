"""The measurement of who is found, on a few invented conversations: it answers each ask by what it read before."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.experts import AIMS

ROOT = Path(__file__).parents[2]
DAY = 86_400


def opened(at: int, thread: str, user: str, text: str) -> dict[str, Any]:
    return {"kind": "open", "t": at, "thread": thread, "community": "tax", "user": user, "title": text, "text": text}


def answered(at: int, thread: str, user: str, text: str) -> dict[str, Any]:
    return {"kind": "answer", "t": at, "thread": thread, "user": user, "text": text, "accepted": False}


def asked(at: int, query: str, task: str, text: str) -> dict[str, Any]:
    about = {"community": "tax", "user": "ann", "title": text, "text": text}
    return {"kind": "ask", "t": at, "query": query, "task": task, **about}


def events() -> Iterator[dict[str, Any]]:
    for turn in range(6):
        at = turn * DAY
        yield opened(at, f"vat{turn}", "ann", f"How is VAT paid in quarter {turn}?")
        yield answered(at + 60, f"vat{turn}", "bob", "VAT is paid by direct debit.")
        yield opened(at + 120, f"boat{turn}", "bob", f"Who moors a barge at lock {turn}?")
        yield answered(at + 180, f"boat{turn}", "cat", "The harbour master moors it.")
    yield asked(7 * DAY, "q1", "route", "Where is VAT paid?")
    yield asked(7 * DAY, "q2", "route", "Who can moor a barge?")
    yield asked(7 * DAY, "q3", "dup", "mooring a barge")
    yield {"kind": "forget", "t": 8 * DAY, "user": "cat"}
    yield asked(9 * DAY, "q4", "route", "Who can moor a barge?")


@pytest.mark.parametrize("database", ["sqlite", "postgres"])
def test_each_ask_is_answered_by_what_was_read_before_it(database: str) -> None:
    command = [sys.executable, "-m", "benchmarks.experts", "--database", database]
    lines = "".join(json.dumps(event) + "\n" for event in events())
    ran = subprocess.run(command, cwd=ROOT, input=lines, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr
    rows = [line.split("\t") for line in ran.stdout.splitlines()]
    assert all(len(row) == 6 for row in rows)
    found = {query: [row[3] for row in rows if row[1] == query] for query in ("q1", "q2", "q3", "q4")}
    assert found["q1"][0] == "bob" and found["q2"][0] == "cat"
    assert {*found["q3"][:6]} == {f"boat{turn}" for turn in range(6)}
    assert "ann" not in found["q1"] and "cat" not in found["q4"]


STREAM = """
import sys
print(open(sys.argv[1] + "/events.jsonl").read(), end="")
"""
SCORE = """
import json, sys
first = {}
for line in open(sys.argv[2]):
    task, query, rank, found, score, ms = line.split("\\t")
    if rank == "1":
        first[query] = found
right = json.load(open(sys.argv[1] + "/right.json"))
rr = sum(first[query] == found for query, found in right.items()) / len(right)
times = {"p50_ms": 1.0, "p95_ms": 2.0}
load = {"gini_asked": 0.5, "top1_share": 0.5}
print(json.dumps({"task": "route", "RR": rr, "Success@1": rr, "Success@3": rr, "nDCG@10": rr, **times, **load}))
print(json.dumps({"task": "dup", "RR": 0.1, "R@10": 1.0, **times}))
"""


def test_the_figures_of_a_folder_are_judged_by_its_own_programs(tmp_path: Path) -> None:
    place = tmp_path / "town"
    place.mkdir()
    (tmp_path / "stream.py").write_text(STREAM)
    (tmp_path / "score.py").write_text(SCORE)
    (place / "route.queries.jsonl").write_text("")
    (place / "events.jsonl").write_text("".join(json.dumps(event) + "\n" for event in events()))
    (place / "right.json").write_text(json.dumps({"q1": "bob", "q2": "cat"}))
    command = [sys.executable, "-m", "benchmarks.experts", "--data", str(tmp_path)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert ran.returncode == 0, ran.stderr
    said = json.loads(ran.stdout.splitlines()[-1])
    assert said["figures"]["routing_mrr"] == said["figures"]["routing_success_at_1"] == 1.0
    assert said["figures"]["earlier_recall_at_10"] == 1.0 and "grown_megabytes" in said["figures"]
    assert set(said["met"]) == set(said["aims"]) == set(AIMS)
    assert said["met"]["routing_mrr"] and not said["met"]["earlier_mrr"]
