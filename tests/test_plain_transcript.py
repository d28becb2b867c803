"""Whole conversations, byte for byte.

When one of these fails, read the diff: it shows what a student at a screen reader will hear. If that is what you meant,
``CNN_TUTOR_GOLDEN=write python -m pytest tests/test_plain_transcript.py`` writes the files anew; read the diff again.
"""

import io
import os
from itertools import chain

import pytest
from rich.console import Console

from cnn_tutor.plain import drill as plain
from cnn_tutor.plain.streams import Streams
from cnn_tutor.tutor.desk import Desk
from cnn_tutor.tutor.drill import Drill, begin
from cnn_tutor.tutor.keeper import Keeper
from cnn_tutor.tutor.log import replay
from cnn_tutor.tutor.session import start
from tests.course import DATA, LESSONS, Typist, talk

TURNS = {
    "baseline/sheet/z1[1].weighted_sum": ["?", "banana", "4", "2*1 + (-1)*(-1)"],
    "baseline/sheet/z1[2].weighted_sum": ["<", "", "3 4", "−3"],
    "baseline/sheet/z1": ["3 2", "_ -2"],
    "baseline/sheet/h": [">"],
    "baseline/sheet/z2": ["?", "?", "?", "2"],
    "baseline/sheet/yhat": ["0.88", "σ(2)"],
    "baseline/student/z1": ["1 7", "1 5"],
    "baseline/student/h": ["[1, 7]", "(1, 5)"],
    "baseline/student/z2": ["!", "10"],
    "baseline/student/yhat": ["0.9999992", "1", "0.9999", "0.99995"],
}
"""What a student types at some questions; the right answer at all others."""


def golden(name, text):
    """Compare ``text`` with the file, or write it."""
    file = DATA / name
    if os.environ.get("CNN_TUTOR_GOLDEN") == "write":
        file.write_text(text, encoding="utf-8")
        pytest.fail(f"{name} is written anew: read its diff")
    assert text == file.read_text(encoding="utf-8")


def test_a_student_goes_through_a_lesson_with_all_its_turns():
    """Hint, wrong, unreadable, skip, back, kept cell, pause; the next day the rest, with the sheet's misprints."""
    rows, session = [], start(LESSONS["baseline"])
    assert TURNS.keys() <= {question.key for question in session.questions}
    typed = [TURNS.get(question.key, [question.text]) for question in session.questions]
    skipped = next(question for question in session.questions if question.key == "baseline/sheet/h")
    first_day = list(chain(*typed[: session.questions.index(skipped) + 1]))
    first, paused, _ = talk(session, [*first_day, "q"], echo=True, keep=rows.extend)
    resumed = replay(session, rows)
    assert resumed.records == paused.records
    rest = list(chain(*typed[session.questions.index(resumed.current) :]))
    second, end, _ = talk(resumed, [*rest, skipped.text], echo=True, keep=rows.extend)
    assert end.finished
    golden("plain_baseline.txt", f"{first}\n=== the next day ===\n\n{second}")


@pytest.mark.parametrize("lesson", ["conv2d"])
def test_a_perfect_fast_run_in_ascii(lesson):
    session = start(LESSONS[lesson], fast=True)
    texts = [session.questions[place].text for place in session.asked]
    out, end, _ = talk(session, texts, echo=True, ascii_only=True)
    assert end.finished
    assert out.isascii()
    golden(f"plain_{lesson}_fast_ascii.txt", out)


def test_a_drill_with_all_its_turns():
    """Hint refused, wrong shape, skip, a slip and its consequence, too few digits, what stays and what may change."""
    drill = Drill(("conv1d", "baseline"), 5, 2, minutes=10, name="ann")
    desk = Desk(drill, begin(drill, LESSONS.__getitem__), {}, lambda: 600.0, best=(4, 6))
    length, y, z1, _, z2, yhat = (desk.session.questions[place].text for place in desk.session.asked)
    texts = [">", "<", "?", length, "1 2", ">", z1.replace("2", "3", 1), "3 0", z2, ".", f"{float(yhat):.2f}", y]
    out = io.StringIO()
    console = Console(file=out, width=80, markup=False, highlight=False, emoji=False, color_system=None)
    typist = Typist([*texts, "77", "<", "<", "<", "9", "", y, ""], out)
    plain.run(desk, Streams(typist, console, prompt="> "), Keeper(None, lambda: 0.0))
    golden("plain_drill.txt", out.getvalue())
