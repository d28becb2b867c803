"""The student's log on disk: one SQLite file, append-only, one transaction for each thing done.

Homes are often on NFS, so the file uses a rollback journal with full synchronisation, never WAL. A file that is torn or
is not ours is set aside under another name and reported, never overwritten.
"""

from __future__ import annotations

import itertools
import sqlite3
import weakref
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Any

from cnn_tutor.digest import sha256
from cnn_tutor.errors import ProgressError
from cnn_tutor.language import _, plural
from cnn_tutor.tutor.attempt import Attempt
from cnn_tutor.tutor.migrations import MIGRATIONS
from cnn_tutor.tutor.reasons import DAMAGED, reason_of

FILE = "progress.sqlite3"
APPLICATION_ID = 0x434E4E54
BUSY_SECONDS = 5.0

_COLUMNS = tuple(field.name for field in fields(Attempt))
NAMED = ", ".join(_COLUMNS)
"""The columns of an attempt, as :func:`row_of` wants them after ``at, origin, serial``."""
_MARKS = ", ".join("?" * (len(_COLUMNS) + 1))

VERSION = len(MIGRATIONS)


@dataclass(frozen=True, slots=True)
class Row:
    """An attempt as it stands in the log: when it was made (seconds since 1970) and what it was.

    ``origin`` is the log it was first written to and ``serial`` its number there, so that it is known anywhere.
    """

    at: float
    attempt: Attempt
    origin: str = ""
    serial: int = 0


class Progress:
    """The log of one student. ``notice`` is what the student should be told about the file, if anything.

    ``grew`` says whether anything was added to it since it was opened.
    """

    def __init__(self, folder: Path) -> None:
        """Open the log in ``folder``, creating both. Raises ProgressError when that cannot be done."""
        self.notice = ""
        self.grew = False
        self.path = folder / FILE
        self._open()

    def _open(self) -> None:
        self._database, aside = self._opened()
        self._place = _place(self.path)
        weakref.finalize(self, self._database.close)
        if aside is not None:
            self._save(aside)

    def _save(self, aside: Path) -> None:
        """Take what can still be read of a damaged file into the new one, and say so."""
        from cnn_tutor.tutor.salvage import salvaged

        try:
            saved = self.take_in(salvaged(aside))
        except (OSError, ProgressError):
            saved = 0
        text = _("The progress file was damaged or not ours. It is kept as {name}; a new one is begun.").format(
            name=aside.name
        )
        if saved:
            more = plural(
                "{count} row of it was whole and is in the new one.",
                "{count} rows of it were whole and are in the new one.",
                saved,
            )
            text = f"{text} {more}"
        self.notice = text

    def _follow(self) -> None:
        """Where the file was deleted, or another one put in its place, go on there, with all that was in the old one.

        As long as it is open the old one can still be read, but SQLite does not write to what nobody would find again.
        """
        if self._place == _place(self.path):
            return
        before, place = self._database, self._place
        try:
            rows = self.rows()
        except ProgressError:
            rows = []
        self._open()
        try:
            self.take_in(rows)
        except ProgressError:
            self._database, self._place = before, place
            raise
        before.close()

    def _opened(self) -> tuple[sqlite3.Connection, Path | None]:
        """The file, and where the one is that had to be set aside for it."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            text = _("cannot make the folder {folder}: {reason}")
            raise ProgressError(text.format(folder=self.path.parent, reason=error.strerror)) from None
        try:
            return self._connect(), None
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # the message about a damaged schema may be bytes
            if isinstance(error, sqlite3.OperationalError):
                raise self._cannot_open(error) from None
        names = (self.path.with_name(f"{self.path.name}.damaged-{number}") for number in itertools.count(1))
        aside = next(name for name in names if not name.exists())
        try:
            self.path.rename(aside)
        except OSError as error:
            text = _("{path} is not a progress file and cannot be set aside: {reason}")
            raise ProgressError(text.format(path=self.path, reason=error.strerror)) from None
        try:
            return self._connect(), aside
        except sqlite3.Error as error:
            raise self._cannot_open(error) from None

    def _cannot_open(self, error: sqlite3.Error) -> ProgressError:
        return ProgressError(_("cannot open {path}: {reason}").format(path=self.path, reason=reason_of(error)))

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
            text = _("{path} was written by a newer cnn-tutor (version {version}); please update")
            raise ProgressError(text.format(path=self.path, version=version))
        database.execute("BEGIN IMMEDIATE")
        version = _pragma(database, "user_version")
        for migration in MIGRATIONS[version:]:
            for statement in migration.split(";"):
                database.execute(statement)
        database.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        database.execute(f"PRAGMA user_version = {VERSION}")
        database.execute("COMMIT")

    def add(self, attempts: Iterable[Attempt], at: float) -> None:
        """Append ``attempts`` in one transaction, on disk when this returns. Raises ProgressError."""
        self.append((at, one) for one in attempts)

    def append(self, timed: Iterable[tuple[float, Attempt]]) -> None:
        """Append attempts with the times they were made at, as ``add`` does. Raises ProgressError."""
        self._follow()
        with self._transaction() as database:
            database.executemany(
                f"INSERT INTO attempt (at, {NAMED}, origin, serial) VALUES ({_MARKS}, (SELECT origin FROM identity), "
                "(SELECT coalesce(max(serial), 0) + 1 FROM attempt WHERE origin = (SELECT origin FROM identity)))",
                [(at, *astuple(attempt)) for at, attempt in timed],
            )

    def take_in(self, rows: Iterable[Row]) -> int:
        """Append the rows of other logs that are not here yet, in one transaction; how many there were.

        Two rows that claim the same place in a log (a copied file, written to on both sides) are both kept. Raises
        ProgressError.
        """
        with self._transaction() as database:
            before = database.total_changes
            for row in rows:
                values = (row.at, *astuple(row.attempt))
                own = row.origin.partition("+")[0]
                for origin in (own, f"{own}+{_fingerprint(values)}"):
                    there = database.execute(
                        f"SELECT at, {NAMED} FROM attempt WHERE origin = ? AND serial = ?", (origin, row.serial)
                    ).fetchone()
                    if there is None:
                        database.execute(
                            f"INSERT INTO attempt (at, {NAMED}, origin, serial) VALUES ({_MARKS}, ?, ?)",
                            (*values, origin, row.serial),
                        )
                    if there is None or there == values:
                        break
            return database.total_changes - before

    def rows(self, lesson: str | None = None) -> list[Row]:
        """All attempts, or those at one lesson, in the order they were made. Raises ProgressError."""
        where, values = ("WHERE lesson = ?", (lesson,)) if lesson is not None else ("", ())
        with self._told():
            found = self._database.execute(
                f"SELECT at, origin, serial, {NAMED} FROM attempt {where} ORDER BY number", values
            ).fetchall()
        return [row_of(one) for one in found]

    def attempts(self, lesson: str) -> list[Attempt]:
        """The attempts at one lesson, in the order they were made."""
        return [row.attempt for row in self.rows(lesson)]

    def close(self) -> None:
        """Close the file; the log is complete on disk at all times, so this only frees it."""
        self._database.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """All of what is done inside, or nothing."""
        with self._told():
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield self._database
                self._database.execute("COMMIT")
                self.grew = True
            except BaseException:
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")
                raise

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn what goes wrong with the file into one sentence."""
        try:
            yield
        except sqlite3.Error as error:
            raise self._cannot_use(reason_of(error)) from None
        except UnicodeDecodeError:
            raise self._cannot_use(_(DAMAGED)) from None

    def _cannot_use(self, reason: str) -> ProgressError:
        return ProgressError(_("cannot use {path}: {reason}").format(path=self.path, reason=reason))


def _fingerprint(values: tuple[object, ...]) -> str:
    """A short name for the content of a row."""
    return sha256(repr(values).encode()).hexdigest()[:8]


def is_begun(folder: Path) -> bool:
    """Whether a log lies in ``folder``; where a disk was full from the start, that is an empty file."""
    try:
        return (folder / FILE).stat().st_size > 0
    except OSError:
        return False


def _place(path: Path) -> tuple[int, int] | None:
    """Which file lies at ``path``; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _pragma(database: sqlite3.Connection, name: str) -> int:
    return int(database.execute(f"PRAGMA {name}").fetchone()[0])


def row_of(values: tuple[Any, ...]) -> Row:
    """The row that was read as ``at, origin, serial`` and the columns ``NAMED``."""
    at, origin, serial, *rest = values
    named = dict(zip(_COLUMNS, rest, strict=True))
    named["fast"], named["charged"] = bool(named["fast"]), bool(named["charged"])
    return Row(float(at), Attempt(**named), str(origin), int(serial))
