"""One line with something at its left end and something at its right."""

from __future__ import annotations

from rich.text import Text
from textual.reactive import reactive
from textual.widget import Widget

from cnn_tutor.tui.pen import Pen


class Line(Widget):
    """A line of text; what is too long is cut at the left part's end, so that the right part stays."""

    DEFAULT_CSS = "Line { height: 1; width: 1fr; padding: 0 1; }"

    left: reactive[str] = reactive("")
    right: reactive[str] = reactive("")

    def __init__(self, pen: Pen, role: str | None = None) -> None:
        super().__init__(id=role)
        self._pen = pen

    def render(self) -> Text:
        width = self.content_size.width
        right = Text(self._pen.write(self.right))
        left = Text(self._pen.write(self.left), no_wrap=True)
        room = max(0, width - right.cell_len - (2 if right else 0))
        left.truncate(room, overflow="crop" if self._pen.ascii_only else "ellipsis", pad=False)
        return Text.assemble(left, " " * max(0, width - left.cell_len - right.cell_len), right, end="")
