"""A student at the keyboard: opens the app without a terminal, presses keys, reads the screen. No clock is used."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from textual.events import Paste
from textual.pilot import Pilot

from cnn_tutor.lesson.catalog import Catalog
from cnn_tutor.lesson.load import parse
from cnn_tutor.lesson.schema import Lesson
from cnn_tutor.terminal import Terminal
from cnn_tutor.tui.app import TutorApp
from cnn_tutor.tui.course import Course
from cnn_tutor.tui.screens.lesson import LessonScreen
from cnn_tutor.tui.seat import Seat
from cnn_tutor.tui.widgets.answer import AnswerLine
from cnn_tutor.tutor.keeper import Keeper
from cnn_tutor.tutor.progress import Progress
from cnn_tutor.tutor.session import Session
from cnn_tutor.wishes import Wishes

SIZES = [(80, 24), (60, 20), (120, 40)]

WINDOWS = """
format_version = 1
id = "windows"
title = "Two windows"
section = "1D"
questions = 9
intro = "A kernel slides."
conventions = "- count from 1"
key_ideas = ["Each output looks at its own window."]
notes = "Mind the signs."
[[exercise]]
id = "sheet"
title = "Three entries"
prose = "Slide w over x."
[exercise.tensors]
x = [2, 0, 3]
w = [1, -1]
[[exercise.layer]]
op = "conv1d"
weight = "w"
output = "y"
[exercise.ask]
y = ["window", "products", "output", "output.all", "weights"]
[[exercise.choice]]
id = "why"
prompt = "What do all windows share?"
options = ["the weights", "the inputs"]
answer = "the weights"
why = { "the inputs" = "Each window has its own." }
"""

MATRICES = """
format_version = 1
id = "matrices"
title = "One matrix"
section = "2D"
questions = 2
intro = "A kernel slides over rows."
conventions = "- rows first"
key_ideas = ["Rows, then columns."]
[[exercise]]
id = "sheet"
title = "Three by three"
[exercise.tensors]
X = [[1, 2, 1], [0, -1, 0], [2, 1, 1]]
K = [[1, 0], [0, -1]]
[[exercise.layer]]
op = "conv2d"
weight = "K"
padding = 1
output = "Y"
[exercise.ask]
Y = ["padded.all", "output.all"]
"""


def small_catalog() -> Catalog:
    """Two small lessons."""
    return Catalog((parse(WINDOWS), parse(MATRICES)))


@dataclass
class Student:
    """One who uses the app by keyboard alone."""

    app: TutorApp
    pilot: Pilot[None]

    @property
    def session(self) -> Session:
        screen = self.app.shown(LessonScreen)
        assert screen is not None
        assert screen.session is not None
        return screen.session

    @property
    def line(self) -> AnswerLine:
        return self.app.screen.query_one(AnswerLine)

    @property
    def at(self) -> str:
        """The name of the screen in front."""
        return type(self.app.screen).__name__

    @property
    def page(self) -> str:
        """What is to be read on the screen."""
        return "\n".join(strip.text.rstrip() for strip in self.app.screen._compositor.render_strips())

    async def press(self, *keys: str) -> None:
        """Press keys and let everything settle."""
        await self.pilot.press(*keys)
        await self.settle()

    async def settle(self) -> None:
        await self.pilot.pause()
        await self.app.workers.wait_for_complete()
        await self.pilot.pause()

    async def type(self, text: str) -> None:
        """Type text as it is."""
        names = {" ": "space", "-": "minus", ",": "comma", ";": "semicolon", "?": "question_mark", "_": "underscore"}
        await self.press(*(names.get(one, one) for one in text))

    async def answer(self, text: str) -> None:
        """Paste an answer and hand it in."""
        self.line.post_message(Paste(text))
        await self.press("enter")

    async def begin(self) -> None:
        """From the list through the introduction to the question."""
        await self.press("enter")
        await self.press("enter")

    async def answer_all(self) -> None:
        """Type the right answers until the summary comes."""
        for _ in range(100):
            if self.at != "LessonScreen":
                break
            await self.type(self.session.current.text)
            await self.press("enter")


@asynccontextmanager
async def desk(
    *,
    catalog: Catalog | None = None,
    progress: Progress | None = None,
    lesson: Lesson | None = None,
    size: tuple[int, int] = (80, 24),
    fast: bool = False,
    seed: int | None = None,
    start_key: str | None = None,
    ascii_only: bool = False,
    wishes: Wishes = Wishes(),
    keep: Keeper | None = None,
) -> AsyncIterator[Student]:
    """A student in front of the running app."""
    course = Course(catalog or small_catalog(), progress, lambda: 1_000_000.0, fast=fast, seed=seed, keep=keep)
    seat = Seat(Terminal(ascii_only=ascii_only), wishes=wishes)
    app = TutorApp(course, seat, lesson=lesson, start_key=start_key)
    async with app.run_test(size=size) as pilot:
        student = Student(app, pilot)
        await student.settle()
        yield student
