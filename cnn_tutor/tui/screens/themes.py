"""Choose a theme: the arrows show it, Enter keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Group
from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import OptionList, Static

from cnn_tutor.language import _
from cnn_tutor.options import THEMES
from cnn_tutor.render.palette import PALETTES
from cnn_tutor.tui import keys
from cnn_tutor.tui.pen import Pen
from cnn_tutor.tui.widgets.board import Tensors
from cnn_tutor.tui.widgets.key_line import KeyLine
from cnn_tutor.tui.widgets.line import Line
from cnn_tutor.tui.widgets.notice import Notice
from cnn_tutor.tui.widgets.rows import Rows

if TYPE_CHECKING:
    from cnn_tutor.tui.frame import Frame


class ThemesScreen(Screen[None]):
    """The themes, and a sample in the one that is marked."""

    BINDINGS = keys.bindings(keys.CLOSE)

    DEFAULT_CSS = """
    ThemesScreen Rows, ThemesScreen Rows:focus { height: auto; }
    ThemesScreen #sample { margin: 0 2; height: auto; }
    """

    def __init__(self, pen: Pen) -> None:
        super().__init__()
        self._pen = pen
        self._before = THEMES[0]

    def compose(self) -> ComposeResult:
        yield Line(self._pen, "title")
        yield Rows()
        yield Static(id="sample", markup=False)
        yield Notice(self._pen, "notice")
        yield KeyLine(self._pen, (keys.KEEP, keys.LIST_DOWN, keys.CLOSE))

    def on_screen_resume(self) -> None:
        self.query_one("#title", Line).left = _("Theme")
        self._before = self._frame.chosen
        rows = self.query_one(Rows)
        labels = [(PALETTES[name].label, PALETTES[name].meant_for) for name in THEMES]
        marked = THEMES.index(self._before)
        rows.show(((self._pen.text(f"  {_(label)}: {_(meant)}"), True) for label, meant in labels), marked)
        rows.focus()
        colour = "" if self._frame.terminal.color else _("This terminal, or NO_COLOR, does without colour.")
        self.query_one("#notice", Notice).text = colour

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        self._frame.look(THEMES[event.option_index])
        self._show_sample()

    def _show_sample(self) -> None:
        from cnn_tutor.render.matrix import ascii_panel
        from cnn_tutor.tutor.panel import Cell, Mark, Panel

        read, asked = Mark.READ, Mark.ASKED
        x = Panel("x", ((Cell("0", Mark.PADDING), Cell("2", read), Cell("0", read), Cell("3"), Cell("1")),))
        w = Panel("w", ((Cell("1", read), Cell("−1", read)),))
        y = Panel("y", ((Cell("2", Mark.TYPED), Cell("?", asked), Cell("·", Mark.HIDDEN)),))
        used = Panel("used", ((Cell("0", Mark.USED), Cell("3", Mark.USED)),))
        panels = (x, w, y, used)
        shown = tuple(map(ascii_panel, panels)) if self._pen.ascii_only else panels
        palette = self._frame.palette
        formula = self._pen.text((_("y₂ = 2·1 + 0·(−1) = ?"), str(palette.formula)))
        self.query_one("#sample", Static).update(Group(Tensors(shown, palette.styles), formula))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        trouble = self._frame.wishes.keep_theme(THEMES[event.option_index])
        if trouble:
            self.query_one("#notice", Notice).text = trouble
        else:
            self.app.pop_screen()

    def action_close(self) -> None:
        """As it was before."""
        self._frame.look(self._before)
        self.app.pop_screen()

    @property
    def _frame(self) -> Frame:
        from cnn_tutor.tui.frame import Frame

        assert isinstance(self.app, Frame)
        return self.app
