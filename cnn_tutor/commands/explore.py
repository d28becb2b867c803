"""``cnn-tutor explore``: change any number or hyper-parameter and see what follows."""

from __future__ import annotations

import argparse
import sys

from cnn_tutor.commands import DONE
from cnn_tutor.errors import UsageError
from cnn_tutor.language import _
from cnn_tutor.options import add_plain
from cnn_tutor.surroundings import Surroundings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cnn_tutor.lesson.schema import Exercise

HELP = "change any number or hyper-parameter, see every window"
SCREEN = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``[LESSON[/EXERCISE]] --plain``."""
    parser.add_argument(
        "lesson",
        metavar="LESSON",
        nargs="?",
        help=_("a lesson, or LESSON/EXERCISE; without one you choose an operation"),
    )
    add_plain(parser)


def run(options: argparse.Namespace, here: Surroundings) -> int:
    """The screen, or the conversation. Raises UsageError for an unknown lesson or exercise."""
    exercises, first = _exercises(options.lesson, here)
    if here.wants_screen:
        from cnn_tutor.tui.explore import run as run_screen

        return run_screen(first, here.seat)
    from cnn_tutor.plain.explore import Shell
    from cnn_tutor.plain.streams import Streams

    prompt = "> " if sys.stdin.isatty() else ""
    console = here.console()
    color = console.color_system is not None and not console.no_color
    Shell(Streams(sys.stdin, console, here.ascii_only, prompt), exercises, color).run(first)
    return DONE


def _exercises(name: str | None, here: Surroundings) -> tuple[dict[str, Exercise], Exercise | None]:
    """What can be explored of a lesson, by id, and what is shown first."""
    if name is None:
        return {}, None
    from cnn_tutor.tutor.watch import is_shown

    lesson_id, _slash, exercise_id = name.partition("/")
    lesson = here.catalog().get(lesson_id)
    found = {exercise.id: exercise for exercise in lesson.exercise if is_shown(exercise)}
    if exercise_id and exercise_id not in found:
        known = ", ".join(found)
        raise UsageError(_("no exercise {name!r} to explore; there are: {known}").format(name=exercise_id, known=known))
    if not found:
        raise UsageError(_("{lesson} has no numbers to explore").format(lesson=lesson.id))
    return found, found.get(exercise_id) or next(iter(found.values()))
