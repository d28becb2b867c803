"""The student's log on disk: one SQLite file, append-only, one transaction for each thing done.

Homes are often on NFS, so the file uses a rollback journal with full synchronisation, never WAL. A file that is torn or
is not ours is set aside under another name and reported, never overwritten.
"""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields
from pathlib import Path

from cnn_tutor.errors import ProgressError
from cnn_tutor.tutor.attempt import Attempt

FILE = "progress.sqlite3"
APPLICATION_ID = 0x434E4E54
BUSY_SECONDS = 5.0

_COLUMNS = tuple(field.name for field in fields(Attempt))

_MIGRATIONS = (
    """
    CREATE TABLE attempt (
        number INTEGER PRIMARY KEY,
        at REAL NOT NULL,
        lesson TEXT NOT NULL,
        key TEXT NOT NULL,
        digest TEXT NOT NULL,
        action TEXT NOT NULL,
        seed INTEGER,
        fast INTEGER NOT NULL,
        text TEXT NOT NULL,
        verdict TEXT NOT NULL,
        charged INTEGER NOT NULL,
        hints INTEGER NOT NULL,
        misses INTEGER NOT NULL,
        skill TEXT NOT NULL,
        diagnosis TEXT NOT NULL
    ) STRICT;
    CREATE INDEX attempt_by_lesson ON attempt (lesson, number);
    """,
    """
    ALTER TABLE attempt ADD COLUMN mode TEXT NOT NULL DEFAULT 'learn';
    ALTER TABLE attempt ADD COLUMN run TEXT NOT NULL DEFAULT '';
    """,
)
"""Each brings the file from the version of its place to the next."""

VERSION = len(_MIGRATIONS)


@dataclass(frozen=True, slots=True)
class Row:
    """An attempt as it stands in the log: when it was made (seconds since 1970) and what it was."""

    at: float
    attempt: Attempt


class Progress:
    """The log of one student. ``notice`` is what the student should be told about the file, if anything."""

    def __init__(self, folder: Path) -> None:
        """Open the log in ``folder``, creating both. Raises ProgressError when that cannot be done."""
        self.notice = ""
        self.path = folder / FILE
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ProgressError(f"cannot make the folder {folder}: {error.strerror}") from None
        self._database = self._open()

    def _open(self) -> sqlite3.Connection:
        try:
            return self._connect()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise ProgressError(f"cannot open {self.path}: {error}") from None
        names = (self.path.with_name(f"{self.path.name}.damaged-{number}") for number in itertools.count(1))
        aside = next(name for name in names if not name.exists())
        try:
            self.path.rename(aside)
        except OSError as error:
            raise ProgressError(
                f"{self.path} is not a progress file and cannot be set aside: {error.strerror}"
            ) from None
        self.notice = f"The progress file was damaged or not ours. It is kept as {aside.name}; a new one is begun."
        try:
            return self._connect()
        except sqlite3.Error as error:
            raise ProgressError(f"cannot open {self.path}: {error}") from None

    def _connect(self) -> sqlite3.Connection:
        database = sqlite3.connect(self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            self._refuse_foreign(database)
            database.execute("PRAGMA journal_mode = DELETE")
            database.execute("PRAGMA synchronous = FULL")
            self._migrate(database)
        except BaseException:
            database.close()
            raise
        return database

    def _refuse_foreign(self, database: sqlite3.Connection) -> None:
        """Raise before the first write to a file that has something in it and is not marked as ours."""
        database.execute("BEGIN")
        used = _pragma(database, "user_version") or database.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
        if used and _pragma(database, "application_id") != APPLICATION_ID:
            raise sqlite3.DatabaseError("another program's file")
        database.execute("ROLLBACK")

    def _migrate(self, database: sqlite3.Connection) -> None:
        version = _pragma(database, "user_version")
        if version == VERSION:
            if database.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise sqlite3.DatabaseError("quick_check failed")
            return
        if version > VERSION:
            raise ProgressError(f"{self.path} was written by a newer cnn-tutor (version {version}); please update")
        database.execute("BEGIN IMMEDIATE")
        version = _pragma(database, "user_version")
        for migration in _MIGRATIONS[version:]:
            for statement in migration.split(";"):
                database.execute(statement)
        database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        database.execute(f"PRAGMA user_version = {VERSION}")
        database.execute("COMMIT")

    def add(self, attempts: Iterable[Attempt], at: float) -> None:
        """Append ``attempts`` in one transaction, on disk when this returns. Raises ProgressError."""
        marks = ", ".join("?" * (len(_COLUMNS) + 1))
        with self._told():
            self._database.execute("BEGIN IMMEDIATE")
            try:
                self._database.executemany(
                    f"INSERT INTO attempt (at, {', '.join(_COLUMNS)}) VALUES ({marks})",
                    [(at, *astuple(attempt)) for attempt in attempts],
                )
                self._database.execute("COMMIT")
            except BaseException:
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")
                raise

    def rows(self, lesson: str | None = None) -> list[Row]:
        """All attempts, or those at one lesson, in the order they were made. Raises ProgressError."""
        where, values = ("WHERE lesson = ?", (lesson,)) if lesson is not None else ("", ())
        with self._told():
            found = self._database.execute(
                f"SELECT at, {', '.join(_COLUMNS)} FROM attempt {where} ORDER BY number", values
            ).fetchall()
        return [_row(one) for one in found]

    def attempts(self, lesson: str) -> list[Attempt]:
        """The attempts at one lesson, in the order they were made."""
        return [row.attempt for row in self.rows(lesson)]

    def close(self) -> None:
        """Close the file; the log is complete on disk at all times, so this only frees it."""
        self._database.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn what goes wrong with the file into one sentence."""
        try:
            yield
        except sqlite3.Error as error:
            raise ProgressError(f"cannot use {self.path}: {error}") from None


def _pragma(database: sqlite3.Connection, name: str) -> int:
    return int(database.execute(f"PRAGMA {name}").fetchone()[0])


def _row(values: tuple[object, ...]) -> Row:
    at, *rest = values
    named = dict(zip(_COLUMNS, rest, strict=True))
    named["fast"], named["charged"] = bool(named["fast"]), bool(named["charged"])
    return Row(float(at), Attempt(**named))  # type: ignore[arg-type]
