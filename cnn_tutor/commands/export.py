"""``cnn-tutor export``: everything the student did, in one file."""

from __future__ import annotations

import argparse
from pathlib import Path

from cnn_tutor.commands import DONE
from cnn_tutor.language import _
from cnn_tutor.surroundings import Surroundings

HELP = "write your log to one file, for another machine or for your teacher"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``--out``."""
    parser.add_argument("--out", type=Path, metavar="FILE", help=_("where to (standard output)"))


def run(options: argparse.Namespace, here: Surroundings) -> int:
    """Write the file. Raises UsageError where that is not possible."""
    from cnn_tutor.errors import UsageError
    from cnn_tutor.tutor.export import written

    store = here.store()
    rows = store.rows() if store is not None else []
    text = "".join(f"{line}\n" for line in written(rows))
    if options.out is None:
        print(text, end="")
        return DONE
    try:
        options.out.write_text(text, encoding="utf-8")
    except OSError as error:
        text = _("cannot write {path}: {reason}")
        raise UsageError(text.format(path=options.out, reason=error.strerror)) from None
    here.say(_("{count} rows written to {path}.").format(count=len(rows), path=options.out))
    return DONE
