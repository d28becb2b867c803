"""Textual and asyncio without what no screen here uses: encryption, a palette of commands, and a copy of typing.

A start is waited for, and twenty students start at once: what is left out would cost it a tenth.
"""

from __future__ import annotations

import sys
import typing
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib import import_module
from types import ModuleType

PALETTE = "textual.command"
"""The command palette brings half of Textual's widgets along; ``screens.commands`` is the tutor's own."""

USED = ("textual.app", "textual._xterm_parser", "textual.widgets._input", "textual.widgets._option_list", "msgspec")
"""What is loaded here, because it would load something needless otherwise."""


class Empty(ModuleType):
    """A module in which every name is a class that can do nothing."""

    def __getattr__(self, name: str) -> type:
        if name.startswith("_"):
            raise AttributeError(name)
        made = type(name, (), {"__module__": self.__name__})
        setattr(self, name, made)
        return made


def load() -> None:
    """Import them; with all that they bring where this version of Textual needs it."""
    with _instead("ssl", None):
        import_module("asyncio")
    try:
        with _instead(PALETTE, Empty(PALETTE)), _instead("typing_extensions", typing):
            for module in USED:
                import_module(module)
    except Exception:  # whatever it is that this version does with its palette
        for name in [name for name in sys.modules if name.partition(".")[0] == "textual"]:
            del sys.modules[name]


@cache
def give_back() -> None:
    """Once, when all is loaded: return what loading took and freed to the system, where the C library can do that."""
    import ctypes

    with suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


@contextmanager
def _instead(name: str, module: ModuleType | None) -> Iterator[None]:
    """``module`` in the place of one that is not loaded yet; None as if it were not installed."""
    if name in sys.modules:
        yield
        return
    sys.modules[name] = module  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[name]
