"""The twin of a finished lesson: offered in words, worked out in the background, kept under an id of its own."""

from pathlib import Path

import pytest

from cnn_tutor.lesson.catalog import Catalog
from cnn_tutor.lesson.load import parse
from cnn_tutor.tutor.progress import Progress
from tests.tui.student import MATRICES, SIZES, WINDOWS, desk, small_catalog

TWIN = """
[[exercise.twin]]
prose = "Slide another w over x."
[exercise.twin.tensors]
w = [1, -2]
"""


def catalog() -> Catalog:
    """Two lessons, the first with a twin."""
    return Catalog((parse(WINDOWS + TWIN), parse(MATRICES)))


@pytest.mark.parametrize("size", SIZES)
async def test_the_twin_is_offered_at_the_end_and_run_with_a_summary_of_its_own(size: tuple[int, int]) -> None:
    async with desk(catalog=catalog(), size=size, fast=True) as student:
        await student.begin()
        await student.answer_all()
        assert "t twin" in student.page
        await student.press("end")
        assert "There is a twin" in student.page
        await student.press("t")
        assert student.at == "LessonScreen"
        assert student.session.lesson.id == "windows-twin"
        assert "Two windows: the twin" in student.page
        assert "Slide another w over x." in student.page
        assert "lesson 1 of 2" in student.page
        await student.answer_all()
        assert student.at == "SummaryScreen"
        assert "Two windows: the twin" in student.page
        assert "t twin" not in student.page
        await student.press("enter")
        assert "One matrix" in student.page


@pytest.mark.parametrize("key", ["enter", "escape"])
async def test_declining_the_twin_costs_nothing(key: str, tmp_path: Path) -> None:
    progress = Progress(tmp_path)
    async with desk(catalog=catalog(), progress=progress, fast=True) as student:
        await student.begin()
        await student.answer_all()
        await student.press(key)
        assert student.at == ("OpeningScreen" if key == "enter" else "LessonsScreen")
    assert progress.attempts("windows-twin") == []
    progress.close()


async def test_a_twin_left_half_way_is_kept_under_its_own_id_and_goes_on_there(tmp_path: Path) -> None:
    progress = Progress(tmp_path)
    async with desk(catalog=catalog(), progress=progress) as student:
        await student.begin()
        await student.answer_all()
        await student.press("t")
        await student.answer("2 0")
        assert "question 2 of 8" in student.page
        await student.press("ctrl+q")
    assert [one.text for one in progress.attempts("windows-twin")] == ["2 0"]
    assert len(progress.attempts("windows")) == 9
    async with desk(catalog=catalog(), progress=progress) as student:
        await student.press("home")
        await student.begin()
        await student.press("enter")
        await student.press("t")
        assert "question 2 of 8" in student.page
        await student.answer_all()
        await student.press("escape")
        await student.press("home")
        await student.begin()
        await student.press("enter")
        assert student.at == "SummaryScreen"
        assert "t twin" not in student.page
    progress.close()


async def test_no_twin_is_offered_where_there_is_none_and_its_key_does_nothing() -> None:
    async with desk(catalog=small_catalog(), fast=True) as student:
        await student.begin()
        await student.answer_all()
        assert "twin" not in student.page
        await student.press("t")
        assert student.at == "SummaryScreen"


async def test_fresh_numbers_have_no_twin() -> None:
    async with desk(catalog=catalog(), fast=True, seed=3) as student:
        await student.begin()
        await student.answer_all()
        assert student.at == "SummaryScreen"
        assert "twin" not in student.page
