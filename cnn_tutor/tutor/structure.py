"""What no numbers can tell apart in a network of some layers and sizes, and of what its numbers fail most often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from cnn_tutor.lesson.network import LayerTrace
from cnn_tutor.tutor.ask import Ask, select
from cnn_tutor.tutor.ideas import Asked, Layer
from cnn_tutor.tutor.misconceptions import Misconception, about
from cnn_tutor.tutor.misconceptions.row import reaches_output
from cnn_tutor.tutor.script import outline

SAMPLES = 8
"""What is alike on so many sets of numbers is alike on all."""

COMMON, WORTH = 5, 1.5
"""So many kinds of failure are looked for in many draws at once, where so many draws will probably fail of each."""

Asks = Callable[[LayerTrace], Callable[[int], Sequence[Ask]]]

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
        self._looked_at: Counter[int] = Counter()
        self._good: Counter[int] = Counter()

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
        return tuple(self._rows.setdefault(number, [row for row in about(op) if reaches_output(row)]))

    def blame(self, number: int, what: Callable[..., bool], *rows: Misconception) -> None:
        """Look at ``rows`` of layer ``number`` first from now on: what fails often fails soon. It changes no result."""
        self._rows[number] = [*rows, *(row for row in self._rows[number] if row not in rows)]
        self._latest = [number, *(one for one in self._latest if one != number)]
        if self._known.get((number, what, rows)) is False and what is not Layer.are_untold:
            self.count(number, 0, (what, tuple(sorted(rows, key=lambda row: row.id))), 1)

    def praise(self, numbers: Sequence[int]) -> None:
        """Remember that layers were good on some numbers."""
        self._good.update(numbers)

    def count(self, number: int, looked_at: int, collision: Collision | None = None, hits: int = 0) -> None:
        """Remember on how many sets of numbers layer ``number`` was looked at, and how many of them collided."""
        self._looked_at[number] += looked_at
        if collision is not None:
            self._collisions.setdefault(number, Counter())[collision] += hits

    def collisions(self, number: int, left: int) -> list[Collision]:
        """What probably holds of some of ``left`` sets of numbers of layer ``number``, before one is good."""
        looked_at = self._looked_at[number]
        until_good = min(left, looked_at / max(1, self._good[number]))
        found = self._collisions.get(number, Counter[Collision]())
        common = sorted(found, key=lambda one: -found[one])[:COMMON]
        return [one for one in common if found[one] * until_good > WORTH * looked_at]

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
