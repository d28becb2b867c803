"""``cnn-tutor learn``: work through a lesson, every intermediate value."""

from __future__ import annotations

import argparse
import sys

from cnn_tutor.commands import DONE, FINDINGS
from cnn_tutor.errors import UsageError
from cnn_tutor.language import _
from cnn_tutor.options import add_lesson, add_plain, add_seed
from cnn_tutor.surroundings import Surroundings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnn_tutor.lesson.schema import Lesson
    from cnn_tutor.tutor.progress import Progress
    from cnn_tutor.tutor.session import Session

HELP = "work through a lesson, every intermediate value"
SCREEN = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``LESSON --plain --from KEY --fast --seed --watch --autopilot``."""
    add_lesson(parser)
    add_plain(parser)
    parser.add_argument("--from", dest="start", metavar="KEY", help=_("start at this question"))
    parser.add_argument("--fast", action="store_true", help=_("ask about whole objects only"))
    add_seed(parser, _("the same lesson with fresh numbers"))
    group = parser.add_argument_group(_("for authors; nothing is kept"))
    group.add_argument("--watch", action="store_true", help=_("LESSON is a file: show it anew whenever it is saved"))
    group.add_argument("--autopilot", action="store_true", help=_("type every right answer"))


def run(options: argparse.Namespace, here: Surroundings) -> int:
    """The lesson on a screen, or as a conversation. Raises UsageError for an unknown lesson or question."""
    if options.watch:
        return _watch(options, here)
    if options.autopilot:
        return _fly(options, here)
    if here.wants_screen:
        from cnn_tutor.commands.screen import show

        return show(here, lesson=options.lesson, start_key=options.start, fast=options.fast, seed=options.seed)
    return _converse(options, here)


def _watch(options: argparse.Namespace, here: Surroundings) -> int:
    """The lesson in a file, read anew whenever it is saved. Raises LessonError and UsageError."""
    from cnn_tutor.tutor.edited import edited

    lesson = edited(options.lesson, fast=options.fast, seed=options.seed)
    if here.wants_screen:
        from cnn_tutor.tui.live import run as run_screen

        return run_screen(lesson, options.start, here.seat)
    from cnn_tutor.plain import Streams
    from cnn_tutor.plain.live import run

    prompt = "> " if sys.stdin.isatty() else ""
    run(lesson, Streams(sys.stdin, here.console(), here.ascii_only, prompt), options.start)
    return DONE


def _fly(options: argparse.Namespace, here: Surroundings) -> int:
    """The whole lesson as a conversation with somebody who knows every answer; a finding where one is not taken."""
    from cnn_tutor.plain import Streams, run
    from cnn_tutor.plain.autopilot import Autopilot

    session = _resume(here.lesson(options.lesson, options.seed), None, options)
    console = here.console()
    pilot = Autopilot(session, console)
    end = run(session, Streams(pilot, console, here.ascii_only), lambda attempts: None)
    return DONE if end.finished else FINDINGS


def _converse(options: argparse.Namespace, here: Surroundings) -> int:
    from cnn_tutor.plain import Streams, run
    from cnn_tutor.tutor.log import replay
    from cnn_tutor.tutor.session import start_twin

    lesson = here.lesson(options.lesson, options.seed)
    keep = here.keeper()
    progress = keep.progress
    session = _resume(lesson, progress, options)

    def twin() -> Session | None:
        """The twin of the printed lesson, where the student left it."""
        other = start_twin(lesson, fast=options.fast) if options.seed is None else None
        if other is None or progress is None:
            return other
        return replay(other, progress.attempts(other.lesson.id))

    def ending() -> Iterator[str]:
        """What comes next, or a farewell at the end of the course."""
        from cnn_tutor.lesson.outline import group_of
        from cnn_tutor.render.standing import farewell
        from cnn_tutor.tutor.overview import next_lesson, overview

        if options.seed is not None or progress is None:
            return
        lessons = here.catalog().lessons
        entries = overview(lessons, progress)
        title, group = group_of(lesson, lessons)
        ids = [one.id for one in group]
        if len(ids) > 1 and all(entry.done >= entry.questions for entry in entries if entry.lesson.id in ids):
            yield " ".join(farewell(title).replace("**", "").split())
        following = next_lesson([entry for entry in entries if entry.lesson.id != lesson.id])
        if following is not None:
            yield _("Next: cnn-tutor learn {lesson}").format(lesson=following.lesson.id)

    prompt = "> " if sys.stdin.isatty() else ""
    streams = Streams(sys.stdin, here.console(), here.ascii_only, prompt)
    run(session, streams, keep, twin, ending, _again(options))
    return DONE


def _again(options: argparse.Namespace) -> str:
    """What stands after ``cnn-tutor learn`` to go on with the same lesson, numbers and questions."""
    import shlex

    seed = [] if options.seed is None else ["--seed", str(options.seed)]
    return shlex.join([options.lesson, *seed, *(["--fast"] if options.fast else [])])


def _resume(lesson: Lesson, progress: Progress | None, options: argparse.Namespace) -> Session:
    """The session where the student left it, or at the question asked for."""
    from cnn_tutor.tutor.log import replay
    from cnn_tutor.tutor.session import go_to, start

    session = start(lesson, fast=options.fast, seed=options.seed)
    if progress is not None:
        session = replay(session, progress.attempts(lesson.id))
    if options.start is None:
        return session
    try:
        return go_to(session, options.start)
    except KeyError:
        text = _("no question {key} in {lesson}; see cnn-tutor explain {lesson} --json")
        raise UsageError(text.format(key=repr(options.start), lesson=lesson.id)) from None
