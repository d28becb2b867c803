"""What a check has found in a lesson file: where, what, and the line it is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from cnn_tutor.lesson.locate import Path, place_of, positions, spell

Severity: TypeAlias = Literal["error", "warning"]


class Note(NamedTuple):
    """A finding that knows only the path of the value it is about. Only errors make a lesson unusable."""

    path: Path
    message: str
    severity: Severity = "error"


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding with its place, ``line`` and ``column`` from 1, and the source line there."""

    file: str
    line: int
    column: int
    path: str
    message: str
    severity: Severity
    source: str

    def __str__(self) -> str:
        """``file:line:column: path: message``; a fault of syntax has no path."""
        path = f"{self.path}: " if self.path else ""
        warning = "warning: " if self.severity == "warning" else ""
        return f"{self.file}:{self.line}:{self.column}: {path}{warning}{self.message}"

    @property
    def excerpt(self) -> tuple[str, ...]:
        """The source line with a mark under the place; nothing for an empty line."""
        if not self.source.strip():
            return ()
        line = self.source.expandtabs(1)
        start = max(0, self.column - 41)
        shown = line[start : start + 100]
        return (f"    {shown}", f"    {' ' * (self.column - 1 - start)}^")


def located(file: str, text: str, notes: Iterable[Note]) -> list[Finding]:
    """The findings of ``notes`` in the order of the text, each once."""
    found = positions(text)
    lines = text.split("\n")
    placed = {
        Finding(file, *place_of(one.path, found), spell(one.path), one.message, one.severity, "") for one in notes
    }
    ordered = sorted(placed, key=lambda one: (one.line, one.column, one.path, one.message))
    return [_with_source(one, lines) for one in ordered]


_TEXT = re.compile(r"(?P<line>\d+):(?P<column>\d+): (?:(?P<path>[\w.\[\]-]+): )?(?P<message>.*)", re.S)


def of_error(file: str, text: str, error: str) -> Finding:
    """The finding that a LessonError about ``file`` speaks of."""
    parts = _TEXT.fullmatch(error.removeprefix(f"{file}:"))
    if parts is None:
        return Finding(file, 1, 1, "", error, "error", "")
    place = Finding(file, int(parts["line"]), int(parts["column"]), parts["path"] or "", parts["message"], "error", "")
    return _with_source(place, text.split("\n"))


def _with_source(one: Finding, lines: Sequence[str]) -> Finding:
    source = lines[one.line - 1] if one.line <= len(lines) else ""
    return Finding(one.file, one.line, one.column, one.path, one.message, one.severity, source)
