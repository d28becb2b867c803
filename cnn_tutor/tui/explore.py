"""The app of ``cnn-tutor explore``: an exercise, or the list of operations, to try things out on."""

from __future__ import annotations

from textual.screen import Screen

from cnn_tutor.lesson.schema import Exercise
from cnn_tutor.tui.screens.offer import OfferScreen
from cnn_tutor.tui.seat import Seat
from cnn_tutor.tui.stage import Stage


class ExploreApp(Stage):
    """The list of operations at the bottom; an exercise above it, if one is given."""

    def __init__(self, exercise: Exercise | None, seat: Seat) -> None:
        super().__init__(seat)
        self._exercise = exercise

    def get_default_screen(self) -> Screen[None]:
        return OfferScreen(self.pen)

    def on_mount(self) -> None:
        if self._exercise is not None:
            self.explore(self._exercise)


def run(exercise: Exercise | None, seat: Seat) -> int:
    """Run until the student leaves; the exit code is 0, or 130 for Ctrl+C."""
    return ExploreApp(exercise, seat).go()
