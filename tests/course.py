"""The shipped lessons, a student who knows every answer, and the shells as functions, for the tests."""

import io
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from rich.console import Console

import cnn_tutor
from cnn_tutor import plain
from cnn_tutor.lesson.catalog import catalog, shipped
from cnn_tutor.lesson.load import parse
from cnn_tutor.lesson.schema import Lesson
from cnn_tutor.tutor.feedback import Feedback
from cnn_tutor.tutor.question import Question, questions
from cnn_tutor.tutor.session import Session, start, submit

ROOT = Path(cnn_tutor.__file__).parent.parent
DATA = Path(__file__).parent / "data"
LESSONS = {lesson.id: lesson for lesson in catalog().lessons}
IDS = tuple(LESSONS)
FILES = {parse(file.read_text(encoding="utf-8")).id: file for file in sorted(shipped().glob("*.toml"))}


COUNT = LESSONS["conv1d"].questions
"""How many questions the lesson asks that most examples use."""


@cache
def asked(lesson: str) -> tuple[Question, ...]:
    """The guided questions of a shipped lesson."""
    return questions(LESSONS[lesson])


def question(key: str) -> Question:
    """The shipped question with ``key``."""
    return next(one for one in asked(key.partition("/")[0]) if one.key == key)


def at(key: str) -> Session:
    """A fresh guided session at the question with ``key``."""
    session = start(LESSONS[key.partition("/")[0]])
    while session.current.key != key:
        session, _ = submit(session, session.current.text)
    return session


def perfect(session: Session) -> Iterator[tuple[Question, Feedback]]:
    """What a student hears who types every right answer, question by question, to the end."""
    for _ in session.questions:
        if session.finished:
            return
        asked_now = session.current
        session, feedback = submit(session, asked_now.text)
        yield asked_now, feedback
    assert session.finished


class Typist(io.StringIO):
    """Lines as a student types them; counts those read, and echoes them where ``echo`` is given."""

    def __init__(self, lines: Iterable[str], echo: io.StringIO | None = None) -> None:
        super().__init__("".join(f"{line}\n" for line in lines))
        self.echo = echo
        self.read_lines = 0

    def readline(self, size: int | None = -1, /) -> str:
        line = super().readline(-1 if size is None else size)
        self.read_lines += bool(line)
        if self.echo is not None:
            self.echo.write(line or "(end of input)\n")
        return line


def converse(session: Session | Lesson, lines: Iterable[str], *, echo: bool = False, **options: object) -> str:
    """What the plain shell writes while ``lines`` are typed."""
    return talk(session, lines, echo=echo, **options)[0]


def talk(
    session: Session | Lesson, lines: Iterable[str], *, echo: bool = False, keep=lambda attempts: None, ascii_only=False
) -> tuple[str, Session, Typist]:
    """A conversation in the plain shell: what it wrote, the session at its end, and the one who typed."""
    session = start(session) if isinstance(session, Lesson) else session
    out = io.StringIO()
    typist = Typist(lines, out if echo else None)
    console = Console(file=out, width=80, markup=False, highlight=False, emoji=False, color_system=None)
    end = plain.run(session, plain.Streams(typist, console, ascii_only, "> " if echo else ""), keep)
    return out.getvalue(), end, typist


def cnn_tutor_command(*arguments: str, typed: str | bytes = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """The program in a process of its own, with pipes for streams."""
    done = subprocess.run(
        [sys.executable, "-m", "cnn_tutor", *arguments],
        input=typed.encode() if isinstance(typed, str) else typed,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **environment},
        timeout=120,
        check=False,
    )
    out, err = done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
    return subprocess.CompletedProcess(done.args, done.returncode, out, err)
