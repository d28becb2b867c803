"""The shelf: lessons as they were read last time, so that a file that has not changed need not be parsed again.

Parsing takes ten times as long as all else that a list of lessons needs, and grows with every lesson. A file is
compared with what it was, character by character; faulty files are never on the shelf, so that they are reported each
time. Nothing depends on the shelf: it may be missing, torn, stale or not writable.
"""

from __future__ import annotations

import contextlib
import os
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


class Reader:
    """Reads lessons; ``file`` is where the shelf is kept, None for none."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._code = _code()
        self._before = self._load()
        self._now: dict[str, Book] = {}

    def lesson(self, text: str, source: str) -> Lesson:
        """The lesson in ``text``. Raises LessonError."""
        known = self._before.get(source)
        if known is not None and known.text == text:
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

    def keep(self) -> None:
        """Write the shelf if it has changed; where that fails, the next start parses again."""
        if self._file is None or self._now == self._before or not self._file.parent.is_dir():
            return
        beside = self._file.with_name(f"{self._file.name}.{os.getpid()}")
        try:
            beside.write_bytes(msgspec.msgpack.encode(Shelf(self._code, self._now)))
            beside.replace(self._file)
        except OSError:
            beside.unlink(missing_ok=True)

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
