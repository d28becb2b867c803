"""The board: the tensors of a question side by side, in as many bands as the width makes necessary."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.segment import Segment
from rich.text import Text
from textual.app import ComposeResult
from textual.containers import VerticalScroll

from cnn_tutor.render.palette import Styles
from cnn_tutor.tui.pen import Pen
from cnn_tutor.tui.widgets.sheet import Sheet

if TYPE_CHECKING:
    from cnn_tutor.tutor.panel import Mark, Panel


class Tensors:
    """Panels as a renderable that lays them out in the width it is given, once for each width."""

    def __init__(self, panels: tuple[Panel, ...], styles: Styles | None = None) -> None:
        self.panels = panels
        self._styles = styles or Styles()
        self._drawn: dict[int, list[Segment]] = {}

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width = options.max_width
        if width not in self._drawn:
            from cnn_tutor.render.matrix import side_by_side

            self._drawn[width] = list(console.render(side_by_side(self.panels, width, self._styles), options))
        yield from self._drawn[width]


def asked_row(panels: Sequence[Panel], width: int) -> int | None:
    """The line of the board where the first cell stands that is asked, else pointed at or read, if any is."""
    from cnn_tutor.tutor.panel import Mark

    found = (min(_rows(panels, width, mark), default=None) for mark in (Mark.ASKED, Mark.CURSOR, Mark.READ))
    return next((row for row in found if row is not None), None)


def used_row(panels: Sequence[Panel], width: int) -> int | None:
    """The line where the last cell stands that the student seems to have used, if any does."""
    from cnn_tutor.tutor.panel import Mark

    return max(_rows(panels, width, Mark.USED), default=None)


def _rows(panels: Sequence[Panel], width: int, mark: Mark) -> Iterator[int]:
    """The lines of the board on which a cell with ``mark`` stands."""
    if not panels:
        return
    from cnn_tutor.render.matrix import bands

    top = 1
    for band in bands(panels, width):
        for panel in band:
            yield from (top + i for i, row in enumerate(panel.rows) if any(cell.mark is mark for cell in row))
        top += 1 + max(len(panel.rows) for panel in band)


class Board(VerticalScroll, can_focus=False):
    """Shows panels and, below them, what the exercise is about while that is new."""

    DEFAULT_CSS = """
    Board { height: auto; padding: 0 1; scrollbar-size-vertical: 1; }
    Board > Sheet { width: 1fr; height: auto; }
    """

    def __init__(self, pen: Pen) -> None:
        super().__init__()
        self._pen = pen
        self._panels: tuple[Panel, ...] = ()
        self._tall: tuple[int, int] | None = None

    def compose(self) -> ComposeResult:
        yield Sheet(markup=False)

    def show(self, panels: Sequence[Panel], prose: str = "") -> None:
        """Other panels, and prose under them."""
        from cnn_tutor.render.matrix import ascii_panel

        shown = tuple(map(ascii_panel, panels)) if self._pen.ascii_only else tuple(panels)
        palette = getattr(self.app, "palette", None)
        styles = None if palette is None else palette.styles
        parts: list[RenderableType] = [Tensors(shown, styles)] if shown else []
        if prose.strip():
            parts += [*([Text("")] if parts else []), self._pen.prose(prose.strip())]
        width = self.app.size.width
        before, self._tall = self._tall, None if prose.strip() else (width, self.lines(width, shown))
        sheet, page = self.query_one(Sheet), Group(*parts)
        sheet.draw(page) if self._tall is None else sheet.update(page, layout=self._tall != before)
        self._panels = shown
        self.scroll_home(animate=False)
        self.call_after_refresh(self._reach_asked)

    def lines(self, width: int, panels: Sequence[Panel] | None = None) -> int:
        """How many lines panels (those shown) take on a screen of ``width`` columns."""
        from cnn_tutor.render.matrix import bands

        shown = self._panels if panels is None else panels
        return sum(1 + max(len(panel.rows) for panel in band) for band in bands(shown, width - 2))

    def page(self, direction: int) -> None:
        """Scroll by what is in sight, down or up."""
        self.scroll_page_down(animate=False) if direction > 0 else self.scroll_page_up(animate=False)

    def on_resize(self) -> None:
        self.call_after_refresh(self._reach_asked)

    def _reach_asked(self) -> None:
        """Where the board is too low for all panels, scroll so far that the cell asked is in sight.

        What the student seems to have used comes into sight as well, as far as the cell asked stays.
        """
        width, height = self.scrollable_content_region.size
        asked, used = asked_row(self._panels, width), used_row(self._panels, width)
        if asked is None and used is None:
            return
        last = max(row for row in (asked, used) if row is not None)
        top = last + 1 - height if asked is None else min(last + 1 - height, asked)
        self.scroll_to(y=max(0, top), animate=False)
