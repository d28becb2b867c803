"""What the command line accepts: commands, options and their help."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import NoReturn

from cnn_tutor import __version__


class OneLineParser(argparse.ArgumentParser):
    """A parser whose complaints are one line, as all others are."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"cnn-tutor: {message}; see {self.prog} --help\n")


def _seed(text: str) -> int:
    """A seed as the log can keep it."""
    try:
        seed = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError("a seed is a whole number") from None
    if not -(2**63) <= seed < 2**63:
        raise argparse.ArgumentTypeError("a seed has at most 18 digits")
    return seed


def parser() -> argparse.ArgumentParser:
    """The parser of everything; ``command`` is None when there is none."""
    shared = OneLineParser(add_help=False)
    group = shared.add_argument_group("everywhere")
    group.add_argument(
        "--lessons",
        action="append",
        type=Path,
        default=argparse.SUPPRESS,
        metavar="DIR",
        help="a folder of lessons, before the shipped ones; may repeat (also CNN_TUTOR_LESSONS)",
    )
    group.add_argument(
        "--data",
        type=Path,
        default=argparse.SUPPRESS,
        metavar="DIR",
        help="where progress is kept (also CNN_TUTOR_DATA)",
    )
    group.add_argument(
        "--ascii", action="store_true", default=argparse.SUPPRESS, help="draw with ASCII characters only"
    )
    group.add_argument("--no-color", action="store_true", default=argparse.SUPPRESS, help="no colour (also NO_COLOR)")

    whole = OneLineParser(
        prog="cnn-tutor",
        parents=[shared],
        description="Learn what a convolutional network computes, by hand.",
        epilog="Without a command: the list of lessons.",
    )
    whole.add_argument("--version", action="version", version=f"cnn-tutor {__version__}")
    commands = whole.add_subparsers(title="commands", dest="command", metavar="COMMAND")

    learn = commands.add_parser("learn", parents=[shared], help="work through a lesson, every intermediate value")
    learn.add_argument("lesson", metavar="LESSON", help="its id, as in cnn-tutor list")
    learn.add_argument("--plain", action="store_true", help="a conversation line by line instead of a screen")
    learn.add_argument("--from", dest="start", metavar="KEY", help="start at this question")
    learn.add_argument("--fast", action="store_true", help="ask about whole objects only")
    learn.add_argument("--seed", type=_seed, metavar="N", help="the same lesson with fresh numbers")

    explain = commands.add_parser("explain", parents=[shared], help="print the worked solution of a lesson")
    explain.add_argument("lesson", metavar="LESSON")
    explain.add_argument("--seed", type=_seed, metavar="N", help="with fresh numbers")
    explain.add_argument("--fast", action="store_true", help="whole objects only")
    explain.add_argument("--json", action="store_true", help="as data")

    lessons = commands.add_parser("list", parents=[shared], help="list the lessons and how far you are")
    lessons.add_argument("--json", action="store_true", help="as data")

    progress = commands.add_parser("progress", parents=[shared], help="what you have done and what comes next")
    progress.add_argument("--json", action="store_true", help="as data")

    check = commands.add_parser("check", parents=[shared], help="check lesson files; exit code 1 if one has a fault")
    check.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a file, or a folder of them")
    check.add_argument(
        "--diagnose", action="store_true", help="which wrong ideas each question can tell apart; also by id"
    )
    check.add_argument("--fast", action="store_true", help="with --diagnose: as fast mode asks")
    return whole
