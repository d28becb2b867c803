"""Lesson prose as Rich renderables: Markdown, never markup, in colours that suit a light and a dark terminal."""

from __future__ import annotations

from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.segment import Segment
from rich.style import Style
from rich.theme import Theme

from cnn_tutor.render.ascii import clean, to_ascii

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
        from rich.markdown import Markdown

        text = to_ascii(self.text) if self.ascii_only else clean(self.text)
        with console.use_theme(_THEME):
            segments = console.render(Markdown(text, hyperlinks=False, code_theme="ansi_dark"), options)
            for one in segments:
                yield Segment(to_ascii(one.text), one.style) if self.ascii_only else one
