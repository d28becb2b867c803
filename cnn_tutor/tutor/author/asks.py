"""Asks that are malformed, name a step that is not there, or would never come up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from cnn_tutor.language import _
from cnn_tutor.lesson.check import there_are
from cnn_tutor.lesson.finding import Note
from cnn_tutor.lesson.locate import Path
from cnn_tutor.lesson.network import run
from cnn_tutor.lesson.schema import Exercise
from cnn_tutor.lesson.twin import as_exercise
from cnn_tutor.tutor.ask import Ask, kinds, select
from cnn_tutor.tutor.erroneous import lines, working
from cnn_tutor.tutor.misconceptions import BY_ID
from cnn_tutor.tutor.parts import parts_of


def ask_faults(exercise: Exercise, path: Path) -> Iterator[Note]:
    """The faults of the ask lists of an exercise that fits together, and of its twins."""
    yield from _of_lists(exercise, exercise.ask, (*path, "ask"))
    for number, twin in enumerate(exercise.twin):
        yield from _of_lists(as_exercise(exercise, twin), twin.ask, (*path, "twin", number, "ask"))


def _of_lists(exercise: Exercise, lists: Mapping[str, Sequence[str]], path: Path) -> Iterator[Note]:
    try:
        network = run(exercise)
    except ValueError:
        return  # what does not fit is said elsewhere
    for name, asks in lists.items():
        source = next((one for one in network if one.output in (name, "")), None)
        if source is None:
            continue
        available = kinds(source.trace)
        seen: set[str] = set()
        for number, text in enumerate(asks):
            at = (*path, name, number)
            try:
                ask = Ask.parse(text)
            except ValueError as error:
                yield Note(at, str(error))
                continue
            if ask.kind not in available:
                yield Note(
                    at,
                    _("{name} has no step {kind}; it has {listed}").format(
                        name=repr(name), kind=repr(ask.kind), listed=", ".join(sorted(available))
                    ),
                )
            elif text in seen:
                yield Note(at, _("{text} is asked twice").format(text=repr(text)))
            elif not any(True for _ in select(source.trace, _only(exercise, name, ask))):
                yield Note(
                    at,
                    _("{text} would never be asked: {name} has no such {kind}").format(
                        text=repr(text), name=repr(name), kind=ask.kind
                    ),
                )
            seen.add(text)


def _only(exercise: Exercise, name: str, ask: Ask) -> Callable[[int], Sequence[Ask]]:
    """Nothing but ``ask``; of a tracked network only at the layer ``name``, or at those of ``rest``."""
    if exercise.track is None:
        return lambda block: [ask]
    names = ["in", *(layer.name for layer in exercise.track.layers), "total"]
    return lambda block: [ask] if name == names[block] or (name == "rest" and names[block] not in exercise.ask) else []


def working_faults(exercise: Exercise, path: Path) -> Iterator[Note]:
    """Finished workings that cannot be made: an unknown idea, a line that is not asked, no mistake to be found."""
    if not exercise.erroneous:
        return
    try:
        network = run(exercise)
        shown = lines(exercise, network, parts_of(exercise, network))
    except ValueError:
        return  # an ask of the exercise is wrong, and said to be
    keys = [line.key for line in shown]
    for number, spec in enumerate(exercise.erroneous):
        at: Path = (*path, "erroneous", number)
        unknown = [(place, key) for place, key in enumerate(spec.steps) if key not in keys]
        for place, key in unknown:
            yield Note(
                (*at, "steps", place),
                _("the exercise does not ask {key}; {known}").format(key=repr(key), known=there_are(key, keys)),
            )
        if spec.rule and spec.rule not in BY_ID:
            yield Note(
                (*at, "rule"),
                _("no misconception {rule}; {known}").format(
                    rule=repr(spec.rule), known=there_are(spec.rule, list(BY_ID))
                ),
            )
        elif not unknown:
            try:
                working(spec, network, shown)
            except ValueError as error:
                yield Note(at, str(error))
