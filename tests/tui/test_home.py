"""The list with many lessons: headings, searching, numbers, what is due and what comes next, and the ways from it."""

from pathlib import Path

import msgspec
import pytest
from textual.events import Key

from cnn_tutor.lesson.catalog import Catalog
from cnn_tutor.lesson.load import parse
from cnn_tutor.lesson.outline import outline
from cnn_tutor.lesson.pack import Pack, packed
from cnn_tutor.tui.widgets.answer import AnswerLine
from cnn_tutor.tutor.attempt import Attempt
from cnn_tutor.tutor.mastery import CLEAN
from cnn_tutor.tutor.progress import Progress
from tests.tui.student import SIZES, WINDOWS, desk

BASE = parse(WINDOWS)


def lesson(number: int, section: str = "", needs: tuple[str, ...] = ()):
    return msgspec.structs.replace(
        BASE, id=f"l{number}", title=f"Lesson about topic {number}", section=section or f"part {number}", needs=[*needs]
    )


def many(count: int = 40) -> Catalog:
    return Catalog(tuple(lesson(number, "Norms" if 10 < number < 15 else "") for number in range(1, count + 1)))


def test_one_kind_of_lessons_has_no_heading() -> None:
    assert [heading for heading, _ in outline([lesson(1), lesson(2)])] == [""]


def test_lessons_in_a_row_share_the_heading_of_their_section() -> None:
    parts = outline(many(20).lessons)
    assert [(heading, len(group)) for heading, group in parts][1] == ("Norms", 4)
    assert all(heading for heading, _ in parts)
    assert [one for _, group in parts for one in group] == list(many(20).lessons)


def test_each_pack_has_its_title() -> None:
    other = [packed(lesson(number), Pack(id="other", title="Another sheet")) for number in (3, 4)]
    parts = outline([lesson(1), lesson(2), *other])
    assert [heading for heading, _ in parts] == ["Convolutional Neural Networks by Hand", "Another sheet"]


def test_no_lesson_at_all() -> None:
    assert outline([]) == []


@pytest.mark.parametrize("size", [*SIZES, (250, 70)])
async def test_the_row_that_is_marked_is_in_sight_wherever_it_is(size: tuple[int, int]) -> None:
    async with desk(catalog=many(), size=size) as student:
        for key, shown in (("end", "> 40"), ("home", ">  1"), ("2", ">  2"), ("7", "> 27"), ("9", ">  9")):
            await student.press(key)
            assert f"{shown}  Lesson about" in student.page


async def test_a_part_of_a_title_finds_it() -> None:
    async with desk(catalog=many()) as student:
        await student.press("slash")
        await student.type("norms 12")
        assert "> 12  Lesson about topic 12" in student.page
        assert "topic 13" not in student.page
        await student.press("enter")
        assert student.at == "OpeningScreen"
        await student.press("escape", "escape")
        assert "> 12  Lesson about topic 12" in student.page
        assert "topic 11" in student.page


async def test_nothing_found_says_so() -> None:
    async with desk(catalog=many()) as student:
        await student.press("slash")
        await student.type("xyz")
        assert "No lesson fits." in student.page
        await student.press("enter")
        assert student.at == "LessonsScreen"


async def test_an_empty_course_is_no_error() -> None:
    async with desk(catalog=Catalog((), ("broken.toml:1:1: no",))) as student:
        assert "broken.toml" in student.page
        await student.press("enter", "p", "d", "r", "j", "5")
        assert student.at == "LessonsScreen"


async def test_what_had_better_be_done_before_is_named() -> None:
    async with desk(catalog=Catalog((lesson(1), lesson(2, needs=("l1",))))) as student:
        assert "Better after" not in student.page
        await student.press("down")
        assert "Better after: Lesson about topic 1" in student.page


async def test_the_first_open_lesson_is_next() -> None:
    async with desk(catalog=many(3)) as student:
        assert student.page.count("next") == 1


def mastered(lesson_id: str) -> list[Attempt]:
    """All nine questions of the lesson answered, and one skill mastered."""
    rows = [Attempt(lesson_id, f"{lesson_id}/{n}", "", "answer", verdict="Correct", skill="sums") for n in range(9)]
    fresh = [Attempt(lesson_id, "x", f"d{n}", "answer", n, verdict="Correct", skill="sums") for n in range(CLEAN)]
    return [*rows, *fresh]


async def test_what_is_due_is_said_and_marked(tmp_path: Path) -> None:
    progress = Progress(tmp_path)
    progress.add(mastered("l1"), 0.0)
    async with desk(catalog=many(3), progress=progress) as student:
        assert "1 skill is due for review today: r" in student.page
        assert "review due" in student.page
        await student.press("r")
        assert student.app.errand == ("review",)
    progress.close()


async def test_practice_and_a_drill_can_be_reached() -> None:
    async with desk(catalog=many(3)) as student:
        await student.press("down", "p")
        assert student.app.errand == ("practice", "l2")
        assert student.app.place == "l2"
    async with desk(catalog=many(3)) as student:
        await student.press("d")
        assert student.at == "DrillFormScreen"
        await student.type("2")
        await student.press("tab")
        await student.type("x")
        await student.press("enter")
        assert "Minutes: a whole number from 1 to 1440, or nothing." in student.page
        await student.press("backspace", "down")
        await student.type("77")
        await student.press("enter")
        assert student.app.errand == ("drill", "l1", "--count", "2", "--seed", "77")


async def test_keys_that_come_at_once_go_to_the_line_that_a_tab_among_them_leads_to() -> None:
    async with desk(catalog=many(3)) as student:
        await student.press("d")
        for key in ("2", "tab", "3", "up", "4"):
            student.app.post_message(Key(key, key if key.isdigit() else None))
        await student.settle()
        assert [line.value for line in student.app.screen.query(AnswerLine)] == ["24", "3", ""]


async def test_how_far_one_is_can_be_read(tmp_path: Path) -> None:
    progress = Progress(tmp_path)
    progress.add(mastered("l1"), 0.0)
    async with desk(catalog=many(3), progress=progress) as student:
        await student.press("s")
        assert "Skills:" in student.page
        assert "mastered" in student.page
        await student.press("escape")
        assert student.at == "LessonsScreen"
    progress.close()
