"""The JSON Schema of lesson files, made from the records, so that editors complete and check them."""

from __future__ import annotations

from inspect import cleandoc
from typing import Any

import msgspec

from cnn_tutor.lesson.schema import FORMAT_VERSION, Lesson


def document() -> dict[str, Any]:
    """The schema as plain data."""
    schema = msgspec.json.schema(Lesson)
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"A lesson of cnn-tutor, format version {FORMAT_VERSION}",
    }
    return {**head, **_tidy(schema)}


def _tidy(value: Any) -> Any:
    """The same with descriptions that do not depend on how a docstring is indented, which Python 3.13 changed."""
    if isinstance(value, dict):
        text = value.get("description")
        tidy = {"description": cleandoc(text)} if isinstance(text, str) else {}
        return {key: tidy.get(key, _tidy(one)) for key, one in value.items()}
    return [_tidy(one) for one in value] if isinstance(value, list) else value
