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

        own: list[Plan] = []

        def every(_: int) -> list[Plan]:
            for op, rule, reads, to in () if own else plans:
                renamed = [(name + one[start:] if one != self.before else before, index) for one, index in reads]
                target = Window(name + to.tensor[start:], to.index)
                own.append(Plan(op, rule, tuple([Window(*one) for one in renamed]), target))
            return own

        return Block(1, self.block.width, lambda item, part: every(item)[part], every=every)
