"""Names replaced by pseudonyms: the same for the same name and secret, and of no use to whoever lacks the secret."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from dataclasses import replace
from pathlib import Path

from cnn_tutor.errors import UsageError
from cnn_tutor.language import _
from cnn_tutor.tutor.report.source import LeftOut
from cnn_tutor.tutor.report.tally import Report

FILE = "pseudonyms.key"
LETTERS = 10
"""Of a pseudonym; 50 bits, so that no two of a class are ever the same."""


def secret(folder: Path) -> bytes:
    """The secret that is kept in ``folder``, made on first use for its owner's eyes only. Raises UsageError."""
    path = folder / FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError:
            pass
        else:
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.write(secrets.token_hex(32))
        found = path.read_text(encoding="ascii").strip()
        if len(found) < LETTERS:
            raise UsageError(_("{path} is damaged; without it there are no lasting pseudonyms").format(path=path))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(_("cannot use {path}: {reason}").format(path=path, reason=error)) from None
    return found.encode()


def pseudonym(name: str, key: bytes) -> str:
    """What ``name`` is called in an anonymous report."""
    digest = hmac.digest(key, name.encode("utf-8", "surrogatepass"), hashlib.sha256)
    return f"S-{base64.b32encode(digest)[:LETTERS].decode()}"


def anonymous(report: Report, key: bytes) -> Report:
    """The report without names, paths and result codes; these are made of names too."""
    named = {one.name: pseudonym(one.name, key) for one in report.students}
    students = tuple(sorted((replace(one, name=named[one.name]) for one in report.students), key=lambda one: one.name))
    scores = (replace(one, student=pseudonym(one.student, key), code="", seed=None) for one in report.scores)
    return replace(
        report,
        students=students,
        scores=tuple(sorted(scores, key=lambda one: (one.drill, one.student))),
        left_out=tuple(_nameless(one, number) for number, one in enumerate(report.left_out, 1)),
        drills={label: replace(drill, name="") for label, drill in report.drills.items()},
    )


def _nameless(one: LeftOut, number: int) -> LeftOut:
    path = _("file {number}").format(number=number)
    return LeftOut(path, one.reason.replace(one.path, path))
