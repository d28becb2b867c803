"""The app of the lessons: it leads from the list through a lesson to its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.screen import Screen

from cnn_tutor.lesson.catalog import Catalog
from cnn_tutor.lesson.schema import Lesson
from cnn_tutor.tui.course import Course
from cnn_tutor.tui.screens.lessons import LessonsScreen
from cnn_tutor.tui.seat import Seat
from cnn_tutor.tui.stage import Stage
from cnn_tutor.tutor.beginning import begin
from cnn_tutor.tutor.progress import Progress

if TYPE_CHECKING:
    from cnn_tutor.tui.screens.drill_form import DrillFormScreen
    from cnn_tutor.tui.screens.lesson import LessonScreen
    from cnn_tutor.tui.screens.opening import OpeningScreen
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
        return LessonsScreen(self._course, self.pen, self._place)

    def on_mount(self) -> None:
        if self._lesson is not None:
            self._open(self._lesson, self._start_key)
        elif self._placing is not None:
            self._find_place(self._placing.seed)

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
        self.made("drill_form", lambda: DrillFormScreen(self.pen)).lesson = event.lesson
        self.push_screen("drill_form")

    def on_drill_form_screen_wanted(self, event: DrillFormScreen.Wanted) -> None:
        self._do(event.words)

    def on_lessons_screen_standing(self) -> None:
        from cnn_tutor.tui.screens.standing import StandingScreen

        self.made("standing", lambda: StandingScreen(self._course, self.pen))
        self.push_screen("standing")

    def on_lessons_screen_map(self) -> None:
        from cnn_tutor.tui.screens.map import MapScreen

        self.made("map", lambda: MapScreen(self._course, self.pen))
        self.push_screen("map")

    def on_lessons_screen_placement(self) -> None:
        self._find_place(None)

    def on_place_screen_answered(self, event: PlaceScreen.Answered) -> None:
        self.drafts.keep(PLACEMENT, event.placement.text)

    def on_place_screen_found(self, event: PlaceScreen.Found) -> None:
        from cnn_tutor.tui.screens.placed import PlacedScreen

        self.drafts.keep(PLACEMENT, "")
        self.made("placed", lambda: PlacedScreen(self.pen)).placement = event.placement
        self.switch_screen("placed")

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
        self.made("place", lambda: PlaceScreen(self.pen)).begin(left)
        self.push_screen("place")

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

        summary = self.made("summary", lambda: SummaryScreen(self._course, self.pen))
        summary.session, summary.said = event.session, event.said
        self.switch_screen("summary")

    def on_summary_screen_next(self, event: SummaryScreen.Next) -> None:
        self._open(event.lesson)

    def on_summary_screen_twin(self, event: SummaryScreen.Twin) -> None:
        self._learn(event.session)

    def _open(self, lesson: Lesson, key: str | None = None) -> None:
        """Show the way into ``lesson``, above the list."""
        from cnn_tutor.tui.screens.opening import OpeningScreen

        self.made("opening", lambda: OpeningScreen(self._course, self.pen)).choose(lesson, key)
        if len(self.screen_stack) > 1:
            self.switch_screen("opening")
        else:
            self.push_screen("opening")

    def _learn(self, session: Session) -> None:
        """Show the questions of ``session``."""
        from cnn_tutor.tui.screens.lesson import LessonScreen

        self.made("lesson", lambda: LessonScreen(self._course, self.pen)).begin(session)
        self.switch_screen("lesson")


def run(
    catalog: Catalog,
    progress: Progress | None,
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
    course = Course(catalog, progress, clock, fast=fast, seed=seed, begin=begin)
    course.notice = trouble or course.notice
    app = TutorApp(course, seat, lesson=chosen, start_key=start_key, place=place, placing=placing, seeds=seeds)
    return app.go(), app.errand, app.place
