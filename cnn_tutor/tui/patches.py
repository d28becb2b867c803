"""What Textual must do otherwise for us.

It releases closed screens, draws scroll bars in whole cells of plain ASCII, and at the start does nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType
from typing import Any, ClassVar

from textual import _callback
from textual._styles_cache import StylesCache
from textual.geometry import Size
from textual.screen import Screen
from textual.scrollbar import ScrollBar, ScrollBarRender


class WholeCells(ScrollBarRender):
    """A scroll bar of coloured blanks; the eighths that Textual draws at its ends are not in every font."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "] * 8
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "] * 8


_signature = _callback._count_parameters


def _count_parameters(func: Callable[..., Any]) -> int:
    """As many as the signature has; of a plain function without asking ``inspect``, which is slow."""
    if not isinstance(func, FunctionType) or hasattr(func, "__wrapped__"):
        return _signature(func)
    code = func.__code__
    return code.co_argcount + code.co_kwonlyargcount + bool(code.co_flags & 4) + bool(code.co_flags & 8)


_lay_out = Screen._screen_resized


def _screen_resized(screen: Screen[Any], size: Size) -> None:
    """Lay out anew if the size is another one: a screen hears of its first size three times."""
    if size != screen._compositor.size:
        _lay_out(screen, size)


def apply() -> None:
    """Patch Textual; doing it again changes nothing."""
    ScrollBar.renderer = WholeCells
    _callback._count_parameters = _count_parameters
    Screen._screen_resized = _screen_resized  # type: ignore[assignment, method-assign]
    # The cache keeps every widget ever styled alive (textual#6665).
    cached = StylesCache.get_inner_outer
    StylesCache.get_inner_outer = getattr(cached, "__wrapped__", cached)  # type: ignore[method-assign]
