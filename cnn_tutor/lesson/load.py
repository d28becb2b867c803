"""Read a lesson file: TOML to records, with errors that name the line. Needs neither NumPy nor a terminal."""

from __future__ import annotations

import difflib
import re
import tomllib
from pathlib import Path as File
from typing import Any, Protocol, TypeVar

import msgspec

from cnn_tutor.errors import LessonError
from cnn_tutor.lesson.layers import LAYERS
from cnn_tutor.lesson.locate import Path, place_of, positions
from cnn_tutor.lesson.schema import FORMAT_VERSION, Lesson

LARGEST_FILE = 1 << 20
"""Bytes; a lesson is text that a person wrote."""


def load(file: File) -> Lesson:
    """The lesson in ``file``. Raises LessonError (``file:line:column: path: message``)."""
    return parse(read(file), str(file))


def read(file: File) -> str:
    """The text of a file that a person wrote. Raises LessonError."""
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise LessonError(f"{file}:1:1: the file is larger than {LARGEST_FILE} bytes")
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise LessonError(f"{file}:1:1: not UTF-8 text ({error.reason} at byte {error.start})") from None
    except OSError as error:
        raise LessonError(f"{file}:1:1: cannot be read: {error.strerror}") from None


def parse(text: str, source: str = "<text>") -> Lesson:
    """The lesson in ``text``; ``source`` stands for the file in errors."""
    return convert(text, source, Lesson)


class Versioned(Protocol):
    """What every kind of file says of itself."""

    @property
    def format_version(self) -> int: ...


Kind = TypeVar("Kind", bound=Versioned)


def convert(text: str, source: str, kind: type[Kind]) -> Kind:
    """The record of ``kind`` in ``text``. Raises LessonError."""
    data = document(text, source)
    version = data.get("format_version")
    if isinstance(version, int) and version > FORMAT_VERSION:
        raise fault(source, text, ("format_version",), f"is {version}; this program reads up to {FORMAT_VERSION}")
    try:
        found = msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        raise _validation_error(source, text, kind, str(error)) from None
    if found.format_version != FORMAT_VERSION:
        raise fault(source, text, ("format_version",), f"must be {FORMAT_VERSION}, got {found.format_version}")
    return found


def document(text: str, source: str) -> dict[str, Any]:
    """The tables of a TOML text. Raises LessonError."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise LessonError(_syntax_error(source, text, str(error))) from None
    except RecursionError:
        raise LessonError(f"{source}:1:1: values are nested too deeply") from None
    except ValueError:
        raise LessonError(f"{source}:1:1: a number has too many digits") from None


def fault(source: str, text: str, path: Path, message: str) -> LessonError:
    """An error about the value at ``path``."""
    line, column = place_of(path, positions(text))
    return LessonError(f"{source}:{line}:{column}: {spell(path)}: {message}")


def spell(path: Path) -> str:
    """``("exercise", 0, "layer", 1, "op")`` → ``exercise[1].layer[2].op``."""
    return "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".") or "lesson"


def _syntax_error(source: str, text: str, message: str) -> str:
    at = re.search(r" \(at line (\d+), column (\d+)\)$", message)
    if at:
        return f"{source}:{at[1]}:{at[2]}: {message[: at.start()]}"
    lines = text.splitlines() or [""]
    return f"{source}:{len(lines)}:{len(lines[-1]) + 1}: {message.removesuffix(' (at end of document)')}"


def _validation_error(source: str, text: str, kind: type[Any], message: str) -> LessonError:
    """The message of msgspec with its path turned into a place, and a suggestion for a misspelt name."""
    message, _, where = message.partition(" - at `")
    if where.startswith("key` in `"):
        message, where = f"a name in this table: {message}", where.removeprefix("key` in `")
    path: Path = tuple(
        int(number) if number else name for name, number in re.findall(r"\.?([A-Za-z_][\w-]*)|\[(\d+)\]", where[1:])
    )
    unknown = re.search(r"unknown field `([^`]+)`", message)
    if unknown:
        path += (unknown[1],)
        return fault(source, text, path, "unknown key" + _suggest(unknown[1], _fields_at(kind, path[:-1])))
    tag = re.search(r"Invalid value '([^']*)'", message)
    if tag and path and path[-1] == "op":
        return fault(source, text, path, f"unknown op {tag[1]!r}" + _suggest(tag[1], _ops()))
    missing = re.search(r"missing required field `([^`]+)`", message)
    if missing:
        return fault(source, text, path, f"the key {missing[1]!r} is missing")
    return fault(source, text, path, message[:1].lower() + message[1:])


def _suggest(name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name, known, 1)
    return f"; did you mean {close[0]!r}?" if close else f"; known: {', '.join(known)}" if known else ""


def _fields_at(kind: type[Any], path: Path) -> list[str]:
    """The keys that the record at ``path`` of a file of ``kind`` may have."""
    from cnn_tutor.lesson import schema

    keys = [part for part in path if isinstance(part, str)]
    records: dict[str, Any] = {
        "exercise": schema.Exercise,
        "choice": schema.Choice,
        "erratum": schema.Erratum,
        "track": schema.Track,
        "layers": schema.TrackedLayer,
        "vary": schema.Vary,
    }
    if not keys:
        return list(kind.__struct_fields__)
    if keys[-1] == "layer":
        return sorted({"op", *(field for layer in LAYERS for field in layer.__struct_fields__)})
    record = records.get(keys[-1])
    return list(record.__struct_fields__) if record else []


def _ops() -> list[str]:
    return [str(layer.__struct_config__.tag) for layer in LAYERS]
