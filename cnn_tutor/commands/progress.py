"""``cnn-tutor progress``: what the student has done and what comes next."""

from __future__ import annotations

import argparse

from cnn_tutor.commands import DONE
from cnn_tutor.language import _
from cnn_tutor.surroundings import Surroundings

HELP = "what you have done and what comes next"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``--json``."""
    parser.add_argument("--json", action="store_true", help=_("as data"))


def run(options: argparse.Namespace, here: Surroundings) -> int:
    """Print the report."""
    from cnn_tutor.render.standing import lines
    from cnn_tutor.tutor.overview import overview, report

    store = here.book.reading()
    entries = overview(here.catalog().lessons, store)
    known = report(entries, store, here.now())
    if options.json:
        here.print_json(known)
    else:
        for line in lines(entries, known):
            here.say(line)
    return DONE
