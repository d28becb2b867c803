"""One matrix to be drawn: its cells already written as text, each with a mark for what it is to the question.

A renderer shows a mark by bracket and style.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

import numpy as np

from cnn_tutor.engine.trace import Array
from cnn_tutor.tutor.symbols import number


class Mark(Enum):
    """What a cell is, for this question."""

    PLAIN = "plain"
    READ = "read"
    ASKED = "asked"
    HIDDEN = "hidden"
    PADDING = "padding"
    READ_PADDING = "padding in the window"
    CURSOR = "cursor"
    READ_HIDDEN = "hidden in the window"
    CURSOR_HIDDEN = "hidden under the cursor"
    USED = "used by the student"
    FED = "fed by the cell under the cursor"
    CHANGED = "not what it was"
    TYPED = "typed, not handed in yet"


UNKNOWN = (Mark.HIDDEN, Mark.READ_HIDDEN, Mark.CURSOR_HIDDEN)
"""Cells whose number is not shown yet."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One entry: its text and its mark."""

    text: str
    mark: Mark = Mark.PLAIN


@dataclass(frozen=True, slots=True)
class Panel:
    """One matrix with a title; a vector is one row."""

    title: str
    rows: tuple[tuple[Cell, ...], ...]


def _texts(array: Array) -> Array:
    return np.array([number(value, 4) for value in array.reshape(-1).tolist()], dtype=object).reshape(array.shape)


def matrices(title: str, array: Array, marks: Array) -> Iterator[Panel]:
    """One panel a matrix: leading axes are numbered in the title."""
    texts = _texts(array)
    marks = np.asarray(marks, dtype=object).reshape(texts.shape)
    if texts.ndim < 2:
        yield Panel(title, (tuple(_cell(t, m) for t, m in zip(texts.reshape(-1), marks.reshape(-1), strict=True)),))
        return
    outer = texts.shape[:-2]
    for number_ in range(math.prod(outer)):
        lead = tuple(int(i) for i in np.unravel_index(number_, outer)) if outer else ()
        name = title + (f"[{','.join(str(i + 1) for i in lead)}]" if lead else "")
        rows = zip(texts[lead], marks[lead], strict=True)
        yield Panel(name, tuple(tuple(_cell(t, m) for t, m in zip(*row, strict=True)) for row in rows))


def _cell(text: str, mark: Mark) -> Cell:
    return Cell("?" if mark is Mark.ASKED else "·" if mark in UNKNOWN else text, mark)
