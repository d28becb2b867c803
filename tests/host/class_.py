"""A class of scripted students: each types a drill's answers key by key over SSH; some are cut off and come again."""

import asyncio
import random
import re
import time
from dataclasses import dataclass, field, replace

from cnn_tutor.tutor.drill import Drill, begin, take
from cnn_tutor.tutor.feedback import Unreadable
from cnn_tutor.tutor.result import judge
from cnn_tutor.tutor.session import Session
from tests.course import LESSONS
from tests.host.hosting import Host, Student, sitting, until

END_DRILL, CLEAR, ENTER = "\x0f", "\x1b[F\x15", "\r"
RIGHT = 0.75
"""How often a scripted student is right."""


@dataclass
class Script:
    """What one student does: ``answers`` in order; cut off before the key numbered ``cut``, if that is not None."""

    name: str
    drill: Drill
    answers: list[tuple[str, str]]
    """Question keys, and what is typed there."""
    score: int
    cut: int | None = None
    latencies: list[float] = field(default_factory=list)
    """Seconds from each key to what it changed on the screen."""
    first_frame: float = 0.0
    """Seconds from the login to the first question."""
    resumed: bool = False


def script(name: str, drill: Drill, chance: random.Random, cut: bool) -> Script:
    """A student who is mostly right, decided before anything is served."""
    session = begin(drill, LESSONS.__getitem__)
    answers = []
    for place in session.asked:
        question = session.questions[place]
        text = question.text if chance.random() < RIGHT else _wrong(session, place)
        answers.append((question.key, text))
    keys = sum(len(text) + 1 for _, text in answers)
    result = judge(drill, session, dict(answers))
    return Script(name, drill, answers, result.score, chance.randrange(1, keys) if cut else None)


def _wrong(session: Session, place: int) -> str:
    """An answer of the right shape with its first number changed; the right one where that cannot be read."""
    right = session.questions[place].text
    text = re.sub(r"\d+", lambda found: str(int(found[0]) + 1), right, count=1)
    _, feedback = take(replace(session, position=place), text)
    return right if isinstance(feedback, Unreadable) else text


async def work(host: Host, one: Script, pause: float, gate: asyncio.Event, think: float = 0.0) -> None:
    """Sit the drill to its result, waiting at ``gate`` once logged in.

    ``pause`` is the mean time between two keys, ``think`` the mean time before an answer.
    """
    chance = random.Random(one.name)
    left, keys = list(one.answers), 0
    while left:
        before = time.perf_counter()
        async with sitting(host, one.name, term="xterm-256color") as student:
            await until(lambda: b"question" in student.shown or b"Question" in student.shown, f"{one.name}'s question")
            one.first_frame = one.first_frame or time.perf_counter() - before
            await gate.wait()
            await quiet(student)
            if one.resumed:
                student.type(CLEAR)
                await quiet(student)
            while left:
                await asyncio.sleep(chance.expovariate(1 / think) if think else 0)
                text = left[0][1] + ENTER
                for number, key in enumerate(text, 1):
                    keys += 1
                    if keys == one.cut:
                        break
                    await asyncio.sleep(chance.expovariate(1 / pause))
                    one.latencies.append(await press(student, key))
                    if number == len(text):
                        left.pop(0)
                        await quiet(student)
                else:
                    continue
                break
            if keys == one.cut:
                one.resumed = True
                student.cut()
                continue
            student.type(END_DRILL)
            await student.sees("Result code")
            student.type("\x1b")
            await student.leaves()


async def press(student: Student, key: str) -> float:
    """Type a key; the seconds until something changed on the screen."""
    shown, before = len(student.shown), time.perf_counter()
    student.type(key)
    while len(student.shown) == shown:
        student.changed.clear()
        await asyncio.wait_for(student.changed.wait(), 60)
    return student.last - before


async def quiet(student: Student, seconds: float = 0.3) -> None:
    """Wait until nothing more is drawn."""
    while True:
        student.changed.clear()
        try:
            await asyncio.wait_for(student.changed.wait(), seconds)
        except TimeoutError:
            return


def check(host: Host, one: Script) -> list[str]:
    """Where the log differs from the script."""
    rows = host.rows(one.name)
    kept = [(row.attempt.key, row.attempt.text) for row in rows if row.attempt.action == "answer"]
    faults = [] if kept == one.answers else [f"{one.name}: answered {one.answers}, kept {kept}"]
    ends = [row.attempt.text for row in rows if row.attempt.action == "end"]
    if len(ends) != 1 or f"-{one.score}of{len(one.answers)}-" not in ends[0]:
        faults.append(f"{one.name}: a score of {one.score}, kept {ends}")
    if len([row for row in rows if row.attempt.action == "begin"]) != 1:
        faults.append(f"{one.name}: begun more than once")
    return faults
