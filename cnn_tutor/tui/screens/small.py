"""Shown while the terminal is too small; what lies behind it stays as it is."""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.geometry import Size
from textual.screen import Screen

from cnn_tutor.language import _
from cnn_tutor.tui.pen import Pen
from cnn_tutor.tui.widgets.notice import Notice

COLUMNS = 60
LINES = 20


def fits(size: Size) -> bool:
    """Whether the screens can be shown."""
    return size.width >= COLUMNS and size.height >= LINES


class SmallScreen(Screen[None]):
    """Says what is needed."""

    def __init__(self, pen: Pen) -> None:
        super().__init__()
        self._pen = pen

    def compose(self) -> ComposeResult:
        yield Notice(self._pen)

    def on_mount(self) -> None:
        self._say(self.app.size)

    def on_resize(self, event: events.Resize) -> None:
        self._say(event.size)

    def _say(self, size: Size) -> None:
        has = _("This window has {columns} columns and {lines} lines.").format(columns=size.width, lines=size.height)
        needs = _("The tutor needs {columns} x {lines}: please enlarge it.").format(columns=COLUMNS, lines=LINES)
        self.query_one(Notice).text = " ".join((needs, has, _("Nothing is lost meanwhile; Ctrl+Q leaves.")))
