"""Where in a TOML text each value stands, so that a complaint about it can point at it.

``tomllib`` says nothing of places. This walks over a text that ``tomllib`` has accepted, so it need not judge it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TypeAlias

Path: TypeAlias = tuple[str | int, ...]
Place: TypeAlias = tuple[int, int]
"""1-based line and column."""

_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_STRING = re.compile(
    r"'''.*?'{3,5}|\"\"\"(?:\\.|[^\\])*?\"{3,5}|'[^'\n]*'|\"(?:\\.|[^\"\\\n])*\"",
    re.S,
)
_NAME = re.compile(r"[A-Za-z0-9_-]+")
_MANY = re.compile(r"\[[\s0-9.,+eE_-]{4000,}+\]")
"""A list of so many numbers that nobody asks for the place of one."""

_BARE = re.compile(r"[^,\]}#\n]*")


def positions(text: str) -> dict[Path, Place]:
    """The place of every table, key and list entry of ``text``; entries are numbered from 0."""
    scanner = _Scanner(text)
    scanner.document()
    return scanner.found


def place_of(path: Path, found: dict[Path, Place]) -> Place:
    """The place of ``path``, or of the nearest thing around it."""
    while path not in found:
        path = path[:-1]
    return found[path]


def spell(path: Path) -> str:
    """``("exercise", 0, "layer", 1, "op")`` → ``exercise[1].layer[2].op``."""
    return "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".") or "lesson"


class _Scanner:
    """A walk over a text; ``found`` has what it has come by."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._lines = [0, *(one.end() for one in re.finditer("\n", text))]
        self._counts: dict[Path, int] = {}
        self.found: dict[Path, Place] = {(): (1, 1)}

    def document(self) -> None:
        table: Path = ()
        while self._more():
            start = self._at
            if self._here() == "[":
                is_array = self._text.startswith("[[", start)
                self._at += 1 + is_array
                table = self._table(self._key(), is_array)
                self._note(table, start)
                self._at += 1 + is_array
            else:
                self._pair(table)
            if self._at == start:
                return

    def _more(self) -> bool:
        """Go on to the next thing that is no blank; whether there is one."""
        blank = _BLANK.match(self._text, self._at)
        self._at = blank.end() if blank else self._at
        return self._at < len(self._text)

    def _here(self) -> str:
        return self._text[self._at : self._at + 1]

    def _note(self, path: Path, offset: int) -> None:
        line = bisect_right(self._lines, offset)
        self.found.setdefault(path, (line, offset - self._lines[line - 1] + 1))

    def _key(self) -> Path:
        """A key, whose parts are parted by dots."""
        parts: list[str | int] = []
        while self._more():
            part = _STRING.match(self._text, self._at) or _NAME.match(self._text, self._at)
            if part is None:
                break
            parts.append(part[0].strip("\"'"))
            self._at = part.end()
            if not self._more() or self._here() != ".":
                break
            self._at += 1
        return tuple(parts)

    def _pair(self, table: Path) -> None:
        start = self._at
        key = self._key()
        path = table + key
        for end in range(len(table) + 1, len(path) + 1):
            self._note(path[:end], start)
        if self._more() and self._here() == "=":
            self._at += 1
            self._value(path)

    def _value(self, path: Path) -> None:
        if not self._more():
            return
        match self._here():
            case "[" if many := _MANY.match(self._text, self._at):
                self._at = many.end()
            case "[":
                self._members(path, "]")
            case "{":
                self._members(path, "}")
            case _:
                value = _STRING.match(self._text, self._at) or _BARE.match(self._text, self._at)
                self._at = value.end() if value else self._at

    def _members(self, path: Path, end: str) -> None:
        """The entries of a list, or the pairs of an inline table."""
        self._at += 1
        number = 0
        while self._more() and self._here() != end:
            start = self._at
            if end == "]":
                self._note((*path, number), start)
                self._value((*path, number))
            else:
                self._pair(path)
            number += 1
            if self._more() and self._here() == ",":
                self._at += 1
            if self._at == start:
                return
        self._at += 1

    def _table(self, parts: Path, is_array: bool) -> Path:
        """The path of a header, with the number of the current entry after every array of tables on the way."""
        path: Path = ()
        for depth, part in enumerate(parts):
            path += (part,)
            if is_array and depth == len(parts) - 1:
                self._counts[path] = self._counts.get(path, -1) + 1
            if path in self._counts:
                path += (self._counts[path],)
        return path
