"""A vector or matrix is filled in on the board, cell by cell; the one-line forms still work."""

import pytest
from textual.events import Paste

from cnn_tutor.lesson.load import parse
from tests.tui.student import MATRICES, SIZES, desk


@pytest.mark.parametrize("size", SIZES)
async def test_type_enter_next_cell(size: tuple[int, int]) -> None:
    async with desk(size=size) as student:
        await student.begin()
        await student.type("2")
        await student.press("enter")
        assert "entry 2 of 2" in student.page
        assert "<?>" in student.page
        await student.type("0")
        await student.press("enter")
        assert "Correct." in student.page


@pytest.mark.parametrize("key", ["tab", "down"])
async def test_moving_on_keeps_what_is_typed_and_coming_back_shows_it(key: str) -> None:
    async with desk(lesson=parse(MATRICES)) as student:
        await student.press("enter")
        await student.type("7")
        await student.press(key)
        assert student.line.value == ""
        await student.press({"tab": "shift+tab", "down": "up"}[key])
        assert student.line.value == "7"
        assert "<7>" in student.page
        await student.type("8")
        await student.press(key)
        assert " 8 " in student.page


async def test_a_matrix_is_pasted_into_the_first_cell() -> None:
    async with desk(lesson=parse(MATRICES)) as student:
        await student.press("enter")
        student.line.post_message(Paste("0\t0\t0\t0\t0\n0 1 2 1 0\n0,0,-1,0,0\n0 2 1 1 0\n0 0 0 0 0\n"))
        await student.press("enter")
        assert "Correct." in student.page


async def test_right_cells_stay_and_only_the_others_are_asked_again() -> None:
    async with desk(lesson=parse(MATRICES)) as student:
        await student.press("enter")
        await student.answer("0 0 0 0 0; 0 1 2 7 0; 0 0 -1 0 0; 8 2 1 1 0; 0 0 0 0 0")
        assert "row 2, column 4" in student.page
        await student.type("1")
        await student.press("enter")
        assert "row 4, column 1" in student.page
        await student.type("0")
        await student.press("enter")
        assert "question 2 of 2" in student.page


async def test_looking_back_and_returning_finds_the_cells_as_they_were() -> None:
    async with desk() as student:
        await student.begin()
        await student.answer("2 0")
        await student.type("7")
        await student.press("tab", "less_than_sign")
        assert "question 1 of 9" in student.page
        await student.press("enter")
        assert "question 2 of 9" in student.page
        assert "entry 2 of 2" in student.page
        assert " 7 " in student.page


async def test_cells_typed_and_not_handed_in_are_there_again() -> None:
    async with desk() as student:
        await student.begin()
        await student.answer("2 0")
        await student.type("7")
        await student.press("tab")
        await student.type("8")
        await student.press("escape")
        await student.begin()
        assert student.line.value == "7 8"


async def test_what_was_handed_in_leaves_no_draft() -> None:
    async with desk() as student:
        await student.begin()
        await student.type("2")
        await student.press("enter")
        await student.type("0")
        await student.press("enter")
        assert "Correct." in student.page
        assert student.app.drafts.take("windows/sheet/y[1].window None") == ""
