"""Which steps of a trace become questions.

An ask is ``kind``, for one question a step, or ``kind.all`` and ``kind.rows``, for one question about everything the
steps of a kind write, at once or row by row. ``kind[2,1]`` asks about that cell only. Questions about a whole come
when the block of steps that writes it is done (several steps of a block done only once: at the last of them); they are
what fast mode keeps. ``kind.cells`` asks of each step which cells it reads first, as does ``kind[2,1].cells`` of that
step only. Where one step writes the whole, it is asked once, in its place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from cnn_tutor.engine.trace import Block, Plan, Trace, Window
from cnn_tutor.language import _

_ASK = re.compile(r"^([a-z][a-z0-9_]*)(?:\[(\d+(?:,\d+)*)\])?(?:\.(all|rows|cells))?$")


@dataclass(frozen=True, slots=True)
class Ask:
    """One entry of an ask list; ``cell`` is a 0-based index that restricts it."""

    kind: str
    cell: tuple[int, ...] | None = None
    whole: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether many steps are asked at once."""
        return self.whole in ("all", "rows")

    @staticmethod
    def parse(text: str) -> Ask:
        """``"mean[2]"``, ``"output.rows"`` …; raises ValueError."""
        return _parsed(text)


@lru_cache(maxsize=256)
def _parsed(text: str) -> Ask:
    match = _ASK.match(text)
    if match is None:
        said = _("{text} is not of the form kind, kind[2,1], kind.all, kind.rows or kind.cells")
        raise ValueError(said.format(text=repr(text)))
    cell = tuple(int(number) - 1 for number in match[2].split(",")) if match[2] else None
    return Ask(match[1], cell, match[3] or "")


class Part(NamedTuple):
    """Steps to be asked at once: their ``positions`` in the trace and the window that they write together."""

    ask: Ask
    positions: tuple[int, ...]
    target: Window


def kinds(trace: Trace) -> list[str]:
    """The kinds of step the trace has, in order."""
    found: dict[str, None] = {}
    for block in trace.steps.blocks:
        for part in range(block.width):
            found.setdefault(block.plan(0, part).op)
    return list(found)


def select(trace: Trace, asks: Callable[[int], Sequence[Ask]]) -> Iterator[Part]:
    """The parts of ``trace`` to be asked, in the order a person would do them; ``asks(n)`` are those of block n."""
    start = 0
    for number, block in enumerate(trace.steps.blocks):
        yield from _select(trace, block, start, asks(number))
        start += len(block)


def _select(trace: Trace, block: Block, start: int, asks: Sequence[Ask]) -> Iterator[Part]:
    wholes = {ask.kind: ask for ask in asks if ask.is_whole}
    asked = [
        (part, plan.op, [ask for ask in asks if ask.kind == plan.op and not ask.is_whole], wholes.get(plan.op))
        for part, plan in enumerate(block.plans(0) if asks else ())
        if any(ask.kind == plan.op for ask in asks)
    ]
    written: dict[str, list[tuple[int, Plan]]] = {}
    ends = {kind: part for part, kind, _, _ in asked} if wholes and block.count == 1 else {}
    for item in range(block.count if asked else 0):
        plans = block.plans(item)
        for part, kind, single, whole in asked:
            plan, position = plans[part], start + item * block.width + part
            index = plan.target.index
            for ask in single:
                if ask.cell in (None, index) and (ask.whole or whole is None or index):
                    yield Part(ask, (position,), plan.target)
            if whole is not None and not index:
                yield Part(whole, (position,), plan.target)
            elif whole is not None:
                written.setdefault(kind, []).append((position, plan))
            if ends.get(kind) == part and len(written.get(kind, ())) > 1 and whole is not None:
                yield from _whole(trace, whole, written.pop(kind))
    for ask in asks:
        if ask.is_whole and ask.kind in written:
            yield from _whole(trace, ask, written[ask.kind])


def _whole(trace: Trace, ask: Ask, steps: list[tuple[int, Plan]]) -> Iterator[Part]:
    """Everything that steps of one kind write: a tensor at a time, or each of its rows."""
    tensors: dict[str, list[tuple[int, Plan]]] = {}
    for position, plan in steps:
        tensors.setdefault(plan.target.tensor, []).append((position, plan))
    for tensor, own in tensors.items():
        shape = trace.tensors[tensor].shape
        if ask.whole == "all" or not shape:
            yield Part(ask, tuple(position for position, _ in own), Window(tensor))
            continue
        for row in range(shape[0]):
            if ask.cell in (None, (row,)):
                positions = tuple(position for position, plan in own if _touches(plan.target, row))
                yield Part(ask, positions, Window(tensor, (row,)))


def _touches(window: Window, row: int) -> bool:
    """Whether a window has cells in a row of its tensor."""
    if not window.index:
        return True
    first = window.index[0]
    return first == row if isinstance(first, int) else row in range(*first.indices(row + 1))
