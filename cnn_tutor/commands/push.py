"""``cnn-tutor push``: send what is in the log, and not there yet, to the database that many machines share."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator

from cnn_tutor.commands import DONE, FINDINGS
from cnn_tutor.language import _
from cnn_tutor.options import to_path
from cnn_tutor.surroundings import Surroundings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

HELP = "send the log to the database named in CNN_TUTOR_RESULTS"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``FOLDER... --name``."""
    parser.add_argument(
        "folders",
        nargs="*",
        type=to_path,
        metavar="FOLDER",
        help=_("folders of logs, each named by its folder (your log)"),
    )
    parser.add_argument("--name", default="", metavar="NAME", help=_("whose your log is (your account)"))
    parser.add_argument("--after", type=float, default=0.0, help=argparse.SUPPRESS)


def run(options: argparse.Namespace, here: Surroundings) -> int:
    """Push; exit code 1 where that failed: the next time makes up for it. Raises UsageError."""
    from cnn_tutor.errors import ProgressError, UsageError

    time.sleep(options.after)
    if here.results is None:
        raise UsageError(_("name the database in CNN_TUTOR_RESULTS: postgresql://…"))
    from cnn_tutor.tutor.drill import plain_name
    from cnn_tutor.tutor.progress import Progress
    from cnn_tutor.tutor.shared import push

    failed = 0
    for name, folder in _logs(options, here):
        try:
            progress = Progress(folder)
            rows = progress.rows()
            progress.close()
            if progress.notice:
                here.complain(f"{folder}: {progress.notice}")
            new = push(here.results, rows, plain_name(name))
        except ProgressError as error:
            here.complain(error)
            failed += 1
            continue
        here.say(_("{name}: {new} of {count} rows are new.").format(name=name, new=new, count=len(rows)))
    return FINDINGS if failed else DONE


def _logs(options: argparse.Namespace, here: Surroundings) -> Iterator[tuple[str, Path]]:
    """Whose log lies where."""
    from cnn_tutor.tutor.progress import FILE
    from cnn_tutor.tutor.report.source import owner

    if not options.folders:
        yield options.name or here.account, here.folder
    for folder in options.folders:
        for file in sorted(folder.rglob(FILE)):
            yield owner(file), file.parent
