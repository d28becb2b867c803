"""A text as tall as it needs to be, laid out once."""

from __future__ import annotations

from rich.console import RenderableType
from textual.geometry import Size
from textual.widgets import Static


class Sheet(Static):
    """Nothing lies inside it, so the second layout that Textual makes when a widget's size has changed is left out."""

    DEFAULT_CSS = "Sheet { height: auto; }"

    def draw(self, content: RenderableType) -> None:
        """Other content; everything is laid out anew only if it takes another number of lines."""
        width, height = self.content_size
        self.update(content, layout=False)
        if not width or self.visual.get_height(self.styles, width) != height:  # type: ignore[arg-type]
            self.refresh(layout=True)

    def _size_updated(self, size: Size, virtual_size: Size, container_size: Size, layout: bool = True) -> bool:
        return super()._size_updated(size, virtual_size, container_size, layout=False)
