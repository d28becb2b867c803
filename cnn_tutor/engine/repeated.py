"""Layers of a tracked network that are like an earlier one."""

from __future__ import annotations

from typing import NamedTuple

from cnn_tutor.engine.lengths import Named
from cnn_tutor.engine.trace import Block, Plan, Window


class Done(NamedTuple):
    """A layer that is worked out: its name, what it takes, the sizes it was given, its steps.

    Networks repeat their layers; one with the same sizes that takes the same shape differs in its names alone.
    """

    name: str
    before: str
    given: tuple[str, ...]
    block: Block

    def again(self, tensors: Named, given: list[str], name: str, before: str) -> Block:
        """The same layer under another ``name``, which takes ``before``."""
        start = len(self.name)
        for one in self.given:
            given.append(name + one[start:])
            tensors[given[-1]] = tensors[one]
        plans = self.block.plans(0)
        for plan in plans:
            written = plan.target.tensor
            tensors[name + written[start:]] = tensors[written]

        def renamed(window: Window) -> Window:
            is_own = window.tensor != self.before
            return Window(name + window.tensor[start:] if is_own else before, window.index)

        own: list[Plan] = []

        def every(_: int) -> list[Plan]:
            if not own:
                own.extend(Plan(op, rule, tuple(map(renamed, reads)), renamed(to)) for op, rule, reads, to in plans)
            return own

        return Block(1, self.block.width, lambda item, part: every(item)[part], every=every)
