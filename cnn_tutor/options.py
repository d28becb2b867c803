"""What the command line accepts, and the arguments that several commands share."""

from __future__ import annotations

import argparse

from cnn_tutor import __version__
from cnn_tutor.language import _

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import NoReturn, Protocol

    class Described(Protocol):
        """What the parser needs to know of a command."""

        HELP: str

        def add_arguments(self, parser: argparse.ArgumentParser) -> None: ...


THEMES = ("dark", "light", "contrast", "safe")
"""How the screens may look; the first is the usual one."""


class OneLineParser(argparse.ArgumentParser):
    """A parser whose complaints are one line, as all others are."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, _("cnn-tutor: {message}; see {program} --help").format(message=message, program=self.prog) + "\n")


class _Version(argparse.Action):
    """Says the version and, if so, why starting takes so long."""

    def __call__(self, parser: argparse.ArgumentParser, *_given: object) -> NoReturn:
        import os
        from importlib.util import find_spec

        print(f"cnn-tutor {__version__}")
        library = find_spec("textual")
        if library is None or library.origin is None or library.cached is None or os.access(library.cached, os.F_OK):
            parser.exit(0)
        text = _("Python's compiled files are missing: each start takes three times as long. To make them: {command}")
        command = f"python -m compileall -q {to_path(library.origin).parent.parent}"
        parser.exit(0, f"cnn-tutor: {text.format(command=command)}\n")


def parser(commands: Mapping[str, Described], columns: int = 80) -> argparse.ArgumentParser:
    """The parser of ``commands``, by name; ``command`` is None when there is none. Help is ``columns`` wide."""

    class Narrow(argparse.HelpFormatter):
        """Help whose width is known; looking it up would load more than all the rest."""

        def __init__(self, prog: str) -> None:
            super().__init__(prog, width=columns - 2)

    # argparse would look for catalogues of its own, file by file, for each of its words.
    argparse._ = _  # type: ignore[attr-defined]
    shared = _shared()
    whole = OneLineParser(
        prog="cnn-tutor",
        formatter_class=Narrow,
        parents=[shared],
        description=_("Learn what a convolutional network computes, by hand."),
        epilog=_("Without a command: the list of lessons."),
    )
    whole.add_argument("--version", action=_Version, nargs=0, help=_("show the version and exit"))
    listed = whole.add_subparsers(title=_("commands"), dest="command", metavar=_("COMMAND"))
    for name, command in commands.items():
        command.add_arguments(listed.add_parser(name, parents=[shared], formatter_class=Narrow, help=_(command.HELP)))
    return whole


def _shared() -> OneLineParser:
    """The options that stand before or after any command."""
    shared = OneLineParser(add_help=False)
    group = shared.add_argument_group(_("everywhere"))
    group.add_argument(
        "--lessons",
        action="append",
        type=to_path,
        default=argparse.SUPPRESS,
        metavar="DIR",
        help=_("a folder of lessons, before the shipped ones; may repeat (also CNN_TUTOR_LESSONS)"),
    )
    group.add_argument(
        "--data",
        type=to_path,
        default=argparse.SUPPRESS,
        metavar="DIR",
        help=_("where progress is kept (also CNN_TUTOR_DATA)"),
    )
    group.add_argument(
        "--ascii", action="store_true", default=argparse.SUPPRESS, help=_("draw with ASCII characters only")
    )
    look = _("how the screens look; F9 changes and keeps it")
    group.add_argument("--theme", choices=THEMES, default=argparse.SUPPRESS, help=look)
    group.add_argument(
        "--no-color", action="store_true", default=argparse.SUPPRESS, help=_("no colour (also NO_COLOR)")
    )
    group.add_argument(
        "--lang",
        default=argparse.SUPPRESS,
        metavar="CODE",
        help=_("language, as in --lang de (also CNN_TUTOR_LANG, then LANG)"),
    )
    return shared


def to_path(text: str) -> Path:
    """A file or folder; what it takes is loaded only when one is given."""
    from pathlib import Path

    return Path(text)


def add_lesson(parser: argparse.ArgumentParser) -> None:
    """``LESSON``."""
    parser.add_argument("lesson", metavar="LESSON", help=_("its id, as in cnn-tutor list"))


def add_lessons(parser: argparse.ArgumentParser) -> None:
    """``LESSON...``."""
    parser.add_argument("lessons_named", nargs="+", metavar="LESSON", help=_("their ids, as in cnn-tutor list"))


def add_plain(parser: argparse.ArgumentParser) -> None:
    """``--plain``."""
    parser.add_argument("--plain", action="store_true", help=_("a conversation line by line instead of a screen"))


def add_seed(parser: argparse.ArgumentParser, meaning: str) -> None:
    """``--seed N``."""
    parser.add_argument("--seed", type=_seed, metavar="N", help=meaning)


def count(text: str) -> int:
    """How many; what is no number is said in a sentence of our own."""
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(_("{text} is no whole number").format(text=repr(text[:40]))) from None


def _seed(text: str) -> int:
    """A seed as the log can keep it."""
    try:
        seed = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(_("a seed is a whole number")) from None
    if not -(2**63) <= seed < 2**63:
        raise argparse.ArgumentTypeError(_("a seed has at most 18 digits"))
    return seed
