"""A few lines of words that change often: what stays the same is not drawn again, and the layout only if it must."""

from __future__ import annotations

from rich.text import Text

from cnn_tutor.tui.pen import Pen
from cnn_tutor.tui.widgets.sheet import Sheet


class Words(Sheet):
    """As many lines as its text needs."""

    DEFAULT_CSS = "Words { height: auto; padding: 0 1; }"

    def __init__(self, pen: Pen, role: str) -> None:
        super().__init__(id=role, markup=False)
        self._pen = pen
        self._said = Text()
        self._width = 0

    def say(self, *paragraphs: str | tuple[str, str]) -> None:
        """Other paragraphs, each plain or with a style, which may be ``formula``; empty ones are left out."""
        styled = [(one, "") if isinstance(one, str) else (one[0], self._style(one[1])) for one in paragraphs]
        text = Text("\n").join(self._pen.text(one) for one in styled if one[0])
        before, self._said = self._said, text
        if text != before or text.spans != before.spans or self._width != self.app.size.width:
            is_as_tall = self._lines(text) == self._lines(before) and self._width == self.app.size.width
            self._width = self.app.size.width
            self.update(text, layout=not is_as_tall)

    def _style(self, name: str) -> str:
        """A style by its name; that of formulas is the theme's."""
        palette = getattr(self.app, "palette", None)
        return str(palette.formula) if name == "formula" and palette is not None else name

    @property
    def lines(self) -> int:
        """How many lines it takes on a screen as wide as this one."""
        return self._lines(self._said)

    def _lines(self, text: Text) -> int:
        return len(text.wrap(self.app.console, self.app.size.width - 2)) if text else 0
