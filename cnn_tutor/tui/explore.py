"""The app of ``cnn-tutor explore``: an exercise, or the list of operations, to try things out on."""

from __future__ import annotations

from textual.screen import Screen

from cnn_tutor.lesson.schema import Exercise
from cnn_tutor.terminal import Terminal
from cnn_tutor.tui.pen import Pen
from cnn_tutor.tui.screens.offer import OfferScreen
from cnn_tutor.tui.stage import Stage


class ExploreApp(Stage):
    """The list of operations at the bottom; an exercise above it, if one is given."""

    def __init__(self, exercise: Exercise | None, *, pen: Pen = Pen(), terminal: Terminal = Terminal()) -> None:
        super().__init__(pen, terminal)
        self._exercise = exercise

    def get_default_screen(self) -> Screen[None]:
        return OfferScreen(self.pen)

    def on_mount(self) -> None:
        if self._exercise is not None:
            self.explore(self._exercise)


def run(exercise: Exercise | None, *, terminal: Terminal = Terminal()) -> int:
    """Run until the student leaves; the exit code is 0, or 130 for Ctrl+C."""
    return ExploreApp(exercise, pen=Pen(terminal.ascii_only), terminal=terminal).go()
