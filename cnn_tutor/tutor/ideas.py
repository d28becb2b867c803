"""One layer on one set of numbers, and what every idea makes of it: in its output, and in each part that is asked."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cnn_tutor.engine import Window
from cnn_tutor.engine.trace import Array
from cnn_tutor.lesson.network import LayerTrace
from cnn_tutor.tutor.alike import APART, SEVERAL, Alike, alike, every_pair, same
from cnn_tutor.tutor.ask import Part
from cnn_tutor.tutor.counterfactual import World, own_name, value_at
from cnn_tutor.tutor.look import may_show
from cnn_tutor.tutor.misconceptions import Misconception, about
from cnn_tutor.tutor.misconceptions.row import reaches_output
from cnn_tutor.tutor.outcome import by_steps

if TYPE_CHECKING:
    from cnn_tutor.tutor.answered import Answered
    from cnn_tutor.tutor.survey import View

LONG = 50
"""In so many steps ideas are sooner followed together."""


class Asked:
    """What is asked of a layer like ``source``, part by part, on any numbers."""

    def __init__(self, parts: Iterable[Part], source: LayerTrace) -> None:
        self.parts = tuple(parts)
        self.windows = tuple(Window(own_name(source, part.target), part.target.index) for part in self.parts)
        """Where the answers stand, under the engine's own names."""
        self._showing: dict[Misconception, tuple[int, ...]] = {}

    def showing(self, row: Misconception) -> tuple[int, ...]:
        """The numbers of the parts where an idea may show."""
        if row not in self._showing:
            self._showing[row] = tuple(number for number, part in enumerate(self.parts) if may_show(part.ask, row))
        return self._showing[row]


class Layer:
    """One layer on one set of numbers, and what every idea makes of it; ``ask`` tells what is asked.

    What a ``view`` of it shows, one of many sets that are looked at together, is taken from there.
    """

    def __init__(self, source: LayerTrace, ask: Callable[[], Asked], view: View | None = None) -> None:
        self.source = source
        self._view = view
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

    @cached_property
    def _seen(self) -> Answered | None:
        """What the view of the layer shows of the answers to all that is asked."""
        return None if self._view is None else self._view.answers(self.asked)

    def acts(self, row: Misconception) -> bool:
        """Whether an idea makes anything of the layer."""
        return (self._seen is not None and row in self._seen.known) or self.world(row) is not None

    def world(self, row: Misconception) -> World | None:
        """What an idea makes of the layer."""
        if row not in self._worlds:
            if self._view is not None and self._view.shows(row):
                self._worlds[row] = self._view.world(row, self.source.own)
            else:
                self._worlds[row] = row.world(self.source.call, self.source.own)
        return self._worlds[row]

    def output(self, row: Misconception) -> Array | None:
        """The output that an idea gives; None where it does not reach so far."""
        if row not in self._outputs:
            if self._view is not None and self._view.knows(row):
                self._outputs[row] = self._view.output(row)
            elif row.counterfactual.steps is not None and len(self.source.own.steps) >= LONG:
                self._outputs |= self._by_steps()
            else:
                world = self.world(row) if reaches_output(row) else None
                self._outputs[row] = None if world is None else value_at(self.source, Window(self.source.output), world)
        return self._outputs[row]

    def _by_steps(self) -> dict[Misconception, Array | None]:
        """The outputs that ideas about steps give, all worked out together."""
        rows = [row for row in about(self.source.call.op) if row.counterfactual.steps is not None]
        changes = {row: row.counterfactual.changes(self.source.call) for row in rows if reaches_output(row)}
        acting = [row for row, change in changes.items() if change]
        found = by_steps(self.source, [changes[row] for row in acting], Window(self.source.output), None)
        return dict.fromkeys(rows) | dict(zip(acting, found, strict=True))

    @property
    def collisions(self) -> Iterator[Collision]:
        """What the outputs that ideas give have in common."""
        rows = reaching(self.source.call.op)
        if self._view is not None and all(map(self._view.knows, rows)):
            return collisions(self._view.alike)
        outputs = {row: self.output(row) for row in rows}
        every = {row: None if one is None else one[None] for row, one in outputs.items()}
        return collisions(alike(self.right[None], every))

    @property
    def silent(self) -> Iterator[Misconception]:
        """The ideas that might show in the output and give none."""
        speaking = set(self._view.speaking) if self._view is not None else set()
        return (row for row in reaching(self.source.call.op) if row not in speaking and self.output(row) is None)

    def is_hidden(self, row: Misconception) -> bool:
        """Whether an idea gives the right output."""
        value = self.output(row)
        return value is not None and same(value, self.right)

    def passes_for_slip(self, row: Misconception) -> bool:
        """Whether an idea changes no more than a single cell of several."""
        value = self.output(row)
        if value is None or self.right.size < SEVERAL or value.shape != self.right.shape:
            return False
        pairs = zip(value.ravel().tolist(), self._numbers, strict=True)
        return len(list(itertools.islice((a for a, b in pairs if abs(a - b) > APART), 2))) < 2

    def are_alike(self, one: Misconception, other: Misconception) -> bool:
        """Whether two ideas give the same output."""
        a, b = self.output(one), self.output(other)
        return a is not None and b is not None and same(a, b)

    def are_untold(self, one: Misconception, other: Misconception | None) -> bool:
        """Whether no question tells two ideas, or an idea and the right way, apart."""
        lines = (None, None) if self._seen is None else (self._seen.line(one), self._seen.line(other))
        if lines[0] is not None and lines[1] is not None:
            return same(lines[0], lines[1])
        first, second = self._answers(one), {} if other is None else self._answers(other)
        for number in itertools.chain(first, second):
            a, b = first.get(number), second.get(number)
            if not same(self._rightly(number) if a is None else a, self._rightly(number) if b is None else b):
                return False
        return True

    def untold(self, rows: Sequence[Misconception]) -> set[frozenset[Misconception | None]]:
        """The pairs of some ideas, and of an idea and None for the right way, that :func:`are_untold`."""
        if not rows:
            return set()
        ideas = (None, *rows)
        values, odd = self._all_answers(rows)
        later, earlier = every_pair(len(ideas))
        equal = Alike(ideas, values[:, None]).equal(later, earlier)[0]
        found = {frozenset((ideas[later[pair]], ideas[earlier[pair]])) for pair in equal.tolist()}
        if odd:
            found = {pair for pair in found if odd.isdisjoint(pair)}
            pairs = ((one, other) for one in odd for other in ideas if one is not None and one is not other)
            found |= {frozenset(pair) for pair in pairs if self.are_untold(*pair)}
        return found

    def _all_answers(self, rows: Sequence[Misconception]) -> tuple[Array, set[Misconception | None]]:
        """The right answers in one row, then those of each idea; with these come ideas with answers of other shapes."""
        seen = self._seen
        known = {} if seen is None else seen.known
        others = {row: self._answers(row) for row in rows if row not in known}
        if seen is None:
            numbers: Sequence[int] = sorted(set().union(*others.values()))
            right = np.concatenate([[0], *(self._rightly(number).ravel() for number in numbers)])
            sizes: Sequence[int] = [self._rightly(number).size for number in numbers]
        else:
            numbers, right, sizes = range(len(self.parts)), seen.right, seen.sizes
        starts = dict(zip(numbers, (right.size - sum(sizes) + np.cumsum([0, *sizes])).tolist(), strict=False))
        values = np.array([right, *(known.get(row, right) for row in rows)])
        odd: set[Misconception | None] = set()
        for row, line in zip(rows, values[1:], strict=True):
            for number, value in others.get(row, {}).items():
                if value.shape == self._rightly(number).shape:
                    line[starts[number] : starts[number] + value.size] = value.ravel()
                else:
                    odd.add(row)
        return values, odd

    def _answers(self, row: Misconception) -> Mapping[int, Array]:
        """What a learner with an idea answers, by the number of the part, where the idea gives anything."""
        if row not in self._answered:
            numbers = self.asked.showing(row)
            world = self.world(row) if numbers else None
            found: dict[int, Array] = {}
            if world is not None:
                values = ((number, value_at(self.source, self.parts[number].target, world)) for number in numbers)
                found = {number: value for number, value in values if value is not None}
            self._answered[row] = found
        return self._answered[row]

    def _rightly(self, number: int) -> Array:
        """The right answer to one of the parts."""
        if number not in self._right_answers:
            window = self.asked.windows[number]
            self._right_answers[number] = np.asarray(self.source.own.tensors.read(window), dtype=np.float64)
        return self._right_answers[number]


class Collision(NamedTuple):
    """Something that may hold of a layer and ``rows`` of ideas, the later one first, and must not."""

    what: Callable[..., bool]
    rows: tuple[Misconception, ...]


@lru_cache(None)
def reaching(op: str) -> tuple[Misconception, ...]:
    """The ideas that may show in the output of an op."""
    return tuple(row for row in about(op) if reaches_output(row))


def collisions(groups: Iterable[Alike]) -> Iterator[Collision]:
    """What outputs that ideas give on one set of numbers have in common."""
    for group in groups:
        later, earlier = every_pair(len(group.rows))
        for pair in group.equal(later, earlier)[0].tolist():
            rows = tuple(row for row in (group.rows[later[pair]], group.rows[earlier[pair]]) if row is not None)
            yield Collision(Layer.are_alike if len(rows) > 1 else Layer.is_hidden, rows)
        for row, slips in zip(group.rows, group.slips(slice(None)), strict=True):
            if row is not None and slips.any():
                yield Collision(Layer.passes_for_slip, (row,))
