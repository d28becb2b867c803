"""The command line: the only place that reads the environment, the home folder and the clock.

Handlers import what they need, so that ``--help`` costs nothing.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cnn_tutor.errors import CnnTutorError, ProgressError
from cnn_tutor.options import parser
from cnn_tutor.render.ascii import clean, to_ascii

if TYPE_CHECKING:
    from rich.console import Console

    from cnn_tutor.lesson.catalog import Catalog
    from cnn_tutor.lesson.schema import Lesson
    from cnn_tutor.tutor.attempt import Attempt
    from cnn_tutor.tutor.progress import Progress
    from cnn_tutor.tutor.session import Session

DONE, FINDINGS, USAGE, INTERRUPTED = 0, 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code. Errors are one line on stderr, never a traceback."""
    _open_streams()
    options = parser().parse_args(arguments)
    # One thread is enough for worksheet sizes, and idle BLAS threads burn time; this must precede NumPy's import.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    try:
        code = _HANDLERS[options.command](options)
        sys.stdout.flush()
        return code
    except CnnTutorError as error:
        _complain(error)
        return USAGE
    except KeyboardInterrupt:
        print("\nPaused. What you answered is kept.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone; give the interpreter nothing left to flush into the closed pipe.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


def _open_streams() -> None:
    """Streams that the caller has closed are empty ones; what cannot be read or written as text is replaced."""
    if sys.stdin is None:
        sys.stdin = io.StringIO()
    if sys.stdout is None:
        sys.stdout = io.StringIO()
    for stream in (sys.stdin, sys.stdout):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _complain(message: object) -> None:
    """One line on stderr; nothing in it is a command to the terminal."""
    print(f"cnn-tutor: {' '.join(clean(str(message)).split())}", file=sys.stderr)


def _say(line: str, options: argparse.Namespace) -> None:
    """A line on stdout; nothing in it is a command to the terminal."""
    print(to_ascii(line) if _ascii(options) else clean(line))


def _catalog(options: argparse.Namespace) -> Catalog:
    from cnn_tutor.lesson.catalog import catalog

    folders = getattr(options, "lessons", None)
    if folders is None:
        folders = [Path(one) for one in os.environ.get("CNN_TUTOR_LESSONS", "").split(os.pathsep) if one]
    return catalog(folders)


def _store(options: argparse.Namespace) -> Progress | None:
    """The student's log; None, with one line on stderr, where nothing can be kept."""
    from platformdirs import user_data_path

    from cnn_tutor.tutor.progress import Progress

    folder = getattr(options, "data", None) or os.environ.get("CNN_TUTOR_DATA") or user_data_path("cnn-tutor")
    try:
        progress = Progress(Path(folder))
    except ProgressError as error:
        _complain(f"{error}. You can go on, but nothing is kept.")
        return None
    if progress.notice:
        _complain(progress.notice)
    return progress


def _has_screen() -> bool:
    """Whether both ends are a terminal that can show more than lines."""
    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM", "") not in ("", "dumb")


def _home(options: argparse.Namespace) -> int:
    if _has_screen():
        return _screen(options)
    code = _list(argparse.Namespace(**vars(options), json=False))
    print("\nStart one with: cnn-tutor learn LESSON")
    return code


def _screen(options: argparse.Namespace, **wanted: object) -> int:
    from cnn_tutor.tui.app import run

    return run(_catalog(options), _store(options), clock=time.time, ascii_only=_ascii(options), **wanted)  # type: ignore[arg-type]


def _ascii(options: argparse.Namespace) -> bool:
    """ASCII where it is asked for, or where the terminal's encoding has nothing else."""
    encoding = (getattr(sys.stdout, "encoding", None) or "ascii").lower().replace("-", "")
    return bool(getattr(options, "ascii", False)) or not encoding.startswith("utf")


def _lesson(options: argparse.Namespace) -> Lesson:
    lesson = _catalog(options).get(options.lesson)
    if options.seed is None:
        return lesson
    from cnn_tutor.tutor.variant import variant

    return variant(lesson, options.seed)


def _learn(options: argparse.Namespace) -> int:
    if not options.plain and _has_screen():
        lesson = _catalog(options).get(options.lesson)
        return _screen(options, lesson=lesson.id, start_key=options.start, fast=options.fast, seed=options.seed)
    from cnn_tutor.plain import Streams, run
    from cnn_tutor.tutor.log import replay
    from cnn_tutor.tutor.session import start_twin

    lesson = _lesson(options)
    progress = _store(options)
    session = _resume(lesson, progress, options)

    def keep(attempts: tuple[Attempt, ...]) -> None:
        if progress is not None:
            progress.add(attempts, time.time())

    def twin() -> Session | None:
        """The twin of the printed lesson, where the student left it."""
        other = start_twin(lesson, fast=options.fast) if options.seed is None else None
        return (
            replay(other, progress.attempts(other.lesson.id)) if other is not None and progress is not None else other
        )

    prompt = "> " if sys.stdin.isatty() else ""
    run(session, Streams(sys.stdin, _console(options), _ascii(options), prompt), keep, twin)
    return DONE


def _resume(lesson: Lesson, progress: Progress | None, options: argparse.Namespace) -> Session:
    """The session where the student left it, or at the question asked for."""
    from cnn_tutor.errors import UsageError
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
        raise UsageError(
            f"no question {options.start!r} in {lesson.id}; see cnn-tutor explain {lesson.id} --json"
        ) from None


def _console(options: argparse.Namespace) -> Console:
    from rich.console import Console

    no_color = bool(getattr(options, "no_color", False)) or "NO_COLOR" in os.environ
    console = Console(file=sys.stdout, markup=False, highlight=False, emoji=False, no_color=no_color or None)
    console.on_broken_pipe = _reader_left  # type: ignore[method-assign]
    return console


def _reader_left() -> None:
    """Nobody reads any more: end as every other command does, where Rich would end with code 1."""
    raise BrokenPipeError


def _explain(options: argparse.Namespace) -> int:
    import json

    from cnn_tutor.tutor.explain import document, solution

    lesson = _lesson(options)
    if options.json:
        print(json.dumps(document(lesson, fast=options.fast, seed=options.seed), ensure_ascii=_ascii(options)))
        return DONE
    for line in solution(lesson, fast=options.fast):
        _say(line, options)
    return DONE


def _list(options: argparse.Namespace) -> int:
    from cnn_tutor.tutor.overview import overview

    catalog = _catalog(options)
    entries = overview(catalog.lessons, _store(options))
    for fault in catalog.faults:
        _complain(fault)
    if options.json:
        import json

        print(json.dumps([entry.document() for entry in entries], ensure_ascii=_ascii(options)))
        return DONE
    width = max((len(entry.lesson.id) for entry in entries), default=0)
    for entry in entries:
        _say(f"{entry.lesson.id:<{width}}  {entry.done:>3} of {entry.questions:<3}  {entry.lesson.title}", options)
    return DONE


def _progress(options: argparse.Namespace) -> int:
    from cnn_tutor.tutor.overview import next_lesson, overview, report

    catalog = _catalog(options)
    store = _store(options)
    entries = overview(catalog.lessons, store)
    known = report(entries, store)
    if options.json:
        import json

        print(json.dumps(known, ensure_ascii=_ascii(options)))
        return DONE
    done, questions = sum(entry.done for entry in entries), sum(entry.questions for entry in entries)
    print(f"{done} of {questions} questions answered.")
    for entry in entries:
        if entry.done:
            state = "finished" if entry.done == entry.questions else f"{entry.done} of {entry.questions}"
            _say(f"  {entry.lesson.title}: {state}{', mastered' if entry.mastered else ''}", options)
    for word, wanted in (("Mastered", True), ("In practice", False)):
        named = [skill["skill"] for skill in known["skills"] if skill["mastered"] is wanted]
        if named:
            print(f"{word}: {', '.join(named)}")
    if known["misconceptions"]:
        from cnn_tutor.tutor.misconceptions import BY_ID

        for row in (BY_ID[idea["id"]] for idea in known["misconceptions"] if idea["id"] in BY_ID):
            _say(f"More than once: {row.name} ({row.believes})", options)
    following = next_lesson(entries)
    print(f"Next: cnn-tutor learn {following.lesson.id}" if following else "The worksheet is done.")
    return DONE


def _check(options: argparse.Namespace) -> int:
    from cnn_tutor.errors import UsageError
    from cnn_tutor.tutor.lint import lint

    if options.diagnose:
        return _diagnose(options)
    found = 0
    for path in options.paths:
        if not path.exists():
            raise UsageError(f"no file {path}")
        for file in sorted(path.glob("*.toml")) if path.is_dir() else [path]:
            for fault in lint(file):
                found += 1
                _say(fault, options)
    return FINDINGS if found else DONE


def _diagnose(options: argparse.Namespace) -> int:
    """What each question of a lesson, named by id or file, can tell apart."""
    from cnn_tutor.lesson.load import load
    from cnn_tutor.tutor.probe import table
    from cnn_tutor.tutor.question import questions

    for path in options.paths:
        lesson = load(path) if path.exists() else _catalog(options).get(str(path))
        for line in table(questions(lesson), upstream=options.fast):
            _say(line, options)
    return DONE


_HANDLERS: dict[str | None, Callable[[argparse.Namespace], int]] = {
    None: _home,
    "learn": _learn,
    "explain": _explain,
    "list": _list,
    "progress": _progress,
    "check": _check,
}
