"""A command as it runs in a student's session on a host: what is the same for all is done once, before."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from cnn_tutor.commands import HOME, INTERRUPTED, USAGE, command
from cnn_tutor.errors import CnnTutorError
from cnn_tutor.surroundings import Surroundings

if TYPE_CHECKING:
    from cnn_tutor.lesson.catalog import Catalog
    from cnn_tutor.tutor.drill import Drill
    from cnn_tutor.tutor.practice import Task
    from cnn_tutor.tutor.session import Session

LONGEST = 10.0
"""Seconds that are spent on sheets before anybody comes; what is not made by then is made when its student comes."""


@dataclass(frozen=True)
class Ready:
    """What is at hand: the lessons that students may see, what was found in them, sheets of drills that were made."""

    catalog: Catalog
    tasks: list[Task] = field(default_factory=list)
    sheets: dict[Drill, Session] = field(default_factory=dict)


class Prepared(Surroundings):
    """The surroundings of a student's session."""

    def __init__(self, options: argparse.Namespace, ready: Ready) -> None:
        super().__init__(options)
        self._ready = ready

    def catalog(self) -> Catalog:
        """The lessons that the instructor set."""
        return self._ready.catalog

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
            here.confess(error)
        return USAGE

    if task.command == "drill":
        _make_sheets([surroundings(name, Path()) for name in names or ()])
    return work


def _make_sheets(students: Iterable[Prepared]) -> None:
    """Make each one's sheet, as long as there is time."""
    from cnn_tutor.commands.drill import known

    end = time.monotonic() + LONGEST
    for here in students:
        try:
            drill = known(here.options, here)
            if drill is None or time.monotonic() > end:
                return
            here.sheet(drill)
        except CnnTutorError:
            return  # the student is told
