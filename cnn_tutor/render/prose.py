"""Lesson prose as Rich renderables: Markdown, never markup, in colours that suit a light and a dark terminal."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from types import ModuleType
from typing import TYPE_CHECKING

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.padding import Padding
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from rich.theme import Theme

from cnn_tutor.render.ascii import clean, to_ascii
from cnn_tutor.stand_in import instead

if TYPE_CHECKING:
    from rich.markdown import Markdown

_THEME = Theme(
    {
        "markdown.code": Style(bold=True),
        "markdown.code_block": Style(bold=True),
        "markdown.block_quote": Style(italic=True),
        "markdown.list": Style(),
        "markdown.item.number": Style(bold=True),
        "markdown.h1": Style(bold=True),
        "markdown.h2": Style(bold=True),
        "markdown.h3": Style(bold=True),
        "markdown.h4": Style(bold=True, italic=True),
        "markdown.table.border": Style(dim=True),
        "markdown.table.header": Style(bold=True),
        "markdown.link": Style(underline=True),
        "markdown.link_url": Style(underline=True),
    }
)


def prose(text: str, *, ascii_only: bool = False) -> RenderableType:
    """Markdown ``text`` to be drawn, in ASCII if ``ascii_only``."""
    return _Prose(text, ascii_only)


@dataclass(frozen=True, slots=True)
class _Prose:
    text: str
    ascii_only: bool

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        text = to_ascii(self.text) if self.ascii_only else clean(self.text)
        with console.use_theme(_THEME):
            segments = console.render(_read(text), options)
            for one in segments:
                yield Segment(to_ascii(one.text), one.style) if self.ascii_only else one


class _Unhighlighted:
    """Stands for Rich's highlighter of programs, which lessons do not need, and which is slower than all the rest."""

    def __init__(self, code: str, lexer: str, **_: object) -> None:
        self._code = code

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield Padding(Text(self._code, style=console.get_style("markdown.code_block")), 1)


@lru_cache(256)
def _read(text: str) -> Markdown:
    """Markdown that was parsed; what is drawn is measured first, and drawn again."""
    return _markdown()(text, hyperlinks=False)


@cache
def _markdown() -> type[Markdown]:
    """Rich's Markdown, loaded on first use without the highlighter that it imports, and the finder of bare links."""
    stand_in = ModuleType("rich.syntax")
    stand_in.Syntax = _Unhighlighted  # type: ignore[attr-defined]
    with instead("rich.syntax", stand_in), instead("linkify_it", None):
        from rich.markdown import Markdown
    return Markdown
