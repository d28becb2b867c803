"""Finding the place to start as a conversation: one question a lesson, no hints, and at the end where to begin."""

from __future__ import annotations

from cnn_tutor.language import _, plural
from cnn_tutor.plain.streams import Streams
from cnn_tutor.tutor.feedback import Unreadable, verdict
from cnn_tutor.tutor.placement import MOST, Placement, answered, is_right, judged, task
from cnn_tutor.tutor.placement_page import known, layers, panels
from cnn_tutor.tutor.scene import formula, scene

RULES = (
    "A few questions, {most} at most, to find out where you should start. Nothing is counted and nothing is kept. A "
    "blank line means that you do not know; q stops."
)


def run(placement: Placement, streams: Streams) -> Placement:
    """Ask until it is clear where to start, or the student stops; then say so."""
    streams.say(_(RULES).format(most=MOST))
    while (topic := placement.topic) is not None:
        right = _ask(placement, topic, streams)
        if right is None:
            break
        placement = answered(placement, right=right)
    _tell(placement, streams)
    return placement


def _ask(placement: Placement, topic: str, streams: Streams) -> bool | None:
    """Whether the question about a lesson was answered right; None where the student stops."""
    lesson = placement.course.lessons[topic]
    session = task(lesson, placement.seed)
    question = session.current
    streams.say(f"\n{len(placement.asked) + 1}. {lesson.title}")
    streams.read_out(question.exercise.prose)
    streams.read_out(lesson.conventions)
    streams.draw(panels(question, scene(session)))
    for layer in layers(question):
        streams.say(layer)
    if formula(session):
        streams.say(formula(session))
    streams.say(question.prompt)
    for place, option in enumerate(question.choice.options if question.choice else (), 1):
        streams.say(f"  {place}. {option}")
    while True:
        line = streams.ask()
        if line is None or line.strip().lower() == "q":
            return None
        if not line.strip():
            return False
        feedback = judged(session, line)
        right = is_right(feedback)
        if right is not None:
            streams.say(_("Noted."))
            return right
        assert isinstance(feedback, Unreadable)
        streams.say(f"{verdict(feedback)}: {feedback.reason}")


def _tell(placement: Placement, streams: Streams) -> None:
    """Where to start, and what that rests on."""
    count = len(placement.asked)
    streams.say("\n" + plural("{count} question was answered.", "{count} questions were answered.", count))
    if not count:
        streams.say(_("Start at the beginning: cnn-tutor learn {lesson}").format(lesson=placement.start))
        return
    names = [lesson.id for lesson in known(placement)]
    if names:
        streams.say(_("You seem to know: {lessons}.").format(lessons=", ".join(names)))
    if placement.start is None:
        streams.say(_("There is nothing left to learn here. Drills are still good: cnn-tutor drill LESSON"))
        return
    title = placement.course.lessons[placement.start].title
    streams.say(_("Start with: {title}").format(title=title))
    streams.say(f"cnn-tutor learn {placement.start}")
