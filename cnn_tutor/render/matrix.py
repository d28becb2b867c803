"""A panel as a Rich table: the window in brackets and in a style of its own, so that it shows without colour too.

``[ 2  0  3] 1 −1`` — what the step reads stands in brackets, ``?`` is asked, ``·`` is not known yet and ``(0)`` is
padding, which is not part of the data. What a student seems to have used stands in braces: ``{ 2  0}``,
and the cell to be marked in ``<2>``. ``*5`` has just changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.style import Style
from rich.table import Table
from rich.text import Text

from cnn_tutor.language import _
from cnn_tutor.render.ascii import clean, to_ascii
from cnn_tutor.render.palette import Styles
from cnn_tutor.tutor.panel import UNKNOWN, Cell, Mark, Panel

_IN_WINDOW = (Mark.READ, Mark.READ_PADDING, Mark.READ_HIDDEN)
_BRACKETS = {
    **dict.fromkeys(_IN_WINDOW, ("[", "]")),
    Mark.USED: ("{", "}"),
    Mark.FED: ("{", "}"),
    Mark.CHANGED: ("*", " "),
    Mark.CURSOR: ("<", ">"),
    Mark.CURSOR_HIDDEN: ("<", ">"),
}
_IS_PADDING = (Mark.PADDING, Mark.READ_PADDING)


def _style(styles: Styles, mark: Mark) -> Style:
    """The style of a cell with ``mark``."""
    if mark in _IN_WINDOW:
        return styles.read
    found: dict[Mark, Style] = {
        Mark.ASKED: styles.asked,
        Mark.HIDDEN: styles.hidden,
        Mark.PADDING: styles.padding,
        Mark.USED: styles.used,
        Mark.FED: styles.used,
        Mark.CHANGED: styles.changed,
        Mark.TYPED: styles.typed,
        Mark.CURSOR: styles.cursor,
        Mark.CURSOR_HIDDEN: styles.cursor,
    }
    return found.get(mark, styles.plain)


def matrix(panel: Panel, styles: Styles = Styles()) -> Table:
    """One panel as a table: numbers to the right of their columns, words to the left."""
    table = Table.grid(padding=0)
    table.title = Text(clean(panel.title), styles.title)
    table.title_justify = "left"
    widths = _widths(panel)
    for width in widths:
        table.add_column(no_wrap=True, width=width + 2)
    for rest in _rest_of_title(panel, widths):
        table.add_column(width=rest)
    columns = [(column, width, _is_words(panel, column)) for column, width in enumerate(widths)]
    for row in panel.rows:
        table.add_row(*(_cell(row, *column, styles) for column in columns))
    return table


def _rest_of_title(panel: Panel, widths: Sequence[int]) -> Iterator[int]:
    """The width of a column that makes room for a title longer than the numbers below it, where it is."""
    rest = cell_len(panel.title) - _body(widths)
    if rest > 0:
        yield rest


def width(panel: Panel) -> int:
    """Columns of the terminal that a panel needs."""
    return max(cell_len(panel.title), _body(_widths(panel)))


def side_by_side(panels: Sequence[Panel], available: int, styles: Styles = Styles(), gap: int = 3) -> RenderableType:
    """Panels next to each other, in as many bands as ``available`` columns make necessary."""
    return Group(*(_band(band, styles, gap) for band in bands(panels, available, gap)))


def bands(panels: Sequence[Panel], available: int, gap: int = 3) -> list[list[Panel]]:
    """Which panels stand next to each other; a band is one line taller than its tallest panel has rows."""
    found: list[list[Panel]] = []
    room = 0
    for panel in (part for whole in panels for part in fold(whole, available)):
        if not found or room < width(panel):
            found.append([])
            room = available
        found[-1].append(panel)
        room -= width(panel) + gap
    return found


def _band(panels: Sequence[Panel], styles: Styles, gap: int) -> Table:
    table = Table.grid(padding=(0, gap, 0, 0))
    for panel in panels:
        table.add_column(no_wrap=True, vertical="top", width=width(panel))
    table.add_row(*(matrix(panel, styles) for panel in panels))
    return table


def fold(panel: Panel, available: int) -> Iterator[Panel]:
    """A panel too wide for ``available`` as parts of it: its first columns, the next ones, …

    Names of rows are repeated in each part, and with them all words that stand beside them, where there is room.
    """
    widths = _widths(panel)
    if _body(widths) <= available:
        yield panel
        return
    named = next((column for column in range(len(widths)) if not _is_words(panel, column)), len(widths))
    names = named if _body([*widths[:named], *sorted(widths[named:])[-1:]]) <= available else 1
    names = min(names, named, len(widths) - 1)
    start = names
    while start < len(widths):
        end = start + 1
        while end < len(widths) and _body(widths[:names] + widths[start : end + 1]) <= available:
            end += 1
        columns = _("column {number}") if end == start + 1 else _("columns {first}–{number}")
        title = panel.title if names else f"{panel.title}, {columns.format(first=start + 1, number=end)}"
        yield Panel(title, tuple((*row[:names], *row[start:end]) for row in panel.rows))
        start = end


def _is_words(panel: Panel, column: int) -> bool:
    """Whether a column holds words below its head; words are set to the left."""
    return any(row[column].text[:1].isalpha() for row in panel.rows[1:])


def ascii_panel(panel: Panel) -> Panel:
    """The panel with title and cells in ASCII; a cell that is not known yet is a dot."""
    rows = (tuple(replace(cell, text=_ascii(cell)) for cell in row) for row in panel.rows)
    return Panel(to_ascii(panel.title), tuple(rows))


def _ascii(cell: Cell) -> str:
    return "." if cell.mark in UNKNOWN else to_ascii(cell.text)


def _widths(panel: Panel) -> list[int]:
    """The width of each column, without the place for brackets."""
    columns = range(max((len(row) for row in panel.rows), default=0))
    return [max(cell_len(_text(row[column])) for row in panel.rows) for column in columns]


def _body(widths: Sequence[int]) -> int:
    return sum(widths) + 2 * len(widths)


def _text(cell: Cell) -> str:
    return f"({cell.text})" if cell.mark in _IS_PADDING else cell.text


def _cell(row: Sequence[Cell], column: int, width: int, words: bool, styles: Styles) -> Text:
    """One cell with a bracket where the window begins and ends."""
    cell = row[column]
    around = _BRACKETS.get(cell.mark)
    alone = cell.mark is Mark.CHANGED
    opens = around and (alone or column == 0 or _BRACKETS.get(row[column - 1].mark) != around)
    closes = around and (column == len(row) - 1 or _BRACKETS.get(row[column + 1].mark) != around)
    text = _text(cell)
    pad = " " * (width - cell_len(text))
    text = text + pad if words else pad + text
    before, after = around or (" ", " ")
    return Text(f"{before if opens else ' '}{clean(text)}{after if closes else ' '}", _style(styles, cell.mark))
