"""Assignments that name what there is not."""

from __future__ import annotations

from collections.abc import Iterator

from cnn_tutor.errors import UsageError
from cnn_tutor.language import _
from cnn_tutor.lesson.assignment import Assignment, unknown_lessons
from cnn_tutor.lesson.locate import Path
from cnn_tutor.lesson.schema import Lesson
from cnn_tutor.tutor.drill import Drill, plain_name


def assignment_faults(assignment: Assignment, lessons: list[Lesson]) -> Iterator[tuple[Path, str]]:
    """Lessons that there are not, names that are the same but for their spelling, and nothing to compute."""
    file, known = assignment.file, {lesson.id: lesson for lesson in lessons}
    unknown = list(unknown_lessons(file, known))
    yield from unknown
    names: dict[str, str] = {}
    for name in file.seeds:
        try:
            first = names.setdefault(plain_name(name), name)
        except UsageError as error:
            yield ("seeds", name), str(error)
            continue
        if first != name:
            yield ("seeds", name), _("is the same name as {other}").format(other=repr(first))
    if not unknown:
        try:
            Drill.of([known[name] for name in file.lessons], 0, count=file.count, minutes=file.minutes, name="")
        except UsageError as error:
            yield ("lessons",), str(error)
