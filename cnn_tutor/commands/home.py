"""Without a command: the list of lessons."""

from __future__ import annotations

import argparse

from cnn_tutor.commands import DONE
from cnn_tutor.commands.list import show
from cnn_tutor.language import _
from cnn_tutor.surroundings import Surroundings

HELP = "the list of lessons"
SCREEN = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """There are none."""


def run(options: argparse.Namespace, here: Surroundings) -> int:
    """The list on a screen, or in plain text with how to go on."""
    if here.wants_screen:
        from cnn_tutor.commands.screen import show as show_screen

        return show_screen(here)
    show(here)
    here.say("\n" + _("Start one with: cnn-tutor learn LESSON"))
    return DONE
