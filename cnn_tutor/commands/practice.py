"""``cnn-tutor practice``: fresh numbers, hints, no clock."""

from __future__ import annotations

import argparse
import sys

from cnn_tutor.commands import DONE
from cnn_tutor.language import _
from cnn_tutor.options import add_plain, add_seed
from cnn_tutor.surroundings import Surroundings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cnn_tutor.tutor.attempt import Attempt
    from cnn_tutor.tutor.keeper import Keeper
    from cnn_tutor.tutor.sitting import Sitting

HELP = "fresh numbers for a lesson or a skill, the weakest first"
SCREEN = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``LESSON|SKILL... --seed --plain``."""
    parser.add_argument(
        "names", nargs="+", metavar="LESSON|SKILL", help=_("a lesson's id, or a skill such as products")
    )
    add_plain(parser)
    add_seed(parser, _("the same problems again"))


def run(options: argparse.Namespace, here: Surroundings) -> int:
    """Ask problem after problem. Raises UsageError for a name that is neither a lesson nor a skill."""
    from cnn_tutor.tutor.practice import wanted
    from cnn_tutor.tutor.sitting import Sitting

    known, keep = here.tasks(), here.keeper()
    attempts = [row.attempt for row in keep.read()]
    chosen, skills = wanted(options.names, known, attempts)
    if not chosen:
        from cnn_tutor.errors import UsageError

        raise UsageError(_("there is nothing to compute in this lesson; choose another one"))
    seed = here.any_seed() if options.seed is None else options.seed
    return sit(
        Sitting(chosen, skills, seed, attempts),
        keep,
        here,
        _("Practice: {names}").format(names=", ".join(options.names)),
    )


def sit(sitting: Sitting, keeper: Keeper, here: Surroundings, title: str, *about: str) -> int:
    """A sitting on a screen, or as a conversation; ``about`` is said before it begins."""

    def keep(attempts: tuple[Attempt, ...]) -> None:
        sitting.attempts.extend(attempts)
        keeper(attempts)

    if here.wants_screen:
        from cnn_tutor.tui.practice import run as run_screen

        return run_screen(sitting, keep, title, here.seat, (*about, keeper.warning))
    from cnn_tutor.plain import practice
    from cnn_tutor.plain.streams import Streams

    streams = Streams(sys.stdin, here.console(), here.ascii_only, "> " if sys.stdin.isatty() else "")
    for one in (title, *about):
        streams.say(one)
    practice.run(sitting.following, streams, keep, sitting.ending)
    return DONE
