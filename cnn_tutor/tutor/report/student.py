"""What one student did, item by item: a fold over their rows."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field

from cnn_tutor.errors import UsageError
from cnn_tutor.tutor.attempt import HITS, NO_IDEA
from cnn_tutor.tutor.drill import Drill
from cnn_tutor.tutor.report.entry import Did, Entry
from cnn_tutor.tutor.review import PAUSE

LESSON, PRACTICE = "lesson", "practice"
COUNTS = ("Correct", "More digits", "Consistent")
"""Verdicts that count in a drill."""

Place = tuple[str, str]
"""Where a question was asked (``LESSON``, ``PRACTICE`` or the label of a drill), and its key."""


@dataclass(slots=True)
class Item:
    """One question on certain numbers. ``first`` is None until an answer was judged, ``seconds`` None if not known."""

    place: Place
    skill: str
    first: bool | None = None
    done: bool = False
    hints: int = 0
    shown: bool = False
    misses: int = 0
    seconds: float | None = 0.0
    ideas: list[str] = field(default_factory=list)

    @property
    def met(self) -> bool:
        """Whether it was answered, or its answer asked for."""
        return self.first is not None or self.shown


@dataclass(slots=True)
class Sat:
    """A drill that was begun: the last answers to its questions with their verdicts, and the code it ended with."""

    drill: Drill
    answers: dict[str, tuple[str, str]] = field(default_factory=dict)
    code: str = ""
    ended: bool = False
    sitting: int = 1
    """The first drill with its numbers, the second …"""
    final: set[str] = field(default_factory=set)
    """Questions whose answer counts as it is."""

    @property
    def score(self) -> int:
        """How many answers count, by the verdicts in the log."""
        return sum(verdict in COUNTS for _text, verdict in self.answers.values())


@dataclass(slots=True)
class Work:
    """All that a student did."""

    name: str
    items: list[Item] = field(default_factory=list)
    drills: list[Sat] = field(default_factory=list)
    ideas: dict[str, int] = field(default_factory=dict)
    """How many different questions each misconception alone explained."""
    seconds: float = 0.0
    latest: float | None = None

    @property
    def recorded(self) -> tuple[str, ...]:
        """The misconceptions on record, those first that explain most."""
        return tuple(
            sorted((one for one, count in self.ideas.items() if count >= HITS), key=lambda one: -self.ideas[one])
        )


def label(drill: Drill) -> str:
    """What drills are called that are compared with one another."""
    return drill.assignment or f"{'+'.join(drill.lessons)}, {drill.count}"


def work(name: str, entries: Iterable[Entry]) -> Work:
    """What the rows say, in order. A long silence is no work, and the question into which it fell has no time."""
    found = Work(name)
    items: dict[tuple[object, ...], Item] = {}
    sat: dict[str, Sat] = {}
    seen: dict[str, set[tuple[int | None, str]]] = {}
    before: float | None = None
    for entry in entries:
        did = entry.attempt
        at = entry.at if before is None else max(before, entry.at)
        gap = None if before is None or at - before > PAUSE else at - before
        found.seconds += gap or 0.0
        before = at
        drill = sat.get(did.run) if did.mode == "drill" else None
        if did.action in ("begin", "end"):
            _mark(did, sat, found)
            continue
        if drill is not None and did.action == "given":
            drill.final.add(did.key)
        if did.action not in ("answer", "hint", "show"):
            continue
        if drill is not None and (drill.ended or did.key in drill.final):
            continue
        where = _where(did, drill)
        key = (where, did.run if drill else "", did.seed, did.key)
        item = items.get(key)
        if item is None:
            item = items[key] = Item((where, did.key), did.skill)
            found.items.append(item)
        if not item.done:
            item.seconds = None if gap is None or item.seconds is None else item.seconds + gap
        _take(did, item)
        if drill is not None and did.action == "answer" and did.verdict != "Unreadable":
            drill.answers[did.key] = did.text, did.verdict
        if did.action == "answer" and did.diagnosis and ", " not in did.diagnosis and did.diagnosis not in NO_IDEA:
            seen.setdefault(did.diagnosis, set()).add((did.seed, did.key))
            item.ideas.append(did.diagnosis)
    found.latest = before
    found.ideas = {idea: len(places) for idea, places in seen.items()}
    return found


def _where(did: Did, drill: Sat | None) -> str:
    if did.mode == "learn":
        return LESSON
    if did.mode == "drill":
        return "drill" if drill is None else label(drill.drill)
    return PRACTICE


def _mark(did: Did, sat: dict[str, Sat], found: Work) -> None:
    """A drill begins or ends."""
    if did.action == "begin" and did.mode == "drill" and did.run not in sat:
        with suppress(UsageError):
            drill = Drill.read(did.text)
            sat[did.run] = Sat(drill, sitting=1 + sum(one.drill.numbers == drill.numbers for one in found.drills))
            found.drills.append(sat[did.run])
    elif did.action == "end" and did.run in sat and not sat[did.run].ended:
        sat[did.run].code, sat[did.run].ended = did.text, True


def _take(did: Did, item: Item) -> None:
    """One row at an item: a hint, the answer shown, or an answer that is judged or costs nothing."""
    if did.action == "hint":
        item.hints += 1
        return
    if did.action == "show":
        item.shown = item.shown or not item.done
        return
    in_drill = did.mode == "drill"
    right = did.verdict == "Correct" or (in_drill and did.verdict in COUNTS)
    if not (right or did.charged or (in_drill and did.verdict == "Not yet")):
        return
    if item.first is None:
        item.first = right and not did.misses and not did.hints and not item.hints and not item.shown
    item.misses += not right and not item.done
    item.done = right if in_drill else item.done or right
