"""``cnn-tutor place``: a few questions to find out where to start."""

from __future__ import annotations

import argparse
import sys

from cnn_tutor.commands import DONE
from cnn_tutor.language import _
from cnn_tutor.options import add_plain, add_seed
from cnn_tutor.surroundings import Surroundings

HELP = "a few questions to find out where to start"
SCREEN = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``--seed --plain``."""
    add_plain(parser)
    add_seed(parser, _("the same questions again"))


def run(options: argparse.Namespace, here: Surroundings) -> int:
    """Ask, and say where to start. Raises UsageError where there are no lessons."""
    from cnn_tutor.errors import UsageError

    lessons = here.catalog().lessons
    if not lessons:
        raise UsageError(_("there are no lessons here"))
    if here.wants_screen:
        from cnn_tutor.commands.screen import show
        from cnn_tutor.tui.app import Placing

        return show(here, placing=Placing(options.seed))
    from cnn_tutor.plain import place
    from cnn_tutor.plain.streams import Streams
    from cnn_tutor.tutor.course_map import CourseMap
    from cnn_tutor.tutor.placement import Placement

    seed = here.any_seed() if options.seed is None else options.seed
    streams = Streams(sys.stdin, here.console(), here.ascii_only, "> " if sys.stdin.isatty() else "")
    place.run(Placement(CourseMap(lessons), seed), streams)
    return DONE
