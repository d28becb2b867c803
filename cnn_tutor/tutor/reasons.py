"""What SQLite's errors mean to a student."""

from __future__ import annotations

import sqlite3

from cnn_tutor.language import _

DAMAGED = "it is damaged; it is set aside at the next start"

REASONS = {
    "SQLITE_FULL": "the disk is full",
    "SQLITE_READONLY": "it may be read, but not written to",
    "SQLITE_BUSY": "another program keeps it locked",
    "SQLITE_IOERR": "the disk does not take it",
    "SQLITE_CORRUPT": DAMAGED,
}
"""By what the names of the errors begin with."""


def reason_of(error: sqlite3.Error) -> str:
    """Why the file could not be used; of an error that is not foreseen, what SQLite says."""
    name = getattr(error, "sqlite_errorname", "")
    reason = next((said for code, said in REASONS.items() if name.startswith(code)), str(error))
    return _(reason)
