"""``cnn-tutor progress``: what the student has done and what comes next."""

from __future__ import annotations

import argparse

from cnn_tutor.commands import DONE
from cnn_tutor.surroundings import Surroundings

HELP = "what you have done and what comes next"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """``--json``."""
    parser.add_argument("--json", action="store_true", help="as data")


def run(options: argparse.Namespace, here: Surroundings) -> int:
    """Print the report."""
    from cnn_tutor.tutor.overview import next_lesson, overview, report

    catalog = here.catalog()
    store = here.store()
    entries = overview(catalog.lessons, store)
    known = report(entries, store)
    if options.json:
        here.print_json(known)
        return DONE
    done, questions = sum(entry.done for entry in entries), sum(entry.questions for entry in entries)
    print(f"{done} of {questions} questions answered.")
    for entry in entries:
        if entry.done:
            state = "finished" if entry.done == entry.questions else f"{entry.done} of {entry.questions}"
            here.say(f"  {entry.lesson.title}: {state}{', mastered' if entry.mastered else ''}")
    for word, wanted in (("Mastered", True), ("In practice", False)):
        named = [skill["skill"] for skill in known["skills"] if skill["mastered"] is wanted]
        if named:
            print(f"{word}: {', '.join(named)}")
    if known["misconceptions"]:
        from cnn_tutor.tutor.misconceptions import BY_ID

        for row in (BY_ID[idea["id"]] for idea in known["misconceptions"] if idea["id"] in BY_ID):
            here.say(f"More than once: {row.name} ({row.believes})")
    following = next_lesson(entries)
    print(f"Next: cnn-tutor learn {following.lesson.id}" if following else "The worksheet is done.")
    return DONE
