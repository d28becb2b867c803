"""Cells of a tensor as a student names them: a range for each axis, counting from 1, as in ``1-2,2-3``."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Sequence
from typing import TypeAlias

import numpy as np

from cnn_tutor.engine.trace import Array, Index
from cnn_tutor.language import _
from cnn_tutor.tutor.answer import Unreadable

Places: TypeAlias = frozenset[tuple[int, ...]]
"""Cells by their index, counting from 1."""

LONGEST = 4000
_AXES = {1: ("entry",), 2: ("row", "column"), 3: ("channel", "row", "column")}
_ORDERS = {2: "as in {cells} (rows, then columns)", 3: "as in {cells} (channels, then rows, then columns)"}
_NONE = {
    "entry": "There are no entries here; name the cells, {example}.",
    "channel": "There are no channels here; name the cells, {example}.",
    "row": "There are no rows here; name the cells, {example}.",
    "column": "There are no columns here; name the cells, {example}.",
}
_NAMED = re.compile(r"\b(entr(?:y|ies)|channels?|rows?|columns?)\s*([\d-]+)")
_RANGE = re.compile(r"(\d{1,6})(?:-(\d{1,6}))?")


def cells(index: Index, shape: tuple[int, ...]) -> Array:
    """The 1-based cells of a window of a tensor of ``shape``, row-major: (cells, axes)."""
    inside = np.zeros(shape, dtype=bool)
    inside[index] = True
    return np.argwhere(inside) + 1


def array(places: Places) -> Array:
    """Places as :func:`cells` gives them."""
    return np.array(sorted(places), dtype=np.int64)


def places(found: Array) -> Places:
    """The inverse of :func:`array`."""
    return frozenset(tuple(int(one) for one in cell) for cell in found.tolist())


def write(chosen: Places) -> str:
    """Cells as they may be typed: ranges where they form a block, else one by one."""
    if not chosen:
        return ""
    axes = [sorted({cell[axis] for cell in chosen}) for axis in range(len(next(iter(chosen))))]
    is_block = len(chosen) == math.prod(map(len, axes)) and all(one[-1] - one[0] + 1 == len(one) for one in axes)
    if is_block:
        return ",".join(f"{one[0]}-{one[-1]}" if len(one) > 1 else str(one[0]) for one in axes)
    return " ".join(",".join(map(str, cell)) for cell in sorted(chosen))


def read(text: str, shape: tuple[int, ...]) -> Places:
    """The cells named in ``text``. Raises Unreadable for what is no cell of a tensor of ``shape``."""
    if len(text) > LONGEST:
        raise Unreadable(_("That is too long to read."))
    body = re.sub("[–−‒‑]", "-", text).lower()
    body = re.sub(r"[)\]}]\s*,?\s*[(\[{]|[()\[\]{};\n]", " ", body)
    body = re.sub(r"\s*([,-])\s*", r"\1", body).strip(" ,")
    tokens = _spelled_out(body, shape).split()
    if len(shape) == 1:
        tokens = [part for token in tokens for part in token.split(",")]
    found: set[tuple[int, ...]] = set()
    for token in tokens:
        found |= set(_block(token, shape))
    if not found:
        raise Unreadable(_("Name the cells, {example}.").format(example=example(shape)))
    return frozenset(found)


def example(shape: tuple[int, ...]) -> str:
    """How cells of a tensor of ``shape`` may be named."""
    if len(shape) == 1:
        return _("as in 2-3, or 1 3")
    text = _(_ORDERS[len(shape)]) if len(shape) in _ORDERS else _("as in {cells}")
    return text.format(cells=",".join(["1-2"] * len(shape)))


def _spelled_out(text: str, shape: tuple[int, ...]) -> str:
    """``row 2`` and ``column 1`` as ranges that run over the other axes."""
    names = _AXES.get(len(shape), ())

    def ranges(match: re.Match[str]) -> str:
        name = "entry" if match[1].startswith("entr") else match[1].removesuffix("s")
        if name not in names:
            raise Unreadable(_(_NONE[name]).format(example=example(shape)))
        parts = [f"1-{size}" for size in shape]
        parts[names.index(name)] = match[2]
        return ",".join(parts)

    return _NAMED.sub(ranges, text)


def _block(token: str, shape: tuple[int, ...]) -> Iterable[tuple[int, ...]]:
    parts = token.split(",")
    matches = [_RANGE.fullmatch(part) for part in parts]
    if len(parts) != len(shape) or None in matches:
        text = _("{typed} names no cells here; they are written {example}.")
        raise Unreadable(text.format(typed=repr(token[:24]), example=example(shape)))
    return itertools.product(*(_range(match, size) for match, size in zip(matches, shape, strict=True) if match))


def _range(match: re.Match[str], size: int) -> Sequence[int]:
    first, last = int(match[1]), int(match[2] or match[1])
    if not 1 <= first <= last <= size:
        raise Unreadable(_("{typed} does not lie between 1 and {size}.").format(typed=match[0], size=size))
    return range(first, last + 1)
