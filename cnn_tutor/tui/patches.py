"""What Textual must do otherwise for us: release closed screens, and draw scroll bars in whole cells of plain ASCII."""

from __future__ import annotations

from typing import ClassVar

from textual._styles_cache import StylesCache
from textual.scrollbar import ScrollBar, ScrollBarRender


class WholeCells(ScrollBarRender):
    """A scroll bar of coloured blanks; the eighths that Textual draws at its ends are not in every font."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "] * 8
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "] * 8


def apply() -> None:
    """Patch Textual; doing it again changes nothing."""
    ScrollBar.renderer = WholeCells
    # The cache keeps every widget ever styled alive (textual#6665).
    cached = StylesCache.get_inner_outer
    StylesCache.get_inner_outer = getattr(cached, "__wrapped__", cached)  # type: ignore[method-assign]
