"""What Textual must do otherwise for us: release closed screens, draw plain scroll bars, leave its classes alone."""

from __future__ import annotations

from typing import Any, ClassVar

from textual._styles_cache import StylesCache
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.widget import Widget


class WholeCells(ScrollBarRender):
    """A scroll bar of coloured blanks; the eighths that Textual draws at its ends are not in every font."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "] * 8
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "] * 8


class Count:
    """How many widgets there were, kept beside the class ``Widget`` instead of in it.

    Python forgets all that it has looked up in a class, and in those derived from it, whenever the class changes;
    Textual counts in the class, so that happens with every widget that is made.
    """

    def __init__(self, value: int) -> None:
        self._value = value

    def __get__(self, owner: type, meta: type) -> int:
        return self._value

    def __set__(self, owner: type, value: int) -> None:
        self._value = value


def _count_beside(widget: Any) -> None:
    """Keep the count of widgets in a descriptor of the class's class, and set it without touching the class."""
    meta: Any = type(widget)
    count = Count(widget._sort_order)

    def change(owner: type, name: str, value: Any) -> None:
        if name == "_sort_order":
            count.__set__(owner, value)
        else:
            type.__setattr__(owner, name, value)

    meta._sort_order = count
    meta.__setattr__ = change


def apply() -> None:
    """Patch Textual; doing it again changes nothing."""
    if ScrollBar.renderer is WholeCells:
        return
    ScrollBar.renderer = WholeCells
    # The cache keeps every widget ever styled alive (textual#6665).
    cached = StylesCache.get_inner_outer
    StylesCache.get_inner_outer = getattr(cached, "__wrapped__", cached)  # type: ignore[method-assign]
    if hasattr(Widget, "_sort_order"):
        _count_beside(Widget)
