"""What a student sits at: the terminal, what was typed there and not handed in, and how they like it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from cnn_tutor.terminal import Terminal
from cnn_tutor.tui.pen import Pen
from cnn_tutor.tutor.draft import Drafts
from cnn_tutor.wishes import Wishes


@dataclass(frozen=True)
class Seat:
    """All that an app has to know of its student; drafts without a folder last as long as the program."""

    terminal: Terminal = field(default_factory=Terminal)
    drafts: Drafts = field(default_factory=Drafts)
    wishes: Wishes = field(default_factory=Wishes)
    quit: Callable[[], None] = lambda: None
    """What the student does who leaves the tutor, whatever was to come after the app."""

    @property
    def pen(self) -> Pen:
        """What writes for this terminal."""
        return Pen(self.terminal.ascii_only)
