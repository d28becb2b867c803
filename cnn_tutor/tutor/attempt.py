"""One thing a student did, and what follows from many: which questions are settled, which ideas recur."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

Action: TypeAlias = Literal["answer", "hint", "show", "skip", "cover", "given", "begin", "end", "fold"]
Mode: TypeAlias = Literal["learn", "practice", "drill", "review"]


@dataclass(frozen=True, slots=True)
class Attempt:
    """One row: what was done at which question, and what came of it. Shells add the time.

    ``digest`` identifies the task, so that an answer to a task that has changed since does not count. ``cover`` rows
    stand for guided questions that a fast answer to the whole object makes needless, ``given`` rows for those whose
    values were shown as an example; ``fold`` rows name in ``text`` a kind of step that is left out until a miss.
    ``run`` names the drill or practice that the attempt belongs to, which ``begin`` and ``end`` rows open and close.
    ``pack`` and ``pack_version`` say which edition of the lesson it was.
    """

    lesson: str
    key: str
    digest: str
    action: Action
    seed: int | None = None
    fast: bool = False
    text: str = ""
    verdict: str = ""
    charged: bool = False
    hints: int = 0
    misses: int = 0
    skill: str = ""
    diagnosis: str = ""
    mode: Mode = "learn"
    run: str = ""
    pack: str = ""
    pack_version: str = ""


def settled(attempts: Iterable[Attempt]) -> set[str]:
    """The guided questions of the printed numbers that were answered right, or covered by a right whole."""
    return {one.key for one in attempts if one.seed is None and (one.verdict == "Correct" or one.action == "cover")}


def under_way(attempts: Iterable[Attempt]) -> set[str]:
    """The drills that were begun and not ended, by run: what they would say of a skill would tell what is right."""
    marks = [(one.action, one.run) for one in attempts if one.mode == "drill" and one.action in ("begin", "end")]
    return {run for action, run in marks if action == "begin"} - {run for action, run in marks if action == "end"}


HITS = 2
"""A misconception is recorded once it alone explains so many different steps or items."""

NO_IDEA = ("SLIP", "SHEET.TYPO")


def recurring(attempts: Iterable[Attempt]) -> dict[str, int]:
    """The misconceptions on record, by id, with the number of different questions that each alone explained."""
    seen: dict[str, set[tuple[int | None, str]]] = {}
    for one in attempts:
        if one.diagnosis and ", " not in one.diagnosis and one.diagnosis not in NO_IDEA:
            seen.setdefault(one.diagnosis, set()).add((one.seed, one.key))
    return {idea: len(items) for idea, items in seen.items() if len(items) >= HITS}
