"""Where in a TOML text a key stands, so that an error about its value can point at it."""

from __future__ import annotations

import re
from typing import TypeAlias

Path: TypeAlias = tuple[str | int, ...]
Place: TypeAlias = tuple[int, int]
"""1-based line and column."""

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(
    r"^(\s*)((?:[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*'))*)\s*="
)
_PART = re.compile(r"[A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*'")
_FENCES = ("'''", '"""')


def positions(text: str) -> dict[Path, Place]:
    """The place of every table header and every key that begins a line; arrays of tables are numbered from 0."""
    found: dict[Path, Place] = {(): (1, 1)}
    counts: dict[Path, int] = {}
    table: Path = ()
    fence: str | None = None
    for number, line in enumerate(text.splitlines(), 1):
        if fence is not None:
            if fence in line:
                fence = None
            continue
        header, key = _HEADER.match(line), _KEY.match(line)
        if header:
            table = _table(_parts(header[2]), header[1] == "[[", counts)
            found.setdefault(table, (number, line.index("[") + 1))
        elif key:
            found.setdefault(table + _parts(key[2]), (number, len(key[1]) + 1))
            fence = next((mark for mark in _FENCES if line.count(mark) % 2), None)
    return found


def place_of(path: Path, found: dict[Path, Place]) -> Place:
    """The place of ``path``, or of the nearest thing around it."""
    while path not in found:
        path = path[:-1]
    return found[path]


def _parts(dotted: str) -> Path:
    return tuple(part.strip("\"'") for part in _PART.findall(dotted))


def _table(parts: Path, is_array: bool, counts: dict[Path, int]) -> Path:
    """The path of a header, with the number of the current entry after every array of tables on the way."""
    path: Path = ()
    for depth, part in enumerate(parts):
        path += (part,)
        last = depth == len(parts) - 1
        if last and is_array:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path += (counts[path],)
    return path
