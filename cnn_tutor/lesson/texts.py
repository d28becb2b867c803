"""What the translation of a lesson may say: the words of each of its tables, and the ids they belong to."""

from __future__ import annotations

from cnn_tutor.lesson.layer import Record
from cnn_tutor.lesson.schema import Id


class ChoiceTexts(Record, frozen=True, kw_only=True):
    """``options`` are all of them, in the order of the lesson; ``why`` has them, or the lesson's own, for names."""

    id: Id
    prompt: str = ""
    options: list[str] = []
    why: dict[str, str] = {}


class ErroneousTexts(Record, frozen=True, kw_only=True):
    """The words of a finished working."""

    id: Id
    prompt: str = ""
    why: str = ""


class VaryTexts(Record, frozen=True, kw_only=True):
    """The words that stand with fresh numbers."""

    title: str = ""
    prose: str = ""


class TwinTexts(Record, frozen=True, kw_only=True):
    """The words of a twin."""

    prose: str = ""


class ExerciseTexts(Record, frozen=True, kw_only=True):
    """Twins are told apart by their order."""

    id: Id
    title: str = ""
    prose: str = ""
    vary: VaryTexts = VaryTexts()
    choice: list[ChoiceTexts] = []
    twin: list[TwinTexts] = []
    erroneous: list[ErroneousTexts] = []


class ErratumTexts(Record, frozen=True, kw_only=True):
    """The words about a misprint, which is told by its question."""

    question: str
    note: str = ""


class Translation(Record, frozen=True, kw_only=True):
    """What a translation may say. ``id`` is that of the lesson."""

    format_version: int
    id: Id
    title: str = ""
    section: str = ""
    intro: str = ""
    conventions: str = ""
    key_ideas: list[str] = []
    notes: str = ""
    exercise: list[ExerciseTexts] = []
    erratum: list[ErratumTexts] = []
