"""What Textual must do otherwise for us.

It releases closed screens, draws plain scroll bars, leaves its classes alone, and at the start it styles and lays out
nothing twice.
What a version of Textual does not have is left as it is: all of this saves time or memory, and nothing depends on it.
"""

from __future__ import annotations

from inspect import CO_VARARGS, CO_VARKEYWORDS, signature
from typing import Any, ClassVar

from textual import _callback
from textual._compositor import Compositor
from textual._styles_cache import StylesCache
from textual.app import App
from textual.dom import DOMNode
from textual.events import ScreenResume
from textual.geometry import Region, Size
from textual.screen import Screen
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.strip import Strip
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


def _count_parameters(called: Any) -> int:
    """How many parameters a callback has. Textual wants to know for each that it calls, and asks ``inspect``."""
    function = getattr(called, "__func__", called)
    if not hasattr(function, "__code__"):
        function = type(called).__call__
    code = getattr(function, "__code__", None)
    if code is None or hasattr(function, "__wrapped__"):
        return len(signature(called).parameters)
    more = bool(code.co_flags & CO_VARARGS) + bool(code.co_flags & CO_VARKEYWORDS) - (function is not called)
    return int(code.co_argcount + code.co_kwonlyargcount + more)


_renders: Any = getattr(Compositor, "_get_renders", None)


def _get_renders(compositor: Compositor, crop: Region | None = None) -> list[tuple[Region, Region, list[Strip]]]:
    """Render the widgets in the rows that change. Textual renders all, and throws away what lies in other rows."""
    visible = compositor.visible_widgets
    if crop is not None:
        first, last = crop.y, crop.bottom
        compositor._visible_widgets = {
            widget: (region, clip)
            for widget, (region, clip) in visible.items()
            if region.y < last and first < region.bottom
        }
    try:
        return list(_renders(compositor, crop))
    finally:
        compositor._visible_widgets = visible


_lay_out: Any = getattr(Screen, "_screen_resized", None)


def _screen_resized(screen: Screen[Any], size: Size) -> None:
    """Lay out anew if the size is another one: a screen hears of its first size three times."""
    if size != screen._compositor.size:
        _lay_out(screen, size)


_restyle: Any = getattr(App, "update_styles", None)


def update_styles(app: App[Any], node: DOMNode, animate: bool = True) -> None:
    """Style a node anew; what is not mounted yet will be styled then."""
    if node is app or node.parent is not None:
        _restyle(app, node, animate)


_resume: Any = getattr(Screen, "_on_screen_resume", None)


def _on_screen_resume(screen: Screen[Any], event: ScreenResume) -> None:
    """Show a screen again, in the style of now; at the first time it has just been styled."""
    if not screen.stack_updates:
        event.refresh_styles = False
    _resume(screen, event)


def apply() -> None:
    """Patch Textual; doing it again changes nothing."""
    if ScrollBar.renderer is WholeCells:
        return
    ScrollBar.renderer = WholeCells
    _put(Screen, "_screen_resized", _screen_resized)
    _put(Screen, "_on_screen_resume", _on_screen_resume)
    _put(App, "update_styles", update_styles)
    # The cache keeps every widget ever styled alive (textual#6665).
    cached = getattr(StylesCache, "get_inner_outer", None)
    _put(StylesCache, "get_inner_outer", getattr(cached, "__wrapped__", cached))
    if hasattr(Widget, "_sort_order"):
        _count_beside(Widget)
    _put(Compositor, "_get_renders", _get_renders)
    _put(_callback, "_count_parameters", _count_parameters)


def _put(owner: Any, name: str, ours: Any) -> None:
    """Ours in the place of what is there, if it is there."""
    if hasattr(owner, name):
        setattr(owner, name, ours)
