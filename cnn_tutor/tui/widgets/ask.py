"""What is asked: the formula with this step's numbers, the prompt, and the options of a choice."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from cnn_tutor.tui.pen import Pen
from cnn_tutor.tui.widgets.sheet import Sheet


class AskArea(Sheet):
    """Right above the answer line."""

    DEFAULT_CSS = "AskArea { height: auto; padding: 0 1; }"

    def __init__(self, pen: Pen) -> None:
        super().__init__(markup=False)
        self._pen = pen

    def show(self, formula: str, prompt: str, options: Sequence[tuple[str, str]] = ()) -> None:
        """Another question."""
        palette = getattr(self.app, "palette", None)
        style = palette.formula if palette is not None else ""
        lines: list[RenderableType] = [Text(self._pen.write(formula), style)] if formula else []
        lines.append(self._pen.text((prompt, "bold")))
        if options:
            table = Table.grid(padding=(0, 2, 0, 0))
            for number, option in options:
                table.add_row(self._pen.text(f"  {number}"), self._pen.text(option))
            lines.append(table)
        self.draw(Group(*lines))
