"""``cnn-tutor check``: find the faults of lesson and assignment files, or show what their questions can tell apart."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

from cnn_tutor.commands import DONE, FINDINGS
from cnn_tutor.language import _
from cnn_tutor.surroundings import Surroundings

HELP = "check lesson and assignment files; exit code 1 if one has a fault"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``PATH... --diagnose --fast --json``."""
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help=_("a file, or a folder of them"))
    parser.add_argument(
        "--diagnose", action="store_true", help=_("which wrong ideas each question can tell apart; also by id")
    )
    parser.add_argument("--fast", action="store_true", help=_("with --diagnose: as fast mode asks"))
    parser.add_argument("--json", action="store_true", help=_("as data"))


def run(options: argparse.Namespace, here: Surroundings) -> int:
    """Print what is found. Raises UsageError for a path that is not there."""
    from cnn_tutor.errors import UsageError
    from cnn_tutor.tutor.lint import lint

    if options.diagnose:
        return _diagnose(options, here)
    found: list[dict[str, object]] = []
    for path in options.paths:
        if not path.exists():
            raise UsageError(_("no file {path}").format(path=path))
        for file in sorted(path.glob("*.toml")) if path.is_dir() else [path]:
            for fault in lint(file, lambda: here.catalog().lessons):
                found.append(_document(file, fault))
                if not options.json:
                    here.say(fault)
    if options.json:
        here.print_json(found)
    return FINDINGS if found else DONE


_FAULT = re.compile(r"(?P<line>\d+):(?P<column>\d+): (?:(?P<path>[\w.\[\]-]+): )?(?P<message>.*)", re.S)


def _document(file: Path, fault: str) -> dict[str, object]:
    """A fault as data: the parts of ``file:line:column: path: message``; a fault of syntax has no path."""
    parts = _FAULT.fullmatch(fault.removeprefix(f"{file}:"))
    if parts is None:
        return {"file": str(file), "line": 1, "column": 1, "path": "", "message": fault}
    place = {"line": int(parts["line"]), "column": int(parts["column"])}
    return {"file": str(file), **place, "path": parts["path"] or "", "message": parts["message"]}


def _diagnose(options: argparse.Namespace, here: Surroundings) -> int:
    """What each question of a lesson, named by id or file, can tell apart."""
    from cnn_tutor.lesson.load import load
    from cnn_tutor.tutor.probe import table
    from cnn_tutor.tutor.question import questions

    for path in options.paths:
        lesson = load(path) if path.exists() else here.catalog().get(str(path))
        for line in table(questions(lesson), upstream=options.fast):
            here.say(line)
    return DONE
