"""Reading a log that somebody else is writing: what has come since the last look, without touching the file."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from cnn_tutor.errors import ProgressError
from cnn_tutor.language import _
from cnn_tutor.tutor.progress import FILE, NAMED, Row, row_of

PATIENCE = 0.2
"""Seconds to wait for one who is writing; the next look comes soon."""


def peek(folder: Path, after: int) -> tuple[int, list[Row]]:
    """The rows in the log of ``folder`` behind the one numbered ``after``, and the number of the last.

    Raises ProgressError when the file cannot be read just now.
    """
    path = folder / FILE
    try:
        database = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=PATIENCE)
        try:
            found = database.execute(
                f"SELECT number, at, origin, serial, {NAMED} FROM attempt WHERE number > ? ORDER BY number", (after,)
            ).fetchall()
        finally:
            database.close()
    except (sqlite3.Error, UnicodeDecodeError) as error:
        raise ProgressError(_("cannot read {path}: {reason}").format(path=path, reason=error)) from None
    return (found[-1][0] if found else after), [row_of(one[1:]) for one in found]
