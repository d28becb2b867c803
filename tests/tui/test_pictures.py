"""The pictures in the README show the screens as they are.

``CNN_TUTOR_PICTURES=1 python -m pytest tests/tui/test_pictures.py`` draws them anew. Only their words are compared:
colours and fonts may differ between versions of Textual.
"""

import html
import os
import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from cnn_tutor.lesson.catalog import catalog
from cnn_tutor.tutor.progress import Progress
from tests.tui.student import Student, desk
from tests.tui.test_drill import drilling
from tests.tui.test_explore import exploring
from tests.tui.test_practice import practising

FOLDER = Path(__file__).parent / "pictures"


async def lessons(student: Student) -> None:
    await student.begin()
    for text in ("5", "3", "2", "3"):
        await student.answer(text)
    await student.press("escape")
    await student.press("down")


async def lesson(student: Student) -> None:
    await student.press("down")
    await student.begin()
    while not student.session.current.key.endswith("y[2].products"):
        await student.answer(student.session.current.text)
    await student.answer("0 3 -1")
    await student.answer("5")
    await student.press("ctrl+t")


async def summary(student: Student) -> None:
    await student.begin()
    await student.press("ctrl+f")
    await student.answer("4")
    for _ in student.session.asked:
        if student.at == "LessonScreen":
            await student.answer(student.session.current.text)


async def help_page(student: Student) -> None:
    await student.press("f1")


async def opening(student: Student) -> None:
    await student.press("3", "enter")


async def grid(student: Student) -> None:
    await student.press("3")
    await student.begin()
    while not student.session.current.key.endswith("Y[1,2].products"):
        await student.answer(student.session.current.text)
    await student.type("2")
    await student.press("enter")
    await student.type("0")
    await student.press("enter")


async def commands(student: Student) -> None:
    await student.begin()
    await student.press("ctrl+p")


async def themes(student: Student) -> None:
    await student.press("f9")
    await student.press("end")


async def drill_form(student: Student) -> None:
    await student.press("5", "d")


async def standing(student: Student) -> None:
    await summary(student)
    await student.press("escape")
    await student.press("s")


async def watch(student: Student) -> None:
    await student.press("down", "down", "w")
    await student.press("down")
    while "products" not in student.page:
        await student.press("right")
    await student.press("down", "right")


PLAYS = [lessons, opening, lesson, grid, summary, help_page, commands, themes, drill_form, standing, watch]


@pytest.mark.parametrize("play", PLAYS, ids=lambda play: play.__name__)
async def test_the_picture_is_up_to_date(play: Callable[[Student], Awaitable[None]], tmp_path: Path) -> None:
    progress = Progress(tmp_path)
    async with desk(catalog=catalog(), progress=progress) as student:
        await play(student)
        picture = student.app.export_screenshot(title="cnn-tutor")
    progress.close()
    compare(play.__name__, picture)


async def test_the_picture_of_exploring_is_up_to_date() -> None:
    async with exploring("batch_norm", size=(100, 30)) as student:
        await student.press("tab", "tab", "tab", "right", "down")
        await student.answer("γ = 1 2 2 -1")
        compare("explore", student.app.export_screenshot(title="cnn-tutor"))


async def test_the_picture_of_feature_maps_is_up_to_date() -> None:
    async with exploring("three", size=(120, 40)) as student:
        await student.press("tab", "tab", *["down"] * 8, *["right"] * 10)
        compare("maps", student.app.export_screenshot(title="cnn-tutor"))


async def test_the_picture_of_practice_is_up_to_date() -> None:
    async with practising() as (student, _):
        await student.press("enter")
        compare("practice", student.app.export_screenshot(title="cnn-tutor"))


async def test_the_picture_of_a_drills_result_is_up_to_date() -> None:
    async with drilling() as (student, _, _desk):
        x, w = (student.app.screen.session.current.exercise.tensors[name] for name in "xw")  # type: ignore[attr-defined]
        flipped = [sum(a * b for a, b in zip(x[at:], reversed(w), strict=False)) for at in range(len(x) - len(w) + 1)]
        for text in ("4", " ".join(map(str, flipped)), "-4 2", "0 1", "-2"):
            await student.answer(text)
        await student.press("f8", "f8")
        compare("result", student.app.export_screenshot(title="cnn-tutor"))


def compare(name: str, picture: str) -> None:
    """Draw the picture if that is wanted, and see that its words are those of the one that is kept."""
    file = FOLDER / f"{name}.svg"
    if os.environ.get("CNN_TUTOR_PICTURES"):
        FOLDER.mkdir(exist_ok=True)
        file.write_text(_portable(picture), encoding="utf-8")
    assert file.is_file(), "missing: draw it with CNN_TUTOR_PICTURES=1"
    assert _words(file.read_text(encoding="utf-8")) == _words(picture), "out of date: draw it with CNN_TUTOR_PICTURES=1"


def _portable(picture: str) -> str:
    """Without fonts from the network and with ids that do not change from run to run."""
    picture = re.sub(r"@font-face\s*\{.*?\}", "", picture, flags=re.DOTALL)
    return re.sub(r"terminal-\d+", "terminal", picture).replace("<svg ", '<svg xml:space="preserve" ', 1)


def _words(picture: str) -> list[str]:
    """What is to be read in a picture, but for how many lessons and questions the course has."""
    texts = (
        html.unescape(text).replace("\xa0", " ").strip() for text in re.findall(r"<text[^>]*>([^<]*)</text>", picture)
    )
    return [re.sub(r"\bof \d{2,}\b", "of all", text) for text in texts if text]
