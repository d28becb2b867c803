"""A page to read above the list: a title, what is to be read, and the way back."""

from __future__ import annotations

from rich.console import RenderableType
from textual.app import ComposeResult
from textual.screen import Screen

from cnn_tutor.tui import keys
from cnn_tutor.tui.keys import Key
from cnn_tutor.tui.pen import Pen
from cnn_tutor.tui.widgets.key_line import KeyLine
from cnn_tutor.tui.widgets.line import Line
from cnn_tutor.tui.widgets.reader import Reader


class PageScreen(Screen[None]):
    """Enter and Esc go back."""

    BINDINGS = keys.bindings(keys.ONWARD, keys.CLOSE)
    SHOWN: tuple[Key, ...] = (keys.CLOSE, keys.NEXT, keys.HELP, keys.QUIT)

    def __init__(self, pen: Pen) -> None:
        super().__init__()
        self._pen = pen

    def compose(self) -> ComposeResult:
        yield Line(self._pen, "title")
        yield Reader()
        yield KeyLine(self._pen, self.SHOWN)

    def show(self, title: str, page: RenderableType) -> None:
        """Another page, from its top."""
        self.query_one("#title", Line).left = title
        self.query_one(Reader).show(page)

    def action_onward(self) -> None:
        """Back to the list."""
        self.app.pop_screen()

    def action_close(self) -> None:
        """Back to the list."""
        self.app.pop_screen()
