"""What can still be read of a damaged log: every row whose page is whole."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import fields
from pathlib import Path
from typing import Any

import msgspec

from cnn_tutor.digest import sha256
from cnn_tutor.tutor.attempt import Attempt
from cnn_tutor.tutor.progress import APPLICATION_ID, Row

MAGIC = b"SQLite format 3\0"
"""What a log begins with."""

SHORTEST = 40
"""Bytes of a row; so a file holds no more rows than fit, whatever it says of itself."""

_FAULTS = (sqlite3.Error, UnicodeDecodeError, ValueError, TypeError, OverflowError)


def salvaged(path: Path) -> list[Row]:
    """The rows of the log at ``path`` that can be read, each looked up by itself; none of what is no log of ours.

    The file is not touched. Raises OSError where there is none.
    """
    most = path.stat().st_size // SHORTEST
    address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    with suppress(*_FAULTS), closing(sqlite3.connect(address, uri=True)) as database:
        database.row_factory = sqlite3.Row
        # Without this, SQLite reads nothing of a file that has fewer pages than it once had.
        database.execute("PRAGMA writable_schema = ON")
        if database.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            return []
        name = sha256(path.read_bytes()).hexdigest()[:16]
        return [row for number in range(1, most + 1) for row in _found(database, number, name)]
    return []


def _found(database: sqlite3.Connection, number: int, name: str) -> Iterator[Row]:
    """The row of that number, if it is there and whole; ``name`` is the origin of rows that are older than origins."""
    with suppress(*_FAULTS):
        found = database.execute("SELECT * FROM attempt WHERE number = ?", (number,)).fetchone()
        if found is not None:
            yield _row(dict(found), name)


def _row(found: Mapping[str, Any], name: str) -> Row:
    """The row in columns of any version. Raises ValueError for values that no log of ours has."""
    attempt = {field.name: found[field.name] for field in fields(Attempt) if field.name in found}
    attempt |= {flag: bool(attempt[flag]) for flag in ("fast", "charged")}
    row = {"at": found["at"], "attempt": attempt, "origin": found.get("origin") or name}
    return msgspec.convert({**row, "serial": found.get("serial") or found["number"]}, Row)
