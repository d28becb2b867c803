"""What each question can tell apart: which ideas give a value of their own there, and which do not show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from cnn_tutor.engine.trace import Array
from cnn_tutor.language import _
from cnn_tutor.tutor.candidate import Candidate, candidates, is_right
from cnn_tutor.tutor.question import Question

APART = 1e-3
"""Values closer than this cannot be told apart."""


@dataclass(frozen=True, slots=True)
class Probe:
    """What one question resolves, by misconception id. ``colliding`` are groups that share a wrong value."""

    key: str
    unique: tuple[str, ...]
    colliding: tuple[tuple[str, ...], ...]
    invisible: tuple[str, ...]


def probe(question: Question, *, upstream: bool = False) -> Probe:
    """What ``question`` resolves; with ``upstream`` also ideas about the layers before it, as in fast mode."""
    groups: list[list[Candidate]] = []
    invisible = []
    for one in candidates(question, upstream=upstream):
        if is_right(question, one.value):
            invisible.append(one.row.id)
            continue
        group = next((group for group in groups if _same(group[0].value, one.value)), None)
        if group is None:
            groups.append([one])
        else:
            group.append(one)
    ids = [tuple(dict.fromkeys(one.row.id for one in group)) for group in groups]
    return Probe(
        question.key,
        tuple(group[0] for group in ids if len(group) == 1),
        tuple(group for group in ids if len(group) > 1),
        tuple(dict.fromkeys(invisible)),
    )


def _same(a: Array, b: Array) -> bool:
    return a.shape == b.shape and bool(np.allclose(a, b, rtol=0, atol=APART))


def table(asked: Sequence[Question], *, upstream: bool = False) -> Iterator[str]:
    """One line a question at which some idea applies, then what no question of the lesson shows."""
    shown: set[str] = set()
    applied: set[str] = set()
    for question in asked:
        found = probe(question, upstream=upstream)
        if not (found.unique or found.colliding or found.invisible):
            continue
        shown |= set(found.unique)
        applied |= {*found.unique, *found.invisible, *(one for group in found.colliding for one in group)}
        yield question.key
        for title, ids in (
            (_("unique"), found.unique),
            (_("colliding"), tuple(" = ".join(group) for group in found.colliding)),
            (_("invisible"), found.invisible),
        ):
            if ids:
                yield f"    {title:<9} {len(ids):>2}  {', '.join(ids)}"
    never = sorted(applied - shown)
    listed = ", ".join(never) or _("none")
    yield _("never told apart from others or from right: {ideas}").format(ideas=listed)
