"""The watch screen: it follows the steps by keys alone, keeps time only while it plays, and gives no answer away."""

import pytest

from cnn_tutor.lesson.catalog import catalog
from cnn_tutor.tui.screens.watch import WatchScreen
from cnn_tutor.tutor.watch import Watch, step
from tests.tui.student import SIZES, Student, desk


def now(student: Student) -> Watch:
    screen = student.app.shown(WatchScreen)
    assert screen is not None
    assert screen.now is not None
    return screen.now


@pytest.mark.parametrize("size", SIZES)
async def test_a_film_is_gone_through_by_keys(size: tuple[int, int]) -> None:
    async with desk(catalog=catalog(), size=size) as student:
        await student.press("w")
        assert student.at == "WatchScreen"
        assert "step 1 of" in student.page
        await student.press("right", "right")
        assert (now(student).position, now(student).playing) == (2, False)
        await student.press("left")
        assert now(student).position == 1
        await student.press("end")
        assert now(student).at_end
        await student.press("home")
        assert "step 1 of" in student.page
        while "window 1" not in student.page:
            await student.press("right")
        await student.press("down")
        assert "window 2" in student.page
        await student.press("up")
        assert "window 1" in student.page
        await student.press("escape")
        assert student.at == "LessonsScreen"


async def test_it_keeps_time_only_while_it_plays() -> None:
    async with desk(catalog=catalog()) as student:
        await student.press("w")
        screen = student.app.screen
        assert isinstance(screen, WatchScreen)
        assert screen._timer is None
        await student.press("space")
        assert screen._timer is not None
        assert "1 a second" in student.page
        await student.press("plus")
        assert screen._timer._interval == 0.5
        before = now(student).position
        screen._tick()
        assert now(student).position == before + 1
        await student.press("space")
        assert screen._timer is None
        assert "paused" in student.page
        await student.press("space")
        await student.press("f1")
        assert screen._timer is None, "nothing runs behind another screen"
        await student.press("escape")
        assert not now(student).playing


async def test_at_the_end_it_stops_by_itself() -> None:
    async with desk(catalog=catalog()) as student:
        await student.press("w", "end", "left", "space")
        screen = student.app.screen
        assert isinstance(screen, WatchScreen)
        screen._tick()
        await student.settle()
        assert now(student).at_end
        assert screen._timer is None


async def test_other_numbers_and_other_exercises() -> None:
    async with desk(catalog=catalog()) as student:
        await student.press("down", "down", "down", "down", "w")
        first = now(student).film.exercise
        await student.press("n")
        assert now(student).film.exercise.tensors != first.tensors
        await student.press("pagedown")
        assert now(student).film.exercise.id != first.id


async def test_in_a_lesson_no_open_answer_is_played() -> None:
    async with desk(catalog=catalog()) as student:
        await student.begin()
        await student.type("5")
        await student.press("f3")
        assert student.at == "WatchScreen"
        assert "other numbers than the lesson's" in student.page
        session = student.session
        assert now(student).film.exercise.tensors != session.current.exercise.tensors
        await student.press("escape")
        assert student.at == "LessonScreen"
        assert student.line.value == "5"
        assert student.session is session


async def test_what_is_watched_can_be_explored_and_watched_again() -> None:
    async with desk(catalog=catalog()) as student:
        await student.press("w", "e")
        assert student.at == "ExploreScreen"
        await student.answer("stride = 2")
        await student.press("f3")
        assert student.at == "WatchScreen"
        assert "⌊" in "".join(_formulas(student))
        await student.press("escape")
        assert student.at == "LessonsScreen"


def _formulas(student: Student) -> list[str]:
    from cnn_tutor.tutor.told import tell

    watch = now(student)
    return [tell(watch.film, step(watch, by).position).formula for by in range(8)]


async def test_a_lesson_of_choices_alone_has_nothing_to_watch() -> None:
    only = [lesson for lesson in catalog().lessons if lesson.id == "summary"]
    async with desk(catalog=type(catalog())(tuple(only))) as student:
        await student.press("w")
        assert student.at == "LessonsScreen"


async def test_in_ascii_everything_is_ascii() -> None:
    async with desk(catalog=catalog(), ascii_only=True) as student:
        await student.press("w", "right", "right", "end", "left", "left")
        assert student.page.isascii()
        await student.press("e", "tab", "tab")
        assert student.page.isascii()
