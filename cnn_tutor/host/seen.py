"""What is seen of one student's work: a fold over the log, row by row, so that a look costs only what is new."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from statistics import median
from typing import Literal, TypeAlias

from cnn_tutor.tutor.attempt import recurring
from cnn_tutor.tutor.progress import Row

State: TypeAlias = Literal["stuck", "at work", "away", "finished", "not begun"]

PAUSE = 900.0
"""Seconds after which a gap between two rows is a rest, and says nothing about the work."""
KEPT = 20
"""Gaps that are remembered of each student."""
LONG, TIMES = 180.0, 3.0
"""Somebody is stuck at one question for this many seconds at least, and for so many times what is usual."""
MISSES = 3
"""Or after so many misses at one question."""
RECENT = 600.0
"""Seconds for which an idea counts as new."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One student so far. Times are seconds since 1970; ``since`` is when the current question was reached."""

    key: str = ""
    """The question last worked at."""
    at: float = 0.0
    since: float = 0.0
    answered: int = 0
    at_once: int = 0
    """Of the questions answered, those that were right at the first try, without a hint."""
    misses: int = 0
    """At the current question."""
    finished: bool = False
    gaps: tuple[float, ...] = ()
    ideas: dict[str, float] = field(default_factory=dict)
    """Wrong ideas that alone explained an answer, with the time of the latest."""


def fold(seen: Seen, rows: Iterable[Row]) -> Seen:
    """What is seen after more ``rows``."""
    for row in rows:
        seen = _after(seen, row)
    return seen


def _after(seen: Seen, row: Row) -> Seen:
    one = row.attempt
    if one.action in ("begin", "end"):
        return replace(seen, at=row.at, since=row.at, misses=0, finished=one.action == "end")
    seen = replace(seen, key=one.key, at=row.at, finished=False)
    if one.action in ("skip", "cover", "given"):
        return replace(seen, since=row.at, misses=0)
    if one.action != "answer":
        return seen
    gap = row.at - seen.since
    if 0 < gap < PAUSE:
        seen = replace(seen, gaps=(*seen.gaps, gap)[-KEPT:])
    ideas = _ideas(one.diagnosis, row)
    seen = replace(seen, ideas={**seen.ideas, **ideas}) if ideas else seen
    is_right = one.verdict in ("Correct", "Consistent", "More digits")
    first = is_right and not one.misses and not one.hints
    if is_right or one.mode == "drill":
        again = one.mode == "drill" and one.misses > 0
        return replace(seen, since=row.at, misses=0, answered=seen.answered + (not again), at_once=seen.at_once + first)
    return replace(seen, misses=seen.misses + one.charged)


def _ideas(diagnosis: str, row: Row) -> dict[str, float]:
    """The idea that alone explains an answer, if there is one."""
    twice = (row.attempt, replace(row.attempt, key=f"{row.attempt.key}/again")) if diagnosis else ()
    return dict.fromkeys(recurring(twice), row.at)


def usual(class_: Iterable[Seen]) -> float:
    """What a question usually takes in this class, in seconds; 0 where nobody has answered yet."""
    gaps = [gap for seen in class_ for gap in seen.gaps]
    return median(gaps) if gaps else 0.0


def state(seen: Seen | None, here_since: float | None, now: float, usually: float) -> State:
    """What a student is doing. ``here_since`` is None for one who is not connected."""
    if seen is None or not seen.at:
        return "not begun" if here_since is None else "at work"
    if seen.finished:
        return "finished"
    if here_since is None:
        return "away"
    waiting = now - max(seen.since, here_since)
    is_stuck = waiting > max(LONG, TIMES * usually) or seen.misses >= MISSES
    return "stuck" if is_stuck else "at work"


def spreading(class_: Sequence[Seen], now: float) -> list[tuple[str, int, int]]:
    """Wrong ideas as (id, students, students in the last minutes), those first that spread now."""
    ideas: dict[str, list[float]] = {}
    for seen in class_:
        for idea, at in seen.ideas.items():
            ideas.setdefault(idea, []).append(at)
    counted = [(idea, len(times), sum(now - at <= RECENT for at in times)) for idea, times in ideas.items()]
    return sorted(counted, key=lambda one: (-one[2], -one[1], one[0]))
