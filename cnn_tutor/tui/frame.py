"""What every app of the tutor has: its look, help, leaving, and a word when the terminal is too small."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Any, TypeVar

from rich.color import ColorSystem
from textual import events
from textual._compositor import CompositorUpdate
from textual.app import App
from textual.await_complete import AwaitComplete
from textual.filter import NoColor
from textual.screen import Screen

from cnn_tutor.render.palette import PALETTES
from cnn_tutor.tui import keys, patches
from cnn_tutor.tui.screens.small import SmallScreen, fits
from cnn_tutor.tui.seat import Seat
from cnn_tutor.tui.terminal.canvas import Canvas
from cnn_tutor.tui.terminal.driver import TerminalDriver
from cnn_tutor.tui.themes import own_theme, textual_theme
from cnn_tutor.tui.widgets.answer import AnswerLine

if TYPE_CHECKING:
    from cnn_tutor.tui.screens.lesson import LessonScreen
    from cnn_tutor.tui.screens.silent import SilentScreen
    from cnn_tutor.tutor.session import Session

AnyScreen = TypeVar("AnyScreen", bound=Screen[Any])

INTERRUPTED = 130
CALM = 1.0
"""Seconds after the first frame at which memory is tidied up for the first time."""


class Frame(App[None]):
    """An app whose screens are made when they are needed and let go when they are left."""

    CSS_PATH = "app.tcss"
    BINDINGS = keys.bindings(*keys.APP)
    ENABLE_COMMAND_PALETTE = False
    TITLE = "cnn-tutor"

    def __init__(self, seat: Seat) -> None:
        patches.apply()
        self.terminal, self.drafts, self.wishes = seat.terminal, seat.drafts, seat.wishes
        self.pen = seat.pen
        self._quit = seat.quit
        super().__init__(driver_class=TerminalDriver)
        self.look(self.wishes.theme)
        self.animation_level = "none"
        self._canvas: Canvas | None = None
        if not self.terminal.color:
            self._filters = [NoColor()]

        self.keymap, faults = keys.checked(self.wishes.keymap)
        self.faults = (*self.wishes.faults, *faults)
        if self.keymap:
            self.set_keymap(self.keymap)

    def look(self, name: str) -> None:
        """Draw in the theme of that name from now on."""
        own = own_theme(name)
        if own is not None:
            self.register_theme(own)
        self.chosen, self.palette = name, PALETTES[name]
        self.theme = textual_theme(name)

    def refresh_css(self, animate: bool = True) -> None:
        """Textual's; at the start nothing has been parsed that would have to be parsed anew for the theme."""
        if self._is_mounted:
            super().refresh_css(animate)
        else:
            self.stylesheet.set_variables(self.get_css_variables())

    def on_load(self) -> None:
        if not self.terminal.draws_whole:
            system = self.console._color_system or ColorSystem.STANDARD
            self._canvas = Canvas(system, color=self.terminal.color)

    def on_mount(self) -> None:
        self.set_class(self._draws_cells, "-own-cursor")
        gc.disable()
        self.set_timer(CALM, self._tidy)

    def _tidy(self) -> None:
        """Collect garbage again. Textual asks for the signature of a callback; a built-in's takes a millisecond."""
        gc.enable()

    @property
    def _draws_cells(self) -> bool:
        """Whether cells that differ are sent, and the terminal's own cursor is shown."""
        return self._canvas is not None and isinstance(self._driver, TerminalDriver)

    def _display(self, screen: Screen[object], renderable: Any) -> None:
        """Send the cells that differ; where that cannot be worked out, draw as Textual does from then on."""
        if not self._draws_cells or not isinstance(renderable, CompositorUpdate):
            super()._display(screen, renderable)
        elif self._running and not self._batch_count and not self._closed:
            self._draw(renderable)

    def _draw(self, update: CompositorUpdate | None) -> None:
        assert self._canvas is not None and self._driver is not None
        try:
            cells = self._canvas.draw(update, self.size, getattr(self.focused, "caret", None))
        except Exception as error:
            self.log.error(error)
            self._canvas = None
            self.set_class(False, "-own-cursor")
            self.repaint()
        else:
            self._driver.write(cells)
            self._driver.flush()

    def switch_screen(self, screen: Screen[Any] | str) -> AwaitComplete:
        """Textual's, from the first screen of all too; what it takes off a screen there has never been put on."""
        if not getattr(self.screen, "_result_callbacks", True):
            self.screen._push_result_callback(self.screen, None)
        return super().switch_screen(screen)

    def shown(self, kind: type[AnyScreen]) -> AnyScreen | None:
        """The screen of this kind that is on top or somewhere below, if there is one."""
        return next((one for one in self.screen_stack if isinstance(one, kind)), None)

    def _set_pointer_shape(self, shape: str) -> None:
        """The mouse pointer stays as it is: terminals that do not know the sequence would show it as text."""

    def repaint(self) -> None:
        """Draw everything anew: what the terminal shows is not known any more."""
        if self._canvas is not None:
            self._canvas.forget()
            self._draw(None)
        else:
            self.screen.refresh(layout=True, repaint=True)

    def keep_drafts(self) -> None:
        """Keep what is typed and not handed in; never raises, because the program may be ending."""
        for screen in self.screen_stack:
            for line in screen.query(AnswerLine):
                line.keep_draft()

    def exit(self, *arguments: Any, **options: Any) -> None:
        self.keep_drafts()
        super().exit(*arguments, **options)

    def _fatal_error(self) -> None:
        """End after an error of the program, without the traceback that Textual would print."""
        self.keep_drafts()
        self._close_messages_no_wait()

    def go(self) -> int:
        """Run until the student leaves; the exit code is 0, or 130 for Ctrl+C. Raises what went wrong inside."""
        self.run(mouse=self.terminal.mouse)
        if self._exception is not None:
            raise self._exception
        return self.return_code or 0

    def on_resize(self, event: events.Resize) -> None:
        if isinstance(self.screen, SmallScreen):
            if fits(event.size):
                self.pop_screen()
        elif not fits(event.size):
            self.push_screen(SmallScreen(self.pen))

    def action_help(self) -> None:
        """Show help above whatever is there."""
        from cnn_tutor.tui.screens.help import HelpScreen

        if not isinstance(self.screen, HelpScreen | SmallScreen):
            self.push_screen(HelpScreen(self.pen, topic(self.screen)))

    def action_commands(self) -> None:
        """Everything that can be done on this screen, to be found by name."""
        from cnn_tutor.tui.screens.commands import CommandsScreen

        if not isinstance(self.screen, CommandsScreen | SmallScreen):
            self.push_screen(CommandsScreen(self.pen, self.screen))

    def action_theme(self) -> None:
        """Choose another theme."""
        from cnn_tutor.tui.screens.themes import ThemesScreen

        if not isinstance(self.screen, ThemesScreen | SmallScreen):
            self.push_screen(ThemesScreen(self.pen))

    def on_lesson_screen_read_notes(self, event: LessonScreen.ReadNotes) -> None:
        self._read_notes(event.session)

    def on_silent_screen_read_notes(self, event: SilentScreen.ReadNotes) -> None:
        self._read_notes(event.session)

    def _read_notes(self, session: Session) -> None:
        """The exercise and its conventions, above the question."""
        from cnn_tutor.tui.screens.notes import NotesScreen

        self.push_screen(NotesScreen(self.pen, session.lesson, session.current.exercise))

    async def action_quit(self) -> None:
        """Leave the tutor."""
        self._quit()
        self.exit()

    def action_stop(self) -> None:
        """Leave as an interrupted program does."""
        self.exit(return_code=INTERRUPTED)


def topic(screen: Screen[Any]) -> str:
    """Which section of the keys is about ``screen``."""
    return getattr(screen, "TOPIC", keys.PAGES)
