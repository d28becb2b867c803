"""A plot or pictures below the tensors, where there is room for them; else nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.widgets import Static

from cnn_tutor.tui.pen import Pen

if TYPE_CHECKING:
    from cnn_tutor.tutor.plotted import Plot
    from cnn_tutor.tutor.shading import Shading


class Picture(Static):
    """Takes the lines it needs; hidden while there is nothing to see."""

    DEFAULT_CSS = (
        "Picture { height: auto; padding: 0 1; margin: 1 0 0 0; display: none; } Picture.-seen { display: block; }"
    )

    def __init__(self, pen: Pen) -> None:
        super().__init__(markup=False)
        self._pen = pen
        self._plotted: Plot | None = None

    def plot(self, plotted: Plot | None, room: int) -> None:
        """A curve or bars, if ``room`` lines are enough."""
        if plotted is None:
            self.remove_class("-seen")
            return
        from cnn_tutor.render.figure import height, plot

        fits = height(plotted) < room
        was_seen = self.has_class("-seen")
        self.set_class(fits, "-seen")
        if fits:
            before, self._plotted = self._plotted, plotted
            is_as_tall = was_seen and before is not None and height(before) == height(plotted)
            self.update(plot(plotted, ascii_only=self._pen.ascii_only), layout=not is_as_tall)

    def shade(self, shadings: Sequence[Shading], at: int, room: int) -> None:
        """As many maps as stand beside each other, the one at place ``at`` among them; halved if they are too tall."""
        self._plotted = None
        self.set_class(bool(shadings), "-seen")
        if not shadings:
            return
        from cnn_tutor.render.shade import lines, side_by_side, width
        from cnn_tutor.tutor.shading import near

        color = self.app.terminal.color  # type: ignore[attr-defined]
        if max(map(lines, shadings)) > room:
            shadings = [one.halved() for one in shadings]
        across = self.app.size.width - 2
        count = max(1, (across + 2) // (max(map(width, shadings)) + 2))
        drawn = side_by_side(near(shadings, at, count), across, color=color, ascii_only=self._pen.ascii_only)
        self.update(drawn)
