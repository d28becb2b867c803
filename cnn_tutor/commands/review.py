"""``cnn-tutor review``: what is due today, on fresh numbers."""

from __future__ import annotations

import argparse
import math

from cnn_tutor.commands import DONE
from cnn_tutor.language import _, plural
from cnn_tutor.options import add_plain
from cnn_tutor.surroundings import Surroundings

HELP = "what is due today, and how long it will take"
SCREEN = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``--plain``."""
    add_plain(parser)


def run(options: argparse.Namespace, here: Surroundings) -> int:
    """Say what is due, then ask it."""
    from cnn_tutor.tutor.clock import ahead, said
    from cnn_tutor.tutor.review import DAY, due, schedule, seconds_each
    from cnn_tutor.tutor.skill import skill_name

    store, now = here.book.reading(), here.now()
    rows = store.rows() if store is not None else []
    waiting = due(rows, now)
    clock = said(ahead(rows, now))
    if not waiting:
        later = schedule(rows)
        days = math.ceil((later[0].at - now) / DAY) if later else 0
        if later:
            when = plural("in {count} day", "in {count} days", days)
            text = _("Nothing is due today: {skill} is next, {when}.")
            text = text.format(skill=skill_name(later[0].skill), when=when)
        else:
            text = _("Nothing is due today: no skill is mastered yet.")
        here.say(f"{text} {clock}".rstrip())
        return DONE
    from cnn_tutor.commands.practice import sit
    from cnn_tutor.tutor.practice import familiar
    from cnn_tutor.tutor.sitting import Sitting

    skills = frozenset(one.skill for one in waiting)
    attempts = [row.attempt for row in rows]
    known = familiar(here.tasks(), skills, attempts)
    asked = skills & {skill for one in known for skill in one.skills}
    sitting = Sitting(known, asked, here.any_seed(), attempts, mode="review")
    minutes = max(1, round(len(skills) * QUESTIONS * seconds_each(rows) / 60))
    names = "; ".join(skill_name(one.skill) for one in waiting)
    about = plural("About {count} minute.", "About {count} minutes.", minutes)
    about = f"{about} {clock}".rstrip()
    return sit(sitting, here.keeper(), here, _("Review"), _("Due today: {names}.").format(names=names), about)


QUESTIONS = 3
"""So many questions a skill is asked, as a rule."""
