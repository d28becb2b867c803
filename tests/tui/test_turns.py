"""What is typed ahead does what it would have done key by key, whatever the keys are."""

from threading import Event

import pytest
from textual.events import Key

from cnn_tutor.tui.terminal.turns import Turns
from tests.tui.student import desk

SIGNS = {"?": "question_mark", "/": "slash", " ": "space", "-": "minus", "!": "exclamation_mark"}


def typed(text: str) -> list[Key]:
    """The keys of a text, in which ``<name>`` is a key of that name."""
    keys = []
    while text:
        if text[0] == "<":
            name, _, text = text[1:].partition(">")
            keys.append(Key(name, None))
        else:
            keys.append(Key(SIGNS.get(text[0], text[0]), text[0]))
            text = text[1:]
    return keys


async def page(text: str, begins: bool, at_once: bool) -> tuple:
    async with desk() as student:
        if begins:
            await student.begin()
        if at_once:
            turns = Turns(student.app, student.app._driver.process_message)
            turns.take(typed(text))
            while turns or turns._settling is not None:
                await student.pilot.pause()
            await student.settle()
        else:
            for key in typed(text):
                await student.press(key.key)
        return student.page, getattr(student.app.focused, "caret", None)


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("12<backspace>3<left><left>4<delete><end>5", True),
        ("2 0<enter>2 0<enter>2<enter>", True),
        ("2<tab>0<enter>2<tab>0<backspace>1<enter>7<enter><backspace>2<enter>", True),
        ("?7<enter>?<backspace>2 0<enter>!<enter>", True),
        ("2<ctrl+n>9<up>2 0<enter><enter>3", True),
        ("/mat<enter>", False),
        ("<down><f1><escape>/w<escape>d", False),
        ("<enter><enter>7<enter>2 0<enter>", False),
        ("<enter><enter>2<escape><down>", False),
    ],
)
async def test_keys_typed_ahead_do_what_they_do_one_by_one(text, begins):
    assert await page(text, begins, at_once=True) == await page(text, begins, at_once=False)


async def test_letters_of_one_text_wait_for_nothing():
    async with desk() as student:
        await student.begin()
        passed = []
        turns = Turns(student.app, passed.append)
        turns.take(typed("2 0"))
        assert [key.character for key in passed] == ["2", " ", "0"]
        turns.take(typed("<enter>3"))
        assert len(passed) == 3
        assert len(turns) == 2
        turns.stop()
        assert len(turns) == 0


async def test_a_key_that_leads_away_waits_for_no_numbers(monkeypatch):
    async with desk() as student:
        there = Event()
        begin = student.app._course.begin
        monkeypatch.setattr(student.app._course, "begin", lambda *asked: there.wait() and begin(*asked))
        try:
            turns = Turns(student.app, student.app._driver.process_message)
            turns.take(typed("<enter><enter>2"))
            for _ in range(20):
                await student.pilot.pause(0.01)
            assert (student.at, len(turns)) == ("OpeningScreen", 1)
            turns.stop()
            turns = Turns(student.app, student.app._driver.process_message)
            turns.take(typed("<enter><escape>"))
            while turns or turns._settling is not None:
                await student.pilot.pause(0.01)
            assert student.at == "LessonsScreen"
        finally:
            there.set()
