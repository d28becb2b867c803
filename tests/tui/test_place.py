"""Finding out where to begin on the screen: a question a lesson, taken without a word, then the lesson to open."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from cnn_tutor.lesson.catalog import Catalog
from cnn_tutor.lesson.schema import Lesson
from cnn_tutor.tui.app import Placing, TutorApp
from cnn_tutor.tui.course import Course
from cnn_tutor.tui.screens.place import PlaceScreen
from cnn_tutor.tui.seat import Seat
from cnn_tutor.tutor.draft import FILE, Drafts
from cnn_tutor.tutor.placement import task
from cnn_tutor.tutor.progress import Progress
from cnn_tutor.tutor.session import Session
from tests.course import LESSONS
from tests.tui.student import Student, desk

SIZES = [(80, 24), (60, 20)]
COURSE = Catalog(tuple(LESSONS.values()))


def screen(student: Student) -> PlaceScreen:
    found = student.app.screen
    assert isinstance(found, PlaceScreen)
    assert found.session is not None
    return found


def right(student: Student) -> str:
    """The right answer to the question on the screen."""
    session = screen(student).session
    assert session is not None
    return session.current.text


def words(student: Student) -> str:
    return " ".join(student.page.split())


@asynccontextmanager
async def placing(drafts: Drafts, seed: int | None = None, lessons: Catalog = COURSE) -> AsyncIterator[Student]:
    """A student who begins with ``cnn-tutor place``."""
    app = TutorApp(Course(lessons, None, lambda: 1.0), Seat(drafts=drafts), placing=Placing(seed), seeds=lambda: 8)
    async with app.run_test(size=(80, 24)) as pilot:
        student = Student(app, pilot)
        await student.settle()
        yield student


@pytest.mark.parametrize(("size", "ascii_only"), [(SIZES[0], False), (SIZES[1], True)])
async def test_from_the_list_to_the_lesson_that_is_advised(size: tuple[int, int], ascii_only: bool) -> None:
    async with desk(catalog=COURSE, size=size, ascii_only=ascii_only) as student:
        assert "b finds out where to begin" in student.page
        await student.press("b")
        for number in range(1, 13):
            assert f"question {number} of at most 12" in student.page
            assert "Enter answer" in student.page.splitlines()[-1]
            assert len(student.page.splitlines()) == size[1]
            assert all(len(line) <= size[0] for line in student.page.splitlines())
            assert not ascii_only or student.page.isascii()
            await student.press(">") if number == 3 else await student.answer(right(student))
            assert "Correct" not in student.page
        assert student.at == "PlacedScreen"
        assert "What you seem to know" in student.page
        assert not ascii_only or student.page.isascii()
        placement = student.app.screen.placement
        assert placement.start is not None
        first = LESSONS[placement.start]
        assert f"{first.title}: Enter opens it" in words(student).replace("->", "→")
        await student.press("enter")
        assert student.at == "OpeningScreen"
        assert first.title[:20] in student.page
        await student.press("escape")
        assert student.at == "LessonsScreen"


async def test_who_knows_nothing_is_sent_to_the_beginning() -> None:
    async with desk(catalog=COURSE) as student:
        await student.press("b")
        while student.at == "PlaceScreen":
            await student.press("ctrl+n")
        assert f"{next(iter(LESSONS.values())).title}: Enter opens it" in words(student)
        assert "What you seem to know" not in student.page


async def test_it_may_be_ended_at_once_and_anywhere() -> None:
    async with desk(catalog=COURSE) as student:
        await student.press("b", "f8")
        assert "Nothing was asked" in student.page
        await student.press("escape", "b")
        await student.answer(right(student))
        await student.press("f8")
        assert "This rests on 1 answer." in student.page
        assert "What you seem to know" in student.page


async def test_what_is_no_answer_is_told_and_not_taken() -> None:
    async with desk(catalog=COURSE) as student:
        await student.press("b")
        for typed in ("banana", "?", ""):
            student.line.value = ""
            await student.answer(typed)
            assert "question 1 of" in student.page
            assert ("Unreadable" if typed == "banana" else "no hints here") in words(student)


async def test_what_is_typed_before_the_question_is_there_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is handed in for a question that nobody has seen, and going away keeps what is typed."""
    worked_out = threading.Event()

    def slow(lesson: Lesson, seed: int) -> Session:
        worked_out.wait()
        return task(lesson, seed)

    async with desk(catalog=COURSE) as student:
        await student.press("b")
        monkeypatch.setattr("cnn_tutor.tui.screens.place.task", slow)
        await student.pilot.press("greater_than_sign", "1", "enter", "greater_than_sign", "f2", "escape")
        assert student.at == "LessonsScreen"
        await student.pilot.press("b", "2", "enter")
        assert "question 2 of" in student.page
        assert "being worked out" in student.page
        worked_out.set()
        await student.settle()
        assert "question 2 of" in student.page
        assert "being worked out" not in student.page
        assert student.line.value == "1>2"


async def test_a_small_course_ends_early_and_may_leave_nothing_to_learn() -> None:
    async with desk() as student:
        await student.press("b")
        while student.at == "PlaceScreen":
            await student.answer(right(student))
        assert "nothing left to learn" in student.page
        await student.press("enter")
        assert student.at == "LessonsScreen"


async def test_help_and_conventions_are_about_the_question() -> None:
    async with desk(catalog=COURSE) as student:
        await student.press("b", "f1")
        assert "Where to begin" in student.page.splitlines()[0]
        assert "What you can type" in student.page
        await student.press("escape", "f2")
        assert student.at == "NotesScreen"
        assert "Conventions" in student.page
        assert "Key ideas" not in student.page
        await student.press("escape")
        assert student.at == "PlaceScreen"
        await student.type("7")
        await student.press("f12")
        await student.type("end")
        await student.press("enter")
        assert student.at == "PlacedScreen"


async def test_a_pause_goes_on_at_the_same_question_with_what_was_typed(tmp_path: Path) -> None:
    async with placing(Drafts(tmp_path)) as student:
        await student.answer(right(student))
        await student.type("12")
        await student.press("escape")
        assert student.at == "LessonsScreen"
        await student.press("b")
        assert "question 2 of" in student.page
        assert student.line.value == "12"
    async with placing(Drafts(tmp_path)) as student:
        assert "question 2 of" in student.page
        assert "go on where you stopped" in words(student)
        assert student.line.value == "12"
        await student.press("f8")
    assert "placement" not in (tmp_path / FILE).read_text(encoding="utf-8")


async def test_another_seed_begins_anew(tmp_path: Path) -> None:
    drafts = Drafts(tmp_path)
    async with placing(drafts) as student:
        await student.answer(right(student))
    async with placing(drafts, seed=5) as student:
        assert "question 1 of" in student.page
        assert screen(student).placement.seed == 5  # type: ignore[union-attr]


async def test_nothing_gets_into_the_log(tmp_path: Path) -> None:
    progress = Progress(tmp_path / "log.sqlite3")
    async with desk(catalog=COURSE, progress=progress) as student:
        await student.press("b")
        await student.answer(right(student))
        await student.press("f8")
    assert progress.rows() == []


async def test_who_has_begun_is_not_asked_where_to_begin() -> None:
    async with desk() as student:
        await student.begin()
        await student.answer(student.session.current.text)
        await student.press("escape")
        assert student.at == "LessonsScreen"
        assert "b finds out" not in student.page


@pytest.mark.parametrize("size", SIZES)
async def test_the_map_has_every_lesson_with_what_stands_before_it(size: tuple[int, int]) -> None:
    async with desk(catalog=COURSE, size=size) as student:
        await student.press("m")
        assert student.at == "MapScreen"
        seen = student.page
        for _ in range(12):
            await student.press("pagedown")
            seen += student.page
        shown = " ".join(seen.split())
        assert f"{LESSONS['conv1d'].title[:15]}" in shown
        assert "after 1 " in shown
        assert all(f" {number} " in shown for number in range(1, len(LESSONS) + 1))
        assert all(len(line) <= size[0] for line in student.page.splitlines())
        await student.press("escape")
        assert student.at == "LessonsScreen"


async def test_map_and_placement_are_found_by_name() -> None:
    async with desk(ascii_only=True) as student:
        for typed, screen_name in (("stand before", "MapScreen"), ("where to begin", "PlaceScreen")):
            await student.press("f12")
            await student.type(typed)
            await student.press("enter")
            assert student.at == screen_name
            await student.press("escape")
