"""An answer filled in cell by cell: a frozen grid of what is typed so far, with a cursor.

A cell that is already right is kept. What is typed may also be the whole answer in one line, all cells that are open,
or a row of a matrix; the grid then takes it at once.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from cnn_tutor.tutor import answer
from cnn_tutor.tutor.expression import normalise
from cnn_tutor.tutor.panel import Cell, Mark, Panel
from cnn_tutor.tutor.question import Question
from cnn_tutor.tutor.symbols import number

LONGEST = 8
"""So much of a typed number is shown in its cell."""

KEPT, EMPTY = "_", "?"

_WAYS: Mapping[str, tuple[int, int]] = {"left": (0, -1), "right": (0, 1), "up": (-1, 0), "down": (1, 0)}


@dataclass(frozen=True)
class Grid:
    """What is typed into the cells of an answer with ``rows`` × ``columns`` cells, by place, row-major.

    ``kept`` are the cells that are right already; ``at`` is the cell of the cursor.
    """

    rows: int
    columns: int
    kept: frozenset[int] = frozenset()
    at: int = 0
    typed: Mapping[int, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def size(self) -> int:
        """How many cells there are."""
        return self.rows * self.columns

    @property
    def here(self) -> str:
        """What is typed into the cell of the cursor."""
        return self.typed.get(self.at, "")

    @property
    def open(self) -> list[int]:
        """The cells that nothing is typed into yet, from the cursor on and round."""
        places = [*range(self.at, self.size), *range(self.at)]
        return [one for one in places if one not in self.kept and one not in self.typed]

    @property
    def text(self) -> str:
        """The whole answer as one line; a cell that is kept is ``_``."""
        cells = [KEPT if one in self.kept else self.typed.get(one, "") for one in range(self.size)]
        rows = [" ".join(cells[start : start + self.columns]) for start in range(0, self.size, self.columns)]
        return "; ".join(rows)

    @property
    def arrows(self) -> tuple[str, ...]:
        """The arrow keys that lead to another cell; a vector leaves up and down to others."""
        return ("left", "right") if self.rows == 1 else ("left", "right", "up", "down")

    def moved(self, key: str) -> Grid:
        """After an arrow key; kept cells are passed over, and at an edge the cursor stays."""
        down, right = _WAYS[key]
        row, column = divmod(self.at, self.columns)
        while True:
            row, column = row + down, column + right
            if not (0 <= row < self.rows and 0 <= column < self.columns):
                return self
            if row * self.columns + column not in self.kept:
                return replace(self, at=row * self.columns + column)

    def stepped(self, way: int) -> Grid:
        """At the next cell that is not kept (the one before, for −1), round the end."""
        places = [(self.at + way * step) % self.size for step in range(1, self.size + 1)]
        return replace(self, at=next((one for one in places if one not in self.kept), self.at))

    def filled(self, cells: Iterable[tuple[int, str]]) -> Grid:
        """With texts for some cells, and at the next open one, if there is one."""
        grid = replace(self, typed=MappingProxyType({**self.typed, **dict(cells)}))
        return replace(grid, at=next(iter(grid.open), grid.at))

    def put(self, text: str) -> Grid:
        """With ``text`` in the cell of the cursor, which stays there; no text empties the cell."""
        typed = {place: one for place, one in self.typed.items() if place != self.at}
        words = _one_number(text)
        return replace(self, typed=MappingProxyType(typed | ({self.at: words} if words else {})))

    def take(self, text: str) -> tuple[Grid, str | None]:
        """What Enter makes of ``text``: the grid with it filled in, and what to hand in, if it is time for that."""
        if not text.strip():
            return (self, self.text) if self.typed and not self.open else (self.filled(()), None if self.typed else "")
        is_begun = bool(self.typed or self.kept)
        if self._is_whole(text) and not (is_begun and _one_number(text)):
            return self, text
        cells = self._part(text)
        if cells is None:
            return self, text
        grid = self.filled(cells)
        return grid, None if grid.open else grid.text

    @property
    def draft(self) -> str:
        """What is typed so far as one line, ``?`` for what is not; nothing where nothing is."""
        if not self.typed:
            return ""
        return " ".join(KEPT if one in self.kept else self.typed.get(one, EMPTY) for one in range(self.size))

    def restored(self, draft: str) -> Grid | None:
        """With a ``draft`` of it filled in again; None for a draft of something else."""
        words = draft.split()
        if len(words) != self.size or EMPTY not in words:
            return None
        typed = ((place, word) for place, word in enumerate(words) if _one_number(word) and place not in self.kept)
        return self.filled(typed)

    def _is_whole(self, text: str) -> bool:
        shape = (self.columns,) if self.rows == 1 else (self.rows, self.columns)
        try:
            answer.read(text, shape)
        except answer.Unreadable:
            return False
        return True

    def _part(self, text: str) -> list[tuple[int, str]] | None:
        """The cells that ``text`` fills: this one, all that are open, or a row; None if it is no such part."""
        one = _one_number(text)
        if one:
            return [(self.at, one)]
        words = answer.parted(normalise(text)).replace(",", " ")
        numbers = [_one_number(word) for word in answer.split(words)]
        opened = sorted(self.open)
        if all(numbers) and len(numbers) == len(opened):
            return list(zip(opened, numbers, strict=True))
        row = range(self.at, self.at + self.columns)
        if all(numbers) and len(numbers) == self.columns and self.at % self.columns == 0:
            return [(cell, one) for cell, one in zip(row, numbers, strict=True) if cell not in self.kept]
        return None


def _one_number(text: str) -> str:
    """``text`` without blanks and with a decimal point, if it is one number; else nothing."""
    try:
        answer.read(text, ())
    except answer.Unreadable:
        return ""
    if len(answer.split(normalise(text))) != 1 or text.strip() in answer.KEEP:
        return ""
    return "".join(text.split()).replace(",", ".")


def grid(question: Question, kept: frozenset[int]) -> Grid | None:
    """An empty grid for the answer to ``question``, at its first open cell; None for what is no vector or matrix."""
    if question.kind not in ("vector", "matrix"):
        return None
    size = math.prod(question.shape)
    if size < 2 or size > answer.MAX_ENTRIES:
        return None
    columns = question.shape[-1]
    return Grid(size // columns, columns, kept).filled(())


def overlay(panels: tuple[Panel, ...], grid: Grid, question: Question) -> tuple[Panel, ...]:
    """``panels`` with what is typed in the cells that are asked; a panel of its own where they are not all shown."""
    assert question.wanted is not None
    shown = sum(cell.mark is Mark.ASKED for panel in panels for row in panel.rows for cell in row)
    places = [one for one in range(grid.size) if one not in grid.kept]
    if shown != len(places):
        rows = [range(start, start + grid.columns) for start in range(0, grid.size, grid.columns)]
        right = question.wanted.exact.reshape(-1).tolist()
        own = tuple(
            tuple(Cell(number(right[one], 4)) if one in grid.kept else _cell(grid, one) for one in row) for row in rows
        )
        bare = tuple(Panel(panel.title, tuple(map(_unasked, panel.rows))) for panel in panels)
        return (*bare, Panel(question.label, own))
    following = iter(places)

    def drawn(cell: Cell) -> Cell:
        return _cell(grid, next(following)) if cell.mark is Mark.ASKED else cell

    return tuple(Panel(panel.title, tuple(tuple(map(drawn, row)) for row in panel.rows)) for panel in panels)


def _unasked(row: tuple[Cell, ...]) -> tuple[Cell, ...]:
    return tuple(Cell("·", Mark.HIDDEN) if cell.mark is Mark.ASKED else cell for cell in row)


def _cell(grid: Grid, place: int) -> Cell:
    text = grid.typed.get(place, "")
    shown = "?" if not text else text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    mark = Mark.CURSOR if place == grid.at else Mark.TYPED if text else Mark.ASKED
    return Cell(shown.replace("-", "−"), mark)
