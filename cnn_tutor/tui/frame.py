"""What every app of the tutor has: its look, help, leaving, and a word when the terminal is too small."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from textual import events
from textual.app import App
from textual.screen import Screen

from cnn_tutor.tui import keys, patches
from cnn_tutor.tui.pen import Pen
from cnn_tutor.tui.screens.small import SmallScreen, fits

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
        super().__init__()
        self.theme = "ansi-dark"
        self.animation_level = "none"
        self.pen = pen
        self._made: dict[str, Screen[None]] = {}

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
