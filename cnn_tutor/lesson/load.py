"""Read a lesson file: TOML to records, with errors that name the line. Needs neither NumPy nor a terminal."""

from __future__ import annotations

import re
from pathlib import Path as File
from typing import Any, Protocol, TypeVar

import msgspec

from cnn_tutor.errors import LessonError
from cnn_tutor.language import _
from cnn_tutor.lesson import limits
from cnn_tutor.lesson.limits import LARGEST_FILE
from cnn_tutor.lesson.locate import Path, place_of, positions, spell
from cnn_tutor.lesson.schema import FORMAT_VERSION, Lesson

__all__ = ["LARGEST_FILE", "convert", "decode", "document", "fault", "load", "parse", "read", "spell"]


def load(file: File) -> Lesson:
    """The lesson in ``file``. Raises LessonError (``file:line:column: path: message``)."""
    return parse(read(file), str(file))


def read(file: File) -> str:
    """The text of ``file``. Raises LessonError for one that is too large or no text."""
    try:
        with file.open("rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
    except OSError as error:
        said = _("cannot be read: {reason}").format(reason=error.strerror)
        raise LessonError(f"{file}:1:1: {said}") from None
    return decode(content, str(file))


def decode(content: bytes, source: str) -> str:
    """A file's text. Raises LessonError for too much of it, or no text."""
    if len(content) > LARGEST_FILE:
        said = _("the file is larger than {most} bytes").format(most=LARGEST_FILE)
        raise LessonError(f"{source}:1:1: {said}")
    try:
        return content.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        said = _("not UTF-8 text ({reason} at byte {start})").format(reason=error.reason, start=error.start)
        raise LessonError(f"{source}:1:1: {said}") from None


def parse(text: str, source: str = "<text>") -> Lesson:
    """The lesson in ``text``; ``source`` stands for the file in errors."""
    return convert(text, source, Lesson)


class Versioned(Protocol):
    """What every kind of file says of itself."""

    @property
    def format_version(self) -> int: ...


Kind = TypeVar("Kind", bound=Versioned)


def convert(text: str, source: str, kind: type[Kind]) -> Kind:
    """The record of ``kind`` in ``text``, its formulas in Unicode. Raises LessonError."""
    data = document(text, source)
    version = data.get("format_version")
    if isinstance(version, int) and version > FORMAT_VERSION:
        raise fault(source, text, ("format_version",), newer(version))
    for path, message in limits.faults(data):
        raise fault(source, text, path, message)
    if "$" in text:
        from cnn_tutor.lesson.tex import everywhere

        data = everywhere(data)
    try:
        found = msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        from cnn_tutor.lesson import validate

        first = next(validate.faults(data, kind), ((), str(error)))
        raise fault(source, text, *first) from None
    if found.format_version != FORMAT_VERSION:
        raise fault(source, text, ("format_version",), older(found.format_version))
    return found


def newer(version: int) -> str:
    """What is said of a file of a later format."""
    return _("is {version}; this program reads up to {known}").format(version=version, known=FORMAT_VERSION)


def older(version: int) -> str:
    """What is said of a file of a format that never was."""
    return _("must be {known}, got {version}").format(version=version, known=FORMAT_VERSION)


def document(text: str, source: str = "<text>") -> dict[str, Any]:
    """The tables of a TOML text. Raises LessonError for what is not TOML, or could keep a parser busy."""
    trap = limits.unreadable(text)
    if trap is not None:
        line, column = _at(text, trap[0])
        raise LessonError(f"{source}:{line}:{column}: {trap[1]}")
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise LessonError(_syntax_error(source, text, str(error))) from None
    except RecursionError:
        raise LessonError(f"{source}:1:1: " + _("values are nested too deeply")) from None
    except ValueError:
        raise LessonError(f"{source}:1:1: " + _("a number has too many digits")) from None


def fault(source: str, text: str, path: Path, message: str) -> LessonError:
    """An error about the value at ``path``."""
    line, column = place_of(path, positions(text))
    return LessonError(f"{source}:{line}:{column}: {spell(path)}: {message}")


def _at(text: str, offset: int) -> tuple[int, int]:
    before = text[:offset]
    return before.count("\n") + 1, offset - before.rfind("\n")


def _syntax_error(source: str, text: str, message: str) -> str:
    from cnn_tutor.lesson.plainly import syntax

    at = re.search(r" \(at line (\d+), column (\d+)\)$", message)
    if at:
        return f"{source}:{at[1]}:{at[2]}: {syntax(message[: at.start()])}"
    lines = text.splitlines() or [""]
    said = syntax(message.removesuffix(" (at end of document)"))
    return f"{source}:{len(lines)}:{len(lines[-1]) + 1}: {said}"
