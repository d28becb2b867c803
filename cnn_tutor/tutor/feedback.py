"""What a student is told about an answer: a tagged union, one class for each thing that can be said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Why an answer differs: the id of the idea behind it, and what to say about it."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Correct:
    """Right. ``note`` says why, where that helps (after a miss or a hint)."""

    note: str = ""


@dataclass(frozen=True, slots=True)
class Incorrect:
    """Not yet. ``cells`` are the wrong ones of ``total``, row-major; what is not ``charged`` costs nothing."""

    cells: tuple[int, ...]
    total: int
    note: str
    diagnosis: Diagnosis | None = None
    charged: bool = True


@dataclass(frozen=True, slots=True)
class TooFewDigits:
    """Right as far as it goes, but the question asks for ``decimals``; costs nothing."""

    decimals: int


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Cannot be read in the shape that is asked; costs nothing. ``reason`` says what is wanted."""

    reason: str


Feedback: TypeAlias = Correct | Incorrect | TooFewDigits | Unreadable

VERDICTS: dict[type, str] = {
    Correct: "Correct",
    Incorrect: "Not yet",
    TooFewDigits: "More digits",
    Unreadable: "Unreadable",
}


def verdict(feedback: Feedback) -> str:
    """The word a verdict line starts with."""
    return VERDICTS[type(feedback)]


def explain(feedback: Feedback) -> str:
    """The sentence after the verdict."""
    match feedback:
        case Correct(note=text) | Incorrect(note=text) | Unreadable(reason=text):
            return text
        case TooFewDigits(decimals=decimals):
            return f"Right so far; give at least {decimals} decimals."
