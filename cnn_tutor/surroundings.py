"""What the program finds where it runs: options, environment, home folder, clock. Nothing else reads them."""

from __future__ import annotations

import argparse
import os
import secrets
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from cnn_tutor.errors import ProgressError
from cnn_tutor.language import _
from cnn_tutor.render.ascii import clean, to_ascii

if TYPE_CHECKING:
    from rich.console import Console

    from cnn_tutor.lesson.catalog import Catalog
    from cnn_tutor.lesson.schema import Lesson
    from cnn_tutor.tutor.progress import Progress


class Surroundings:
    """The options of one run and everything outside the program that a command may use."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options

    @property
    def ascii_only(self) -> bool:
        """ASCII where it is asked for, or where the terminal's encoding has nothing else."""
        encoding = (getattr(sys.stdout, "encoding", None) or "ascii").lower().replace("-", "")
        return bool(getattr(self.options, "ascii", False)) or not encoding.startswith("utf")

    @property
    def has_screen(self) -> bool:
        """Whether both ends are a terminal that can show more than lines."""
        return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM", "") not in ("", "dumb")

    @property
    def wants_screen(self) -> bool:
        """Whether there is a screen, and the plain shell was not asked for."""
        return self.has_screen and not getattr(self.options, "plain", False)

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time()

    def any_seed(self) -> int:
        """A seed of no more digits than one likes to type."""
        return secrets.randbelow(10**6)

    def say(self, line: str) -> None:
        """A line on stdout; nothing in it is a command to the terminal."""
        print(to_ascii(line) if self.ascii_only else clean(line))

    def complain(self, message: object) -> None:
        """One line on stderr; nothing in it is a command to the terminal."""
        print(f"cnn-tutor: {' '.join(clean(str(message)).split())}", file=sys.stderr)

    def print_json(self, document: object) -> None:
        """A document on stdout, on one line."""
        import json

        print(json.dumps(document, ensure_ascii=self.ascii_only))

    def catalog(self) -> Catalog:
        """The shipped lessons and those of the folders that are named. Raises UsageError for one that is not there."""
        from cnn_tutor.lesson.catalog import catalog

        folders = getattr(self.options, "lessons", None)
        if folders is None:
            folders = [Path(one) for one in os.environ.get("CNN_TUTOR_LESSONS", "").split(os.pathsep) if one]
        return catalog(folders)

    def lesson(self, name: str, seed: int | None = None) -> Lesson:
        """The lesson with id ``name``, with fresh numbers if there is a seed. Raises UsageError."""
        lesson = self.catalog().get(name)
        if seed is None:
            return lesson
        from cnn_tutor.tutor.variant import variant

        return variant(lesson, seed)

    def store(self) -> Progress | None:
        """The student's log; None, with one line on stderr, where nothing can be kept."""
        from platformdirs import user_data_path

        from cnn_tutor.tutor.progress import Progress

        folder = getattr(self.options, "data", None) or os.environ.get("CNN_TUTOR_DATA") or user_data_path("cnn-tutor")
        try:
            progress = Progress(Path(folder))
        except ProgressError as error:
            self.complain(_("{error}. You can go on, but nothing is kept.").format(error=error))
            return None
        if progress.notice:
            self.complain(progress.notice)
        return progress

    def console(self) -> Console:
        """Where the plain shell writes."""
        from rich.console import Console

        no_color = bool(getattr(self.options, "no_color", False)) or "NO_COLOR" in os.environ
        console = Console(file=sys.stdout, markup=False, highlight=False, emoji=False, no_color=no_color or None)
        console.on_broken_pipe = _reader_left  # type: ignore[method-assign]
        return console


def _reader_left() -> None:
    """Nobody reads any more: end as every other command does, where Rich would end with code 1."""
    raise BrokenPipeError
