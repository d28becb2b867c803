"""What came of drawing: the draws of a stage, an exercise drawn stage by stage, and which is best."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from cnn_tutor.tutor.diagnostic import Network
from cnn_tutor.tutor.draw import Tensors

CONTENDERS = 10
"""Of so many draws with faults the best is taken."""


@dataclass(frozen=True)
class Draws:
    """What came of drawing a stage: the draw without a fault if it ``is_good``, else those with faults."""

    nice: Iterator[tuple[Tensors, Network]]
    is_good: bool
    count: Callable[[Network], int]

    @property
    def is_empty(self) -> bool:
        return self._first is None

    @cached_property
    def _first(self) -> tuple[Tensors, Network] | None:
        return next(self.nice, None)

    @cached_property
    def _draws(self) -> Sequence[tuple[Tensors, Network]]:
        """The contenders; a network is worked out for them only where they have to be compared."""
        return [] if self._first is None else [self._first, *islice(self.nice, CONTENDERS - 1)]

    @cached_property
    def _left(self) -> list[int]:
        return [0] if self.is_good else [self.count(network) for _, network in self._draws]

    @property
    def left(self) -> int:
        """The faults of the best draw."""
        return min(self._left)

    @property
    def best(self) -> tuple[Tensors, Network]:
        """The best draw: all tensors so far, and the network up to the end of the stage."""
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
        return self.stages[-1].best[0] if self.stages else self.given


def best(attempts: Sequence[Drawing]) -> Drawing | None:
    """The attempt without a fault, which is the last one, or the one with the fewest; None where there is none."""
    if not attempts or attempts[-1].is_good or len(attempts) == 1:
        return attempts[-1] if attempts else None
    return min(attempts, key=lambda one: one.left)
