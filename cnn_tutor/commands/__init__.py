"""One module a command: ``HELP``, ``add_arguments(parser)`` and ``run(options, here) -> exit code``.

A module imports what it needs inside ``run``, so that ``--help`` costs nothing.
"""

from __future__ import annotations

import argparse
from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from cnn_tutor.options import Described
    from cnn_tutor.surroundings import Surroundings

    class Command(Described, Protocol):
        """What a module of this package has; ``SCREEN = True`` where it shows one if there can be one."""

        def run(self, options: argparse.Namespace, here: Surroundings) -> int: ...


NAMES = (
    "learn",
    "practice",
    "drill",
    "review",
    "explore",
    "explain",
    "sheet",
    "list",
    "map",
    "place",
    "progress",
    "export",
    "import",
    "report",
    "push",
    "check",
    "new",
    "host",
)
"""The commands, in the order in which help lists them."""

HOME = "home"
"""What runs without a command."""

_MODULES = {"import": "import_"}
"""Commands whose name is a word of Python."""

DONE, FINDINGS, USAGE, INTERRUPTED = 0, 1, 2, 130


def command(name: str) -> Command:
    """The module of the command ``name``."""
    module: Command = import_module(f"cnn_tutor.commands.{_MODULES.get(name, name)}")
    return module
