"""A page to read: it scrolls by line and by page, and nothing on it can be edited."""

from __future__ import annotations

from rich.console import RenderableType
from textual.app import ComposeResult
from textual.containers import VerticalScroll

from cnn_tutor.tui import keys
from cnn_tutor.tui.widgets.sheet import Sheet


class Reader(VerticalScroll):
    """A column of text of a comfortable width."""

    BINDINGS = keys.bindings(keys.NEXT, keys.PREVIOUS, keys.DOWN, keys.UP)
    DEFAULT_CSS = """
    Reader { height: 1fr; padding: 1 2; scrollbar-size-vertical: 1; }
    Reader > Sheet { width: 1fr; max-width: 88; height: auto; }
    """

    def compose(self) -> ComposeResult:
        yield Sheet(markup=False)

    def show(self, page: RenderableType) -> None:
        """Another page, from its top."""
        self.query_one(Sheet).update(page)
        self.scroll_home(animate=False)
