"""The full screen: the list and the lessons, and what the student asks for from there, until they leave."""

from __future__ import annotations

import argparse
from typing import Any

from cnn_tutor.commands import NAMES, command
from cnn_tutor.errors import CnnTutorError
from cnn_tutor.options import parser
from cnn_tutor.surroundings import Surroundings


def show(here: Surroundings, **start: Any) -> int:
    """Run the app, then whatever command was asked for in it, then the app again; the exit code at the end."""
    from cnn_tutor.tui.app import run

    trouble = ""
    while True:
        code, errand, place = run(
            here.catalog(),
            here.keeper(),
            here.seat,
            clock=here.now,
            trouble=trouble,
            seeds=here.any_seed,
            begin=here.session,
            **start,
        )
        if not errand:
            return code
        start, trouble = {"place": place}, ""
        try:
            asked = parser({name: command(name) for name in NAMES}).parse_args(errand)
            options = argparse.Namespace(**{**vars(here.options), **vars(asked), "plain": False})
            code = command(errand[0]).run(options, here)
        except CnnTutorError as error:
            trouble = str(error)
        if code or here.is_left:
            return code
