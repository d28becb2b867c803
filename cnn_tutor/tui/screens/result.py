"""The result of a drill: problem by problem, what went wrong, the code."""

from __future__ import annotations

from collections.abc import Iterable

from rich.text import Text
from textual.app import ComposeResult
from textual.screen import Screen

from cnn_tutor.tui import keys
from cnn_tutor.tui.pen import Pen
from cnn_tutor.tui.widgets.key_line import KeyLine
from cnn_tutor.tui.widgets.line import Line
from cnn_tutor.tui.widgets.reader import Reader


class ResultScreen(Screen[None]):
    """A page to read; Enter and Esc leave."""

    BINDINGS = keys.bindings(keys.ONWARD, keys.CLOSE)

    def __init__(self, title: str, score: str, lines: Iterable[str], pen: Pen) -> None:
        super().__init__()
        self._title, self._score = title, score
        self._lines = tuple(lines)
        self._pen = pen

    def compose(self) -> ComposeResult:
        yield Line(self._pen, "title")
        yield Reader()
        yield KeyLine(self._pen, (keys.NEXT, keys.STOP_HERE, keys.HELP, keys.QUIT))

    def on_mount(self) -> None:
        title = self.query_one("#title", Line)
        title.left, title.right = self._title, self._score
        self.query_one(Reader).show(Text("\n").join(self._line(one) for one in self._lines))

    def _line(self, line: str) -> Text:
        """A heading, or a line whose first word says what it is."""
        if line.startswith("\n"):
            return self._pen.text(("\n" + line.strip(), "bold"))
        word, colon, rest = line.partition(":")
        return self._pen.text((word + colon, "bold"), rest) if colon and " " not in word else self._pen.text(line)

    def action_onward(self) -> None:
        """Leave."""
        self.app.exit()

    action_close = action_onward
