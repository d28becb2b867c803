"""Textual and asyncio without what no screen here uses: encryption, a palette of commands, and a copy of typing.

A start is waited for, and twenty students start at once: what is left out would cost it a tenth.
"""

from __future__ import annotations

import sys
import typing
from contextlib import suppress
from functools import cache
from importlib import import_module
from types import ModuleType

from cnn_tutor.stand_in import instead

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
    with instead("ssl", None):
        import_module("asyncio")
    try:
        with instead(PALETTE, Empty(PALETTE)), instead("typing_extensions", typing):
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
