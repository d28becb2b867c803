"""When a mastered skill is due again: after 1, 3, 7 and 21 days, as a fold over the log.

Nothing is stored. A skill is first due a day after it was mastered. A sitting of review in which its questions were
answered at once and without hints puts it one interval further off, any other one nearer. A clock that jumps back
cannot make a row older than the one before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cnn_tutor.tutor.attempt import Attempt, under_way
from cnn_tutor.tutor.mastery import CLEAN, is_clean, is_fresh
from cnn_tutor.tutor.progress import Row

DAY = 86400.0
DAYS = (1, 3, 7, 21)

PAUSE = 300.0
"""Seconds; whoever was silent for longer was away."""

USUAL = 30.0
"""Seconds for a question, until the log says better."""


@dataclass(frozen=True, slots=True)
class Due:
    """A skill, when it is due again (seconds since 1970), and the ``step`` in DAYS that it has come to."""

    skill: str
    at: float
    step: int


def schedule(rows: Iterable[Row]) -> list[Due]:
    """When each mastered skill is due, the first one first; drills count once they end."""
    listed = list(rows)
    running = under_way(row.attempt for row in listed)
    known: dict[str, Due] = {}
    clean: dict[str, dict[tuple[int | None, str], bool]] = {}
    sittings: dict[tuple[str, str], Due] = {}
    for at, one in _in_time(listed):
        if one.action not in ("answer", "hint", "show") or not one.skill or one.run in running:
            continue
        if one.skill not in known:
            numbers = clean.setdefault(one.skill, {})
            if is_clean(one):
                numbers[one.seed, one.digest] = is_fresh(one)
            if len(numbers) >= CLEAN and any(numbers.values()):
                known[one.skill] = _due(one.skill, at, 0)
        elif one.mode == "review":
            before = sittings.setdefault((one.run, one.skill), known[one.skill])
            failed = not is_clean(one) or known[one.skill].step < before.step
            known[one.skill] = _due(one.skill, at, before.step - 1 if failed else before.step + 1)
    return sorted(known.values(), key=lambda due: due.at)


def _due(skill: str, at: float, step: int) -> Due:
    step = min(max(step, -1), len(DAYS) - 1)
    return Due(skill, at + DAYS[max(step, 0)] * DAY, step)


def due(rows: Sequence[Row], now: float) -> list[Due]:
    """The skills that are due at ``now``, the longest waiting first."""
    times = [at for at, _ in _in_time(rows)]
    now = max([now, *times[-1:]])
    return [one for one in schedule(rows) if one.at <= now]


def _in_time(rows: Iterable[Row]) -> Iterator[tuple[float, Attempt]]:
    """Attempts with times that never run backwards."""
    latest = 0.0
    for row in rows:
        latest = max(latest, row.at)
        yield latest, row.attempt


def seconds_spent(rows: Iterable[Row]) -> float:
    """How long the student has worked: the time between one row and the next, but for pauses."""
    return sum(_intervals(rows))


def seconds_each(rows: Iterable[Row]) -> float:
    """How long the student needs for a question, as a rule."""
    import statistics

    listed = [row for row in rows if row.attempt.action == "answer"]
    intervals = [one for one in _intervals(listed) if one > 0]
    return statistics.median(intervals) if intervals else USUAL


def _intervals(rows: Iterable[Row]) -> Iterator[float]:
    latest: float | None = None
    for at, _ in _in_time(rows):
        if latest is not None and at - latest <= PAUSE:
            yield at - latest
        latest = at
