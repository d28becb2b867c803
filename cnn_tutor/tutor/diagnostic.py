"""Whether numbers tell wrong ideas apart: none gives the right output, no two the same, none in one cell only.

Some ideas cannot be told apart by any numbers, because of a size: a set of two, padding one end when the stride skips
it. Such a pair is *structural*; it is found by trying several other numbers on the same layers, and it is excused at
the output if an earlier question tells the two apart.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np

from cnn_tutor.engine import Window
from cnn_tutor.engine.trace import Array
from cnn_tutor.lesson.network import LayerTrace
from cnn_tutor.tutor.ask import Ask, Part, select
from cnn_tutor.tutor.candidate import may_show
from cnn_tutor.tutor.counterfactual import World, own_name, value_at
from cnn_tutor.tutor.misconceptions import ALL, Misconception
from cnn_tutor.tutor.misconceptions.row import reaches_output
from cnn_tutor.tutor.script import outline

APART = 1e-3
"""Values closer than this cannot be told apart."""

SAMPLES = 8
"""What is alike on so many sets of numbers is alike on all."""

SEVERAL = 3
"""Of so many cells an idea must change two: a single wrong one passes for a slip."""

COMMON, AGAIN = 4, 2
"""So many kinds of failure are looked for in many draws at once, if they came up so often."""

Network = tuple[LayerTrace, ...]
Asks = Callable[[LayerTrace], Callable[[int], Sequence[Ask]]]


class Asked:
    """What is asked of a layer, part by part, on any numbers."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = tuple(parts)
        self._showing: dict[Misconception, tuple[int, ...]] = {}

    def showing(self, row: Misconception) -> tuple[int, ...]:
        """The numbers of the parts where an idea may show."""
        if row not in self._showing:
            self._showing[row] = tuple(number for number, part in enumerate(self.parts) if may_show(part.ask, row))
        return self._showing[row]


class Layer:
    """One layer on one set of numbers, and what every idea makes of it; ``ask`` tells what is asked."""

    def __init__(self, source: LayerTrace, ask: Callable[[], Asked]) -> None:
        self.source = source
        self.right = np.asarray(source.own.output, dtype=np.float64)
        self._ask = ask
        self._worlds: dict[Misconception, World | None] = {}
        self._outputs: dict[Misconception, Array | None] = {}
        self._answered: dict[Misconception, Mapping[int, Array]] = {}
        self._right_answers: dict[int, Array] = {}

    @cached_property
    def asked(self) -> Asked:
        """What is asked of the layer."""
        return self._ask()

    @property
    def parts(self) -> tuple[Part, ...]:
        """Everything that is asked of the layer."""
        return self.asked.parts

    @cached_property
    def _numbers(self) -> list[float]:
        numbers: list[float] = self.right.ravel().tolist()
        return numbers

    @property
    def asks_output(self) -> bool:
        """Whether the output, or a part of it, is asked; where nothing is asked, nothing could be hidden."""
        output = self.source.output
        return not self.parts or any(part.target.tensor == output for part in self.parts)

    def world(self, row: Misconception) -> World | None:
        """What an idea makes of the layer."""
        if row not in self._worlds:
            self._worlds[row] = row.world(self.source.call, self.source.own)
        return self._worlds[row]

    def output(self, row: Misconception) -> Array | None:
        """The output that an idea gives; None where it does not reach so far."""
        if row not in self._outputs:
            world = self.world(row) if reaches_output(row) else None
            self._outputs[row] = None if world is None else value_at(self.source, Window(self.source.output), world)
        return self._outputs[row]

    def is_hidden(self, row: Misconception) -> bool:
        """Whether an idea gives the right output."""
        value = self.output(row)
        return value is not None and same(value, self.right)

    def passes_for_slip(self, row: Misconception) -> bool:
        """Whether an idea changes no more than a single cell of several."""
        value = self.output(row)
        if value is None or self.right.size < SEVERAL or value.shape != self.right.shape:
            return False
        differing = sum(abs(a - b) > APART for a, b in zip(value.ravel().tolist(), self._numbers, strict=True))
        return bool(differing <= 1)

    def are_alike(self, one: Misconception, other: Misconception) -> bool:
        """Whether two ideas give the same output."""
        a, b = self.output(one), self.output(other)
        return a is not None and b is not None and same(a, b)

    def are_untold(self, one: Misconception, other: Misconception | None) -> bool:
        """Whether no question tells two ideas, or an idea and the right way, apart."""
        first, second = self._answers(one), {} if other is None else self._answers(other)
        for number in itertools.chain(first, second):
            a, b = first.get(number), second.get(number)
            if not same(self._rightly(number) if a is None else a, self._rightly(number) if b is None else b):
                return False
        return True

    def _answers(self, row: Misconception) -> Mapping[int, Array]:
        """What a learner with an idea answers, by the number of the part, where the idea gives anything."""
        if row not in self._answered:
            world = self.world(row) if self.asked.showing(row) else None
            numbers = () if world is None else self.asked.showing(row)
            values = ((number, value_at(self.source, self.parts[number].target, world or {})) for number in numbers)
            self._answered[row] = {number: value for number, value in values if value is not None}
        return self._answered[row]

    def _rightly(self, number: int) -> Array:
        """The right answer to one of the parts."""
        if number not in self._right_answers:
            target = self.parts[number].target
            window = Window(own_name(self.source, target), target.index)
            self._right_answers[number] = np.asarray(self.source.own.tensors.read(window), dtype=np.float64)
        return self._right_answers[number]


def same(a: Array, b: Array) -> bool:
    """Whether two values cannot be told apart."""
    if a is b:
        return True
    if a.shape != b.shape or (a.size and abs(a.item(0) - b.item(0)) > APART):
        return False
    return bool((np.abs(a - b) <= APART).all())


def _reaching(op: str) -> tuple[Misconception, ...]:
    """The ideas about an op that may show in its output."""
    if op not in _REACHING:
        _REACHING[op] = tuple(row for row in ALL if op in row.on and reaches_output(row))
    return _REACHING[op]


_REACHING: dict[str, tuple[Misconception, ...]] = {}


Collision = tuple[Callable[..., bool], tuple[Misconception, ...]]
"""Something that may hold of a layer and some ideas, and must not."""


class Structure:
    """What no numbers can tell apart in a network of these layers and sizes.

    ``sample(i)`` gives its layers on the i-th numbers, which are drawn as far as they are needed.
    """

    def __init__(self, sample: Callable[[int], Iterator[LayerTrace]], asks: Asks) -> None:
        self._asks = asks
        self._asked_of: dict[object, Asked] = {}
        self._samples: list[tuple[list[Layer], Iterator[LayerTrace]]] = [([], sample(one)) for one in range(SAMPLES)]
        self._known: dict[object, bool] = {}
        self._rows: dict[int, list[Misconception]] = {}
        self._asked: dict[int, bool] = {}
        self._latest: list[int] = []
        self._collisions: dict[int, Counter[Collision]] = {}

    def layer(self, number: int, source: LayerTrace) -> Layer:
        """Layer ``number`` on some numbers."""
        return Layer(source, lambda: self.asked(number, source))

    def asked(self, number: int, source: LayerTrace) -> Asked:
        """What is asked of layer ``number``, on these numbers as on any."""
        key = number, outline(source.own)
        if key not in self._asked_of:
            self._asked_of[key] = Asked(tuple(select(source.trace, self._asks(source))))
        return self._asked_of[key]

    def asks_output(self, number: int, layer: Layer) -> bool:
        """Whether something about the output of layer ``number`` is asked, on these numbers as on any."""
        if number not in self._asked:
            self._asked[number] = layer.source.layer is not None and layer.asks_output
        return self._asked[number]

    def rows(self, number: int, op: str) -> Sequence[Misconception]:
        """The ideas that may show in the output of layer ``number``; those that failed last come first."""
        return tuple(self._rows.setdefault(number, list(_reaching(op))))

    def blame(self, number: int, what: Callable[..., bool], *rows: Misconception) -> None:
        """Look at ``rows`` of layer ``number`` first from now on: what fails often fails soon. It changes no result."""
        self._rows[number] = [*rows, *(row for row in self._rows[number] if row not in rows)]
        self._latest = [number, *(one for one in self._latest if one != number)]
        if self._known.get((number, what, rows)) is False and what is not Layer.are_untold:
            self._collisions.setdefault(number, Counter())[what, rows] += 1

    def collisions(self, number: int) -> Iterator[Collision]:
        """What numbers of layer ``number`` have failed of most often: ``what(layer, *rows)`` held of them."""
        found = self._collisions.get(number, Counter())
        return (one for one, count in found.most_common(COMMON) if count >= AGAIN)

    def in_order(self, numbers: Sequence[int]) -> Sequence[int]:
        """Some layers, those first that failed last."""
        first = [number for number in self._latest if number in numbers]
        return [*first, *(number for number in numbers if number not in first)]

    def always(self, number: int, what: Callable[..., bool], *rows: Misconception | None) -> bool:
        """Whether ``what(layer, *rows)`` holds of layer ``number`` on every set of numbers."""
        key = (number, what, rows)
        if key not in self._known:
            self._known[key] = all(what(self._sampled(index, number), *rows) for index in range(SAMPLES))
        return self._known[key]

    def is_known(self, number: int, what: Callable[..., bool], *rows: Misconception | None) -> bool:
        """Whether it has been found before that ``what(layer, *rows)`` holds on every set of numbers."""
        return self._known.get((number, what, rows), False)

    def _sampled(self, index: int, number: int) -> Layer:
        """Layer ``number`` on the sampled numbers with this index."""
        layers, following = self._samples[index]
        while len(layers) <= number:
            layers.append(self.layer(len(layers), next(following)))
        return layers[number]


def faults(network: Network, numbers: Sequence[int], structure: Structure) -> Iterator[tuple[str, ...]]:
    """The ideas, and pairs of them, that these numbers hide in the layers ``numbers`` though others show them."""
    for number in numbers:
        layer = structure.layer(number, network[number])
        op = layer.source.call.op
        if not structure.asks_output(number, layer):
            yield from _in_questions(layer, number, structure, [row for row in ALL if op in row.on])
        else:
            yield from _in_output(layer, number, structure)


def _in_output(layer: Layer, number: int, structure: Structure) -> Iterator[tuple[str, ...]]:
    """What is hidden in a layer's output."""
    seen: list[tuple[Misconception, Array, float]] = []
    for row in structure.rows(number, layer.source.call.op):
        value = layer.output(row)
        if value is None:
            if layer.world(row) is not None and _is_untold(layer, number, structure, row, None):
                structure.blame(number, Layer.are_untold, row)
                yield (row.id,)
            continue
        if layer.passes_for_slip(row) and not structure.always(number, Layer.passes_for_slip, row):
            structure.blame(number, Layer.passes_for_slip, row)
            yield row.id, "changes one cell"
        if layer.is_hidden(row):
            is_structural = structure.always(number, Layer.is_hidden, row)
            if not is_structural or _is_untold(layer, number, structure, row, None):
                structure.blame(number, Layer.is_hidden, row)
                yield (row.id,)
        first = value.item(0)
        for other, theirs, begins in seen:
            if abs(first - begins) <= APART and same(value, theirs):
                is_structural = structure.always(number, Layer.are_alike, row, other)
                if not is_structural or _is_untold(layer, number, structure, row, other):
                    structure.blame(number, Layer.are_alike, row, other)
                    yield row.id, other.id
        seen.append((row, value, first))


def _in_questions(
    layer: Layer, number: int, structure: Structure, rows: Sequence[Misconception]
) -> Iterator[tuple[str, ...]]:
    """What is hidden in a tracked network, which has no output of its own, or in a layer whose output is not asked.

    An idea that nothing asked can show is like the right way, whatever the numbers.
    """
    shown = [row for row in rows if layer.asked.showing(row) and layer.world(row) is not None]
    untold = [row for row in shown if _is_untold(layer, number, structure, row, None)]
    yield from ((row.id,) for row in untold)
    told = [row for row in rows if layer.world(row) is not None] if untold else shown
    for one, other in itertools.combinations(told, 2):
        if _is_untold(layer, number, structure, one, other):
            yield one.id, other.id


def _is_untold(
    layer: Layer, number: int, structure: Structure, one: Misconception, other: Misconception | None
) -> bool:
    """Whether no question tells the two apart, though on other numbers one would."""
    if structure.is_known(number, Layer.are_untold, one, other):
        return False
    return layer.are_untold(one, other) and not structure.always(number, Layer.are_untold, one, other)
