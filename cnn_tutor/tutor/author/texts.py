"""Prose that a terminal cannot show as it is meant: formulas with unknown commands, HTML, pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from cnn_tutor.language import _
from cnn_tutor.lesson import tex
from cnn_tutor.lesson.finding import Note
from cnn_tutor.lesson.locate import Path

_HTML = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]*(?:\s[^<>]*)?/?>")
_PICTURE = re.compile(r"!\[[^\]]*\]\(")


def text_warnings(data: Any, path: Path = ()) -> Iterator[Note]:
    """Advice about every text of a parsed file."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from text_warnings(value, (*path, key))
    elif isinstance(data, list):
        for number, value in enumerate(data):
            yield from text_warnings(value, (*path, number))
    elif isinstance(data, str):
        for command in tex.unknown(data):
            yield Note(
                path, _("the formula has {command}, which is shown as it is typed").format(command=command), "warning"
            )
        if _HTML.search(data):
            yield Note(path, _("HTML is shown as it is typed; use Markdown"), "warning")
        if _PICTURE.search(data):
            yield Note(path, _("a terminal shows no pictures"), "warning")
