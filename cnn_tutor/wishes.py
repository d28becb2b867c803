"""What a student may choose about the screens: the theme and the keys. Two small files in the config folder.

``settings.toml`` is written by the program, ``keys.toml`` by the student. A file that cannot be used is passed over and
named in ``faults``, one line each; it never keeps anybody from working.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

from cnn_tutor.language import _
from cnn_tutor.options import THEMES
from cnn_tutor.whole_file import put

SETTINGS, KEYS = "settings.toml", "keys.toml"


@dataclass(frozen=True, slots=True)
class Wishes:
    """The theme, the keys by the id of what they do (several parted by commas), and what could not be used."""

    theme: str = THEMES[0]
    keymap: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    faults: tuple[str, ...] = ()
    folder: Path | None = None

    def keep_theme(self, theme: str) -> str:
        """Remember ``theme`` for the next time; what went wrong in words, or nothing."""
        if self.folder is None:
            return ""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            put(self.folder / SETTINGS, f'theme = "{theme}"\n'.encode())
        except OSError as error:
            return _("The theme is not kept: {reason}.").format(reason=error.strerror)
        return ""


def wishes(folder: Path, theme: str | None = None) -> Wishes:
    """What the files in ``folder`` say; ``theme`` counts more than they do."""
    faults: list[str] = []
    settings = _table(folder / SETTINGS, faults)
    kept = settings.get("theme", THEMES[0])
    if kept not in THEMES:
        known = ", ".join(THEMES)
        faults.append(_("{file}: there is no theme {name}; there are {known}").format(
            file=folder / SETTINGS, name=repr(kept)[:40], known=known
        ))  # fmt: skip
        kept = THEMES[0]
    keymap: dict[str, str] = {}
    for name, value in _flat(_table(folder / KEYS, faults)):
        keys = [value] if isinstance(value, str) else value
        if isinstance(keys, list) and keys and all(isinstance(key, str) and key.strip() for key in keys):
            keymap[name] = ",".join(key.strip() for key in keys)
        else:
            text = _('{file}: {name} must be a key such as "ctrl+t", or a list of keys')
            faults.append(text.format(file=folder / KEYS, name=name[:40]))
    return Wishes(theme or kept, MappingProxyType(keymap), tuple(faults), folder)


def _table(file: Path, faults: list[str]) -> dict[str, Any]:
    """The file as a table; an empty one where there is none, or none that can be read."""
    if not file.is_file():
        return {}
    import tomllib

    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        faults.append(_("{file} is not used: {reason}").format(file=file, reason=" ".join(str(error).split())[:80]))
        return {}


def _flat(table: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """``lesson.hint = …`` is a table in a table to TOML, and one name to us."""
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield before + name, value
