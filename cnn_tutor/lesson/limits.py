"""How large a lesson may be. A file from anybody is read in no time, or refused with a reason."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cnn_tutor.language import _
from cnn_tutor.lesson.locate import Path

LARGEST_FILE = 96 * 1024
"""Bytes; a lesson is text that a person wrote."""

DEEPEST = 12
"""Levels of tables and lists in each other; the deepest of a lesson is a batch of maps in a twin."""

MOST_NUMBERS = 4096
"""Entries of one tensor."""

LARGEST_NUMBER = 1e9
"""So that no sum of products overflows."""

MOST_CELLS = 1 << 14
"""Cells of a map with its padding."""

MOST_WORK = 1 << 22
"""Products that a layer may need; by hand it is a few dozen."""

MOST_KEYS = 300
"""Keys of one table."""

MOST_QUESTIONS = 600
"""Questions of a lesson."""

MOST_IN_DRILL = 10_000
"""Questions that a drill asks; the longest of 200 problems on shipped lessons asks 3800."""

_DOTS = re.compile(r"(?<![\w\"'-])(?:(?:[\w-]++|\"[^\"\n]*+\"|'[^'\n]*+')[ \t]*+\.[ \t]*+){16}")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def unreadable(text: str) -> tuple[int, str] | None:
    """Where ``text`` would keep a TOML parser busy for minutes, and why; None where it would not."""
    dots = _DOTS.search(text)
    return (dots.start(), _("a key has more than 16 parts")) if dots else None


def faults(data: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """What a parsed file has that no lesson needs: too deep, too many numbers, commands to a terminal."""
    waiting: list[tuple[Path, Any]] = [((), data)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, dict | list):
            if len(path) >= DEEPEST:
                yield path, _("values are nested more than {deepest} levels deep").format(deepest=DEEPEST)
            elif isinstance(value, list) and len(value) > MOST_NUMBERS:
                yield (
                    path,
                    _("is a list of {count}; at most {most} fit").format(count=len(value), most=MOST_NUMBERS),
                )
            elif isinstance(value, dict) and len(value) > MOST_KEYS:
                yield (
                    path,
                    _("is a table of {count} keys; at most {most} fit").format(count=len(value), most=MOST_KEYS),
                )
            elif isinstance(value, list) and _are_numbers(value):
                continue
            else:
                members = value.items() if isinstance(value, dict) else enumerate(value)
                waiting += reversed([((*path, name), one) for name, one in members])
                yield from ((path, _says(name)) for name in value if isinstance(name, str) and _CONTROL.search(name))
        elif isinstance(value, str) and _CONTROL.search(value):
            yield path, _says(value)


def _are_numbers(value: Sequence[object]) -> bool:
    return all(type(one) in (int, float) for one in value)


def _says(text: str) -> str:
    found = _CONTROL.search(text)
    assert found is not None
    return _("holds the control character U+{value:04X}; prose is plain text").format(value=ord(found[0]))


def count(data: object) -> int:
    """How many numbers a tensor of a lesson has; stops soon after too many."""
    total, waiting = 0, [data]
    while waiting and total <= MOST_NUMBERS:
        one = waiting.pop()
        if isinstance(one, list):
            waiting += one[: MOST_NUMBERS + 1]
        else:
            total += 1
    return total


def is_too_large(op: str, shape: Sequence[int], kernel: Sequence[int], options: Mapping[str, Any]) -> bool:
    """Whether nobody would do a layer by hand, and a computer not soon: on a map of ``shape``, with a ``kernel``."""
    extra = 2 * _most(options.get("padding", 0)) + _most(options.get("output_padding", 0))
    spread = _most(options.get("stride") or 1) if "output_padding" in options else 1
    reach = max((_most(options.get("dilation", 1)) * size for size in kernel[-2:]), default=1)
    lead, maps = shape[:-2], shape[-2:]
    cells = math.prod(lead) * math.prod(size * spread + extra + reach for size in maps)
    matrix = cells if op == "toeplitz" else 1
    return cells > MOST_CELLS or cells * matrix * max(1, math.prod(kernel)) > MOST_WORK


def _most(value: Any) -> int:
    if isinstance(value, list | tuple):
        return max((_most(one) for one in value), default=0)
    return abs(value) if isinstance(value, int) else 0
