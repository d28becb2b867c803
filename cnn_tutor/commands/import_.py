"""``cnn-tutor import``: take in what was exported elsewhere; twice is as good as once."""

from __future__ import annotations

import argparse

from cnn_tutor.commands import DONE, FINDINGS
from cnn_tutor.language import _
from cnn_tutor.options import to_path
from cnn_tutor.surroundings import Surroundings

HELP = "take in logs that were exported elsewhere"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``FILE...``."""
    parser.add_argument(
        "files", nargs="+", type=to_path, metavar="FILE", help=_("what cnn-tutor export wrote, or a log itself")
    )


def run(options: argparse.Namespace, here: Surroundings) -> int:
    """Take in each file whole, or not at all; exit code 1 if one was left out."""
    from cnn_tutor.errors import ProgressError
    from cnn_tutor.tutor.export import read
    from cnn_tutor.tutor.salvage import MAGIC, salvaged

    store = here.book.log()
    left_out = 0
    for file in options.files:
        try:
            content = file.read_bytes()
            rows = salvaged(file) if content.startswith(MAGIC) else []
            rows = rows or read(content, str(file)).rows
            text = _("{path}: {new} of {count} rows are new.")
            here.say(text.format(path=file, new=store.take_in(rows), count=len(rows)))
        except ProgressError as error:
            here.complain(_("{error}. Nothing of it was taken in.").format(error=error))
            left_out += 1
        except OSError:
            here.complain(_("{path} cannot be read. Nothing of it was taken in.").format(path=file))
            left_out += 1
    return FINDINGS if left_out else DONE
