"""The steps of a layer before they are computed, in the order of work: the same on any numbers of the same shapes.

A wrong idea is followed along them. Most ideas reach a few kinds of step only, so those that an idea can reach are
picked once for each form of call, and not once for each set of numbers.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from cnn_tutor.engine import Trace, Window
from cnn_tutor.engine.trace import Plan
from cnn_tutor.lesson.network import Call
from cnn_tutor.tutor.remembered import remembered


@dataclass(frozen=True, slots=True)
class Move:
    """One step: its ``plan``, and where each tensor is read that it or a step just before it in the same item reads."""

    plan: Plan
    reads: dict[str, Window]


Item: TypeAlias = tuple[Move, ...]
Script: TypeAlias = tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class _Run:
    """A call that has been run; any other with the same ``form`` may stand for it."""

    form: tuple[object, ...]
    trace: Trace = field(compare=False)


@remembered(64)
def _run(call: Call, trace: Trace) -> _Run:
    return _Run((call.form, outline(trace), *trace.tensors), trace)


def outline(trace: Trace) -> tuple[tuple[int, int], ...]:
    """How many steps there are: the few ops whose steps depend on a number (a steep softmax, a dilation) show here."""
    return tuple((block.count, block.width) for block in trace.blocks)


def script(call: Call, trace: Trace, kinds: frozenset[str], until: int | None = None) -> Script:
    """The steps of ``call`` (whose trace is known) that may change when those of some ``kinds`` are done otherwise.

    With ``until``, the position of a step, only those that it may depend on, and the step itself.
    """
    return _script(_run(call, trace), kinds, frozenset(), until)


def after(call: Call, trace: Trace, tensor: str) -> Script:
    """The steps that may change when one ``tensor`` is another one; those that write it are left out."""
    return _script(_run(call, trace), frozenset(), frozenset((tensor,)), None)


@remembered(2048)
def _script(run: _Run, kinds: frozenset[str], given: frozenset[str], until: int | None) -> Script:
    changed = set(given)
    found = []
    for move in itertools.chain.from_iterable(_blocks(run) if until is None else _leading(run, until)):
        plan = move.plan
        if plan.target.tensor not in given and (plan.op in kinds or any(read.tensor in changed for read in plan.reads)):
            changed.add(plan.target.tensor)
            found.append(move)
    return tuple(found)


def _blocks(run: _Run) -> Iterator[Item]:
    return itertools.chain.from_iterable(_block(run, number) for number in range(len(run.trace.steps.blocks)))


@remembered(256)
def _block(run: _Run, number: int) -> tuple[Item, ...]:
    """The items of one block."""
    block = run.trace.steps.blocks[number]
    return tuple(_item(block.plan(item, part) for part in range(block.width)) for item in range(block.count))


def _item(plans: Iterable[Plan]) -> Item:
    moves, reads = [], dict[str, Window]()
    for plan in plans:
        reads = {**reads, **{read.tensor: read for read in reversed(plan.reads)}}
        moves.append(Move(plan, reads))
    return tuple(moves)


def _leading(run: _Run, position: int) -> Iterator[Item]:
    """The items before a step that it may depend on, and its own up to it."""
    number, item, part = run.trace.steps.locate(position)
    items = _block(run, number)
    for before in range(number):
        yield from _block(run, before)
    own = items[item][: part + 1]
    if not _stands_alone([move.plan for move in own]):
        yield from items[:item]
    yield own


def _stands_alone(plans: Sequence[Plan]) -> bool:
    """Whether an item reads nothing that other items of its block write."""
    written = [plan.target for plan in plans]
    tensors = {target.tensor for target in written}
    return all(
        read in written[:part] for part, plan in enumerate(plans) for read in plan.reads if read.tensor in tensors
    )
