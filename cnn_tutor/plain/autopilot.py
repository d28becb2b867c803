"""Somebody who knows every answer and types them in, so that an author can read through a whole lesson."""

from __future__ import annotations

import io

from rich.console import Console
from rich.text import Text

from cnn_tutor.tutor.session import Session


class Autopilot(io.StringIO):
    """The lines of a perfect student from where ``session`` stands; each is echoed to ``console``."""

    def __init__(self, session: Session, console: Console) -> None:
        places = session.asked
        ordered = [place for place in places if place >= session.position]
        ordered += [place for place in places if place < session.position]
        super().__init__("".join(f"{session.questions[place].text}\n" for place in ordered))
        self._console = console

    def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]
        line = super().readline(-1 if size is None else size)
        if line:
            self._console.print(Text(f"> {line.rstrip()}"), soft_wrap=True)
        return line
