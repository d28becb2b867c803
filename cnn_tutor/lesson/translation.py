"""A lesson's prose in another language: a file of the same name in a folder named for it, as ``de/01-conv1d.toml``.

It has the ids of the lesson and texts to put in the place of its texts. What it leaves out stays as it is, and
numbers, layers and answers it cannot change.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path as File
from typing import Any

from msgspec.structs import replace

from cnn_tutor.errors import LessonError
from cnn_tutor.language import OWN
from cnn_tutor.lesson.folder import Folder
from cnn_tutor.lesson.load import convert
from cnn_tutor.lesson.schema import Choice, Erroneous, Exercise, Lesson, Twin
from cnn_tutor.lesson.texts import ChoiceTexts, ExerciseTexts, Translation, TwinTexts

_CODE = re.compile(r"[a-z]{2,3}(_[A-Z][A-Za-z]{1,3})?")


class TranslatedChoice(Choice, frozen=True, kw_only=True):
    """A choice in another language, which is the same task as the ``original``."""

    original: Choice


def original(choice: Choice) -> Choice:
    """A choice as its lesson has it."""
    return choice.original if isinstance(choice, TranslatedChoice) else choice


def is_translation(file: File) -> bool:
    """Whether a file translates one of the same name beside its folder."""
    return bool(_CODE.fullmatch(file.parent.name)) and (file.parent.parent / file.name).is_file()


def translations(folder: File) -> list[File]:
    """The translations of the lessons in ``folder``."""
    return sorted(file for file in folder.glob("*/*.toml") if is_translation(file))


def in_language(lesson: Lesson, folder: Folder, name: str, languages: Sequence[str]) -> Lesson:
    """``lesson``, which is called ``name`` in ``folder``, in the first of ``languages`` that it is translated to.

    Raises LessonError for a translation that cannot be read or does not fit.
    """
    for code in languages:
        if code == OWN or not _CODE.fullmatch(code):
            return lesson
        own = f"{code}/{name}"
        if own in folder.names:
            from cnn_tutor.lesson.translation_check import faults

            found = convert(folder.read(own), folder.shown(own), Translation)
            wrong = next((one for one in faults(lesson, found) if one.severity == "error"), None)
            if wrong is not None:
                raise LessonError(f"{folder.shown(own)}:1:1: {wrong.message}")
            return translated(lesson, found)
    return lesson


def translated(lesson: Lesson, texts: Translation) -> Lesson:
    """``lesson`` with ``texts`` in the place of its own."""
    by_id = {one.id: one for one in texts.exercise}
    notes = {one.question: one.note for one in texts.erratum}
    return replace(
        lesson,
        **_given(texts, ("title", "section", "intro", "conventions", "notes")),
        key_ideas=texts.key_ideas or lesson.key_ideas,
        exercise=[_exercise(one, by_id[one.id]) if one.id in by_id else one for one in lesson.exercise],
        erratum=[replace(one, note=notes.get(one.question) or one.note) for one in lesson.erratum],
    )


def _given(texts: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(texts, name) for name in names if getattr(texts, name)}


def _exercise(exercise: Exercise, texts: ExerciseTexts) -> Exercise:
    choices = {one.id: one for one in texts.choice}
    workings = {one.id: one for one in texts.erroneous}
    twins: list[Twin] = [
        replace(twin, **_given(one, ("prose",)))
        for twin, one in zip(exercise.twin, [*texts.twin, *[TwinTexts()] * len(exercise.twin)], strict=False)
    ]
    working: list[Erroneous] = [
        replace(one, **_given(workings[one.id], ("prompt", "why"))) if one.id in workings else one
        for one in exercise.erroneous
    ]
    return replace(
        exercise,
        **_given(texts, ("title", "prose")),
        vary=replace(exercise.vary, **_given(texts.vary, ("title", "prose"))),
        choice=[_choice(one, choices[one.id]) if one.id in choices else one for one in exercise.choice],
        twin=twins,
        erroneous=working,
    )


def _choice(choice: Choice, texts: ChoiceTexts) -> Choice:
    options = texts.options or choice.options
    names = dict(zip(choice.options, options, strict=True))
    return TranslatedChoice(
        id=choice.id,
        prompt=texts.prompt or choice.prompt,
        options=options,
        answer=names[choice.answer],
        why={names[own]: texts.why.get(names[own]) or texts.why.get(own) or why for own, why in choice.why.items()},
        place=choice.place,
        original=choice,
    )
