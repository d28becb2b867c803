"""Panels in words, a row a line, for people who hear the screen: what is read, what is asked, what is padding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from cnn_tutor.language import _
from cnn_tutor.tutor.panel import UNKNOWN, Cell, Mark, Panel

_READ = (Mark.READ, Mark.READ_PADDING, Mark.READ_HIDDEN)
_PADDING = (Mark.PADDING, Mark.READ_PADDING)


def spoken(panels: Iterable[Panel]) -> Iterator[str]:
    """Each panel row by row, with the window named after it."""
    for panel in panels:
        for number, row in enumerate(panel.rows, 1):
            cells = ", ".join(_cell(cell) for cell in row)
            if len(panel.rows) == 1:
                yield f"{panel.title}: {cells}"
            else:
                yield _("{tensor}, row {number}: {cells}").format(tensor=panel.title, number=number, cells=cells)
        place = window(panel)
        if place:
            yield _("{tensor}, window: {place}").format(tensor=panel.title, place=place)


def windows(panels: Iterable[Panel]) -> str:
    """The windows of all panels in one line; nothing where nothing is read."""
    found = [(panel.title, window(panel)) for panel in panels]
    return "; ".join(f"{title}: {place}" for title, place in found if place)


def window(panel: Panel) -> str:
    """Where the cells stand that are read, such as ``rows 1–2, columns 2–3``; nothing where none is, or all are."""
    read = [(r, c) for r, row in enumerate(panel.rows, 1) for c, cell in enumerate(row, 1) if cell.mark in _READ]
    if not read or len(read) == sum(map(len, panel.rows)):
        return ""
    rows, columns = sorted({r for r, _c in read}), sorted({c for _r, c in read})
    if len(rows) * len(columns) != len(read):
        return "; ".join(_("row {row}, column {column}").format(row=r, column=c) for r, c in read[:12])
    across = _span(_("column {numbers}"), _("columns {numbers}"), columns)
    return across if len(panel.rows) == 1 else f"{_span(_('row {numbers}'), _('rows {numbers}'), rows)}, {across}"


def _span(one: str, many: str, numbers: Sequence[int]) -> str:
    """``column 2``, ``columns 1–3`` or ``columns 1, 3, 5``."""
    if len(numbers) == 1:
        return one.format(numbers=numbers[0])
    is_run = numbers[-1] - numbers[0] + 1 == len(numbers)
    return many.format(numbers=f"{numbers[0]}–{numbers[-1]}" if is_run else ", ".join(map(str, numbers)))


def _cell(cell: Cell) -> str:
    if cell.mark is Mark.ASKED:
        return _("asked")
    if cell.mark in UNKNOWN:
        return _("unknown")
    return _("padding") if cell.mark in _PADDING else cell.text
