"""Finished workings with a mistake in them: find the first step that is wrong.

The working is the engine's, with one thing changed: a misconception at work, or a wrong value put in, as on the printed
sheet. Everything after it follows from it, so only the first wrong step is the mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np

from cnn_tutor.engine import Window
from cnn_tutor.engine.trace import Array
from cnn_tutor.language import _
from cnn_tutor.lesson.network import LayerTrace
from cnn_tutor.lesson.schema import Choice, Erroneous, Exercise
from cnn_tutor.tutor.answer import exact_number
from cnn_tutor.tutor.ask import Part
from cnn_tutor.tutor.carry import carried
from cnn_tutor.tutor.counterfactual import World, overridden, own_name, value_at
from cnn_tutor.tutor.misconceptions import BY_ID
from cnn_tutor.tutor.parts import key_of, label_of

FOLLOWS = "That one does follow from the lines above it. Which is the first line that does not?"
LATER = "That is wrong as well, but only because of a line above it. Which one?"


@dataclass(frozen=True)
class Line:
    """One step of a working: its key within the exercise, where it stands, its right value, and what it is called."""

    key: str
    source: LayerTrace
    target: Window
    right: Array
    name: Callable[[], str]

    @cached_property
    def label(self) -> str:
        """What the line is called, in words that take longer to find than its value."""
        return self.name()


def lines(
    exercise: Exercise, network: Sequence[LayerTrace], parts: Iterable[Sequence[Part]], keys: Collection[str] = ()
) -> list[Line]:
    """The parts that are asked of each layer as lines that a working may show: all of them, or those with ``keys``."""
    found = []
    for source, own in zip(network, parts, strict=True):
        for part in own:
            key = key_of(part)
            if not keys or key in keys:
                right = np.asarray(source.trace.tensors.read(part.target), dtype=np.float64)
                found.append(Line(key, source, part.target, right, partial(label_of, exercise, source, part)))
    return found


def working(spec: Erroneous, network: Sequence[LayerTrace], lines: Sequence[Line]) -> Choice:
    """The working as a multiple-choice question whose options are its lines. Raises ValueError if it has no mistake."""
    shown, values = _worked(spec, network, lines)
    options = [f"{line.label} = {_write(value)}" for line, value in zip(shown, values, strict=True)]
    first = _first_wrong(shown, values)
    if first is None or len(set(options)) < len(options):
        raise ValueError(f"the working {spec.id!r} shows no mistake, or two lines that read the same")
    why = {option: _(FOLLOWS if number < first else LATER) for number, option in enumerate(options) if number != first}
    return Choice(id=spec.id, prompt=spec.prompt, options=options, answer=options[first], why=why)


def shows_mistake(spec: Erroneous, network: Sequence[LayerTrace], lines: Sequence[Line]) -> bool:
    """Whether the working has a mistake on these numbers, and just one line that can be named as the first."""
    try:
        shown, values = _worked(spec, network, lines)
    except ValueError:
        return False
    if _first_wrong(shown, values) is None:
        return False
    texts = [_write(value) for value in values]
    alike = [(line.label, text) for line, text in zip(shown, texts, strict=True) if texts.count(text) > 1]
    return len(set(alike)) == len(alike)


def _worked(spec: Erroneous, network: Sequence[LayerTrace], lines: Sequence[Line]) -> tuple[list[Line], list[Array]]:
    """The lines of a working, and what stands in each of them."""
    by_key = {line.key: line for line in lines}
    missing = [key for key in spec.steps if key not in by_key]
    if missing:
        raise ValueError(f"the working {spec.id!r} shows {missing[0]!r}, which the exercise does not ask")
    shown = [by_key[key] for key in spec.steps]
    origin, world = _origin(spec, network)
    return shown, [_value(line, network, origin, world) for line in shown]


def _first_wrong(shown: Sequence[Line], values: Sequence[Array]) -> int | None:
    """The number of the first line that is wrong."""
    wrong = [not _same(value, line.right) for value, line in zip(values, shown, strict=True)]
    return wrong.index(True) if True in wrong else None


def _origin(spec: Erroneous, network: Sequence[LayerTrace]) -> tuple[LayerTrace, World]:
    """The layer where the mistake is made, and what comes out there."""
    if spec.tensor:
        for source in network:
            base = spec.tensor.partition(".")[0]
            if source.output == base:
                name = own_name(source, Window(spec.tensor))
                return source, overridden(source.call, source.own, name, np.array(spec.value, dtype=np.float64))
        raise ValueError(f"no layer has the output {spec.tensor!r}")
    row = BY_ID.get(spec.rule)
    if row is None:
        raise ValueError(f"no misconception {spec.rule!r}")
    for source in network:
        world = row.world(source.call, source.own)
        if world is not None:
            return source, world
    raise ValueError(f"{spec.rule} does not apply to this exercise")


def _value(line: Line, network: Sequence[LayerTrace], origin: LayerTrace, world: World) -> Array:
    """What stands in a line: the right value, unless the mistake reaches it."""
    if network.index(line.source) < network.index(origin):
        return line.right
    reached = world if line.source is origin else carried(network, origin, line.source, world)
    value = None if reached is None else value_at(line.source, line.target, reached)
    return line.right if value is None else value


def _same(a: Array, b: Array) -> bool:
    return a.shape == b.shape and bool(np.allclose(a, b, rtol=0, atol=1e-3))


def _write(value: Array) -> str:
    """A value in one line, with four decimals where it needs any."""
    if value.ndim > 1:
        return "; ".join(_write(row) for row in value)
    return " ".join(exact_number(round(float(number), 4)) for number in np.ravel(value)).replace("-", "−")
