"""Modules that stand for others while something is imported: what a library loads and nobody here uses is left out."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType


@contextmanager
def instead(name: str, module: ModuleType | None) -> Iterator[None]:
    """``module`` in the place of one that is not loaded yet; None as if it were not installed."""
    if name in sys.modules:
        yield
        return
    sys.modules[name] = module  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[name]
