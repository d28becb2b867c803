"""Two text streams: where answers come from and where everything goes. Nothing is ever redrawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TextIO

from rich.console import Console
from rich.text import Text

from cnn_tutor.errors import ProgressError
from cnn_tutor.language import _
from cnn_tutor.render.ascii import clean, to_ascii
from cnn_tutor.render.matrix import ascii_panel, side_by_side
from cnn_tutor.render.prose import prose
from cnn_tutor.render.spoken import spoken, windows
from cnn_tutor.tutor.attempt import Attempt
from cnn_tutor.tutor.log import Keep
from cnn_tutor.tutor.panel import Panel


@dataclass(slots=True)
class Streams:
    """Where answers come from and where everything goes."""

    lines: TextIO
    console: Console
    ascii_only: bool = False
    prompt: str = ""
    """Printed before each line is read; a pipe needs none."""
    in_words: bool = False
    """Whether tables are read out in words instead of drawn."""

    def say(self, text: str = "") -> None:
        """One paragraph; nothing in it is markup."""
        self.console.print(Text(self.written(text)), soft_wrap=True)

    def written(self, text: str) -> str:
        return to_ascii(text) if self.ascii_only else clean(text)

    def read_out(self, text: str) -> None:
        """A passage of a lesson, whose Markdown is rendered."""
        if text.strip():
            self.console.print(prose(text.strip(), ascii_only=self.ascii_only))

    def ask(self) -> str | None:
        """The next line typed; None at the end of input."""
        if self.prompt:
            self.console.print(Text(self.prompt), end="")
        line = self.lines.readline()
        return line.rstrip("\r\n") if line else None

    def draw(self, panels: tuple[Panel, ...]) -> None:
        """Matrices side by side with the windows named below, or all of it in words."""
        if self.in_words:
            for line in spoken(panels):
                self.say(line)
        elif panels:
            drawn = tuple(map(ascii_panel, panels)) if self.ascii_only else panels
            self.console.print(side_by_side(drawn, self.console.width))
            if windows(panels):
                self.say(_("Window: {places}").format(places=windows(panels)))

    def keep(self, attempts: tuple[Attempt, ...], keep: Keep) -> None:
        """Store ``attempts``; where that fails the student is told and goes on."""
        try:
            keep(attempts)
        except ProgressError as error:
            self.say(_("Not kept: ") + str(error))
