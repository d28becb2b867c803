"""The card between two problems: what happened, how far the skills are, and whether to go on."""

from __future__ import annotations

from rich.text import Text
from textual.app import ComposeResult
from textual.message import Message
from textual.screen import Screen

from cnn_tutor.tui import keys
from cnn_tutor.tui.pen import Pen
from cnn_tutor.tui.widgets.key_line import KeyLine
from cnn_tutor.tui.widgets.line import Line
from cnn_tutor.tui.widgets.reader import Reader


class CardScreen(Screen[None]):
    """Some paragraphs; Enter goes on, Esc stops."""

    BINDINGS = keys.bindings(keys.ONWARD, keys.CLOSE)

    class Onward(Message):
        """The student wants the next problem."""

    def __init__(self, title: str, paragraphs: tuple[str, ...], pen: Pen) -> None:
        super().__init__()
        self._title = title
        self._paragraphs = paragraphs
        self._pen = pen

    def compose(self) -> ComposeResult:
        yield Line(self._pen, "title")
        yield Reader()
        yield KeyLine(self._pen, (keys.ONWARD, keys.STOP_HERE, keys.HELP, keys.QUIT))

    def say(self, *paragraphs: str) -> None:
        """What to show next."""
        self._paragraphs = paragraphs
        if self.is_current:
            self.on_screen_resume()

    def on_screen_resume(self) -> None:
        self.query_one("#title", Line).left = self._title
        self.query_one(Reader).show(Text("\n\n").join(self._pen.text(one) for one in self._paragraphs if one))

    def action_onward(self) -> None:
        """The next problem."""
        self.post_message(self.Onward())

    def action_close(self) -> None:
        """Stop."""
        self.app.exit()
