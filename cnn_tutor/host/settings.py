"""What a session is told of the student's terminal: a few settings, each checked, and nothing else that was sent."""

from __future__ import annotations

import re
from collections.abc import Mapping

from cnn_tutor.host.limits import Limits

DUMB = "dumb"
_LOCALE = re.compile(r"[A-Za-z]{1,8}(_[A-Za-z]{1,8})?(\.[A-Za-z0-9-]{1,16})?(@[a-z]{1,12})?")
_TERM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,39}")
_WANTED = {
    "LANG": _LOCALE,
    "LC_ALL": _LOCALE,
    "LC_CTYPE": _LOCALE,
    "COLORTERM": re.compile(r"[a-z0-9]{1,16}"),
    "NO_COLOR": re.compile(r"[A-Za-z0-9]{1,8}"),
}
"""The settings that may be sent, and what they may be."""


class Settings(dict[bytes, bytes]):
    """Settings as they come over the wire; those that nobody wants are not even remembered."""

    def __setitem__(self, name: bytes, value: bytes) -> None:
        if name.decode("latin-1") in _WANTED and len(value) <= 64:
            super().__setitem__(name, value)


def environment(term: str, sent: Mapping[bytes, bytes]) -> dict[str, str]:
    """The environment of a session."""
    kept = {"TERM": term if _TERM.fullmatch(term) else DUMB}
    for name, pattern in _WANTED.items():
        value = sent.get(name.encode(), b"").decode("latin-1")
        if pattern.fullmatch(value):
            kept[name] = value
    if not kept.keys() & {"LANG", "LC_ALL", "LC_CTYPE"}:
        kept["LANG"] = "C.UTF-8"
    return kept


def size(columns: int, lines: int, limits: Limits) -> tuple[int, int]:
    """The size of a terminal: as said, as far as that can be; 80 × 24 where nothing is said."""
    if columns <= 0 or lines <= 0:
        return 80, 24
    return min(columns, limits.columns), min(lines, limits.lines)
