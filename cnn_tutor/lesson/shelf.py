"""The shelf: lessons as they were read last time, so that a file that has not changed need not be parsed again.

Parsing takes ten times as long as all else that a list of lessons needs, and grows with every lesson. A file is
compared with what it was, character by character; faulty files are never on the shelf, so that they are reported each
time. Nothing depends on the shelf: it may be missing, torn, stale or not writable. The shipped lessons stand on one
that all who use this installation have in common, beside Python's own bytecode; all else, and those too where nobody
may write there, on the student's own.
"""

from __future__ import annotations

import contextlib
import os
import sys
from importlib.util import cache_from_source
from pathlib import Path

import msgspec

from cnn_tutor import __version__
from cnn_tutor.lesson.schema import Lesson


class Book(msgspec.Struct, frozen=True, array_like=True):
    """A file's text and the lesson in it."""

    text: str
    lesson: msgspec.Raw


class Shelf(msgspec.Struct, array_like=True):
    """What is in the file; ``code`` is the program that wrote it."""

    code: str
    books: dict[str, Book]


def common() -> Path | None:
    """The shelf that an installation has for all its users; None where Python is to keep no bytecode."""
    if sys.dont_write_bytecode or sys.implementation.cache_tag is None:
        return None
    return Path(cache_from_source(__file__)).with_suffix(".lessons")


class Reader:
    """Reads lessons; ``file`` is where the shelf is kept, None for none. What it lacks may stand on the ``other``."""

    def __init__(self, file: Path | None = None, other: Reader | None = None) -> None:
        self._file = file
        self._other = other
        self._code: str = _code() if other is None else other._code
        self._before = self._load()
        self._now: dict[str, Book] = {}

    def lesson(self, text: str, source: str) -> Lesson:
        """The lesson in ``text``. Raises LessonError."""
        known = self._known(source, text)
        if known is not None:
            with contextlib.suppress(msgspec.MsgspecError):
                lesson = msgspec.msgpack.decode(known.lesson, type=Lesson)
                self._now[source] = known
                return lesson
        from cnn_tutor.lesson.load import parse

        lesson = parse(text, source)
        # Numbers that do not fit into the shelf's format are read from the file each time.
        with contextlib.suppress(OverflowError):
            self._now[source] = Book(text, msgspec.Raw(msgspec.msgpack.encode(lesson)))
        return lesson

    def _known(self, source: str, text: str) -> Book | None:
        here = self._before.get(source)
        if here is not None and here.text == text:
            return here
        return None if self._other is None else self._other._known(source, text)

    def keep(self) -> None:
        """Write the shelf if it has changed; where that fails, it all goes to the other one, if there is one."""
        if self._now != self._before and not self._write() and self._other is not None:
            self._other._now |= self._now

    def _write(self) -> bool:
        if self._file is None or not self._file.parent.is_dir():
            return False
        beside = self._file.with_name(f"{self._file.name}.{os.getpid()}")
        try:
            beside.write_bytes(msgspec.msgpack.encode(Shelf(self._code, self._now)))
            beside.replace(self._file)
        except OSError:
            with contextlib.suppress(OSError):
                beside.unlink()
            return False
        return True

    def _load(self) -> dict[str, Book]:
        try:
            shelf = msgspec.msgpack.decode(self._file.read_bytes(), type=Shelf) if self._file is not None else None
        except (OSError, msgspec.MsgspecError):
            return {}
        return shelf.books if shelf is not None and shelf.code == self._code else {}


def _code() -> str:
    """What a lesson's reading depends on besides its file: the version, and when the modules here were changed."""
    with os.scandir(Path(__file__).parent) as entries:
        return f"{__version__} {max(one.stat().st_mtime_ns for one in entries if one.name.endswith('.py'))}"
