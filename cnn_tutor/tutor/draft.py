"""Drafts: what was typed and not handed in, kept beside the log until its question is shown again."""

from __future__ import annotations

from pathlib import Path

import msgspec

from cnn_tutor.whole_file import put

FILE = "drafts.json"
MOST = 50
"""Drafts in the file; the oldest are forgotten."""


class Drafts:
    """Texts by question, in ``folder``; without one they last as long as the program."""

    def __init__(self, folder: Path | None = None) -> None:
        self._file = None if folder is None else folder / FILE
        self._known: dict[str, str] = {}
        """What this program has shown or kept; it counts more than the file."""

    def take(self, key: str) -> str:
        """What was typed at the question ``key``; from now on it stands in its line."""
        text = self._known.get(key) or ("" if key in self._known else self._read().get(key, ""))
        self._known[key] = ""
        return text

    def keep(self, key: str, text: str) -> None:
        """Remember ``text``. Never raises: it is called while the program ends."""
        self._known[key] = text
        before = self._read()
        after = {**before, **self._known}
        after = {one: typed for one, typed in after.items() if typed.strip()}
        if self._file is None or after == before:
            return
        try:
            put(self._file, msgspec.json.encode(dict(list(after.items())[-MOST:])), sync=False)
        except (OSError, UnicodeEncodeError):
            return

    def _read(self) -> dict[str, str]:
        """What the file says; nothing where there is none, or where it is torn or somebody else's."""
        try:
            found = msgspec.json.decode(self._file.read_bytes()) if self._file is not None else {}
        except (OSError, ValueError, msgspec.MsgspecError):
            return {}
        return {str(key): str(text) for key, text in found.items()} if isinstance(found, dict) else {}
