"""Cells that are asked can be pointed at with the arrow keys, or typed."""

import pytest

from tests.course import LESSONS
from tests.tui.student import SIZES, desk

WINDOW = "sheet/y[2].windows.cells"
PATCH = "sheet/Y[1,2].windows.cells"
GROUP = "sheet/zhat[2].sets.cells"
ROW = "toeplitz/vecY[3].cells"


@pytest.mark.parametrize("size", SIZES)
async def test_a_window_is_moved_with_the_arrow_keys_from_the_place_of_the_one_before(size: tuple[int, int]) -> None:
    async with desk(lesson=LESSONS["conv1d-padding"], start_key=WINDOW, size=size) as student:
        await student.press("enter")
        assert "Which cells of the padded x" in student.page
        assert student.line.value == ""
        await student.press("right")
        assert student.line.value == "2-4"
        await student.press("right")
        assert student.line.value == "3-5"
        await student.press("enter")
        assert "Correct. place of window 2 = 3-5." in student.page


async def test_a_patch_moves_both_ways_and_stays_inside() -> None:
    async with desk(lesson=LESSONS["conv2d"], start_key=PATCH) as student:
        await student.press("enter")
        assert "[1   2]" in student.page or "[ 1   2]" in student.page
        await student.press("down", "down", "down", "right", "right", "right")
        assert student.line.value == "2-3,2-3"
        await student.press("up")
        assert student.line.value == "1-2,2-3"
        await student.press("enter")
        assert "Correct." in student.page


@pytest.mark.parametrize("size", SIZES)
async def test_the_cells_of_a_set_are_marked_with_space(size: tuple[int, int]) -> None:
    async with desk(lesson=LESSONS["groupnorm"], start_key=GROUP, size=size) as student:
        await student.press("enter")
        assert "Arrows point  Space mark" in student.page
        await student.press("space", "right", "space", "right", "space")
        assert student.line.value == "1-3"
        await student.press("left", "space", "left", "space", "right", "right", "right", "space")
        assert student.line.value == "3-4"
        await student.press("enter")
        assert "Correct." in student.page


@pytest.mark.parametrize("size", SIZES)
async def test_a_row_is_picked_with_up_and_down(size: tuple[int, int]) -> None:
    async with desk(lesson=LESSONS["matrix"], start_key=ROW, size=size) as student:
        await student.press("enter")
        await student.press("up", "up", "up", "down", "down")
        assert student.line.value == "3,1-9"
        await student.press("enter")
        assert "Correct." in student.page


async def test_what_is_pointed_at_can_be_typed_over_and_typing_has_the_keys_then() -> None:
    async with desk(lesson=LESSONS["groupnorm"], start_key=GROUP) as student:
        await student.press("enter")
        await student.press("space")
        assert student.line.value == "1"
        await student.type("3 4")
        assert student.line.value == "3 4"
        await student.press("left")
        assert student.line.value == "3 4"
        await student.press("enter")
        assert "Correct." in student.page


async def test_the_cells_that_are_asked_are_not_given_away_by_the_picture() -> None:
    async with desk(lesson=LESSONS["batchnorm"], start_key="sheet/Y[1].sum.cells") as student:
        await student.press("enter")
        assert "[" not in student.page
        await student.answer("row 1")
        assert "Not yet." in student.page
        assert "as you seem to read it" in student.page
        await student.answer("column 1")
        assert "Correct." in student.page
        await student.press("up")
        assert "[" in student.page


@pytest.mark.parametrize("text", ["", "banana", "9-12", "2-1", "1,1"])
async def test_what_names_no_cells_does_not_count(text: str) -> None:
    async with desk(lesson=LESSONS["conv1d-padding"], start_key=WINDOW) as student:
        await student.press("enter")
        await student.answer(text)
        assert ("Unreadable." in student.page) is (text != "1,1")
