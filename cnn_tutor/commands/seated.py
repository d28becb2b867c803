"""A command as it runs in a student's session on a host: what is the same for all is done once, before."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
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


def seated(task: argparse.Namespace, catalog: Catalog, *, by_name: bool) -> Callable[[str, Path, bool], int]:
    """What runs the command for a student, in a data folder, or rehearses it.

    ``by_name`` gives each numbers of their own.
    """
    from cnn_tutor.host import shared
    from cnn_tutor.tui import rest
    from cnn_tutor.tui.rules import keep

    keep()
    if not shared.can_be_immortal():
        rest.want(shared.give_back)
    ready = Ready(catalog)

    def work(name: str, folder: Path, rehearses: bool) -> int:
        own = {"data": folder, **({"name": name} if by_name and hasattr(task, "name") else {})}
        if rehearses:
            own |= _instead(task, catalog)
        here = Prepared(argparse.Namespace(**{**vars(task), **own}), ready)
        try:
            if not here.wants_screen:
                here.announce()
            return command(here.options.command or HOME).run(here.options, here)
        except CnnTutorError as error:
            here.complain(error)
        except KeyboardInterrupt:
            return INTERRUPTED
        except Exception as error:
            here.confess(error)
        return USAGE

    return work


def _instead(task: argparse.Namespace, catalog: Catalog) -> dict[str, object]:
    """Where nothing is due, a review is rehearsed as the practice that it is on other days."""
    names = [one.id for one in catalog.lessons]
    return {"command": "practice", "names": names, "seed": None} if task.command == "review" else {}
