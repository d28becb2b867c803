"""A panel as a Rich table: the window in brackets and in a style of its own, so that it shows without colour too.

``[ 2  0  3] 1 −1`` — what the step reads stands in brackets, ``?`` is asked, ``·`` is not known yet and ``(0)`` is
padding, which is not part of the data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.align import Align
from rich.console import Group, RenderableType
from rich.style import Style
from rich.table import Table
from rich.text import Text

from cnn_tutor.tutor.scene import Cell, Mark, Panel

_IN_WINDOW = (Mark.READ, Mark.READ_PADDING)
_IS_PADDING = (Mark.PADDING, Mark.READ_PADDING)


@dataclass(frozen=True, slots=True)
class Styles:
    """How each kind of cell looks, beyond its brackets."""

    plain: Style = Style()
    read: Style = Style(bold=True, color="cyan")
    asked: Style = Style(bold=True, reverse=True, color="yellow")
    hidden: Style = Style(dim=True)
    padding: Style = Style(dim=True, italic=True)
    title: Style = Style(bold=True)

    def of(self, mark: Mark) -> Style:
        """The style of a cell with ``mark``."""
        if mark in _IN_WINDOW:
            return self.read
        return {Mark.ASKED: self.asked, Mark.HIDDEN: self.hidden, Mark.PADDING: self.padding}.get(mark, self.plain)


def matrix(panel: Panel, styles: Styles = Styles()) -> Table:
    """One panel as a table; its cells are set right-aligned in columns."""
    table = Table.grid(padding=0)
    table.title = Text(panel.title, styles.title)
    table.title_justify = "left"
    columns = len(panel.rows[0])
    widths = [max(len(_text(row[column])) for row in panel.rows) for column in range(columns)]
    for width in widths:
        table.add_column(justify="right", no_wrap=True, min_width=width + 2)
    for row in panel.rows:
        table.add_row(*(_cell(row, column, width, styles) for column, width in enumerate(widths)))
    return table


def width(panel: Panel) -> int:
    """Columns of the terminal that a panel needs."""
    columns = range(len(panel.rows[0]))
    return max(len(panel.title), sum(max(len(_text(row[column])) for row in panel.rows) + 2 for column in columns))


def side_by_side(panels: Sequence[Panel], available: int, styles: Styles = Styles(), gap: int = 3) -> RenderableType:
    """Panels next to each other, in as many bands as ``available`` columns make necessary."""
    bands: list[list[Panel]] = []
    room = 0
    for panel in panels:
        if not bands or room < width(panel):
            bands.append([])
            room = available
        bands[-1].append(panel)
        room -= width(panel) + gap
    tables = []
    for band in bands:
        table = Table.grid(padding=(0, gap, 0, 0))
        for _ in band:
            table.add_column(no_wrap=True, vertical="top")
        table.add_row(*(matrix(panel, styles) for panel in band))
        tables.append(Align.left(table))
    return Group(*tables)


def _text(cell: Cell) -> str:
    return f"({cell.text})" if cell.mark in _IS_PADDING else cell.text


def _cell(row: Sequence[Cell], column: int, width: int, styles: Styles) -> Text:
    """One cell with a bracket where the window begins and ends."""
    cell = row[column]
    inside = cell.mark in _IN_WINDOW
    opens = inside and (column == 0 or row[column - 1].mark not in _IN_WINDOW)
    closes = inside and (column == len(row) - 1 or row[column + 1].mark not in _IN_WINDOW)
    return Text(f"{'[' if opens else ' '}{_text(cell):>{width}}{']' if closes else ' '}", styles.of(cell.mark))
