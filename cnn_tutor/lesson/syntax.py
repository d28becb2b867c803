"""More than the first fault of syntax: a line that cannot be read is left out, and the rest is read again."""

from __future__ import annotations

import re

from cnn_tutor.errors import LessonError
from cnn_tutor.lesson.load import document

MOST = 20
"""After so many faults nobody reads on."""

_PLACE = re.compile(r"(\d+):\d+: ")


def errors(text: str, source: str, first: str) -> list[str]:
    """The faults of syntax in ``text``, of which ``first`` is one; only that if leaving lines out does not help."""
    found = [first]
    lines = text.split("\n")
    last = 0
    for _ in range(MOST):
        at = _PLACE.match(found[-1].removeprefix(f"{source}:"))
        line = int(at[1]) if at else 0
        if line <= last or line > len(lines):
            return [first]
        lines[line - 1] = ""
        last = line
        try:
            document("\n".join(lines), source)
        except LessonError as error:
            found.append(str(error))
        else:
            return found
    return found
