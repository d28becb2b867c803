"""Results of many machines in one PostgreSQL database: one class, however many hosts.

The log on the machine comes first; what is in it is pushed here afterwards. A row is known by its origin, its number
there and its content, so that pushing twice is pushing once. Only this module needs the package psycopg, which comes
with the extra ``[postgres]``.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import msgspec

from cnn_tutor.errors import ProgressError, UsageError
from cnn_tutor.language import _
from cnn_tutor.tutor.progress import Row

if TYPE_CHECKING:
    from psycopg import Connection

    from cnn_tutor.tutor.report.source import Source

SCHEMES = ("postgresql://", "postgres://")
PATIENCE, READING = 5, 120
"""Seconds to wait for a connection and for any single statement, in pushing; for a statement in reading."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS cnn_tutor_row (
    origin text NOT NULL,
    serial bigint NOT NULL,
    digest text NOT NULL,
    student text NOT NULL,
    at double precision NOT NULL,
    row text NOT NULL,
    PRIMARY KEY (origin, serial, digest)
);
CREATE INDEX IF NOT EXISTS cnn_tutor_row_by_student ON cnn_tutor_row (student, origin, serial);
"""

_LOCK = 0x434E4E54
"""The advisory lock under which the table is made, so that two machines do not make it at once."""


def is_address(text: str) -> bool:
    """Whether a text is the address of a database."""
    return text.startswith(SCHEMES)


def push(address: str, rows: Sequence[Row], student: str) -> int:
    """Add the rows that are not there yet, all or none; how many there were. Raises ProgressError or UsageError."""
    with _connected(address) as database:
        _make(database)
        origins = list({row.origin for row in rows})
        found = database.execute("SELECT origin, serial, digest FROM cnn_tutor_row WHERE origin = ANY(%s)", (origins,))
        there = set(found.fetchall())
        values = [_values(row, student) for row in rows]
        missing = [one for one in values if one[:3] not in there]
        with database.cursor() as cursor:
            insert = "INSERT INTO cnn_tutor_row VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING"
            cursor.executemany(insert, missing)
        return len(missing)


@contextmanager
def reading(address: str) -> Iterator[list[Source]]:
    """What a report reads, as long as this lasts: one log for each student. Raises ProgressError or UsageError."""
    from cnn_tutor.tutor.report.entry import Entry, decoded, in_order
    from cnn_tutor.tutor.report.source import Source

    where = hidden(address)
    with _connected(address, READING) as database:

        def load(student: str) -> list[Entry]:
            query = "SELECT origin, row FROM cnn_tutor_row WHERE student = %s ORDER BY origin, serial"
            found = database.execute(query, (student,)).fetchall()
            logs = ("\n".join(row for _origin, row in rows) for _origin, rows in groupby(found, key=itemgetter(0)))
            return in_order(decoded(lines.encode(), where) for lines in logs)

        _make(database)
        query = "SELECT student, array_agg(DISTINCT origin), count(*) FROM cnn_tutor_row GROUP BY 1 ORDER BY 1"
        yield [
            Source(f"{where}: {student}", student, frozenset(), frozenset(origins), count, partial(load, student))
            for student, origins, count in database.execute(query)
        ]


def hidden(address: str) -> str:
    """An address that can be shown: without its password."""
    return re.sub(r"(?<=://)([^/@:]*):[^/@]*@", r"\1@", re.sub(r"([?&]password=)[^&]*", r"\1…", address))


def _values(row: Row, student: str) -> tuple[str, int, str, str, float, str]:
    line = msgspec.json.encode(row).decode()
    return row.origin, row.serial, hashlib.sha256(line.encode()).hexdigest()[:16], student, row.at, line


def _make(database: Connection[Any]) -> None:
    """The table, on first use."""
    if database.execute("SELECT to_regclass('cnn_tutor_row')").fetchone() == (None,):
        database.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        database.execute(_SCHEMA)


@contextmanager
def _connected(address: str, patience: int | None = None) -> Iterator[Connection[Any]]:
    """A transaction; whatever goes wrong is one sentence that holds no password."""
    try:
        import psycopg
    except ImportError:
        raise UsageError(_("results in a database need another package: pip install 'cnn-tutor[postgres]'")) from None
    limit = f"-c statement_timeout={patience or PATIENCE}s -c lock_timeout={PATIENCE}s"
    try:
        with psycopg.connect(address, connect_timeout=PATIENCE, options=limit) as database:
            yield database
    except psycopg.Error as error:
        reason = " ".join(str(error).split())
        text = _("{address} cannot be used: {reason}")
        raise ProgressError(text.format(address=hidden(address), reason=reason)) from None
