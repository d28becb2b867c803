"""Where rows come from: exports, logs in homes or on a host, and what is left out with the reason why."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import quote

from cnn_tutor.errors import ProgressError, UsageError
from cnn_tutor.language import _
from cnn_tutor.tutor.drill import Drill
from cnn_tutor.tutor.export import FORMAT, LARGEST, Unsealed, unsealed
from cnn_tutor.tutor.progress import APPLICATION_ID, FILE
from cnn_tutor.tutor.report.entry import Did, Entry, decoded

STUDENTS, KEY = "students", "key"
"""What the folder of a host has: its students' folders, and its key."""

_HOME = {".bashrc", ".profile", ".zshrc", ".bash_logout", ".config", ".local", ".cache", "Library"}
"""What is found in homes."""

_LOGS = (f".local/share/cnn-tutor/{FILE}", f"Library/Application Support/cnn-tutor/{FILE}")
"""Where the log lies in a home."""


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
    """The files that are named, and those in the folders that are. Raises UsageError for what is not there.

    Of a home only its log counts, of a host's folder only its students' folders, and of a student's folder only the
    log; everything in any other folder is taken for something that was handed in.
    """
    for path in paths:
        if path.is_dir():
            for folder, folders, names in os.walk(path):
                folders[:], wanted = _looked_into(Path(folder), folders, names)
                yield from (Path(folder, name) for name in wanted)
        elif path.exists():
            yield path
        else:
            raise UsageError(_("no file {path}").format(path=path))


def _looked_into(folder: Path, folders: list[str], names: list[str]) -> tuple[list[str], list[str]]:
    """Which folders and files of a folder to look into."""
    if not _HOME.isdisjoint((*folders, *names)):
        return [], [log for log in _LOGS if (folder / log).exists()]
    if {STUDENTS, KEY} <= {*folders, *names}:
        return [STUDENTS], []
    return sorted(folders), [FILE] if FILE in names else sorted(names)


def source(path: Path, trust: frozenset[str] | None = None) -> Source:
    """What is in a file. Raises ProgressError for one that is left out.

    With ``trust``, only exports that one of these keys has signed count.
    """
    if not path.is_file():
        raise ProgressError(_("{name} is no file that could be read").format(name=path))
    try:
        with path.open("rb") as opened:
            start = opened.read(100)
            if start[:16] == b"SQLite format 3\0":
                if trust is not None:
                    raise ProgressError(_("{name} is not signed").format(name=path))
                if int.from_bytes(start[68:72], "big") != APPLICATION_ID:
                    raise ProgressError(_("{name} is another program's database").format(name=path))
                return _of_log(path)
            content = start + opened.read(LARGEST) if FORMAT.encode() in start else start
    except OSError as error:
        raise ProgressError(_("{name} cannot be read: {reason}").format(name=path, reason=error.strerror)) from None
    return _of_export(path, content, trust)


def _of_export(path: Path, content: bytes, trust: frozenset[str] | None) -> Source:
    found = unsealed(content, str(path))
    _check_signature(found.seal, found.signature, str(path), trust)
    begun = _lines_with(found.lines, b'"action":"begin"')
    names = frozenset(_names(entry.attempt.text for entry in decoded(begun, str(path))))

    load = partial(_exported, path, found.seal)
    return Source(str(path), found.name, names, _origins(found), found.count, load, path.stem)


def _origins(found: Unsealed) -> frozenset[str]:
    """The origins of the rows; most exports have but one, which the first row then names for all."""
    first = _origin(found.lines.partition(b"\n")[0])
    if found.lines.count(b'"origin":"' + first + b'"') == found.count:
        every = {first}
    else:
        every = {_origin(line) for line in found.lines.split(b"\n")}
    return frozenset(one.decode("utf-8", "replace") for one in every if one)


def _origin(line: bytes) -> bytes:
    return line.rpartition(b'"origin":"')[2].partition(b'"')[0]


def _exported(path: Path, seal: str) -> list[Entry]:
    """The rows of an export that was looked at before; in between, nothing of it is held."""
    try:
        found = unsealed(path.read_bytes(), str(path))
    except OSError as error:
        raise ProgressError(_("{name} cannot be read: {reason}").format(name=path, reason=error.strerror)) from None
    entries = decoded(found.lines, str(path))
    if found.seal != seal or len(entries) != found.count:
        raise ProgressError(_("{name} has changed while it was read").format(name=path))
    return entries


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


_LATER = {"mode": "'learn'", "run": "''"}
"""Columns that logs of the first version lack, with what stands in their place."""


def _of_log(path: Path) -> Source:
    """The log in a home or on a host, which is only read, whatever version it has."""
    with _opened(path) as database:
        has = {row[1] for row in database.execute("PRAGMA table_info(attempt)")}
        origin = "origin" if "origin" in has else "NULL"
        counts = dict(database.execute(f"SELECT {origin}, count(*) FROM attempt GROUP BY 1").fetchall())
        begun = database.execute("SELECT text FROM attempt WHERE action = 'begin'").fetchall()
    names, origins = frozenset(_names(text for (text,) in begun)), frozenset(one or str(path) for one in counts)
    load = partial(_rows, path, frozenset(has))
    return Source(str(path), "", names, origins, sum(counts.values()), load, owner(path))


def _rows(path: Path, has: frozenset[str]) -> list[Entry]:
    columns = ", ".join(one if one in has else _LATER[one] for one in Did.__struct_fields__)
    place = "origin, serial" if "origin" in has else "NULL, number"
    with _opened(path) as database:
        found = database.execute(f"SELECT at, {place}, {columns} FROM attempt ORDER BY number")
        return [Entry(at, Did(*did), origin or str(path), serial) for at, origin, serial, *did in found]


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A log to be read and not touched. Raises ProgressError."""
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True, timeout=1.0)) as database:
            yield database
    except (sqlite3.Error, UnicodeDecodeError, KeyError) as error:
        raise ProgressError(_("{name} is damaged: {reason}").format(name=path, reason=error)) from None


_NOBODY = {"cnn-tutor", "share", ".local", "data", "Library", "Application Support", ""}
"""Folders on the way to a log that say nothing about whose it is."""


def owner(path: Path) -> str:
    """Whose a log is, from the folder in which it lies: a home, or a student's folder on a host."""
    for part in reversed(path.absolute().parent.parts):
        if part.strip(os.sep) not in _NOBODY:
            return part
    return str(path)
