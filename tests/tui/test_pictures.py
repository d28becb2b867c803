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


@pytest.mark.parametrize("play", [lessons, lesson, summary, help_page], ids=lambda play: play.__name__)
async def test_the_picture_is_up_to_date(play: Callable[[Student], Awaitable[None]], tmp_path: Path) -> None:
    file = FOLDER / f"{play.__name__}.svg"
    progress = Progress(tmp_path)
    async with desk(catalog=catalog(), progress=progress) as student:
        await play(student)
        picture = student.app.export_screenshot(title="cnn-tutor")
    progress.close()
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
    """What is to be read in a picture."""
    texts = (
        html.unescape(text).replace("\xa0", " ").strip() for text in re.findall(r"<text[^>]*>([^<]*)</text>", picture)
    )
    return [text for text in texts if text]
