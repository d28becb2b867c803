"""``cnn-tutor drill``: fresh problems without hints, the result at the end."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from cnn_tutor.commands import DONE
from cnn_tutor.language import _
from cnn_tutor.options import add_lessons, add_plain, add_seed
from cnn_tutor.surroundings import Surroundings

if TYPE_CHECKING:
    from cnn_tutor.tutor.drill import Drill
    from cnn_tutor.tutor.progress import Row

HELP = "fresh problems without hints; the result comes at the end"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``LESSON... --seed --count --minutes --name --plain``."""
    add_lessons(parser)
    add_plain(parser)
    add_seed(parser, _("everybody with this seed gets the same sheet"))
    parser.add_argument("--count", type=int, metavar="N", help=_("so many problems (one for each exercise)"))
    parser.add_argument("--minutes", type=int, metavar="M", help=_("the time there is (no limit)"))
    named = _("with a seed: numbers of your own, the same each time")
    parser.add_argument("--name", default="", metavar="NAME", help=named)


def run(options: argparse.Namespace, here: Surroundings) -> int:
    """Begin the drill, or go on with it, or show its result once more. Raises UsageError."""
    from cnn_tutor.errors import ProgressError
    from cnn_tutor.tutor.drill import begin, marker
    from cnn_tutor.tutor.keeper import Keeper
    from cnn_tutor.tutor.result import Desk, best, resume, sitting

    catalog, store = here.catalog(), here.store()
    rows = store.rows() if store is not None else []
    drill = _drill(options, here, rows)
    session = begin(drill, catalog.get)
    before = sitting(rows, drill)
    keep = Keeper(store, here.now, rows)

    def left() -> float | None:
        return sitting(keep.rows, drill).left(drill, here.now())

    is_over = before.ended or left() == 0
    desk = Desk(drill, resume(session, before.answers), dict(before.answers), left, best(rows, drill), is_over)
    try:
        if before.began is None:
            keep((marker(drill, "begin", drill.text),))
        elif is_over and not before.ended:
            keep((desk.ending,))
    except ProgressError as error:
        here.complain(_("{error}. You can go on; it is tried again with each answer.").format(error=error))
    if here.wants_screen:
        from cnn_tutor.tui.drill import run as run_screen

        return run_screen(desk, keep, ascii_only=here.ascii_only)
    from cnn_tutor.plain import drill as plain
    from cnn_tutor.plain.streams import Streams

    plain.run(desk, Streams(sys.stdin, here.console(), here.ascii_only, "> " if sys.stdin.isatty() else ""), keep)
    return DONE


def _drill(options: argparse.Namespace, here: Surroundings, rows: list[Row]) -> Drill:
    """The drill that is meant: with a seed that one, else the one that was left, else a new one."""
    from dataclasses import replace

    from cnn_tutor.tutor.drill import Drill
    from cnn_tutor.tutor.result import unfinished

    lessons = [here.catalog().get(name) for name in options.lessons_named]
    drill = Drill.of(lessons, options.seed or 0, count=options.count, minutes=options.minutes, name=options.name)
    if options.seed is not None:
        return drill
    return unfinished(rows, drill) or replace(drill, seed=here.any_seed())
