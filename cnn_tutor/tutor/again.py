"""The same numbers once more: what a log knows of other drills on the sheet of one."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterable, Iterator, Sequence

from cnn_tutor.language import _
from cnn_tutor.tutor.drill import Drill
from cnn_tutor.tutor.progress import Row
from cnn_tutor.tutor.result import CODE, begun


def ended_before(rows: Sequence[Row], drill: Drill) -> Iterator[tuple[Drill, Row]]:
    """The drills that were ended, with the row that ended them; of one that was ended itself those before it."""
    drills = {one.run: one for one in begun(rows)}
    for row in rows:
        if row.attempt.action != "end":
            continue
        if row.attempt.run == drill.run:
            return
        if row.attempt.run in drills:
            yield drills.pop(row.attempt.run), row


def best(rows: Sequence[Row], drill: Drill) -> tuple[int, int] | None:
    """The best (score, questions) in drills of this kind before; None without one.

    Of several with the same numbers the first counts, since its end shows what is right.
    """
    known: set[object] = set()
    found = []
    for other, row in ended_before(rows, drill):
        code = CODE.fullmatch(row.attempt.text)
        if other.numbers not in known and other.kind == drill.kind and code:
            found.append((int(code["score"]), int(code["total"])))
        known.add(other.numbers)
    return max(found, default=None)


def is_again(rows: Sequence[Row], drill: Drill) -> bool:
    """Whether a drill with the same numbers was ended before this one."""
    return any(other.numbers == drill.numbers for other, _row in ended_before(rows, drill))


def notice(rows: Sequence[Row], drill: Drill, spell: Callable[[float], str]) -> str:
    """What to say before a drill whose numbers were begun before as another one: how to go on, or when it ended."""
    for other, row in ended_before(rows, drill):
        if other.numbers == drill.numbers:
            text = _("You ended a drill with these numbers before ({time}), so this one makes no personal best.")
            return text.format(time=spell(row.at))
    begun_before = _unfinished(rows, drill)
    if begun_before is None:
        return ""
    text = _("You began a drill with these numbers before, and did not end it. To go on with that one: {command}")
    return text.format(command=command(begun_before))


def _unfinished(rows: Iterable[Row], drill: Drill) -> Drill | None:
    """The last drill with the same numbers that was begun."""
    same = [one for one in begun(rows) if one.numbers == drill.numbers and one.run != drill.run]
    return same[-1] if same else None


def command(drill: Drill) -> str:
    """What to type to go on with a drill."""
    if drill.assignment:
        return f"cnn-tutor drill --assignment … ({drill.assignment})"
    options = {"--seed": drill.seed, "--count": drill.count, "--minutes": drill.minutes, "--name": drill.name}
    words = [f"{name}={shlex.quote(str(value))}" for name, value in options.items() if value or name == "--seed"]
    return f"cnn-tutor drill {shlex.join(drill.lessons)} {' '.join(words)}"
