"""The explore screen: the cursor, changing things, what follows; by keys alone and at every size."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from cnn_tutor.lesson.catalog import catalog
from cnn_tutor.terminal import Terminal
from cnn_tutor.tui.explore import ExploreApp
from cnn_tutor.tui.screens.explore import ExploreScreen
from cnn_tutor.tui.seat import Seat
from cnn_tutor.tutor.examples import example
from cnn_tutor.tutor.explore import Explore
from cnn_tutor.tutor.pictures import NAMES, picture
from tests.tui.student import Student, desk


@asynccontextmanager
async def exploring(
    name: str, size: tuple[int, int] = (80, 24), *, ascii_only: bool = False, color: bool = True
) -> AsyncIterator[Student]:
    """A student who explores an operation or a picture."""
    exercise = picture(name) if name in NAMES else example(name) if name else None
    app = ExploreApp(exercise, Seat(Terminal(ascii_only=ascii_only, color=color)))
    async with app.run_test(size=size) as pilot:
        student = Student(app, pilot)  # type: ignore[arg-type]
        await student.settle()
        yield student


def now(student: Student) -> Explore:
    screen = student.app.shown(ExploreScreen)
    assert screen is not None
    assert screen.explore is not None
    return screen.explore


@pytest.mark.parametrize("size", [(80, 24), (60, 20), (250, 70)])
async def test_a_number_is_changed_under_the_cursor(size: tuple[int, int]) -> None:
    async with exploring("conv1d", size) as student:
        await student.press("right")
        assert "It feeds y[1-2]" in student.page
        await student.type("5")
        await student.press("enter")
        assert now(student).film.exercise.tensors["x"][1] == 5
        assert "y was [−1 −1 4] and is [−1 4 4]." in " ".join(student.page.split())
        assert student.line.value == ""
        await student.press("tab", "tab", "tab")
        assert "*4" in student.page
        await student.press("<")
        assert now(student).film.exercise.tensors["x"][1] == 0


async def test_settings_take_their_legal_values() -> None:
    async with exploring("conv1d") as student:
        await student.press("tab", "tab", "tab")
        assert "<stride=1>" in student.page
        await student.press("right")
        assert "y = F.conv1d(x, w, stride=2)" in student.page
        await student.press("left", "left")
        assert "<stride=1>" in student.page
        await student.answer("99")
        assert "stride is a number up to 64" in student.page
        assert student.line.value == "99"
        await student.press("shift+tab")
        assert (now(student).at, student.line.value) == ("y", ""), "what was meant for a setting is not for a cell"


async def test_what_does_not_fit_says_what_does_and_stays_to_be_mended() -> None:
    async with exploring("group_norm") as student:
        await student.answer("G = 3")
        assert "What fits here: 1 to 2, 4." in student.page
        assert student.line.value == "G = 3"


async def test_everything_is_undone_and_watched() -> None:
    async with exploring("conv2d") as student:
        await student.answer("K = 1 1; 1 1")
        await student.answer("padding = 1")
        await student.press("!")
        assert now(student).film.exercise == now(student).first
        await student.press("<", "<", "<", "<")
        assert "There is nothing to undo." in student.page
        await student.press(">")
        assert student.at == "WatchScreen"
        await student.press("e")
        assert student.at == "ExploreScreen"
        await student.press("escape")
        assert student.at == "OfferScreen"
        await student.press("escape")
        assert student.app.return_code in (0, None)


async def test_an_operation_is_chosen_from_the_list() -> None:
    async with exploring("") as student:
        assert "Explore: choose" in student.page
        await student.press("down", "enter")
        assert now(student).film.exercise.id == "conv2d"


@pytest.mark.parametrize(
    ("size", "ascii_only", "color"),
    [((80, 24), False, True), ((60, 20), False, False), ((80, 24), True, False), ((120, 40), False, True)],
)
async def test_a_picture_is_seen_with_the_numbers_under_the_cursor(
    size: tuple[int, int], ascii_only: bool, color: bool
) -> None:
    async with exploring("three", size, ascii_only=ascii_only, color=color) as student:
        await student.press("tab", "tab", "down", "down", "right")
        assert "Y₃₂ = " in student.page or "Y_32 = " in student.page
        assert any(sign in student.page for sign in ("▀",) if color) or "X" in student.page
        assert student.page.isascii() or not ascii_only
        await student.press("#")
        assert "▀" not in student.page


async def test_a_point_lies_on_the_curve() -> None:
    async with exploring("sigmoid") as student:
        assert "σ(2) = 0.8808" in student.page
        assert "●" in student.page
        await student.press("right")
        assert "σ(−1) = 0.2689" in student.page


async def test_from_the_list_and_from_a_lesson() -> None:
    async with desk(catalog=catalog()) as student:
        await student.press("e")
        assert student.at == "ExploreScreen"
        await student.press("escape", "o")
        assert student.at == "OfferScreen"
        await student.press("escape")
        await student.begin()
        asked = student.session.current.exercise
        await student.press("f6")
        assert student.at == "ExploreScreen"
        assert now(student).film.exercise.tensors != asked.tensors
        await student.press("escape")
        assert student.at == "LessonScreen"
