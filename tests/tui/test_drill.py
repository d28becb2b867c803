"""A drill on the screen: answers are taken in silence, the clock ends it, the result is read to its code."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from cnn_tutor.errors import ProgressError
from cnn_tutor.lesson.assignment import Show
from cnn_tutor.tui.drill import DrillApp
from cnn_tutor.tui.screens.drill import DrillScreen
from cnn_tutor.tui.seat import Seat
from cnn_tutor.tutor.desk import Desk
from cnn_tutor.tutor.drill import Drill, begin
from cnn_tutor.tutor.keeper import Keeper
from cnn_tutor.tutor.progress import Progress
from cnn_tutor.tutor.result import answers, judge
from tests.course import LESSONS
from tests.tui.student import SIZES, Student

DRILL = Drill(("conv1d", "baseline"), 5, 2, 10)
get = LESSONS.__getitem__


class Clock:
    """Seconds left, as the test wants them."""

    def __init__(self, left: float | None = 600.0) -> None:
        self.seconds = left

    def __call__(self) -> float | None:
        return self.seconds


@asynccontextmanager
async def drilling(
    *,
    size: tuple[int, int] = (80, 24),
    ended: bool = False,
    clock: Clock | None = None,
    show: Show = "answers",
    keep: Keeper | None = None,
    notice: str = "",
) -> AsyncIterator[tuple[Student, Keeper, Desk]]:
    """A student in front of a drill."""
    keep = keep or Keeper(None, lambda: 1.0)
    desk = Desk(DRILL, begin(DRILL, get), {}, clock or Clock(), None, ended, show, notice=notice)
    app = DrillApp(desk, keep, Seat(), keep.warning)
    async with app.run_test(size=size) as pilot:
        student = Student(app, pilot)  # type: ignore[arg-type]
        await student.settle()
        yield student, keep, desk


def nowhere() -> Progress:
    """A log that cannot be opened."""
    raise ProgressError("the disk is full")


def current(student: Student) -> str:
    """The right answer to the question on the screen."""
    screen = student.app.screen
    assert isinstance(screen, DrillScreen)
    assert screen.session is not None
    return screen.session.current.text


async def test_a_drill_that_is_not_kept_says_so_from_its_first_question_to_its_code() -> None:
    keep = Keeper(None, lambda: 1.0, again=nowhere, trouble="the disk is full")
    async with drilling(keep=keep) as (student, _, _desk):
        assert "Not kept: the disk is full. You can go on" in student.page
        await student.answer(current(student))
        assert "Not kept: the disk is full" in student.page
        await student.press("f8", "f8", "end")
        assert student.at == "ResultScreen"
        assert "This result is not kept" in student.page


@pytest.mark.parametrize("size", SIZES)
async def test_a_whole_drill_ends_with_its_result_and_code(size: tuple[int, int]) -> None:
    async with drilling(size=size) as (student, keep, desk):
        assert "10 min left" in student.page
        total = len(desk.session.asked)
        for _ in range(total):
            await student.answer(current(student))
            assert "Correct" not in student.page
        assert "Every question has an answer" in " ".join(student.page.split())
        await student.press("f8")
        assert student.at == "ResultScreen"
        assert f"{total} of {total}" in student.page
        code = judge(DRILL, desk.session, answers(keep.rows, DRILL.run)).code
        assert keep.rows[-1].attempt.text == code
        await student.press("end")
        assert code in "".join(student.page.split())
        await student.press("escape")
        assert not student.app.is_running


async def test_an_assignment_may_show_nothing_at_its_end() -> None:
    async with drilling(show="nothing") as (student, keep, desk):
        assert "what is right is told later" in " ".join(student.page.split())
        for _ in desk.session.asked:
            await student.answer(current(student))
        await student.press("f8")
        assert "Your answers are handed in" in student.page
        assert " of " not in student.page.splitlines()[0]
        assert "CT1-" not in student.page
        assert keep.rows[-1].attempt.text.startswith("CT1-5-")


async def test_what_cannot_be_read_is_said_and_not_taken() -> None:
    async with drilling() as (student, keep, _):
        await student.answer("banana")
        assert "Unreadable" in student.page
        student.line.value = ""
        await student.answer("?")
        assert "no hints" in student.page
        assert keep.rows == []


async def test_an_answer_may_be_changed_until_the_end() -> None:
    async with drilling() as (student, keep, desk):
        await student.answer(current(student))
        right = current(student)
        wrong = " ".join("77" for _ in right.split())
        await student.answer(wrong)
        await student.press("up")
        assert f"You gave: {wrong}" in student.page
        await student.answer(right)
        rows = [row.attempt for row in keep.rows if row.attempt.action == "answer"]
        assert [row.text for row in rows[1:]] == [wrong, right]
        assert [row.misses for row in rows[1:]] == [0, 1]
        assert list(desk.answers.values())[1] == right


async def test_an_answer_that_a_later_question_shows_is_said_to_stay_before_and_after() -> None:
    """The table of y has as many places as there are outputs; its length may not be changed by one who has seen it."""
    async with drilling() as (student, keep, desk):
        assert "your first answer is the one that counts" in " ".join(student.page.split())
        await student.press(">")
        assert "question 3 of" in student.page
        assert "Left for later, and with it what would show the answer." in " ".join(student.page.split())
        await student.press("up")
        assert "question 1 of" in student.page
        await student.answer("9")
        assert "question 2 of" in student.page
        await student.press("up")
        assert "It stays" in student.page
        await student.answer(current(student))
        assert "It stays" in student.page
        assert [(row.attempt.action, row.attempt.text) for row in keep.rows] == [("answer", "9"), ("given", "")]
        assert list(desk.answers.values()) == ["9"]


async def test_an_answer_of_another_shape_is_told_so_and_nothing_more() -> None:
    """Which idea gives so many numbers would say what is wrong."""
    async with drilling() as (student, _, _desk):
        await student.answer(current(student))
        await student.answer("5 -2 -3")
        assert "Unreadable" in student.page
        assert "Maybe" not in student.page


async def test_ending_with_open_questions_needs_a_second_press() -> None:
    async with drilling() as (student, _, _desk):
        await student.press("f8")
        assert student.at == "DrillScreen"
        assert "still open" in student.page
        await student.press("f8")
        assert student.at == "ResultScreen"
        assert "Open:" in student.page


async def test_when_the_time_is_over_nothing_more_is_taken() -> None:
    clock = Clock()
    async with drilling(clock=clock) as (student, keep, _):
        clock.seconds = 0.0
        await student.answer(current(student))
        assert student.at == "ResultScreen"
        assert "The time is over." in student.page
        assert "4 was not handed in before the end, so it does not count." in student.page
        assert [row.attempt.action for row in keep.rows] == ["end"]


async def test_what_stands_in_the_line_at_the_end_of_the_time_is_named() -> None:
    clock = Clock()
    async with drilling(clock=clock) as (student, keep, _):
        await student.press("1", "2")
        clock.seconds = 0.0
        student.app.screen._tick()
        await student.settle()
        assert "12 was not handed in before the end" in student.page
        assert [row.attempt.action for row in keep.rows] == ["end"]


async def test_a_drill_that_was_ended_elsewhere_takes_no_answer() -> None:
    async with drilling() as (student, keep, desk):
        keep((desk.ending,))
        object.__setattr__(desk, "kept", lambda: keep.rows)
        await student.answer(current(student))
        assert student.at == "ResultScreen"
        assert "This drill was ended in another terminal" in student.page
        assert "0 of 6" in student.page
        assert [row.attempt.action for row in keep.rows].count("end") == 1


async def test_that_these_numbers_were_begun_before_is_said_first() -> None:
    async with drilling(notice="You began a drill with these numbers before.") as (student, _, _desk):
        assert "You began a drill with these numbers before." in student.page
        assert "You hear what is right at the end." in student.page


async def test_the_conventions_can_be_read_and_the_clock_ends_that_too() -> None:
    clock = Clock(600.0)
    async with drilling(clock=clock) as (student, _, _desk):
        await student.press("f2")
        assert student.at == "NotesScreen"
        assert "Counting starts at 1" in student.page
        await student.press("escape")
        assert student.at == "DrillScreen"
        await student.press("f2")
        clock.seconds = 0.0
        student.app.screen_stack[0]._tick()
        await student.settle()
        assert student.at == "ResultScreen"


async def test_enter_on_the_last_question_leads_to_what_was_skipped() -> None:
    async with drilling() as (student, _, desk):
        first = current(student)
        await student.answer(first)
        first = current(student)
        await student.press(">")
        for _ in range(len(desk.session.asked) - 2):
            await student.answer(current(student))
        assert "question 2 of" in student.page
        await student.press("up", *["down"] * len(desk.session.asked))
        assert current(student) == first


async def test_one_that_is_over_shows_its_result_again() -> None:
    async with drilling(ended=True) as (student, keep, _):
        assert student.at == "ResultScreen"
        assert keep.rows == []
        await student.press("f1")
        assert student.at == "HelpScreen"


async def test_it_pauses_without_a_result() -> None:
    async with drilling() as (student, keep, _):
        await student.answer(current(student))
        await student.press("escape")
        assert not student.app.is_running
        assert [row.attempt.action for row in keep.rows] == ["answer", "given"]
