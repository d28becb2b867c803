"""The form of a row."""

from __future__ import annotations

from typing import NamedTuple


class Wording(NamedTuple):
    """The words for one kind of step."""

    label: str
    one: str = "{label} = ?"
    whole: str = "Write all of {label}."
    point: str = "Look at the highlighted cells: this step uses only those."
    rule: str = "Do to them what the formula says."
