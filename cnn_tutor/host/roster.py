"""The roster: who may come in. One student a line, ``name`` or ``name key``; a name on several lines has several keys.

A name is what is typed before the @. It also names the student's folder, so it is letters, digits, ``.``, ``_`` and
``-`` only, and capitals do not matter.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from cnn_tutor.errors import UsageError
from cnn_tutor.language import _

LONGEST_NAME = 40
LARGEST_FILE = 4 * 1024 * 1024
KEY_TYPES = ("ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-")


@dataclass(frozen=True, slots=True)
class Roster:
    """Who may come in, with the public keys of each (``type base64``)."""

    keys: Mapping[str, tuple[str, ...]]

    def __contains__(self, name: str) -> bool:
        return name in self.keys

    def allows(self, name: str, key: str) -> bool:
        """Whether ``key`` opens the door for the student called ``name``."""
        return key in self.keys.get(name, ())


def plain(name: str) -> str:
    """A name as it is compared and used for a folder; empty for one that nobody can have."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    fits = 0 < len(folded) <= LONGEST_NAME and folded[0].isalnum()
    return folded if fits and all(one.isalnum() or one in "._-" for one in folded) else ""


def read(path: Path) -> Roster:
    """The roster in a file. Raises UsageError, with the line, for one that cannot be understood."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise UsageError(
            _("cannot read the roster {path}: {reason}").format(path=path, reason=error.strerror)
        ) from None
    if len(content) > LARGEST_FILE:
        raise UsageError(_("the roster {path} is too large").format(path=path))
    try:
        return parse(content.decode("utf-8-sig").splitlines(), str(path))
    except UnicodeDecodeError:
        raise UsageError(_("the roster {path} is not UTF-8 text").format(path=path)) from None


def parse(lines: Iterable[str], source: str = "roster") -> Roster:
    """The roster in ``lines``. Raises UsageError."""
    keys: dict[str, tuple[str, ...]] = {}
    for number, line in enumerate(lines, 1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        name = plain(words[0])
        if not name:
            sentence = _(
                "{place}: a name has up to {most} letters, digits, '.', '_' or '-', and begins with a letter or a "
                "digit; this one is {name}"
            )
            raise UsageError(sentence.format(place=f"{source}:{number}", most=LONGEST_NAME, name=ascii(words[0])))
        if len(words) > 1 and (len(words) < 3 or not words[1].startswith(KEY_TYPES)):
            sentence = _("{place}: after a name comes nothing, or a public key: type, then base64")
            raise UsageError(sentence.format(place=f"{source}:{number}"))
        keys[name] = (*keys.get(name, ()), *([f"{words[1]} {words[2]}"] if len(words) > 1 else []))
    if not keys:
        raise UsageError(_("{source} names nobody").format(source=source))
    return Roster(keys)
