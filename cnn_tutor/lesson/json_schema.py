"""The JSON Schema of lesson files, made from the records, so that editors complete and check them."""

from __future__ import annotations

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
    return {**head, **schema}
