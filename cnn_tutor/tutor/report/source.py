"""Where rows come from: exports, logs in homes or on a host, and what is left out with the reason why."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from cnn_tutor.errors import ProgressError, UsageError
from cnn_tutor.language import _
from cnn_tutor.tutor.drill import Drill
from cnn_tutor.tutor.export import FORMAT, unsealed
from cnn_tutor.tutor.progress import APPLICATION_ID, FILE
from cnn_tutor.tutor.report.entry import Did, Entry, decoded

STUDENTS, KEY = "students", "key"
"""What the folder of a host has: its students' folders, and its key."""


@dataclass(frozen=True, slots=True)
class Source:
    """One log. ``name`` is whose it says it is; ``names`` are those of its drills, ``origins`` those of its rows.

    ``load`` reads the rows; ``label`` is what to call a student who gave no name.
    """

    path: str
    name: str
    names: frozenset[str]
    origins: frozenset[str]
    count: int
    load: Callable[[], list[Entry]]
    label: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file, or a part of it, that does not count, and why."""

    path: str
    reason: str


def files(paths: Iterable[Path]) -> Iterator[Path]:
    """The files that are named, and every file in the folders that are. Raises UsageError for what is not there.

    Beside a student's log lies nothing else to read, and in the folder of a host only its students' folders count.
    """
    for path in paths:
        if path.is_dir():
            for folder, folders, names in os.walk(path):
                folders[:] = [STUDENTS] if {STUDENTS, KEY} <= {*folders, *names} else sorted(folders)
                wanted = [FILE] if FILE in names else [] if folders == [STUDENTS] else sorted(names)
                yield from (Path(folder, name) for name in wanted)
        elif path.exists():
            yield path
        else:
            raise UsageError(_("no file {path}").format(path=path))


def source(path: Path, trust: frozenset[str] | None = None) -> Source:
    """What is in a file. Raises ProgressError for one that is left out.

    With ``trust``, only exports that one of these keys has signed count.
    """
    try:
        with path.open("rb") as opened:
            start = opened.read(100)
            if start[:16] == b"SQLite format 3\0":
                if trust is not None:
                    raise ProgressError(_("{name} is not signed").format(name=path))
                if int.from_bytes(start[68:72], "big") != APPLICATION_ID:
                    raise ProgressError(_("{name} is another program's database").format(name=path))
                return _of_log(path)
            content = start + opened.read() if FORMAT.encode() in start else start
    except OSError as error:
        raise ProgressError(_("{name} cannot be read: {reason}").format(name=path, reason=error.strerror)) from None
    return _of_export(path, content, trust)


def _of_export(path: Path, content: bytes, trust: frozenset[str] | None) -> Source:
    found = unsealed(content, str(path))
    _check_signature(found.seal, found.signature, str(path), trust)
    origins = frozenset(line.rpartition(b'"origin":"')[2].partition(b'"')[0] for line in found.lines.split(b"\n"))
    begun = _lines_with(found.lines, b'"action":"begin"')
    names = frozenset(_names(entry.attempt.text for entry in decoded(begun, str(path))))

    def load() -> list[Entry]:
        entries = decoded(unsealed(path.read_bytes(), str(path)).lines, str(path))
        if len(entries) != found.count:
            raise ProgressError(_("{name} has changed while it was read").format(name=path))
        return entries

    known = frozenset(one.decode("utf-8", "replace") for one in origins if one)
    return Source(str(path), found.name, names, known, found.count, load, path.stem)


def _check_signature(seal: str, signature: str, name: str, trust: frozenset[str] | None) -> None:
    from cnn_tutor.tutor.signature import available, signer

    if not signature and trust is not None:
        raise ProgressError(_("{name} is not signed").format(name=name))
    if not signature or not available():
        return
    try:
        key = signer(seal.encode(), signature)
    except ProgressError as error:
        raise ProgressError(_("{name} is damaged: {reason}").format(name=name, reason=error)) from None
    if trust is not None and key not in trust:
        raise ProgressError(_("{name} is signed by a key that is not trusted").format(name=name))


def _lines_with(lines: bytes, mark: bytes) -> bytes:
    """The lines in which ``mark`` stands."""
    found, at = [], lines.find(mark)
    while at >= 0:
        end = lines.find(b"\n", at)
        end = len(lines) if end < 0 else end
        found.append(lines[lines.rfind(b"\n", 0, at) + 1 : end])
        at = lines.find(mark, end)
    return b"\n".join(found)


def _names(drills: Iterable[str]) -> Iterator[str]:
    """The names for which drills were begun."""
    for text in drills:
        try:
            name = Drill.read(text).name
        except UsageError:
            continue
        if name:
            yield name


_COLUMNS = Did.__struct_fields__


def _of_log(path: Path) -> Source:
    """The log in a home or on a host, which is only read, whatever version it has."""
    try:
        with closing(_opened(path)) as database:
            has = {row[1] for row in database.execute("PRAGMA table_info(attempt)")}
            (count,) = database.execute("SELECT count(*) FROM attempt").fetchone()
            origins = (
                {str(row[0]) for row in database.execute("SELECT DISTINCT origin FROM attempt")}
                if _known(has)
                else {str(path)}
            )
            begun = database.execute("SELECT text FROM attempt WHERE action = 'begin'").fetchall()
    except sqlite3.Error as error:
        raise ProgressError(_("{name} is damaged: {reason}").format(name=path, reason=error)) from None
    names = frozenset(_names(str(text) for (text,) in begun))
    return Source(str(path), "", names, frozenset(origins), count, lambda: _rows(path, has), owner(path))


def _known(has: set[str]) -> bool:
    return "origin" in has


def _rows(path: Path, has: set[str]) -> list[Entry]:
    wanted = [one if one in has else "NULL" for one in _COLUMNS]
    place = "origin, serial" if _known(has) else "NULL, number"
    try:
        with closing(_opened(path)) as database:
            found = database.execute(f"SELECT at, {place}, {', '.join(wanted)} FROM attempt ORDER BY number")
            return [_entry(path, values) for values in found]
    except sqlite3.Error as error:
        raise ProgressError(_("{name} is damaged: {reason}").format(name=path, reason=error)) from None


def _entry(path: Path, values: Sequence[object]) -> Entry:
    at, origin, serial, *rest = values
    named = {name: value for name, value in zip(_COLUMNS, rest, strict=True) if value is not None}
    named["charged"] = bool(named.get("charged"))
    return Entry(float(at), Did(**named), str(origin or path), int(serial))  # type: ignore[arg-type,call-overload]


def _opened(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=1.0)


_NOBODY = {"cnn-tutor", "share", ".local", "data", "Library", "Application Support", ""}
"""Folders on the way to a log that say nothing about whose it is."""


def owner(path: Path) -> str:
    """Whose a log is, from the folder in which it lies: a home, or a student's folder on a host."""
    for part in reversed(path.absolute().parent.parts):
        if part.strip(os.sep) not in _NOBODY:
            return part
    return str(path)
