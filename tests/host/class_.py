"""A class of scripted students: each types answers key by key over SSH; some are cut off and come again."""

import asyncio
import random
import re
import time
from dataclasses import dataclass, field, replace

from cnn_tutor.tutor.drill import Drill, begin, take
from cnn_tutor.tutor.feedback import Correct, Unreadable
from cnn_tutor.tutor.result import judge
from cnn_tutor.tutor.session import Session, submit
from tests.course import LESSONS
from tests.host.hosting import Host, Student, sitting

END_DRILL, CLEAR, ENTER, HINT, QUIT = "\x0f", "\x1b[F\x15", "\r", "\x14", "\x11"
LOOKS = (
    *("\x1bOP", " ", "\x1b", "\x12", "\x1b", "\x10", "\x1b"),
    *("\x02", "\x1b[C", "\x1b[C", "n", "e", "\x1b[C", "\x1b", "\x1b", "\x0c", "\x1b"),
)
"""What somebody types who opens all there is beside a question: help, notes, commands, watching, exploring."""
RIGHT = 0.75
"""How often a scripted student is right."""


@dataclass
class Script:
    """What one student does: ``answers`` in order; cut off before the key numbered ``cut``, if that is not None."""

    name: str
    answers: list[tuple[str, str]]
    """Question keys, and what is typed there."""
    score: int
    """How many of a drill are right; of a lesson, how many at the first try."""
    cut: int | None = None
    begins: str = ""
    """What leads from the first frame to the first question."""
    waits: str = "uestion"
    """What is to be seen in the first frame."""
    ends: tuple[str, str, str] = (END_DRILL, "Result code", "\x1b")
    """What ends it, what is to be seen then, what leaves."""
    looks: int | None = None
    """After so many answers all pages are looked at."""
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
    return Script(name, answers, result.score, chance.randrange(1, keys) if cut else None)


def learner(name: str, lesson: str, session: Session, chance: random.Random, cut: bool) -> Script:
    """One who works through the questions of a session to their end, looks at everything, and is now and then wrong."""
    answers, score = [], 0
    while not session.finished:
        question = session.current
        choice = question.choice
        text = question.text if choice is None else str(choice.options.index(choice.answer) + 1)
        wrong = str(int(text) + 1) if choice is None and text.lstrip("-").isdecimal() else text
        if wrong != text and chance.random() > RIGHT:
            answers.append((question.key, wrong))
        else:
            score += 1
        answers.append((question.key, text))
        session, feedback = submit(session, question.text)
        assert isinstance(feedback, Correct), question.key
    keys = sum(len(text) + 1 for _, text in answers)
    return Script(
        name,
        answers,
        score,
        chance.randrange(1, keys) if cut else None,
        begins=ENTER,
        waits=lesson,
        ends=("", "", QUIT),
        looks=chance.randrange(1, len(answers)),
    )


def _wrong(session: Session, place: int) -> str:
    """An answer of the right shape with its first number changed; the right one where that cannot be read."""
    right = session.questions[place].text
    text = re.sub(r"\d+", lambda found: str(int(found[0]) + 1), right, count=1)
    _, feedback = take(replace(session, position=place), text)
    return right if isinstance(feedback, Unreadable) else text


async def work(host: Host, one: Script, pause: float, gate: asyncio.Event, think: float = 0.0) -> None:
    """Answer all that is asked, waiting at ``gate`` once logged in.

    ``pause`` is the mean time between two keys, ``think`` the mean time before an answer.
    """
    chance = random.Random(one.name)
    left, keys = list(one.answers), 0
    while left:
        before = time.perf_counter()
        async with sitting(host, one.name, term="xterm-256color") as student:
            await student.sees(one.waits)
            one.first_frame = one.first_frame or time.perf_counter() - before
            await gate.wait()
            await quiet(student)
            if one.begins:
                student.type(one.begins)
                await quiet(student)
            if one.resumed:
                student.type(CLEAR)
                await quiet(student)
            while left:
                if one.looks == len(one.answers) - len(left):
                    one.looks = None
                    await look(student, one)
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
            end, seen, leave = one.ends
            student.type(end)
            await student.sees(seen)
            student.type(leave)
            await student.leaves()


async def look(student: Student, one: Script) -> None:
    """Look at all pages there are."""
    for key in LOOKS:
        one.latencies.append(await press(student, key))
        await quiet(student)


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
    if one.begins:
        return faults
    ends = [row.attempt.text for row in rows if row.attempt.action == "end"]
    if len(ends) != 1 or f"-{one.score}of{len(one.answers)}-" not in ends[0]:
        faults.append(f"{one.name}: a score of {one.score}, kept {ends}")
    if len([row for row in rows if row.attempt.action == "begin"]) != 1:
        faults.append(f"{one.name}: begun more than once")
    return faults
