"""What is done every day must not go through all that was ever asked: statements find their rows by an index."""

import sqlite3
from pathlib import Path

from tests.storage.recording import statements, with_examples

ONCE_IN_A_WHILE = {
    "announcements._FORGET": "announcements are few",
    "browsing._LIST": "communities are few, and no membership is read for their order",
    "browsing._SIZES": "one row for each community and organisation, from an index",
    "communities._BY_NAME": "communities are few, and this is for a name that is none as people type it",
    "communities._DESCRIBED": "communities are few, and this is for a new one alone",
    "communities._HOLDING": "communities are few, and this is for a name that was mistyped",
    "gauges._LANES": "an index of the lanes alone in which something waits",
    "gauges._NEWEST": "the last entry of an index",
    "consents._ALL_AGREED": "agreements are few, and this is for `doctor` alone",
    "consents._EVERY": "consents are few, and this is for `doctor` alone",
    "importing._UNLISTED": "skills are few, and this is at the end of an import",
    "installations._INSTALLATIONS": "installations are few",
    "members._COUNTED": "one row for each organisation and role, from an index",
    "organisations._ALIKE": "organisations are few, and this is for a name that is none",
    "organisations._ALL": "organisations are few",
    "organisations._NEAR": "organisations are few, and this is for a name that is none",
    "recommending._CANDIDATES": "communities are few, and only counts and the viewer’s own rows are read beside them",
    "recommending._COUNTED": "one row for each community, organisation and role, from an index",
    "stewardship._ENDED": "communities are few, and this is once a day",
    "stewardship._OWNERLESS": "communities are few, this is once a day, and their owners are in an index",
    "stewardship._SUITABLE": "the members of one community, found by an index, when an owner is looked for",
    "retention._ATTENDANCE": "once a day",
    "retention._AUDIT": "once a day, and only the communities, which are few",
    "retention._CODES": "once a day",
    "retention._DEPARTURES": "once a day",
    "retention._HELD": "communities are few, and this is for `doctor` alone",
    "retention._INVITATIONS": "once a day",
    "retention._NOTICES": "once a day",
    "retention._OLD_QUESTIONS": "once a day",
    "retention._REQUESTS": "once a day",
    "retention._SILENT": "once a day",
    "retention._SPOKE_SINCE": "once a day",
    "retention._STILL_SILENT": "once a day",
    "search._SINCE[postgresql]": "never run on SQLite; PostgreSQL has an index for it",
    "services._BY_NAME": "services are few, and this is for a name that is none as people type it",
    "skills._ALL": "skills are few",
    "skills._BEGIN": "once a night",
    "weighing._READY": "one value for each, no table",
    "weighing._SIGNS": "the last questions alone, along an index, once a night",
    "weighing._WEIGHTS": "a row for each sign",
    "timers._NEXT": "one value, no table",
    "tray._COUNTS": "for `doctor` alone",
    "tray._FOUND_SOONER": "an index of the lanes alone in which something waits",
    "tray._PACED_SOONER": "when a clock was set back",
    "tray._QUEUES": "the names of queues that it has just found",
    "unlisted._WAITING": "organisations are few",
}


def test_no_statement_goes_through_a_whole_table_but_those_with_a_reason(sqlite_template: Path) -> None:
    connection = sqlite3.connect(sqlite_template)
    scanning = {}
    for name, statement in statements():
        sql, arguments = with_examples(statement, "sqlite")
        steps = [step for *_, step in connection.execute(f"EXPLAIN QUERY PLAN {sql}", arguments)]
        if any(step.startswith("SCAN") for step in steps):
            scanning[name] = steps
    connection.close()
    assert {name: steps for name, steps in scanning.items() if name not in ONCE_IN_A_WHILE} == {}
    assert ONCE_IN_A_WHILE.keys() - scanning.keys() == set()
