"""Which lessons there are: the shipped ones and those in folders the caller names."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cnn_tutor.errors import LessonError, UsageError
from cnn_tutor.lesson.load import load
from cnn_tutor.lesson.schema import Lesson

_PACKAGE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Catalog:
    """The lessons in course order, and the files that could not be read with the reason why."""

    lessons: tuple[Lesson, ...]
    faults: tuple[str, ...] = ()

    def get(self, name: str) -> Lesson:
        """The lesson with id ``name``; raises UsageError with the nearest id there is."""
        for lesson in self.lessons:
            if lesson.id == name:
                return lesson
        known = [lesson.id for lesson in self.lessons]
        close = difflib.get_close_matches(name, known, 1)
        suggestion = f"did you mean {close[0]!r}?" if close else f"there are: {', '.join(known)}"
        raise UsageError(f"no lesson {name!r}; {suggestion}")


def shipped() -> Path:
    """The folder of the shipped lessons: inside an installed package, beside it in a checkout."""
    inside = _PACKAGE / "lessons"
    return inside if inside.is_dir() else _PACKAGE.parent / "lessons"


def catalog(folders: Iterable[Path] = (), languages: Sequence[str] = ()) -> Catalog:
    """All lessons of ``folders`` and the shipped ones; of two with one id the first named folder's counts.

    Each is in the first of ``languages`` that it is translated to, else in its own. A file that cannot be read is left
    out and reported in ``faults``. Raises UsageError for a folder that is not one.
    """
    found: dict[str, Lesson] = {}
    faults = []
    for folder in [*folders, shipped()]:
        if not folder.is_dir():
            raise UsageError(f"no folder of lessons at {folder}")
        for file in sorted(folder.glob("*.toml")):
            try:
                lesson = load(file)
            except LessonError as error:
                faults.append(str(error))
                continue
            if languages:
                from cnn_tutor.lesson.translation import in_language

                try:
                    lesson = in_language(lesson, file, languages)
                except LessonError as error:
                    faults.append(str(error))
            found.setdefault(lesson.id, lesson)
    return Catalog(tuple(found.values()), tuple(faults))
