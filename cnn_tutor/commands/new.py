"""``cnn-tutor new``: a commented lesson to start from."""

from __future__ import annotations

import argparse

from cnn_tutor.commands import DONE
from cnn_tutor.errors import UsageError
from cnn_tutor.language import _
from cnn_tutor.options import to_path
from cnn_tutor.surroundings import Surroundings

HELP = "a commented lesson to start from"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``PATH``."""
    parser.add_argument("path", type=to_path, metavar="PATH", help=_("the file to write, as in lessons/01-mine.toml"))


def run(options: argparse.Namespace, here: Surroundings) -> int:
    """Write the lesson. Raises UsageError where a file is in the way, or none can be written."""
    from cnn_tutor.lesson.template import template
    from cnn_tutor.whole_file import put

    path = options.path if options.path.suffix == ".toml" else options.path.with_name(f"{options.path.name}.toml")
    try:
        put(path, template(path.name).encode(), anew=True)
    except FileExistsError:
        raise UsageError(_("{path} is there already; nothing was changed").format(path=path)) from None
    except OSError as error:
        raise UsageError(_("cannot write {path}: {reason}").format(path=path, reason=error.strerror)) from None
    here.say(_("Written: {path}").format(path=path))
    here.say(_("Next: cnn-tutor learn {path} --watch").format(path=path))
    return DONE
