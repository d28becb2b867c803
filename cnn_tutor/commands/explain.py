"""``cnn-tutor explain``: the worked solution of a lesson."""

from __future__ import annotations

import argparse

from cnn_tutor.commands import DONE
from cnn_tutor.language import _
from cnn_tutor.options import add_lesson, add_seed
from cnn_tutor.surroundings import Surroundings

HELP = "print the worked solution of a lesson"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``LESSON --seed --fast --json``."""
    add_lesson(parser)
    add_seed(parser, _("with fresh numbers"))
    parser.add_argument("--fast", action="store_true", help=_("whole objects only"))
    parser.add_argument("--json", action="store_true", help=_("as data"))


def run(options: argparse.Namespace, here: Surroundings) -> int:
    """Print the solution."""
    from cnn_tutor.tutor.explain import document, solution

    lesson = here.lesson(options.lesson, options.seed)
    if options.json:
        here.print_json(document(lesson, fast=options.fast, seed=options.seed))
        return DONE
    for line in solution(lesson, fast=options.fast):
        here.say(line)
    return DONE
