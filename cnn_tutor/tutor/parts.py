"""What of the layers of an exercise is asked, part by part, and what each part is called."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from cnn_tutor.engine import Window
from cnn_tutor.language import _
from cnn_tutor.lesson.layer import op_name, references
from cnn_tutor.lesson.limits import MOST_QUESTIONS
from cnn_tutor.lesson.network import LayerTrace
from cnn_tutor.lesson.schema import Exercise
from cnn_tutor.tutor.ask import Ask, Part, select
from cnn_tutor.tutor.fields import fields_of, is_of_maps
from cnn_tutor.tutor.symbols import spell_index
from cnn_tutor.tutor.wording import wording
from cnn_tutor.tutor.words import Wording

TRACKED = ("shape", "parameters", "total")
"""What a tracked network asks of each layer unless the exercise says otherwise."""


def parts_of(exercise: Exercise, network: Sequence[LayerTrace]) -> Iterator[list[Part]]:
    """What is asked of each layer. Raises ValueError for more than a lesson may ask."""
    count = 0
    for source in network:
        parts = list(islice(asked_of(exercise, source), MOST_QUESTIONS + 1))
        count += len(parts)
        if count > MOST_QUESTIONS:
            raise ValueError(_("asks more than {number} questions").format(number=MOST_QUESTIONS))
        yield parts


def asked_of(exercise: Exercise, source: LayerTrace) -> Iterator[Part]:
    """What is asked of a layer. Steps are looked for under the engine's names, since all of them would be renamed."""
    for part in select(source.own, _asks_for(exercise, source)):
        tensor = source.named(part.target.tensor)
        yield Part(part.ask, part.positions, Window(tensor, part.target.index))


def _asks_for(exercise: Exercise, source: LayerTrace) -> Callable[[int], list[Ask]]:
    """What is asked in each block of a layer's trace: the exercise's list for its output, or the default of its op.

    A tracked network has a block for each of its layers, with a list under the layer's name or under ``rest``.
    """
    if source.layer is not None:
        asks = [Ask.parse(text) for text in exercise.ask.get(source.output, source.layer.asks)]
        return lambda block: asks
    assert exercise.track is not None
    names = ["in", *(layer.name for layer in exercise.track.layers), "total"]
    return lambda block: [Ask.parse(text) for text in exercise.ask.get(names[block], exercise.ask.get("rest", TRACKED))]


def key_of(part: Part) -> str:
    """The key of a question within its exercise."""
    base, dot, own = part.target.tensor.partition(".")
    return f"{base}{spell_index(part.target.index)}{dot}{own}" + ".cells" * (part.ask.whole == "cells")


def kind_of(part: Part) -> str:
    """The kind of step that is asked, and whether its cells are."""
    return part.ask.kind + ".cells" * (part.ask.whole == "cells")


def op_of(source: LayerTrace) -> str:
    """The op of a layer."""
    return "track" if source.layer is None else op_name(source.layer)


def words_of(source: LayerTrace, part: Part) -> Wording:
    """The words for what is asked of a layer."""
    is_biased = source.layer is not None and "bias" in references(source.layer)
    return wording(op_of(source), kind_of(part), biased=is_biased, of_maps=is_of_maps(source))


def label_of(exercise: Exercise, source: LayerTrace, part: Part) -> str:
    """What the value of a part is called."""
    return _(words_of(source, part).label).format(**fields_of(exercise, source, op_of(source), part))
