"""A command as it runs in a student's session on a host: what is the same for all is done once, before."""

from __future__ import annotations

import argparse
import pkgutil
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from cnn_tutor.commands import HOME, INTERRUPTED, USAGE, command
from cnn_tutor.errors import CnnTutorError
from cnn_tutor.surroundings import Surroundings
from cnn_tutor.trouble import confess

if TYPE_CHECKING:
    from cnn_tutor.lesson.catalog import Catalog
    from cnn_tutor.lesson.schema import Lesson
    from cnn_tutor.tutor.drill import Drill
    from cnn_tutor.tutor.practice import Task
    from cnn_tutor.tutor.session import Session

LONGEST = 10.0
"""Seconds that are spent on sessions before anybody comes; what is left then is worked out when its student comes."""


@dataclass(frozen=True)
class Ready:
    """What is at hand: the lessons that students may see, what was found in them, sessions that were made."""

    catalog: Catalog
    tasks: list[Task] = field(default_factory=list)
    sheets: dict[Drill, Session] = field(default_factory=dict)
    sessions: dict[tuple[str, int | None], Session] = field(default_factory=dict)
    """By lesson and seed, nothing answered."""


class Prepared(Surroundings):
    """The surroundings of a student's session."""

    def __init__(self, options: argparse.Namespace, ready: Ready) -> None:
        super().__init__(options)
        self._ready = ready

    def catalog(self) -> Catalog:
        """The lessons that the instructor set."""
        return self._ready.catalog

    def session(self, lesson: Lesson, fast: bool, seed: int | None) -> Session:
        """A lesson as a session; what the whole class has is made once."""
        from cnn_tutor.tutor.session import switch

        sessions = self._ready.sessions
        if (lesson.id, seed) not in sessions:
            sessions[lesson.id, seed] = super().session(lesson, False, seed)
        return switch(sessions[lesson.id, seed], fast)

    def tasks(self) -> Sequence[Task]:
        """What can be practised, looked for once."""
        if not self._ready.tasks:
            self._ready.tasks.extend(super().tasks())
        return self._ready.tasks

    def sheet(self, drill: Drill) -> Session:
        """A drill as a session; the one that the whole class has is made once."""
        sheets = self._ready.sheets
        if drill not in sheets:
            sheets[drill] = super().sheet(drill)
        return sheets[drill]


def seated(task: argparse.Namespace, catalog: Catalog, names: Iterable[str] | None) -> Callable[[str, Path], int]:
    """What runs the command for a student, in a data folder.

    With ``names`` each has numbers of their own; the sheets of those named are made beforehand, where it is known which
    they are: what is made before a session is forked all sessions share.
    """
    from cnn_tutor.tui.rules import keep

    keep()
    _load_screens()
    ready = Ready(catalog)

    def surroundings(name: str, folder: Path) -> Prepared:
        own = {"data": folder, **({"name": name} if names is not None and hasattr(task, "name") else {})}
        return Prepared(argparse.Namespace(**{**vars(task), **own}), ready)

    def work(name: str, folder: Path) -> int:
        here = surroundings(name, folder)
        try:
            if not here.wants_screen:
                here.announce()
            return command(task.command or HOME).run(here.options, here)
        except CnnTutorError as error:
            here.complain(error)
        except KeyboardInterrupt:
            return INTERRUPTED
        except Exception as error:
            confess(error, here)
        finally:
            here.part()
        return USAGE

    _think_ahead(surroundings(name, Path()) for name in ([""] if names is None else names))
    return work


def _load_screens() -> None:
    """Import what a student may open beside a question: a session that does it has a copy of its own."""
    from cnn_tutor.tui import screens

    for one in pkgutil.iter_modules(screens.__path__, f"{screens.__name__}."):
        import_module(one.name)
    for name in ("explore", "film", "watch"):
        import_module(f"cnn_tutor.tutor.{name}")


def _think_ahead(students: Iterable[Prepared]) -> None:
    """Make each one's session and what wrong ideas give in it, as long as there is time."""
    from cnn_tutor.tutor.diagnosis import prepare

    end = time.monotonic() + LONGEST
    for here in students:
        if time.monotonic() > end:
            return
        try:
            session = _beginning(here)
        except (CnnTutorError, ValueError):
            return  # the student is told
        if session is None:
            return
        for place in session.asked:
            question = session.questions[place]
            for upstream in {session.fast, question.fast} if question.choice is None else ():
                prepare(question, upstream=upstream)


def _beginning(here: Prepared) -> Session | None:
    """What a student begins with; None where that is not known before they come."""
    if here.options.command == "learn":
        return here.session(here.catalog().get(here.options.lesson), False, here.options.seed)
    if here.options.command == "drill":
        from cnn_tutor.commands.drill import known

        drill = known(here.options, here)
        return None if drill is None else here.sheet(drill)
    return None
