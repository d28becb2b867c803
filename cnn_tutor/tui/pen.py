"""The pen: all text that is drawn passes through it, so that nothing from a file or an answer is sent raw."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.text import Text

from cnn_tutor.render.ascii import clean, to_ascii


@dataclass(frozen=True, slots=True)
class Pen:
    """How text is written: as it is, or in ASCII only."""

    ascii_only: bool = False

    def write(self, text: str) -> str:
        """``text`` without control characters, in ASCII if that is wanted."""
        return to_ascii(text) if self.ascii_only else clean(text)

    def text(self, *parts: str | tuple[str, str]) -> Text:
        """Parts, each plain or with a style, as one text; brackets in them are brackets."""
        return Text.assemble(
            *((self.write(one), "") if isinstance(one, str) else (self.write(one[0]), one[1]) for one in parts)
        )

    def prose(self, text: str) -> RenderableType:
        """Markdown; the renderer is loaded on first use."""
        from cnn_tutor.render.prose import prose

        return prose(text, ascii_only=self.ascii_only)

    def article(self, sections: Iterable[tuple[str, str]]) -> RenderableType:
        """Sections of Markdown under plain headings; empty ones are left out."""
        parts: list[RenderableType] = []
        for heading, body in sections:
            if body.strip():
                parts += [Text(""), self.text((heading, "bold underline"))] if heading else []
                parts.append(self.prose(body))
        return Group(*parts)
