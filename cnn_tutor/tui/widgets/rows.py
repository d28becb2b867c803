"""A list of rows, one line each, of which one is marked: by a sign as well as by its look."""

from __future__ import annotations

from collections.abc import Iterable

from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual.strip import Strip
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from cnn_tutor.tui import keys

SIGN = ">"
MARKED = Style(reverse=True)
MARGIN = 3
"""Columns kept free, for a scroll bar and its distance."""
WIDEST = 100
"""A longer row parts what belongs together."""


def room(width: int) -> int:
    """Columns that a row may fill in a window of so many."""
    return max(8, min(width - MARGIN, WIDEST))


class Rows(OptionList):
    """An option list with vi keys beside the arrows; a row begins with a blank, the marked one with ``>``."""

    BINDINGS = keys.bindings(keys.OPEN, keys.LIST_UP, keys.LIST_DOWN, keys.LIST_HOME, keys.LIST_END)

    DEFAULT_CSS = """
    Rows, Rows:focus {
        height: 1fr; margin: 1 0; border: none; padding: 0; background: transparent;
        scrollbar-size-vertical: 1;
    }
    Rows > .option-list--option, Rows > .option-list--option-disabled { padding: 0; }
    Rows > .option-list--option-highlighted, Rows:focus > .option-list--option-highlighted {
        text-style: none; background: transparent; color: $foreground;
    }
    Rows > .option-list--option-disabled { text-style: bold; color: $foreground; }
    """

    def __init__(self) -> None:
        super().__init__(markup=False, compact=True)
        self._rows: list[tuple[Text, bool]] = []
        self._width = 0
        """Columns that the rows were cut to."""

    def show(self, rows: Iterable[tuple[Text, bool]], marked: int | None = 0) -> None:
        """Other rows, each with whether it can be chosen, and the one that is marked."""
        self._rows = list(rows)
        self._fill(marked)

    def on_resize(self) -> None:
        if self._width != room(self.app.size.width):
            self._fill(self.highlighted)

    def _fill(self, marked: int | None) -> None:
        width = self._width = room(self.app.size.width)
        options = []
        for text, is_choice in self._rows:
            line = text.copy()
            line.truncate(width, overflow="crop")
            line.no_wrap = True
            options.append(Option(line, disabled=not is_choice))
        self.set_options(options)
        self.highlighted = marked if self._rows else None

    def render_line(self, y: int) -> Strip:
        strip = super().render_line(y)
        if y + int(self.scroll_offset.y) != self.highlighted or not strip.cell_length:
            return strip
        first = next(iter(strip))
        return Strip([Segment(SIGN, first.style), *strip.crop(1)], strip.cell_length).apply_style(MARKED)
