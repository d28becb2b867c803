"""Writing a file at a path that somebody named on the command line."""

from __future__ import annotations

import os
from pathlib import Path

from cnn_tutor.errors import UsageError
from cnn_tutor.language import _
from cnn_tutor.surroundings import Surroundings
from cnn_tutor.whole_file import put


def write(path: Path, text: str, here: Surroundings) -> None:
    """Put ``text`` at ``path``, whole or not at all. Raises UsageError where that cannot be done, or a log is there."""
    if is_log(path, here.folder):
        raise UsageError(_("{path} is a log; name another file").format(path=path))
    try:
        put(path, text.encode())
    except OSError as error:
        sentence = _("cannot write {path}: {reason}")
        raise UsageError(sentence.format(path=path, reason=error.strerror)) from None


def is_log(path: Path, folder: Path) -> bool:
    """Whether a log is at ``path``: the one in ``folder`` with what SQLite keeps beside it, or any other one."""
    from cnn_tutor.tutor.progress import FILE
    from cnn_tutor.tutor.salvage import MAGIC

    place = Path(os.path.realpath(path))
    return (str(place.parent) == os.path.realpath(folder) and place.name.startswith(FILE)) or begins(path, MAGIC)


def begins(path: Path, content: bytes) -> bool:
    """Whether there is a file at ``path`` that begins so."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as stream:
            return stream.read(len(content)) == content
    except OSError:
        return False
