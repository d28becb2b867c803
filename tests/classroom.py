"""A class of scripted students, who count for themselves what they did: an oracle for reports that reads no log."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from cnn_tutor.lesson.schema import Lesson
from cnn_tutor.tutor.answer import write
from cnn_tutor.tutor.candidate import candidates, is_right
from cnn_tutor.tutor.drill import Drill, begin, marker, take
from cnn_tutor.tutor.feedback import Correct, FollowsThrough, Incorrect, TooFewDigits, Unreadable, diagnosis_of
from cnn_tutor.tutor.judgement import check
from cnn_tutor.tutor.log import log
from cnn_tutor.tutor.progress import Progress
from cnn_tutor.tutor.question import Question
from cnn_tutor.tutor.result import judge
from cnn_tutor.tutor.session import Session, ask_hint, reveal, skip, start, submit

DAY = 1_790_000_000.0


@dataclass
class Diary:
    """What one student remembers: by question whether the first answer was right, and what it cost."""

    name: str
    first: dict[str, bool] = field(default_factory=dict)
    misses: Counter[str] = field(default_factory=Counter)
    hints: Counter[str] = field(default_factory=Counter)
    shown: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, float] = field(default_factory=dict)
    doubtful: set[str] = field(default_factory=set)
    """Questions in whose time, until they were done, there was a break."""
    done: set[str] = field(default_factory=set)
    ideas: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    score: int | None = None
    code: str = ""


@dataclass
class Scripted:
    """A student who acts at random, by ``seed``, on a log in ``folder``."""

    name: str
    seed: int
    folder: Path
    idea: str = ""

    def __post_init__(self) -> None:
        self.random = random.Random(f"{self.name}/{self.seed}")
        self.progress = Progress(self.folder)
        self.diary = Diary(self.name)
        self.now = DAY + self.random.randrange(3600)
        self.began = False

    def think(self, key: str) -> None:
        """Time goes by; once in a while the student leaves for coffee."""
        away = self.random.random() < 0.04
        spent = self.random.uniform(400, 4000) if away else self.random.uniform(3, 120)
        self.now += spent
        if key not in self.diary.done:
            self.diary.seconds[key] = self.diary.seconds.get(key, 0.0) + spent
            if away or not self.began:
                self.diary.doubtful.add(key)
        self.began = True

    def wrong(self, question: Question) -> str:
        """An answer that is not right: that of the student's own idea where it shows, else one far off."""
        for one in candidates(question) if question.choice is None and question.kind not in ("shape", "cells") else ():
            if one.row.id == self.idea and one.value.shape == question.shape and not is_right(question, one.value):
                return str(write(one.value))
        if question.choice is not None:
            return next(one for one in question.choice.options if one != question.choice.answer)
        if question.kind == "cells":
            return next(cell for cell in ("1", "2", "1,1", "2,2") if isinstance(check(question, cell), Incorrect))
        return " ".join(["7777"] * max(1, int(question.wanted.exact.size if question.wanted else 1)))

    def learn(self, lesson: Lesson, upto: int) -> None:
        """Work on a lesson until ``upto`` questions were met."""
        session = start(lesson)
        for _ in range(upto):
            if session.finished:
                break
            session = self._meet(session)

    def _meet(self, session: Session) -> Session:
        """One question: perhaps a hint, perhaps wrong answers, then the right one, or it is given up."""
        key, dice = session.current.key, self.random
        if dice.random() < 0.25:
            session = self._do(session, "hint", ask_hint)
        for _ in range(dice.choice((0, 0, 0, 1, 1, 2, 3)) + bool(self.idea)):
            if session.current.key == key:
                session = self._answer(session, self.wrong(session.current))
        if session.current.key != key:
            return session
        if dice.random() < 0.1:
            session = self._do(session, "show", reveal)
            self.diary.first.setdefault(key, False)
        if dice.random() < 0.1:
            return self._do(session, "skip", lambda session: (skip(session), ""))
        return self._answer(session, session.current.text)

    def _do(self, session: Session, action: str, how: Callable[[Session], tuple[Session, str]]) -> Session:
        key = session.current.key
        self.think(key) if action != "skip" else self.idle()
        after, _ = how(session)
        self.progress.add(log(session, after, action), self.now)  # type: ignore[arg-type]
        if action != "skip":
            counter = self.diary.hints if action == "hint" else self.diary.shown
            counter[key] += action == "hint" or key not in self.diary.done
        return after

    def idle(self) -> None:
        self.now += 1.0
        self.began = True

    def _answer(self, session: Session, text: str) -> Session:
        key = session.current.key
        self.think(key)
        after, feedback = submit(session, text)
        self.progress.add(log(session, after, "answer", text, feedback), self.now)
        right = isinstance(feedback, Correct)
        charged = isinstance(feedback, Incorrect) and feedback.charged
        if right or charged:
            clean = right and not self.diary.hints[key] and not self.diary.shown[key]
            self.diary.first.setdefault(key, clean)
            self.diary.misses[key] += charged
        if right:
            self.diary.done.add(key)
        self._remember(key, feedback)
        return after

    def _remember(self, key: str, feedback: object) -> None:
        diagnosis = diagnosis_of(feedback)  # type: ignore[arg-type]
        if diagnosis is not None and len(diagnosis.ids) == 1 and diagnosis.ids[0] not in ("SLIP", "SHEET.TYPO"):
            self.diary.ideas[diagnosis.ids[0]].add(key)

    def drill(self, drill: Drill, get: Callable[[str], Lesson], *, ends: bool = True) -> None:
        """Take a drill, changing an answer here and there, and end it or not."""
        session = begin(drill, get)
        given: dict[str, str] = {}
        self.began = True
        self.progress.add([marker(drill, "begin", drill.text)], self.now)
        for place in session.asked:
            for _ in range(self.random.choice((0, 1, 1, 2, 3))):
                session = replace(session, position=place)
                question = session.current
                text = question.text if self.random.random() < 0.6 else self.wrong(question)
                self.think(question.key)
                after, feedback = take(session, text)
                if isinstance(feedback, Unreadable):
                    continue
                self.progress.add(log(session, after, "answer", text, feedback), self.now)
                right = isinstance(feedback, Correct | TooFewDigits | FollowsThrough)
                self.diary.first.setdefault(question.key, right)
                self.diary.misses[question.key] += not right and question.key not in self.diary.done
                (self.diary.done.add if right else self.diary.done.discard)(question.key)
                self._remember(question.key, feedback)
                given[question.key] = text
                session = after
        result = judge(drill, session, given)
        if ends:
            self.now += 5
            self.progress.add([marker(drill, "end", result.code)], self.now)
            self.diary.score, self.diary.code = result.score, result.code
