"""The language of the interface: every sentence that is shown goes through ``_`` where it is shown.

English needs nothing loaded; ``speak`` is called once, by ``surroundings``. As in gettext itself, one process speaks
one language.
"""

from __future__ import annotations

from collections.abc import Callable

_translated: Callable[[str], str] | None = None
_numbered: Callable[[str, str, int], str] | None = None


def speak(translate: Callable[[str], str], numbered: Callable[[str, str, int], str]) -> None:
    """Use ``translate`` and ``numbered`` (``gettext`` and ``ngettext`` of a catalogue) from now on."""
    global _translated, _numbered
    _translated, _numbered = translate, numbered


def _(message: str) -> str:
    """``message`` in the language that is spoken; the English text is its own name."""
    return message if _translated is None or not message else _translated(message)


def plural(one: str, many: str, count: int, **fields: object) -> str:
    """``one`` or ``many``, as ``count`` demands in the language spoken, with ``{count}`` and ``fields`` filled in."""
    text = (one if count == 1 else many) if _numbered is None else _numbered(one, many, count)
    return text.format(count=count, **fields)
