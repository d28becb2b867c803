"""What no numbers can tell apart in a network of some layers and sizes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TypeAlias

import numpy as np

from cnn_tutor.engine.trace import Array
from cnn_tutor.lesson.network import LayerTrace
from cnn_tutor.tutor.ask import Part
from cnn_tutor.tutor.every import Every
from cnn_tutor.tutor.ideas import Asked, Layer
from cnn_tutor.tutor.misconceptions import Misconception
from cnn_tutor.tutor.script import outline, script
from cnn_tutor.tutor.survey import UNSTEADY, Survey, View
from cnn_tutor.tutor.terrain import terrain_of
from cnn_tutor.tutor.tracking import Tracker, Tracks

SAMPLES = 8
"""What is alike on so many sets of numbers is alike on all."""

FEW = 2
"""So many of them are looked at before the others are drawn."""

LONG = 20
"""In a tracked network of so many layers all ideas are sooner worked out together."""

PAIRED = (Layer.are_alike, Layer.is_hidden, Layer.passes_for_slip, Layer.are_untold)
"""What may hold of two ideas, or of an idea and the right way, and makes numbers bad."""

Ideas: TypeAlias = tuple[Misconception | None, ...]
"""Some ideas; None is the right way."""

Asks = Callable[[LayerTrace], Iterator[Part]]


class Structure:
    """What no numbers can tell apart in a network of these layers and sizes.

    ``samples`` gives its layers, one after the other, on the numbers with some indices, which are drawn as far as they
    are needed.
    """

    def __init__(self, samples: Callable[[Sequence[int]], Iterator[Sequence[LayerTrace]]], asks: Asks) -> None:
        self._asks = asks
        self._asked_of: dict[object, Asked] = {}
        indices = range(FEW), range(FEW, SAMPLES)
        self._samples = [(list[Sequence[LayerTrace]](), samples(some)) for some in indices]
        self._every: dict[tuple[int, int], Every] = {}
        self._known: dict[object, bool] = {}
        self._told: dict[int, list[tuple[Callable[..., bool], Ideas]]] = {}
        self._to_be_told: dict[object, tuple[int, Mapping[Callable[..., bool], Array]]] = {}
        self._asked: dict[int, bool] = {}
        self._tracker: Tracker | None = None
        self._network: LayerTrace | None = None
        self._counts: dict[int, tuple[int, int]] = {}

    def layer(self, number: int, source: LayerTrace, view: View | None = None) -> Layer:
        """Layer ``number`` on some numbers, of which something may be known."""
        if source.layer is None and self._network is None:
            self._network = source
        if view is None and _is_long(source):
            view = next((View(tracks, 0) for tracks, _ in self.tracks([source])), None)
        return Layer(source, lambda: self.asked(number, source), view)

    def tracks(self, sources: Sequence[LayerTrace]) -> Iterator[tuple[Tracks, Sequence[int]]]:
        """What is known of some tracked networks that differ in sizes alone, and of which of them, by their numbers."""
        if self._tracker is None:
            with suppress(TypeError):
                self._tracker = Tracker(terrain_of(sources[0].call, sources[0].own).pattern)
        if self._tracker is not None:
            yield from self._tracker.follow(sources)

    def asked(self, number: int, source: LayerTrace) -> Asked:
        """What is asked of layer ``number``, on these numbers as on any."""
        key = number, outline(source.own)
        if key not in self._asked_of:
            self._asked_of[key] = Asked(self._asks(source), source)
        return self._asked_of[key]

    def asks_output(self, number: int, source: LayerTrace) -> bool:
        """Whether something about the output of layer ``number`` is asked, on these numbers as on any."""
        if number not in self._asked:
            self._asked[number] = source.layer is not None and self.layer(number, source).asks_output
        return self._asked[number]

    def count(self, number: int, looked_at: int, faulty: int) -> None:
        """Remember how many sets of numbers were looked at in layer ``number``, and how many had a fault there."""
        before, failed = self._counts.get(number, (0, 0))
        self._counts[number] = before + looked_at, failed + faulty

    def in_order(self, numbers: Sequence[int]) -> Sequence[int]:
        """Some layers, those first where most sets of numbers fail: it saves a look at the others."""

        def passing(number: int) -> float:
            looked_at, failed = self._counts.get(number, (0, 0))
            return 1 - failed / looked_at if looked_at else 1

        return sorted(numbers, key=passing)

    def always(self, number: int, what: Callable[..., bool], *rows: Misconception | None) -> bool:
        """Whether ``what(layer, *rows)`` holds of layer ``number`` on every set of numbers."""
        key = (number, what, rows)
        if key not in self._known:
            is_plain = what is Layer.are_untold and all(row is None or self._is_out_of_sight(row) for row in rows)
            self._known[key] = is_plain or all(some.holds(what, rows) for some in self._samples_of(number))
            if not self._known[key]:
                self._told.setdefault(number, []).append((what, rows))
        return self._known[key]

    def to_be_told(self, number: int, ideas: Ideas) -> tuple[Array, Array, Array]:
        """What may not hold of the outputs of some ideas about layer ``number``, since it does not always: by places.

        Pairs that may not be equal, None being the right output, and those that may not be like it but for one cell.
        """
        told = self._places_told(number, ideas)
        later, earlier = np.concatenate([told[Layer.are_alike], told[Layer.is_hidden]]).T
        return later, earlier, told[Layer.passes_for_slip][:, 0]

    def to_be_told_in_answers(self, number: int, ideas: Ideas) -> tuple[Array, Array]:
        """The pairs of ideas, None being the right way, whose answers to all that is asked may not be equal."""
        later, earlier = self._places_told(number, ideas)[Layer.are_untold].T
        return later, earlier

    def _places_told(self, number: int, ideas: Ideas) -> Mapping[Callable[..., bool], Array]:
        """What does not always hold of some ideas, or pairs of them, by their places among ``ideas``."""
        told = self._told.get(number, [])
        key = number, ideas
        if key not in self._to_be_told or self._to_be_told[key][0] < len(told):
            places = {row: place for place, row in enumerate(ideas)}
            found: dict[Callable[..., bool], list[list[int]]] = {what: [] for what in PAIRED}
            for what, rows in told:
                pair = rows if len(rows) > 1 else (*rows, None)
                if places.keys() >= set(pair):
                    found[what].append([places[row] for row in pair])
            paired = {what: np.array(pairs, dtype=int).reshape(-1, 2) for what, pairs in found.items()}
            self._to_be_told[key] = len(told), paired
        return self._to_be_told[key][1]

    def _is_out_of_sight(self, row: Misconception) -> bool:
        """Whether nothing that is asked of a tracked network can follow from what an idea does, whatever its sizes."""
        if self._network is None:
            return False
        source = self._network
        kinds = frozenset((kind, None) for kind in row.counterfactual.changes(source.call))
        reached = {move.target.tensor for move in script(source.call, source.own, kinds)}
        asked = self.asked(0, source)
        return bool(kinds) and all(asked.parts[part].target.tensor not in reached for part in asked.showing(row))

    def known(self, number: int, what: Callable[..., bool], *rows: Misconception | None) -> bool | None:
        """Whether ``what(layer, *rows)`` holds on every set of numbers; None where nobody has looked yet."""
        return self._known.get((number, what, rows))

    def _samples_of(self, number: int) -> Iterator[Every]:
        """Layer ``number`` on the sampled numbers: on a few before all, since one that differs is soon found."""
        if (number, SAMPLES) not in self._every:
            yield self._on(number, FEW)
        yield self._on(number, SAMPLES)

    def _on(self, number: int, count: int) -> Every:
        """Layer ``number`` on so many sampled numbers: where they have one form they are looked at together."""
        if (number, count) not in self._every:
            sources = [*self._sampled(0, number), *(self._sampled(1, number) if count > FEW else ())]
            survey = self._survey(sources)
            views = [None if survey is None else View(survey, place) for place in range(count)]
            layers = [self.layer(number, source, view) for source, view in zip(sources, views, strict=True)]
            self._every[number, count] = Every(layers, survey)
        return self._every[number, count]

    def _survey(self, sources: Sequence[LayerTrace]) -> Survey | Tracks | None:
        """A layer on several sets of numbers; None where they cannot be looked at together."""
        if sources[0].layer is None:
            every = self.tracks(sources) if _is_long(sources[0]) else iter(())
            return next((tracks for tracks, numbers in every if len(numbers) == len(sources)), None)
        call = sources[0].call
        if call.op in UNSTEADY or len({source.call.form for source in sources}) > 1:
            return None
        given = {name: np.array([source.call.tensors[name] for source in sources]) for name in call.tensors}
        return Survey(terrain_of(call, sources[0].own), given)

    def _sampled(self, group: int, number: int) -> Sequence[LayerTrace]:
        """Layer ``number`` on the few numbers that are sampled first, or on the others."""
        layers, following = self._samples[group]
        while len(layers) <= number:
            layers.append(next(following))
        return layers[number]


def _is_long(source: LayerTrace) -> bool:
    return source.layer is None and len(source.own.blocks) > LONG
