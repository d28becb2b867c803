"""Practice: the exercise with the weakest skill first, on fresh numbers, with less and less of it worked beforehand.

Everything follows from the log: which skill is weak, which exercise was last, how much of it is shown.
"""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import msgspec

from cnn_tutor.errors import UsageError
from cnn_tutor.language import _, plural
from cnn_tutor.lesson.pack import pack_of
from cnn_tutor.lesson.schema import Exercise, Lesson
from cnn_tutor.lesson.twin import SUFFIX, as_exercise
from cnn_tutor.tutor.attempt import Action, Attempt, Mode
from cnn_tutor.tutor.log import digest
from cnn_tutor.tutor.mastery import CLEAN, Mastery, mastery
from cnn_tutor.tutor.question import Question, questions
from cnn_tutor.tutor.session import Record, Session, settle, start, to_open
from cnn_tutor.tutor.variant import variant

SHOWN, HALF, NOTHING = 0, 1, 2
"""How much of the first window is worked beforehand: all of it, half, nothing."""

BACK = 2
"""Misses in one problem after which more is shown the next time."""


@dataclass(frozen=True)
class Task:
    """An exercise that can be practised, and the skills it asks for."""

    lesson: Lesson
    exercise: Exercise
    skills: frozenset[str]

    @property
    def key(self) -> str:
        """``lesson/exercise``."""
        return f"{self.lesson.id}/{self.exercise.id}"


@dataclass(frozen=True)
class Problem:
    """A task with fresh numbers: the session, and the questions that are shown as an example."""

    task: Task
    session: Session
    given: tuple[Question, ...]

    @property
    def rows(self) -> tuple[Attempt, ...]:
        """What the log keeps of the example, so that it comes back with the session."""
        return tuple(_row(self.session, one.key, "given", digest(one), one.skill) for one in self.given)

    def ended(self, session: Session) -> Attempt:
        """The row that closes the problem, with the misses that decide how much is shown the next time."""
        own = (session.record(one) for one in session.questions)
        misses = sum(record.misses + (record.hints >= HINTED) for record in own)
        return replace(_row(session, self.task.key, "end", "", ""), misses=misses)


HINTED = 3
"""An answer that was shown counts like a miss."""


def _row(session: Session, key: str, action: Action, name: str, skill: str) -> Attempt:
    pack = pack_of(session.lesson)
    return Attempt(
        session.lesson.id,
        key,
        name,
        action,
        session.seed,
        skill=skill,
        mode=session.mode,
        run=session.run,
        pack=pack.id,
        pack_version=pack.version,
    )


def tasks(lessons: Iterable[Lesson]) -> list[Task]:
    """Every exercise of ``lessons`` that computes something, in course order."""
    found = []
    for lesson in lessons:
        for exercise in lesson.exercise:
            if exercise.layer or exercise.track is not None:
                bare = _bare(exercise)
                asked = questions(msgspec.structs.replace(lesson, exercise=[bare], erratum=[]))
                found.append(Task(lesson, bare, frozenset(one.skill for one in asked)))
    return found


def _bare(exercise: Exercise) -> Exercise:
    """The exercise without what is asked once: choices and finished workings. Its twin is where it says so."""
    form = as_exercise(exercise, exercise.twin[0]) if exercise.vary.like == "twin" and exercise.twin else exercise
    kept = {"id": exercise.id, "title": exercise.title, "vary": exercise.vary, "twin": exercise.twin}
    return msgspec.structs.replace(form, choice=[], erroneous=[], **kept)


def name_of(skill: str) -> str:
    """A skill as it is typed: ``conv1d output`` → ``conv1d-output``."""
    return skill.replace(" ", "-").replace("_", "-")


def familiar(known: Sequence[Task], skills: Iterable[str], attempts: Iterable[Attempt]) -> list[Task]:
    """The tasks that ask for some skills; of each skill those in lessons that were begun, if there are any."""
    begun = {one.lesson.removesuffix(SUFFIX) for one in attempts if one.action == "answer"}
    found = set[str]()
    for skill in skills:
        asking = [one for one in known if skill in one.skills]
        found |= {one.key for one in asking if one.lesson.id in begun} or {one.key for one in asking}
    return [one for one in known if one.key in found]


def wanted(
    names: Sequence[str], known: Sequence[Task], attempts: Iterable[Attempt] = ()
) -> tuple[list[Task], frozenset[str]]:
    """The tasks and skills meant by ``names`` of lessons or skills; no skills means all of them.

    A skill is practised where the student met it. Raises UsageError with what comes near for a name of neither.
    """
    lessons = {one.lesson.id for one in known}
    skills = {name_of(skill): skill for one in known for skill in one.skills}
    chosen: list[Task] = []
    meant: set[str] = set()
    for name in names:
        if name in lessons:
            chosen += [one for one in known if one.lesson.id == name]
        elif name in skills:
            meant.add(skills[name])
        else:
            close = difflib.get_close_matches(name.lower(), [*lessons, *skills], 1)
            guess = _("did you mean {name}?").format(name=repr(close[0])) if close else ""
            courses = ", ".join(dict.fromkeys(one.lesson.id for one in known))
            listed = _("lessons are: {lessons}; skills are: {skills}")
            said = _("no lesson or skill {name}").format(name=repr(name))
            raise UsageError(f"{said}; {guess or listed.format(lessons=courses, skills=', '.join(sorted(skills)))}")
    of_lessons = {skill for one in chosen for skill in one.skills} if meant else set()
    chosen += [one for one in familiar(known, meant, attempts) if one not in chosen]
    return chosen, frozenset(meant | of_lessons)


def level(task: Task, attempts: Iterable[Attempt]) -> int:
    """How much is shown of a task: less after each problem without a miss, more after one with several."""
    now = SHOWN
    for one in attempts:
        if one.action == "end" and one.key == task.key and one.mode == "practice":
            now = max(now - 1, SHOWN) if one.misses >= BACK else min(now + (one.misses == 0), NOTHING)
    return now


def choose(known: Sequence[Task], skills: frozenset[str], attempts: Sequence[Attempt]) -> Task:
    """The task with the weakest skill; of equals the one practised least; not the last one again."""
    last = next((one.key for one in reversed(attempts) if one.action == "end"), "")
    so_far = mastery(attempts)
    done = [one.key for one in attempts if one.action == "end"]

    def rank(task: Task) -> tuple[float, int]:
        strengths = [_strength(so_far.get(skill)) for skill in task.skills if not skills or skill in skills]
        return min(strengths), done.count(task.key)

    others = [one for one in known if one.key != last] or list(known)
    return min(others, key=rank)


def _strength(one: Mastery | None) -> float:
    return 0 if one is None else CLEAN + 1 if one.mastered else one.clean


def problem(
    task: Task, seed: int, shown: int, *, skills: frozenset[str] = frozenset(), mode: Mode = "practice", run: str = ""
) -> Problem:
    """``task`` on fresh numbers; of ``skills`` alone, if some are named: everything else is then shown."""
    fresh = variant(msgspec.structs.replace(task.lesson, exercise=[task.exercise]), seed)
    session = start(fresh, seed=seed)
    session = replace(session, questions=tuple(_needed(session.questions, skills)), mode=mode, run=run)
    given = tuple(_given(session, skills, shown))
    for one in given:
        session = settle(session, one, Record(covered=True))
    return Problem(task, to_open(replace(session, position=0)), given)


def _needed(asked: Sequence[Question], skills: frozenset[str]) -> Iterator[Question]:
    """The questions of ``skills`` and what leads to them; what follows from them would give them away."""
    following: set[str] = set()
    last = max((place for place, one in enumerate(asked) if one.skill in skills), default=len(asked))
    for place, one in enumerate(asked):
        target = "" if one.part is None else one.part.target.tensor
        if not skills or one.skill in skills:
            following.add(target)
            yield one
        elif any(read.tensor in following for step in one.steps for read in step.reads):
            following.add(target)
        elif place < last:
            yield one


def seed_of(seed: int, number: int) -> int:
    """The seed of the ``number``-th problem of a sitting with ``seed``."""
    return int(hashlib.sha256(f"{seed}/{number}".encode()).hexdigest()[:15], 16)


def _given(session: Session, skills: frozenset[str], shown: int) -> Iterator[Question]:
    """The questions that are answered beforehand."""
    own = [one for one in session.questions if not skills or one.skill in skills]
    yield from (one for one in session.questions if one not in own)
    example: list[Question] = []
    for _layer, group in groupby((one for one in own if _item(one) is not None), key=lambda one: id(one.source)):
        of_layer = list(group)
        items = [_item(one) for one in of_layer]
        if len(set(items)) > 1:
            example += [one for one, item in zip(of_layer, items, strict=True) if item == items[0]]
    if shown == SHOWN:
        yield from example
    elif shown == HALF:
        yield from example[: (len(example) + 1) // 2]


def _item(question: Question) -> tuple[int, int] | None:
    """Which window, block or set of numbers a single step belongs to; None for a step that stands alone."""
    if question.fast or question.part is None or question.source is None or len(question.part.positions) > 1:
        return None
    steps = question.source.trace.steps
    block, item, _ = steps.locate(question.part.positions[0])
    return (block, item) if steps.blocks[block].count > 1 else None


def said(session: Session) -> str:
    """What happened in a problem, in one sentence."""
    records = [session.record(one) for one in session.questions]
    done = [one for one in records if one.done]
    clean = sum(one.first_try for one in done)
    if clean == len(done):
        return plural("Right at the first try.", "All {count} right at the first try.", max(clean, 1))
    text = _("{clean} of {all} right at the first try; the others came with a second look.")
    return text.format(clean=clean, all=len(done))
