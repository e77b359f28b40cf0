"""Reads what the gateway wrote down about calls."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path

# The numbers that stand in the column `outcome`.
OUTCOMES = {0: "complete", 1: "partial", 2: "cancelled", 3: "failed"}
WAIT_SECONDS = 5.0


@dataclass(frozen=True)
class Record:
    request_id: str
    outcome: str
    status: int
    error_reason: str | None
    streamed: bool
    prompt_tokens: int
    completion_tokens: int


def connect(database: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=5)


def records(database: Path, request_id: str) -> list[Record]:
    db = connect(database)
    try:
        rows = db.execute(
            "SELECT request_id, outcome, status, error_reason, streamed, prompt_tokens, completion_tokens"
            " FROM calls WHERE request_id = ?",
            (request_id,),
        ).fetchall()
    finally:
        db.close()
    return [Record(row[0], OUTCOMES[row[1]], row[2], row[3], bool(row[4]), row[5], row[6]) for row in rows]


def counts(database: Path) -> dict[str, int]:
    """How many rows each request id has."""
    db = connect(database)
    try:
        return dict(db.execute("SELECT request_id, count(*) FROM calls GROUP BY request_id"))
    finally:
        db.close()


def paid(database: Path) -> dict[str, int]:
    """How many times each request's wallet was charged."""
    db = connect(database)
    try:
        return dict(
            db.execute(
                "SELECT request_id, count(*) FROM transfers JOIN calls ON calls.id = transfers.call_id"
                " WHERE from_account LIKE 'wallet:%' GROUP BY request_id"
            )
        )
    finally:
        db.close()


def only_record(database: Path, request_id: str) -> Record:
    """The one record of a request whose answer was read whole: it must be there already."""
    found = records(database, request_id)
    assert len(found) == 1, f"{len(found)} records of {request_id}: {found}"
    return found[0]


def awaited_record(database: Path, request_id: str) -> Record:
    """The one record of a request whose client left: nobody is told when it is written."""
    deadline = time.monotonic() + WAIT_SECONDS
    while not records(database, request_id):
        assert time.monotonic() < deadline, f"no record of {request_id} after {WAIT_SECONDS} s"
        time.sleep(0.02)
    return only_record(database, request_id)
