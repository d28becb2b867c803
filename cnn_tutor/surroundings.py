"""What the program finds where it runs: options, environment, home folder, clock. Nothing else reads them."""

from __future__ import annotations

import argparse
import gc
import os
import sys
import time
from functools import cached_property

from cnn_tutor import language
from cnn_tutor.language import _
from cnn_tutor.terminal import Terminal, terminal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from rich.console import Console

    from cnn_tutor.lesson.catalog import Catalog
    from cnn_tutor.lesson.schema import Lesson
    from cnn_tutor.logbook import Logbook
    from cnn_tutor.tui.seat import Seat
    from cnn_tutor.tutor.drill import Drill
    from cnn_tutor.tutor.keeper import Keeper
    from cnn_tutor.tutor.practice import Task
    from cnn_tutor.tutor.session import Session
    from cnn_tutor.wishes import Wishes


SPLASH = "cnn-tutor ..."


def speak(arguments: Sequence[str]) -> None:
    """Speak the language that the arguments or the environment ask for, where there is a catalogue for it."""
    spoken = language.choose(language.wanted(arguments, os.environ))
    if spoken != language.OWN:
        language.lend()
        os.environ["LANGUAGE"] = spoken


class Surroundings:
    """The options of one run and everything outside the program that a command may use."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self._splash = False
        self.is_left = False
        """Whether the student has left the tutor as a whole, and not only what it is doing."""

    @cached_property
    def terminal(self) -> Terminal:
        """What the terminal can show, and what of that is wanted."""
        encoding = getattr(sys.stdout, "encoding", None) or "ascii"
        return terminal(
            os.environ,
            reads=sys.stdin.isatty(),
            writes=sys.stdout.isatty(),
            encoding=encoding,
            ascii_only=bool(getattr(self.options, "ascii", False)),
            color=not getattr(self.options, "no_color", False),
        )

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages that lessons are shown in, the dearest first; nothing where that is English."""
        chosen = getattr(self.options, "lang", "")
        found = language.wanted(["--lang", chosen] if chosen else [], os.environ)
        return () if found[:1] == (language.OWN,) else found

    @property
    def ascii_only(self) -> bool:
        """ASCII where it is asked for, or where the terminal has nothing else."""
        return self.terminal.ascii_only

    @property
    def wants_screen(self) -> bool:
        """Whether there can be a screen, and the plain shell was not asked for."""
        return not self.terminal.why_not and not getattr(self.options, "plain", False)

    def announce(self) -> None:
        """Before a screen: one line at once, since loading it takes a moment; or, if a person is there, why not."""
        if self.wants_screen:
            self._splash = True
            sys.stdout.write(SPLASH)
            sys.stdout.flush()
            # Tidying up memory waits until the first frame is there.
            gc.disable()
            from cnn_tutor.tui.lean import load

            load()
        elif not getattr(self.options, "plain", False) and (sys.stdin.isatty() or sys.stdout.isatty()):
            self.complain(_("in plain text, because {reason}").format(reason=self.terminal.why_not))

    def _clear(self) -> None:
        """Where there will be no screen after all, the line that announced it goes."""
        if self._splash:
            self._splash = False
            sys.stdout.write("\r\x1b[K")
            sys.stdout.flush()

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time()

    def steady(self, since: float) -> Callable[[], float]:
        """What gives the time as ``now`` does, but from ``since`` on and never backwards, however the clock is set."""
        begin, started = max(since, self.now()), time.monotonic()
        return lambda: max(self.now(), begin + time.monotonic() - started)

    def spell(self, at: float) -> str:
        """A time as the clock on the wall says it."""
        return time.strftime("%Y-%m-%d %H:%M", time.localtime(at))

    def any_seed(self) -> int:
        """A seed of no more digits than one likes to type."""
        import secrets

        return secrets.randbelow(10**6)

    def say(self, line: str) -> None:
        """A line on stdout; nothing in it is a command to the terminal."""
        from cnn_tutor.render.ascii import clean, to_ascii

        self._clear()
        print(to_ascii(line) if self.ascii_only else clean(line))

    def complain(self, message: object) -> None:
        """One line on stderr; nothing in it is a command to the terminal."""
        from cnn_tutor.errors import ShapeError
        from cnn_tutor.render.ascii import clean

        if isinstance(message, ShapeError):
            from cnn_tutor.lesson.fitting import said

            message = said(message)
        self._clear()
        print(f"cnn-tutor: {' '.join(clean(str(message)).split())}", file=sys.stderr)

    def print_json(self, document: object) -> None:
        """A document on stdout, on one line."""
        import json

        print(json.dumps(document, ensure_ascii=self.ascii_only))

    def catalog(self) -> Catalog:
        """All lessons there are, and those the command line names by their files.

        Raises UsageError for a folder that is not there and LessonError for such a file.
        """
        from pathlib import Path

        from cnn_tutor.lesson.catalog import catalog, is_file
        from cnn_tutor.lesson.shelf import common

        folders = getattr(self.options, "lessons", None)
        if folders is None:
            folders = [Path(one) for one in os.environ.get("CNN_TUTOR_LESSONS", "").split(os.pathsep) if one]
        named = [getattr(self.options, "lesson", None) or ""]
        named += [*getattr(self.options, "lessons_named", ())]
        files = [one for one in named if is_file(str(one))]
        mine, shelf = self.folder / "lessons", self.folder / "lessons.shelf"
        return catalog(folders, self.languages, user=mine, files=files, shelf=shelf, common=common())

    def lesson(self, name: str, seed: int | None = None) -> Lesson:
        """The lesson with id ``name``, with fresh numbers if there is a seed. Raises UsageError."""
        from cnn_tutor.tutor.beginning import renumbered

        return renumbered(self.catalog().get(name), seed)

    def session(self, lesson: Lesson, fast: bool, seed: int | None) -> Session:
        """A lesson as a session, nothing answered. Raises ValueError for numbers that do not fit."""
        from cnn_tutor.tutor.beginning import begin

        return begin(lesson, fast, seed)

    def sheet(self, drill: Drill) -> Session:
        """A drill as a session, nothing answered. Raises UsageError for a lesson that is not there."""
        from cnn_tutor.tutor.drill import begin

        return begin(drill, self.catalog().get)

    def tasks(self) -> Sequence[Task]:
        """What can be practised: every exercise that computes something."""
        from cnn_tutor.tutor.practice import tasks

        return tasks(self.catalog().lessons)

    @cached_property
    def folder(self) -> Path:
        """Where the student's log and drafts are kept."""
        from pathlib import Path

        named = getattr(self.options, "data", None) or os.environ.get("CNN_TUTOR_DATA")
        if named:
            return Path(named)
        from platformdirs import user_data_path

        return user_data_path("cnn-tutor")

    @cached_property
    def wishes(self) -> Wishes:
        """Theme and keys, from the student's config folder."""
        from pathlib import Path

        from cnn_tutor.wishes import wishes

        folder = os.environ.get("CNN_TUTOR_CONFIG")
        if not folder:
            from platformdirs import user_config_path

            folder = str(user_config_path("cnn-tutor"))
        return wishes(Path(folder), getattr(self.options, "theme", None))

    @property
    def seat(self) -> Seat:
        """What an app has to know of the student in front of it."""
        from cnn_tutor.tui.seat import Seat
        from cnn_tutor.tutor.draft import Drafts

        return Seat(self.terminal, Drafts(self.folder), self.wishes, self._leave)

    def _leave(self) -> None:
        self.is_left = True

    @cached_property
    def book(self) -> Logbook:
        """The student's log."""
        from cnn_tutor.logbook import Logbook

        return Logbook(self.folder, self.now, self.complain)

    def keeper(self) -> Keeper:
        """What keeps the attempts of a sitting; a screen says by itself where that fails."""
        return self.book.keeper(quiet=self.wants_screen)

    def part(self) -> None:
        """Before the program ends: keep what is held, or say what is lost."""
        if "book" in vars(self):
            self.book.close()

    @property
    def results(self) -> str | None:
        """The database that many machines share, if one is named."""
        return os.environ.get("CNN_TUTOR_RESULTS") or None

    @property
    def account(self) -> str:
        """The name of the account; empty where it has none."""
        import getpass

        try:
            return getpass.getuser()
        except (KeyError, OSError):
            return ""

    def deliver(self, *, first: bool = False) -> None:
        """Let another process push the log to the shared database, if there is one; nobody waits for it.

        At the ``first`` opportunity that is what could not be pushed before; later, only if the log grew.
        """
        if self.results is None or not (first or self.book.grew):
            return
        from cnn_tutor import courier

        self._courier = courier.send(self.folder, getattr(self.options, "name", ""), after=3 if first else 0)

    def console(self) -> Console:
        """Where the plain shell writes."""
        from rich.console import Console

        console = Console(
            file=sys.stdout,
            markup=False,
            highlight=False,
            emoji=False,
            no_color=not self.terminal.color or None,
            force_terminal=False if self.terminal.why_not else None,
        )
        console.on_broken_pipe = _reader_left  # type: ignore[method-assign]
        return console


def _reader_left() -> None:
    """Nobody reads any more: end as every other command does, where Rich would end with code 1."""
    raise BrokenPipeError
