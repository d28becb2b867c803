"""A short text that takes the lines it needs, and none when it is empty."""

from __future__ import annotations

from rich.text import Text
from textual.reactive import reactive
from textual.widget import Widget

from cnn_tutor.tui.pen import Pen


class Notice(Widget):
    """Plain words; hidden while there are none."""

    DEFAULT_CSS = "Notice { height: auto; padding: 0 1; display: none; } Notice.-said { display: block; }"

    text: reactive[str] = reactive("", layout=True)

    def __init__(self, pen: Pen, role: str | None = None) -> None:
        super().__init__(id=role)
        self._pen = pen

    def watch_text(self, text: str) -> None:
        self.set_class(bool(text), "-said")

    def render(self) -> Text:
        return self._pen.text(self.text)
