"""The app of the lessons: it leads from the list through a lesson to its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.await_complete import AwaitComplete
from textual.screen import Screen

from cnn_tutor.lesson.catalog import Catalog
from cnn_tutor.lesson.schema import Lesson
from cnn_tutor.tui.course import Course
from cnn_tutor.tui.screens.lessons import LessonsScreen
from cnn_tutor.tui.screens.opening import OpeningScreen
from cnn_tutor.tui.seat import Seat
from cnn_tutor.tui.stage import Stage
from cnn_tutor.tutor.beginning import begin
from cnn_tutor.tutor.keeper import Keeper

if TYPE_CHECKING:
    from cnn_tutor.tui.screens.drill_form import DrillFormScreen
    from cnn_tutor.tui.screens.lesson import LessonScreen
    from cnn_tutor.tui.screens.place import PlaceScreen
    from cnn_tutor.tui.screens.placed import PlacedScreen
    from cnn_tutor.tui.screens.summary import SummaryScreen
    from cnn_tutor.tutor.session import Session


PLACEMENT = "placement"
"""The name among the drafts of a placement that is not at its end."""


@dataclass(frozen=True)
class Placing:
    """That the app begins with a placement; ``seed`` is what it is to have, if that matters."""

    seed: int | None = None


class TutorApp(Stage):
    """The tutor on a full screen: the list, and the way through a lesson."""

    def __init__(
        self,
        course: Course,
        seat: Seat,
        *,
        lesson: Lesson | None = None,
        start_key: str | None = None,
        place: str = "",
        placing: Placing | None = None,
        seeds: Callable[[], int] = int,
    ) -> None:
        super().__init__(seat)
        self._course = course
        self._placing = placing
        self._seeds = seeds
        self.errand: tuple[str, ...] = ()
        """What the student wants to do next, in words of the command line."""
        self._place = next((one for one in course.catalog.lessons if one.id == place), None)
        self._lesson = lesson
        self._start_key = start_key

    def get_default_screen(self) -> Screen[None]:
        if self._lesson is None:
            return self._list()
        return OpeningScreen(self._course, self.pen, self._lesson, self._start_key)

    def on_mount(self) -> None:
        if self._placing is not None:
            self._find_place(self._placing.seed)

    def pop_screen(self) -> AwaitComplete:
        """Leave a screen; below a lesson that was named from the start, the list is made only then."""
        return super().pop_screen() if len(self.screen_stack) > 1 else self.switch_screen(self._list())

    def _list(self) -> LessonsScreen:
        return LessonsScreen(self._course, self.pen, self._place)

    @property
    def place(self) -> str:
        """The id of the lesson that the list should mark the next time."""
        return "" if self._place is None else self._place.id

    def on_lessons_screen_chosen(self, event: LessonsScreen.Chosen) -> None:
        self._open(event.lesson)

    def on_lessons_screen_wanted(self, event: LessonsScreen.Wanted) -> None:
        self._place = event.lesson
        self._do(event.words)

    def on_lessons_screen_drill(self, event: LessonsScreen.Drill) -> None:
        from cnn_tutor.tui.screens.drill_form import DrillFormScreen

        self._place = event.lesson
        self.push_screen(DrillFormScreen(self.pen, event.lesson))

    def on_drill_form_screen_wanted(self, event: DrillFormScreen.Wanted) -> None:
        self._do(event.words)

    def on_lessons_screen_standing(self) -> None:
        from cnn_tutor.tui.screens.standing import StandingScreen

        self.push_screen(StandingScreen(self._course, self.pen))

    def on_lessons_screen_map(self) -> None:
        from cnn_tutor.tui.screens.map import MapScreen

        self.push_screen(MapScreen(self._course, self.pen))

    def on_lessons_screen_placement(self) -> None:
        self._find_place(None)

    def on_place_screen_answered(self, event: PlaceScreen.Answered) -> None:
        self.drafts.keep(PLACEMENT, event.placement.text)

    def on_place_screen_found(self, event: PlaceScreen.Found) -> None:
        from cnn_tutor.tui.screens.placed import PlacedScreen

        self.drafts.keep(PLACEMENT, "")
        self.switch_screen(PlacedScreen(self.pen, event.placement))

    def on_placed_screen_chosen(self, event: PlacedScreen.Chosen) -> None:
        self._open(event.lesson)

    def _find_place(self, seed: int | None) -> None:
        """Go on with the placement that was left, unless another ``seed`` is wanted; else begin one."""
        from cnn_tutor.tui.screens.place import PlaceScreen
        from cnn_tutor.tutor.course_map import CourseMap
        from cnn_tutor.tutor.placement import Placement, read

        course = CourseMap(self._course.catalog.lessons)
        left = read(course, self.drafts.take(PLACEMENT))
        if left is None or seed not in (None, left.seed):
            left = Placement(course, self._seeds() if seed is None else seed)
        self.drafts.keep(PLACEMENT, left.text)
        screen = PlaceScreen(self.pen)
        screen.begin(left)
        self.push_screen(screen)

    def _do(self, words: tuple[str, ...]) -> None:
        """Leave the screen for a command, after which the caller begins again here."""
        self.errand = words
        self.exit()

    def on_lessons_screen_played(self, event: LessonsScreen.Played) -> None:
        done = self._course.done(event.lesson)
        settled = frozenset(one.id for one in event.lesson.exercise) if done else frozenset()
        show = self.explore_lesson if event.explored else self.watch_lesson
        show(event.lesson, settled)

    def on_lessons_screen_offered(self) -> None:
        self.offer()

    def on_opening_screen_ready(self, event: OpeningScreen.Ready) -> None:
        self._learn(event.session)

    def on_lesson_screen_finished(self, event: LessonScreen.Finished) -> None:
        from cnn_tutor.tui.screens.summary import SummaryScreen

        self.switch_screen(SummaryScreen(self._course, self.pen, event.session, event.said))

    def on_summary_screen_next(self, event: SummaryScreen.Next) -> None:
        self._open(event.lesson)

    def on_summary_screen_twin(self, event: SummaryScreen.Twin) -> None:
        self._learn(event.session)

    def _open(self, lesson: Lesson, key: str | None = None) -> None:
        """Show the way into ``lesson``."""
        self._lead_to(OpeningScreen(self._course, self.pen, lesson, key))

    def _learn(self, session: Session) -> None:
        """Show the questions of ``session``."""
        self._lead_to(self._lesson_screen(session))

    def _lead_to(self, screen: Screen[None]) -> None:
        """Show a screen above the list, in the place of another one."""
        self.push_screen(screen) if isinstance(self.screen, LessonsScreen) else self.switch_screen(screen)

    def _lesson_screen(self, session: Session) -> LessonScreen:
        from cnn_tutor.tui.screens.lesson import LessonScreen

        screen = LessonScreen(self._course, self.pen)
        screen.begin(session)
        return screen


def run(
    catalog: Catalog,
    keep: Keeper,
    seat: Seat,
    *,
    clock: Callable[[], float],
    lesson: str | None = None,
    start_key: str | None = None,
    fast: bool = False,
    seed: int | None = None,
    place: str = "",
    trouble: str = "",
    placing: Placing | None = None,
    seeds: Callable[[], int] = int,
    begin: Callable[[Lesson, bool, int | None], Session] = begin,
) -> tuple[int, tuple[str, ...], str]:
    """Run the tutor until the student leaves; at the lesson with id ``lesson`` if given, else at the list.

    ``placing`` begins with a placement, whose numbers come from ``seeds`` unless it names its own. The list marks the
    lesson ``place`` and tells of ``trouble``; ``begin`` makes a session of a lesson. Returns the exit code (0 for a
    pause or the end, 130 for Ctrl+C), what the student wants instead, if anything, and the place. Raises UsageError for
    an unknown lesson.
    """
    chosen = None if lesson is None else catalog.get(lesson)
    course = Course(catalog, keep.progress, clock, fast=fast, seed=seed, begin=begin, keep=keep)
    course.notice = trouble or course.notice
    app = TutorApp(course, seat, lesson=chosen, start_key=start_key, place=place, placing=placing, seeds=seeds)
    return app.go(), app.errand, app.place
