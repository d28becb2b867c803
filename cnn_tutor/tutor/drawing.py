"""What came of drawing: the draws of a stage, an exercise drawn stage by stage, and which is best."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import NamedTuple

from cnn_tutor.tutor.diagnostic import Network
from cnn_tutor.tutor.draw import Tensors

CONTENDERS = 10
"""Of so many draws with faults the best is taken."""


class Draw(NamedTuple):
    """A draw of a stage: all tensors so far, the network up to its end, and what counts the faults that are left."""

    tensors: Tensors
    network: Network
    left: Callable[[], int]


@dataclass(frozen=True)
class Draws:
    """What came of drawing a stage: the draw without a fault if it ``is_good``, else those with faults."""

    nice: Iterator[Draw]
    is_good: bool

    @property
    def is_empty(self) -> bool:
        return self._first is None

    @cached_property
    def _first(self) -> Draw | None:
        return next(self.nice, None)

    @cached_property
    def _draws(self) -> Sequence[Draw]:
        """The contenders; a network is worked out for them only where they have to be compared."""
        return [] if self._first is None else [self._first, *islice(self.nice, CONTENDERS - 1)]

    @cached_property
    def _left(self) -> list[int]:
        return [0] if self.is_good else [one.left() for one in self._draws]

    @property
    def left(self) -> int:
        """The faults of the best draw."""
        return min(self._left)

    @property
    def best(self) -> Draw:
        """The best draw."""
        return self._draws[self._left.index(self.left) if len(self._draws) > 1 else 0]


@dataclass(frozen=True)
class Drawing:
    """An exercise drawn stage by stage; ``is_stuck`` where no draw of a stage was good for work by hand."""

    given: Tensors
    stages: Sequence[Draws]
    is_stuck: bool = False

    @property
    def is_good(self) -> bool:
        return not self.is_stuck and all(one.is_good for one in self.stages)

    @cached_property
    def left(self) -> int:
        return sum(one.left for one in self.stages)

    @property
    def tensors(self) -> Tensors:
        return self.stages[-1].best.tensors if self.stages else self.given


def best(attempts: Sequence[Drawing]) -> Drawing | None:
    """The attempt without a fault, which is the last one, or the one with the fewest; None where there is none."""
    if not attempts or attempts[-1].is_good or len(attempts) == 1:
        return attempts[-1] if attempts else None
    return min(attempts, key=lambda one: one.left)
