"""``cnn-tutor export``: everything the student did, in one file."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from functools import partial

from cnn_tutor.commands import DONE
from cnn_tutor.language import _
from cnn_tutor.options import to_path
from cnn_tutor.surroundings import Surroundings

HELP = "write your log to one file, for another machine or for your teacher"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``--out --name --sign``."""
    parser.add_argument("--out", type=to_path, metavar="FILE", help=_("where to (standard output)"))
    parser.add_argument("--name", default="", metavar="NAME", help=_("whose log it is, for a report on a class"))
    parser.add_argument("--sign", type=to_path, metavar="KEYFILE", help=_("sign it with a host's private Ed25519 key"))


def run(options: argparse.Namespace, here: Surroundings) -> int:
    """Write the file. Raises UsageError where that is not possible."""
    from cnn_tutor.errors import UsageError
    from cnn_tutor.tutor.drill import plain_name
    from cnn_tutor.tutor.export import written

    sign: Callable[[bytes], str] | None = None
    if options.sign is not None:
        from cnn_tutor.tutor import signature

        sign = partial(signature.sign, key_file=options.sign)
    store = here.store()
    rows = store.rows() if store is not None else []
    text = "".join(f"{line}\n" for line in written(rows, plain_name(options.name), sign))
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
