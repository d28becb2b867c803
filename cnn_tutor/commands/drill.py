"""``cnn-tutor drill``: fresh problems without hints, the result at the end."""

from __future__ import annotations

import argparse
import sys

from cnn_tutor.commands import DONE
from cnn_tutor.language import _
from cnn_tutor.options import add_plain, add_seed, count, to_path
from cnn_tutor.surroundings import Surroundings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cnn_tutor.lesson.assignment import Assignment
    from cnn_tutor.tutor.drill import Drill
    from cnn_tutor.tutor.progress import Row

HELP = "fresh problems without hints; the result comes at the end"
SCREEN = True


class _Name(argparse.Action):
    """A name that has a letter in it: all who are sent here without one would share one drill."""

    def __call__(
        self, parser: argparse.ArgumentParser, options: argparse.Namespace, name: object, option: str | None = None
    ) -> None:
        if not str(name).split():
            parser.error(_("the name after --name is missing"))
        options.name = str(name)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``LESSON... | --assignment FILE``, ``--seed --count --minutes --name --plain``."""
    parser.add_argument("lessons_named", nargs="*", metavar="LESSON", help=_("their ids, as in cnn-tutor list"))
    parser.add_argument("--assignment", type=to_path, metavar="FILE", help=_("the drill that an instructor has set"))
    add_plain(parser)
    add_seed(parser, _("everybody with this seed gets the same sheet"))
    parser.add_argument("--count", type=count, metavar="N", help=_("so many problems (one for each exercise)"))
    parser.add_argument("--minutes", type=count, metavar="M", help=_("the time there is (no limit)"))
    named = _("with a seed: numbers of your own, the same each time")
    parser.add_argument("--name", default="", action=_Name, metavar="NAME", help=named)


def run(options: argparse.Namespace, here: Surroundings) -> int:
    """Begin the drill, or go on with it, or show its result once more. Raises UsageError or LessonError."""
    from cnn_tutor.errors import UsageError
    from cnn_tutor.language import _

    if options.assignment is None:
        if not options.lessons_named:
            raise UsageError(_("name a lesson, or an assignment with --assignment FILE"))
        return _sit(options, here, None)
    if options.lessons_named or any(one is not None for one in (options.seed, options.count, options.minutes)):
        raise UsageError(_("the assignment says which lessons, which seed, how many problems and how long"))
    from cnn_tutor.lesson.assignment import load

    return _sit(options, here, load(options.assignment))


def known(options: argparse.Namespace, here: Surroundings) -> Drill | None:
    """The drill that these options mean whatever was done before; None where that matters. Raises LessonError."""
    if options.assignment is not None:
        from cnn_tutor.lesson.assignment import load
        from cnn_tutor.tutor.assignment import drill_of

        return drill_of(load(options.assignment), options.name, here.catalog().get)
    return None if options.seed is None else _drill(options, here, [])


def _sit(options: argparse.Namespace, here: Surroundings, assignment: Assignment | None) -> int:
    from cnn_tutor.errors import ProgressError
    from cnn_tutor.lesson.pack import pack_of
    from cnn_tutor.tutor.again import best, is_again, notice
    from cnn_tutor.tutor.assignment import announce, drill_of, seconds_left, state
    from cnn_tutor.tutor.clock import ahead, said
    from cnn_tutor.tutor.desk import Desk
    from cnn_tutor.tutor.drill import ID, marker
    from cnn_tutor.tutor.result import resume, sitting

    catalog = here.catalog()
    set_drill = None if assignment is None else drill_of(assignment, options.name, catalog.get)
    now = "open" if assignment is None else state(assignment, here.now())
    if assignment is not None and now == "early":
        here.say(announce(assignment, here.now()))
        return DONE
    keep = here.keeper()
    rows = keep.read()
    keep.rows = list(rows)
    drill = set_drill or _drill(options, here, rows)
    before = sitting(rows, drill)
    if assignment is not None and now == "closed" and before.began is None:
        here.say(announce(assignment, here.now()))
        return DONE
    session = here.sheet(drill)

    clock = keep.clock = here.steady(before.latest)

    def left() -> float | None:
        so_far = sitting(keep.rows, drill)
        if assignment is not None:
            return seconds_left(assignment, so_far, drill, clock())
        return so_far.left(drill, clock())

    is_late = left() == 0 and not before.ended
    first = f"{notice(rows, drill, here.spell)} {said(ahead(rows, here.now()))}".strip()
    desk = Desk(
        drill,
        resume(session, before.answers),
        dict(before.answers),
        left,
        best(rows, drill),
        before.ended or is_late,
        "answers" if assignment is None else assignment.file.show,
        "" if assignment is None else assignment.file.title,
        lambda: keep.everything(ID),
        _("The time is over.") if is_late else "" if before.ended else first,
        is_again(rows, drill),
    )
    is_said = bool(keep.trouble)
    try:
        if before.began is None:
            keep((marker(drill, "begin", drill.text, pack_of(session.lesson)),))
        elif desk.ended and not before.ended:
            keep((desk.ending,))
    except ProgressError:
        if not here.wants_screen and not is_said:
            here.complain(keep.warning)
    if here.wants_screen:
        from cnn_tutor.tui.drill import run as run_screen

        return run_screen(desk, keep, here.seat, keep.warning)
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
