"""What watching and exploring need of an app: the way between their screens, and numbers worked out on a thread."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual import work
from textual.screen import Screen

from cnn_tutor.errors import ShapeError
from cnn_tutor.tui.frame import Frame

if TYPE_CHECKING:
    from cnn_tutor.lesson.schema import Exercise, Lesson
    from cnn_tutor.tui.screens.explore import ExploreScreen
    from cnn_tutor.tui.screens.lesson import LessonScreen
    from cnn_tutor.tui.screens.offer import OfferScreen
    from cnn_tutor.tui.screens.watch import WatchScreen
    from cnn_tutor.tutor.film import Film
    from cnn_tutor.tutor.watch import Reel


class Stage(Frame):
    """An app in which exercises can be watched and explored. Above a screen there is one watch and one explore."""

    def on_lesson_screen_played(self, event: LessonScreen.Played) -> None:
        session = event.session
        show = self.explore_lesson if event.explored else self.watch_lesson
        show(session.lesson, session.settled_exercises, session.current.exercise.id)

    def on_watch_screen_explored(self, event: WatchScreen.Explored) -> None:
        self.explore(event.exercise)

    def on_explore_screen_watched(self, event: ExploreScreen.Watched) -> None:
        self._watch(event.film, None)

    def on_offer_screen_chosen(self, event: OfferScreen.Chosen) -> None:
        self.explore(event.exercise)

    def offer(self) -> None:
        """Every operation there is, to choose one."""
        from cnn_tutor.tui.screens.offer import OfferScreen

        self.push_screen(OfferScreen(self.pen))

    def watch_lesson(self, lesson: Lesson, settled: frozenset[str], exercise: str = "") -> None:
        """Watch the exercises of a lesson; of those that are not ``settled``, on other numbers."""
        self._load(lesson, settled, exercise, explored=False)

    def explore_lesson(self, lesson: Lesson, settled: frozenset[str], exercise: str = "") -> None:
        """Try things out on an exercise of a lesson; where it is not ``settled``, on other numbers."""
        self._load(lesson, settled, exercise, explored=True)

    @work(exclusive=True, group="stage")
    async def _load(self, lesson: Lesson, settled: frozenset[str], exercise: str, *, explored: bool) -> None:
        before = self.screen
        loaded = await asyncio.to_thread(_loaded, lesson, settled, exercise)
        if loaded is None or self.screen is not before:
            self.bell() if loaded is None else None
        elif explored:
            self.explore(loaded[0].exercise)
        else:
            self._watch(*loaded)

    def explore(self, exercise: Exercise) -> None:
        """Try things out on an exercise."""
        from cnn_tutor.tui.screens.explore import ExploreScreen
        from cnn_tutor.tutor.explore import begin

        screen = self.shown(ExploreScreen) or ExploreScreen(self.pen)
        screen.begin(begin(exercise))
        self._show(screen)

    def _watch(self, film: Film, reel: Reel | None) -> None:
        from cnn_tutor.tui.screens.watch import WatchScreen
        from cnn_tutor.tutor.watch import Watch

        screen = self.shown(WatchScreen) or WatchScreen(self.pen)
        screen.begin(Watch(film), reel)
        self._show(screen)

    def _show(self, screen: Screen[None]) -> None:
        """A screen on top; one that is somewhere below comes up again in the place of those above it."""
        if screen in self.screen_stack:
            while self.screen is not screen:
                self.pop_screen()
        else:
            self.push_screen(screen)


def _loaded(lesson: Lesson, settled: frozenset[str], exercise: str) -> tuple[Film, Reel] | None:
    """The film of an exercise with the numbers that may be shown; None where there is nothing to see."""
    from cnn_tutor.tutor.film import film
    from cnn_tutor.tutor.watch import reel

    found = reel(lesson, settled, exercise)
    try:
        return None if found is None else (film(found.shown()), found)
    except ShapeError:
        return None
