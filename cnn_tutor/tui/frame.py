"""What every app of the tutor has: its look, help, leaving, and a word when the terminal is too small."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from rich.color import ColorSystem
from rich.console import RenderableType
from textual import events
from textual._compositor import CompositorUpdate
from textual.app import App
from textual.screen import Screen

from cnn_tutor.tui import keys, patches
from cnn_tutor.tui.pen import Pen
from cnn_tutor.tui.screens.small import SmallScreen, fits
from cnn_tutor.tui.terminal.canvas import Canvas
from cnn_tutor.tui.terminal.driver import TerminalDriver

AnyScreen = TypeVar("AnyScreen", bound=Screen[None])

INTERRUPTED = 130


class Frame(App[None]):
    """An app whose screens are made when first needed, once, and reused."""

    CSS_PATH = "app.tcss"
    BINDINGS = keys.bindings(*keys.APP)
    ENABLE_COMMAND_PALETTE = False
    TITLE = "cnn-tutor"

    def __init__(self, pen: Pen) -> None:
        patches.apply()
        super().__init__(driver_class=TerminalDriver)
        self.theme = "ansi-dark"
        self.animation_level = "none"
        self.pen = pen
        self._made: dict[str, Screen[None]] = {}
        self._canvas: Canvas | None = None

    def on_load(self) -> None:
        self._canvas = Canvas(self.console._color_system or ColorSystem.STANDARD)

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        """Send the cells that differ; where that cannot be worked out, draw as Textual does from then on."""
        driver, canvas = self._driver, self._canvas
        if canvas is None or not isinstance(driver, TerminalDriver) or not isinstance(renderable, CompositorUpdate):
            super()._display(screen, renderable)
            return
        if self._batch_count or not self._running or self._closed:
            return
        try:
            cells = canvas.draw(renderable, self.size, self._caret)
        except (TypeError, ValueError, IndexError):
            self._canvas = None
            self.repaint()
        else:
            driver.write(cells)
            driver.flush()

    @property
    def _caret(self) -> tuple[int, int] | None:
        """Where the terminal's own cursor belongs, as (column, line); nowhere if nothing has the focus that has one."""
        return getattr(self.focused, "caret", None)

    def repaint(self) -> None:
        """Draw everything anew: what the terminal shows is not known any more."""
        if self._canvas is not None:
            self._canvas.forget()
        self.screen.refresh(layout=True, repaint=True)

    def keep_draft(self) -> None:
        """Keep what is typed and not handed in; called when the program has to end at once."""

    def on_resize(self, event: events.Resize) -> None:
        if isinstance(self.screen, SmallScreen):
            if fits(event.size):
                self.pop_screen()
        elif not fits(event.size):
            self.made("small", lambda: SmallScreen(self.pen))
            self.push_screen("small")

    def action_help(self) -> None:
        """Show help above whatever is there."""
        from cnn_tutor.tui.screens.help import HelpScreen

        if not isinstance(self.screen, HelpScreen | SmallScreen):
            self.made("help", lambda: HelpScreen(self.pen))
            self.push_screen("help")

    def action_stop(self) -> None:
        """Leave as an interrupted program does."""
        self.exit(return_code=INTERRUPTED)

    def made(self, name: str, make: Callable[[], AnyScreen]) -> AnyScreen:
        """The screen of that name, made and installed if this is the first time."""
        if name not in self._made:
            self._made[name] = make()
            self.install_screen(self._made[name], name)
        return self._made[name]  # type: ignore[return-value]
