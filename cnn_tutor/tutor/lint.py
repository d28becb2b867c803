"""Check a lesson file as a course: every fault it has, with its place, and what an author may want to change.

Each exercise is looked at by itself, so that a fault in one hides none in another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path as File
from typing import TypeAlias

from cnn_tutor.errors import LessonError
from cnn_tutor.language import _
from cnn_tutor.lesson import limits, syntax, validate
from cnn_tutor.lesson.assignment import is_assignment
from cnn_tutor.lesson.assignment import parse as parse_assignment
from cnn_tutor.lesson.finding import Finding, Note, located, of_error
from cnn_tutor.lesson.folder import PACK, Folder, open_folder
from cnn_tutor.lesson.load import convert, document, parse, read
from cnn_tutor.lesson.pack import Pack
from cnn_tutor.lesson.schema import Lesson
from cnn_tutor.lesson.texts import Translation
from cnn_tutor.lesson.translation import is_translation
from cnn_tutor.lesson.translation_check import faults as translation_faults
from cnn_tutor.tutor.author.assignments import assignment_faults
from cnn_tutor.tutor.author.meaning import notes as lesson_notes
from cnn_tutor.tutor.author.texts import text_warnings

Others: TypeAlias = Callable[[], Iterable[Lesson]]
"""The lessons that an assignment may name."""


def lint(file: File, others: Others = tuple) -> list[str]:
    """Every error of a lesson or assignment, each as ``file:line:column: path: message``; nothing when it is sound."""
    return [str(one) for one in findings(file, others, advice=False)]


def findings(path: File, others: Others = tuple, *, thorough: bool = False, advice: bool = True) -> list[Finding]:
    """Errors and warnings about a file, or all files of a folder or archive, in their order.

    ``thorough`` looks at a hundred other numbers as well; without ``advice`` there are errors only. Raises UsageError
    for what is neither.
    """
    if path.is_dir() or path.suffix == ".zip":
        folder = open_folder(path)
        names = folder.names
    elif is_translation(path):
        folder = open_folder(path.parent.parent)
        names = (f"{path.parent.name}/{path.name}",)
        if names[0] not in folder.names:
            names = ()
    else:
        return _of_text(str(path), path.name, lambda: read(path), others, thorough=thorough, advice=advice)
    found = [of_error(one.partition(":")[0], "", one) for one in folder.faults]
    for name in names:
        if "/" in name:
            found += _of_translation(folder, name, advice=advice)
        else:
            text = partial(folder.read, name)
            found += _of_text(folder.shown(name), name, text, others, thorough=thorough, advice=advice)
    return found + (_of_pack(folder) if len(names) > 1 else [])


def _of_text(
    shown: str, name: str, text_of: Callable[[], str], others: Others, *, thorough: bool, advice: bool
) -> list[Finding]:
    try:
        text = text_of()
    except LessonError as error:
        return [of_error(shown, "", str(error))]
    try:
        data = document(text, shown)
    except LessonError as error:
        return [of_error(shown, text, one) for one in syntax.errors(text, shown, str(error))]
    if name == PACK:
        return located(shown, text, [Note(*one) for one in (*limits.faults(data), *validate.faults(data, Pack))])
    if is_assignment(data):
        return _of_assignment(shown, text, others)
    return located(shown, text, list(lesson_notes(data, thorough=thorough, advice=advice)))


def _of_assignment(shown: str, text: str, others: Others) -> list[Finding]:
    try:
        assignment = parse_assignment(text, shown)
    except LessonError as error:
        return [of_error(shown, text, str(error))]
    return located(shown, text, [Note(*one) for one in assignment_faults(assignment, list(others()))])


def _of_translation(folder: Folder, name: str, *, advice: bool) -> list[Finding]:
    """Whether a translation is well formed and fits its lesson, as far as that can be read."""
    shown, own = folder.shown(name), name.partition("/")[2]
    if own not in folder.lessons:
        return []
    text = ""
    try:
        text = folder.read(name)
        data = document(text, shown)
        notes = [Note(*one) for one in (*limits.faults(data), *validate.faults(data, Translation))]
        if not notes:
            lesson = parse(folder.read(own), folder.shown(own))
            notes = [*translation_faults(lesson, convert(text, shown, Translation)), *text_warnings(data)]
    except LessonError as error:
        return [of_error(shown, text, str(error))] if str(error).startswith(shown) else []
    return located(shown, text, [one for one in notes if advice or one.severity == "error"])


def _of_pack(folder: Folder) -> list[Finding]:
    """Lessons of one folder that have the same id."""
    first: dict[str, str] = {}
    found: list[Finding] = []
    for name in folder.lessons:
        try:
            text = folder.read(name)
            own = str(document(text, name).get("id", name))
        except LessonError:
            continue
        if own in first:
            said = _("{other} has the id {id} as well; only the first is shown").format(other=first[own], id=repr(own))
            found += located(folder.shown(name), text, [Note(("id",), said)])
        first.setdefault(own, name)
    return found
