"""The lessons of a course under headings: a pack's title, or the section that several lessons in a row share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from cnn_tutor.lesson.pack import pack_of, title_of
from cnn_tutor.lesson.schema import Lesson


def outline(lessons: Sequence[Lesson]) -> list[tuple[str, list[Lesson]]]:
    """Lessons with the heading they stand under, in course order; a course of one kind has no heading."""
    packs = [(pack, list(group)) for pack, group in groupby(lessons, key=pack_of)]
    parts: list[tuple[str, list[Lesson]]] = []
    for pack, group in packs:
        for heading, some in _sections(group):
            title = heading or (title_of(pack) if len(packs) > 1 or parts else "")
            parts.append((title, some))
    if len(parts) > 1 and not parts[0][0]:
        parts[0] = (title_of(pack_of(parts[0][1][0])), parts[0][1])
    return parts


def _sections(lessons: Iterable[Lesson]) -> Iterator[tuple[str, list[Lesson]]]:
    """Runs of two or more lessons that share a section; what stands alone has no heading of its own."""
    alone: list[Lesson] = []
    for section, group in groupby(lessons, key=lambda lesson: lesson.section):
        run = list(group)
        if len(run) < 2:
            alone += run
            continue
        if alone:
            yield "", alone
            alone = []
        yield section, run
    if alone:
        yield "", alone


def group_of(lesson: Lesson, lessons: Sequence[Lesson]) -> tuple[str, list[Lesson]]:
    """What ``lesson`` belongs to: a heading, or else the title of its pack, and the lessons under it."""
    for heading, group in outline(lessons):
        if any(one.id == lesson.id for one in group):
            return heading or title_of(pack_of(lesson)), group
    return "", []
