"""Practice as a conversation: problem after problem, with an example worked beforehand while that helps."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from cnn_tutor.language import _, plural
from cnn_tutor.plain.lesson import converse
from cnn_tutor.plain.manual import KEYS
from cnn_tutor.plain.streams import Streams
from cnn_tutor.tutor.hint import worked
from cnn_tutor.tutor.log import Keep
from cnn_tutor.tutor.practice import Problem, said


def run(
    following: Callable[[], Problem | None], streams: Streams, keep: Keep, ending: Callable[[], Iterable[str]]
) -> None:
    """Ask the problems that ``following`` gives until there is none or the student stops; then say ``ending``."""
    streams.say(_("Keys: {keys}").format(keys=_(KEYS)))
    count, paused = 0, False
    while (now := following()) is not None:
        streams.say(f"\n{now.task.lesson.title}")
        _example(now, streams)
        streams.keep(now.rows, keep)
        session = converse(now.session, streams, keep, introduced=True)
        if not session.finished:
            paused = True
            break
        count += 1
        streams.keep((now.ended(session),), keep)
        streams.say(f"\n{said(session)}")
        streams.say(_("Enter goes on with another problem, q stops."))
        line = streams.ask()
        if line is None or line.strip().lower() == "q":
            break
    for text in ending():
        streams.say(text)
    if paused:
        streams.say(plural("Paused: {count} problem.", "Paused: {count} problems.", count))
    else:
        streams.say(plural("Finished: {count} problem.", "Finished: {count} problems.", count))


def _example(now: Problem, streams: Streams) -> None:
    """What is worked beforehand."""
    if now.given:
        streams.say(_("Worked for you:"))
    for one in now.given:
        streams.say(f"  {one.prompt}  {worked(one)}")
