"""One whole lesson as a student goes through it, whatever lies between keyboard and program."""

import json
import re

from tests.course import cnn_tutor_command
from tests.terminal.session import Session

TITLE = "1D convolution"


def answers(lesson: str) -> list[str]:
    """What is typed at each question, as ``explain --json`` has it."""
    document = json.loads(cnn_tutor_command("explain", lesson, "--json").stdout)
    return [question["text"] for exercise in document["exercises"] for question in exercise["questions"]]


def work_through(session: Session, lesson: str) -> None:
    """From the introduction to the summary; fails at a question that is not taken as right."""
    session.wait("Conventions").press("enter")
    texts = answers(lesson)
    for number, text in enumerate(texts, 1):
        session.wait(rf"question {number} of {len(texts)}\b")
        session.send(text).until(lambda: shows(session, text), f"{text!r} in the answer line")  # noqa: B023
        session.press("enter")
    session.until(lambda: "question" not in session.text.splitlines()[1], "the summary")


def shows(session: Session, text: str) -> bool:
    """Whether the answer line has the end of ``text``, which may be longer than the line."""
    line = next((line for line in reversed(session.text.splitlines()) if re.match(r" ?> ", line)), "")
    return text[-40:].split("\n")[-1].strip() in line
