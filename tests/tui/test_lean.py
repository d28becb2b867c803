"""Textual and asyncio as the tutor loads them: without what it does not use, and whole where that does not work."""

import subprocess
import sys

WITHOUT = """
import sys
from cnn_tutor.tui import lean
lean.load()
looked_for = {"ssl", "_hashlib", "typing_extensions", "textual.command", "textual.widgets._tree", "textual.app"}
print(*sorted(looked_for & set(sys.modules)))
from textual.command import CommandPalette, Hit
from textual.screen import Screen
assert issubclass(CommandPalette, Screen)
from typing_extensions import deprecated
import ssl, cnn_tutor.tui.app, cnn_tutor.tutor.log
"""

WHOLE = """
import sys
from cnn_tutor.tui import lean
lean.Empty.__getattr__ = lambda self, name: 1 / 0
lean.load()
from cnn_tutor.tui.app import TutorApp
from textual.command import CommandPalette
from textual.screen import Screen
assert issubclass(CommandPalette, Screen)
"""


def run(program: str) -> str:
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout


def test_what_no_screen_uses_is_not_loaded_and_can_still_be() -> None:
    assert run(WITHOUT).split() == ["textual.app"]


def test_where_textual_needs_all_of_it_it_gets_all() -> None:
    run(WHOLE)
