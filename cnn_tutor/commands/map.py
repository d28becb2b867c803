"""``cnn-tutor map``: which lessons stand before which, and what is open now."""

from __future__ import annotations

import argparse

from cnn_tutor.commands import DONE
from cnn_tutor.language import _
from cnn_tutor.surroundings import Surroundings

HELP = "which lessons stand before which, and what is open now"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``[LESSON] --json``."""
    parser.add_argument("lesson", nargs="?", help=_("only the way to this lesson"))
    parser.add_argument("--json", action="store_true", help=_("as data"))


def run(options: argparse.Namespace, here: Surroundings) -> int:
    """Print the map. Raises UsageError for a lesson that is not there."""
    from cnn_tutor.errors import UsageError
    from cnn_tutor.tutor.course_map import CourseMap, finished
    from cnn_tutor.tutor.overview import overview

    catalog = here.catalog()
    for fault in catalog.faults:
        here.complain(fault)
    course = CourseMap(catalog.lessons)
    wanted = list(course.lessons)
    if options.lesson is not None:
        if options.lesson not in course.lessons:
            raise UsageError(_("there is no lesson {name}").format(name=repr(options.lesson)))
        way = {options.lesson} | course.before[options.lesson]
        wanted = [one for one in wanted if one in way]
    done = finished(overview(catalog.lessons, here.book.store()))
    ready = course.open(done)
    if options.json:
        here.print_json(
            [{"id": one, "needs": list(course.needs[one]), "done": one in done, "open": one in ready} for one in wanted]
        )
        return DONE
    width = max((len(one) for one in wanted), default=0)
    words = {"done": _("done"), "open": _("open"), "later": ""}
    column = max(map(len, words.values()))
    for one in wanted:
        state = words["done" if one in done else "open" if one in ready else "later"]
        after = _("after {lessons}").format(lessons=", ".join(course.needs[one])) if course.needs[one] else ""
        here.say(f"{one:<{width}}  {state:<{column}}  {after}".rstrip())
    if course.circle:
        here.complain(_("these lessons need one another: {lessons}").format(lessons=", ".join(course.circle)))
    return DONE
