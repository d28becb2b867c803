"""What a student is told about an answer: a tagged union, one class for each thing that can be said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from cnn_tutor.language import _, plural


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Why an answer differs: the ideas that would give it, and what to say about them.

    ``leads_to`` is the key of a question that tells several ideas apart; ``term`` the place of a single term that seems
    to have gone wrong; ``convention`` marks what is right elsewhere.
    """

    ids: tuple[str, ...]
    text: str
    leads_to: str = ""
    term: int | None = None
    convention: bool = False

    @property
    def id(self) -> str:
        """The ids in one string."""
        return ", ".join(self.ids)


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
    given: tuple[float, ...] = ()
    """The answer, cell by cell."""
    suspects: tuple[str, ...] = ()
    """Ideas that would explain what is taken for a slip this time."""


@dataclass(frozen=True, slots=True)
class TooFewDigits:
    """Right as far as it goes, but the question asks for ``decimals``; costs nothing."""

    decimals: int


@dataclass(frozen=True, slots=True)
class FollowsThrough:
    """Right for an earlier answer of the student's that is not right yet; costs nothing. ``step`` is its question."""

    step: str
    prompt: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Cannot be read in the shape that is asked; costs nothing. ``reason`` says what is wanted."""

    reason: str
    diagnosis: Diagnosis | None = None


Feedback: TypeAlias = Correct | Incorrect | FollowsThrough | TooFewDigits | Unreadable

VERDICTS: dict[type, str] = {
    Correct: "Correct",
    Incorrect: "Not yet",
    FollowsThrough: "Consistent",
    TooFewDigits: "More digits",
    Unreadable: "Unreadable",
}


def verdict(feedback: Feedback) -> str:
    """The word that stands for a feedback in the log, whatever language is spoken."""
    return VERDICTS[type(feedback)]


def said_verdict(feedback: Feedback) -> str:
    """The word a verdict line starts with."""
    return _(VERDICTS[type(feedback)])


def explain(feedback: Feedback) -> str:
    """The sentence after the verdict."""
    match feedback:
        case Correct(note=text) | Incorrect(note=text) | Unreadable(reason=text):
            return text
        case FollowsThrough(prompt=prompt):
            text = _("This follows from an earlier answer of yours that is not right yet. Go back to it:")
            return f"{text} {prompt}"
        case TooFewDigits(decimals=decimals):
            return plural(
                "Right so far; give at least {count} decimal.",
                "Right so far; give at least {count} decimals.",
                decimals,
            )


def diagnosis_of(feedback: Feedback) -> Diagnosis | None:
    """What a feedback says about the reason, if anything."""
    return feedback.diagnosis if isinstance(feedback, (Incorrect, Unreadable)) else None
