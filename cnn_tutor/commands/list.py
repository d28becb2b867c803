"""``cnn-tutor list``: the lessons and how far the student is in each."""

from __future__ import annotations

import argparse

from cnn_tutor.commands import DONE
from cnn_tutor.language import _
from cnn_tutor.surroundings import Surroundings

HELP = "list the lessons and how far you are"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``--json``."""
    parser.add_argument("--json", action="store_true", help=_("as data"))


def run(options: argparse.Namespace, here: Surroundings) -> int:
    """Print the list; files that cannot be read are named on stderr."""
    show(here, as_json=options.json)
    return DONE


def show(here: Surroundings, *, as_json: bool = False) -> None:
    """Print the list."""
    from cnn_tutor.tutor.overview import overview

    catalog = here.catalog()
    entries = overview(catalog.lessons, here.book.store())
    for fault in catalog.faults:
        here.complain(fault)
    if as_json:
        here.print_json([entry.document() for entry in entries])
        return
    width = max((len(entry.lesson.id) for entry in entries), default=0)
    for entry in entries:
        count = _("{done} of {count}").format(done=f"{entry.done:>3}", count=f"{entry.questions:<3}")
        here.say(f"{entry.lesson.id:<{width}}  {count}  {entry.lesson.title}")
