"""``cnn-tutor export``: everything the student did, in one file; for a host, a signed file for each student."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from functools import partial

from cnn_tutor.commands import DONE, FINDINGS
from cnn_tutor.language import _
from cnn_tutor.options import to_path
from cnn_tutor.surroundings import Surroundings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path

    from cnn_tutor.tutor.progress import Row

    Sign = Callable[[bytes], str] | None

HELP = "write your log to one file, for another machine or for your teacher"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``FOLDER... --out --name --sign``."""
    parser.add_argument(
        "folders",
        nargs="*",
        type=to_path,
        metavar="FOLDER",
        help=_("a host's folder, or others with students' logs: a file for each (your log)"),
    )
    parser.add_argument(
        "--out", type=to_path, metavar="FILE", help=_("where to (standard output); a folder for several")
    )
    parser.add_argument("--name", default="", metavar="NAME", help=_("whose log it is, for a report on a class"))
    parser.add_argument("--sign", type=to_path, metavar="KEYFILE", help=_("sign it with a host's private Ed25519 key"))


def run(options: argparse.Namespace, here: Surroundings) -> int:
    """Write the file or files. Raises UsageError or ProgressError where that is not possible."""
    from cnn_tutor.tutor.drill import plain_name

    sign: Sign = None
    if options.sign is not None:
        from cnn_tutor.tutor import signature

        sign = partial(signature.sign, key_file=options.sign)
    if options.folders:
        return _export_all(options, here, sign)
    store = here.book.reading()
    rows = store.rows() if store is not None else []
    text = _text(rows, plain_name(options.name), sign)
    if options.out is None:
        print(text, end="")
        return DONE
    _write(options.out, text, len(rows), here)
    return DONE


def _export_all(options: argparse.Namespace, here: Surroundings, sign: Sign) -> int:
    """A file for each student whose log lies in the folders; exit code 1 if one cannot be read."""
    from cnn_tutor.errors import ProgressError, UsageError
    from cnn_tutor.tutor.drill import plain_name
    from cnn_tutor.tutor.progress import FILE, Progress
    from cnn_tutor.tutor.report.source import owner

    if options.out is None or options.name:
        raise UsageError(_("name the folder for the files with --out; each is named by the folder of its log"))
    files = sorted(file for folder in options.folders for file in folder.rglob(FILE))
    if not files:
        raise UsageError(_("there is no log in these folders"))
    try:
        options.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        text = _("cannot write {path}: {reason}")
        raise UsageError(text.format(path=options.out, reason=error.strerror)) from None
    taken: set[str] = set()
    code = DONE
    for file in files:
        name = owner(file)
        if name in taken:
            raise UsageError(
                _("two logs are those of {name}; export their folders one after the other").format(name=name)
            )
        taken.add(name)
        try:
            progress = Progress(file.parent)
            rows = progress.rows()
            progress.close()
            if progress.notice:
                here.complain(f"{file.parent}: {progress.notice}")
        except ProgressError as error:
            here.complain(error)
            code = FINDINGS
            continue
        _write(options.out / f"{name}.jsonl", _text(rows, plain_name(name), sign), len(rows), here)
    return code


def _text(rows: Sequence[Row], name: str, sign: Sign) -> str:
    from cnn_tutor.tutor.export import written

    return "".join(f"{line}\n" for line in written(rows, name, sign))


def _write(path: Path, text: str, count: int, here: Surroundings) -> None:
    from cnn_tutor.commands.output import write

    write(path, text, here)
    here.say(_("{count} rows written to {path}.").format(count=count, path=path))
