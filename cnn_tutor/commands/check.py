"""``cnn-tutor check``: find the faults of lesson and assignment files, or show what their questions can tell apart."""

from __future__ import annotations

import argparse

from cnn_tutor.commands import DONE, FINDINGS
from cnn_tutor.errors import UsageError
from cnn_tutor.language import _
from cnn_tutor.options import to_path
from cnn_tutor.surroundings import Surroundings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cnn_tutor.lesson.finding import Finding

HELP = "check lesson and assignment files; exit code 1 if one has a fault"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``PATH... --diagnose --fast --json --thorough --schema``."""
    parser.add_argument("paths", nargs="*", type=to_path, metavar="PATH", help=_("a file, or a folder of them"))
    parser.add_argument(
        "--diagnose", action="store_true", help=_("which wrong ideas each question can tell apart; also by id")
    )
    parser.add_argument("--fast", action="store_true", help=_("with --diagnose: as fast mode asks"))
    parser.add_argument("--json", action="store_true", help=_("as data"))
    parser.add_argument(
        "--thorough",
        action="store_true",
        help=_("also on a hundred fresh numbers, and with every wrong idea as answer"),
    )
    parser.add_argument("--schema", action="store_true", help=_("print the JSON Schema of lesson files, for editors"))


def run(options: argparse.Namespace, here: Surroundings) -> int:
    """Print what is found. Raises UsageError for a path that is not there."""
    if options.schema:
        return _schema(here)
    if options.diagnose:
        return _diagnose(options, here)
    from cnn_tutor.tutor.lint import findings

    if not options.paths:
        raise UsageError(_("name a file or a folder of lessons"))
    missing = next((path for path in options.paths if not path.exists()), None)
    if missing is not None:
        raise UsageError(_("no file {path}").format(path=missing))
    found = [
        one
        for path in options.paths
        for one in findings(path, lambda: here.catalog().lessons, thorough=options.thorough)
    ]
    if options.json:
        here.print_json([_document(one) for one in found])
    else:
        for one in sorted(found, key=lambda one: one.severity):
            here.say(str(one))
            for line in one.excerpt:
                here.say(line)
    return FINDINGS if any(one.severity == "error" for one in found) else DONE


def _document(finding: Finding) -> dict[str, object]:
    place = {"file": finding.file, "line": finding.line, "column": finding.column}
    return {**place, "path": finding.path, "message": finding.message, "severity": finding.severity}


def _schema(here: Surroundings) -> int:
    """The JSON Schema of lesson files, for editors."""
    import json

    from cnn_tutor.lesson.json_schema import document

    here.say(json.dumps(document(), indent=2))
    return DONE


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
