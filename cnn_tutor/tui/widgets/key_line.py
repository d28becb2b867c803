"""The last line: which keys do what here. What does not fit is left out whole; F1 has it all."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text
from textual.reactive import reactive
from textual.widget import Widget

from cnn_tutor.language import _
from cnn_tutor.tui.keys import Key
from cnn_tutor.tui.pen import Pen


class KeyLine(Widget):
    """Keys and their labels, the most important first."""

    DEFAULT_CSS = "KeyLine { height: 1; width: 1fr; padding: 0 1; dock: bottom; }"

    keys: reactive[tuple[Key, ...]] = reactive(())

    def __init__(self, pen: Pen, keys: Sequence[Key] = ()) -> None:
        super().__init__()
        self._pen = pen
        self.set_reactive(KeyLine.keys, tuple(keys))

    def render(self) -> Text:
        line = Text(end="", no_wrap=True)
        keymap = getattr(self.app, "keymap", {})
        for key in [one.under(keymap) for one in self.keys]:
            item = self._pen.text((key.face, "bold"), f" {_(key.label)}")
            if line.cell_len + item.cell_len + 2 > self.content_size.width:
                break
            line.append_text(Text.assemble("  " if line else "", item))
        return line
