"""Finding out where to begin, in a terminal: by command, hung up, gone on with, and into the lesson."""

import json
import os
from pathlib import Path

from tests.terminal.session import TUTOR, Session

PLACE = (*TUTOR, "place", "--seed", "5", "--ascii", "--no-color")
IS_ASKED = r"\n ?> \w"
"""The answer line says what it waits for: the question has been worked out."""


def test_by_command_through_a_hang_up_to_the_lesson():
    with Session(PLACE, size=(60, 20)) as session:
        session.wait("question 1 of at most 12").wait("no hints").wait(IS_ASKED)
        session.press(">").wait("question 2 of").send("12345").wait("> 12345").hang_up()
        assert session.ends() == 129
    kept = json.loads((Path(os.environ["CNN_TUTOR_DATA"]) / "drafts.json").read_text())
    assert kept.pop("placement").startswith("5 ")
    assert list(kept.values()) == ["12345"]
    with Session(PLACE, size=(60, 20)) as session:
        session.wait("question 2 of at most 12").wait("12345").press("f8").wait("Enter opens it")
        session.press("enter").wait("Conventions").press("ctrl+q")
        assert session.ends() == 0
        assert session.model.modes_left == []
        assert session.model.colours == []
        assert session.line_is_restored
