"""Practice on the screen: a card, a problem with its example, a card again."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from cnn_tutor.errors import ProgressError
from cnn_tutor.tui.practice import PracticeApp
from cnn_tutor.tui.seat import Seat
from cnn_tutor.tutor.attempt import Attempt
from cnn_tutor.tutor.practice import tasks
from cnn_tutor.tutor.sitting import Sitting
from tests.course import LESSONS
from tests.tui.student import SIZES, Student


@asynccontextmanager
async def practising(
    *,
    size: tuple[int, int] = (80, 24),
    skills: frozenset[str] = frozenset(),
    review: bool = False,
    seat: Seat = Seat(),
    full: bool = False,
    about: tuple[str, ...] = (),
) -> AsyncIterator[tuple[Student, Sitting]]:
    """A student in front of a sitting."""
    sitting = Sitting(tasks([LESSONS["conv1d"]]), skills, 4, [], mode="review" if review else "practice")

    def keep(rows: tuple[Attempt, ...]) -> None:
        sitting.attempts.extend(rows)
        if full:
            raise ProgressError("the disk is full")

    app = PracticeApp(sitting, keep, "Practice: conv1d", seat, about)
    async with app.run_test(size=size) as pilot:
        student = Student(app, pilot)  # type: ignore[arg-type]
        await student.settle()
        yield student, sitting


async def test_the_line_of_the_example_that_is_like_a_question_stands_beside_it() -> None:
    async with practising() as (student, _):
        await student.press("enter")
        for _ in range(4):
            await student.answer(student.session.current.text)
        assert "which entries does window 2 cover" in student.page.lower()
        assert "As before: window 1 = " in student.page
        await student.answer(student.session.current.text)
        assert "As before: window 1 ⊙ w = " in student.page
        await student.press("up", "up")
        assert "Worked for you. y₁ = " in student.page


async def test_of_a_long_example_the_first_lines_are_shown_and_the_rest_by_looking_back() -> None:
    async with practising(skills=frozenset({"conv1d output"})) as (student, _):
        await student.press("enter")
        page = student.page
        assert "Worked for you." in page
        assert "one by one: Up" in page
        assert page.index("Worked for you.") < page.index("one by one: Up")


@pytest.mark.parametrize(("key", "leaves"), [("ctrl+q", True), ("escape", False)])
async def test_leaving_the_tutor_is_more_than_leaving_practice(key: str, leaves: bool) -> None:
    left: list[bool] = []
    async with practising(seat=Seat(quit=lambda: left.append(True))) as (student, _):
        await student.press(key)
        assert not student.app.is_running
        assert bool(left) is leaves


@pytest.mark.parametrize("size", SIZES)
async def test_what_is_due_is_said_whole_however_much_it_is(size: tuple[int, int]) -> None:
    about = ("Due today: " + "; ".join(f"skill number {number}" for number in range(9)) + ".", "About 24 minutes.")
    async with practising(size=size, about=about) as (student, _):
        page = " ".join(student.page.split())
        assert all(f"skill number {number}" in page for number in range(9))
        assert "About 24 minutes." in page
        assert "There is no clock" in page


@pytest.mark.parametrize("size", SIZES)
async def test_two_problems_with_a_card_between(size: tuple[int, int]) -> None:
    async with practising(size=size) as (student, sitting):
        assert "Practice: conv1d" in student.page
        await student.press("enter")
        assert student.at == "LessonScreen"
        assert "Worked for you" in student.page
        assert "problem 1" in student.page
        await student.answer_all()
        assert student.at == "CardScreen"
        assert "right at the first try" in student.page
        await student.press("enter")
        assert "problem 2" in student.page
        assert [one.action for one in sitting.attempts].count("end") == 1


async def test_leaving_a_problem_goes_to_the_card_and_then_out() -> None:
    async with practising() as (student, sitting):
        await student.press("enter")
        await student.press("escape")
        assert student.at == "CardScreen"
        await student.press("escape")
        assert not student.app.is_running
        assert all(one.action != "end" for one in sitting.attempts)


async def test_on_a_full_disk_practice_goes_on_and_the_card_promises_nothing() -> None:
    async with practising(full=True) as (student, _):
        await student.press("enter", "escape")
        assert student.at == "CardScreen"
        assert "is kept" not in student.page
        await student.press("enter")
        await student.answer_all()
        assert student.at == "CardScreen"
        assert "Not kept: the disk is full" in student.page


async def test_a_review_asks_what_is_due_and_ends() -> None:
    async with practising(skills=frozenset({"products"}), review=True) as (student, sitting):
        await student.press("enter")
        await student.answer_all()
        assert student.at == "CardScreen"
        await student.press("enter")
        assert not student.app.is_running
        assert {one.skill for one in sitting.attempts if one.action == "answer"} == {"products"}


async def test_a_problem_that_was_left_is_gone_on_with() -> None:
    async with practising() as (student, _):
        await student.press("enter")
        before = student.session.current.key
        await student.press("escape")
        assert student.at == "CardScreen"
        assert "questions of this problem are open." in student.page
        assert "go on with it" in student.page
        await student.press("enter")
        assert student.session.current.key == before
