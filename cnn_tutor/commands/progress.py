"""``cnn-tutor progress``: what the student has done and what comes next."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cnn_tutor.commands import DONE
from cnn_tutor.surroundings import Surroundings

if TYPE_CHECKING:
    from cnn_tutor.tutor.overview import Entry

HELP = "what you have done and what comes next"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``--json``."""
    parser.add_argument("--json", action="store_true", help="as data")


def run(options: argparse.Namespace, here: Surroundings) -> int:
    """Print the report."""
    from cnn_tutor.tutor.overview import overview, report

    store = here.store()
    entries = overview(here.catalog().lessons, store)
    known = report(entries, store, here.now())
    if options.json:
        here.print_json(known)
    else:
        for line in _lines(entries, known):
            here.say(line)
    return DONE


def _lines(entries: Sequence[Entry], known: Mapping[str, Any]) -> Iterator[str]:
    from cnn_tutor.tutor.overview import next_lesson

    done, questions = sum(entry.done for entry in entries), sum(entry.questions for entry in entries)
    yield f"{done} of {questions} questions answered{_in_time(known['seconds'])}."
    for entry in entries:
        if entry.done:
            state = "finished" if entry.done == entry.questions else f"{entry.done} of {entry.questions}"
            yield f"  {entry.lesson.title}: {state}{', mastered' if entry.mastered else ''}"
    if known["skills"]:
        yield "Skills:"
    width = max((len(one["skill"]) for one in known["skills"]), default=0)
    for one in sorted(known["skills"], key=lambda one: str(one["bar"])):
        yield f"  {one['skill']:<{width}}  {one['bar']}  {one['word']}"
    yield from _recurring(known["misconceptions"])
    if known["due"]:
        yield f"Due for review: {', '.join(known['due'])}. Start with: cnn-tutor review"
    following = next_lesson(entries)
    yield f"Next: cnn-tutor learn {following.lesson.id}" if following else "The worksheet is done."


def _in_time(seconds: int) -> str:
    hours, minutes = divmod(round(seconds / 60), 60)
    return f" in {hours} h {minutes} min" if hours else f" in {minutes} min" if minutes else ""


def _recurring(ideas: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The misconceptions on record; without any, their table is not loaded, and neither is NumPy."""
    if ideas:
        from cnn_tutor.tutor.misconceptions import BY_ID

        for row in (BY_ID[idea["id"]] for idea in ideas if idea["id"] in BY_ID):
            yield f"More than once: {row.name} ({row.believes})"
