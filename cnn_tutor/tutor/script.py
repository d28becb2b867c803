"""The steps of a layer before they are computed, in the order of work: the same on any numbers of the same shapes.

A wrong idea is followed along them. Most ideas reach a few kinds of step only, so those that an idea can reach are
picked once for each form of call, and not once for each set of numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, Concatenate, ParamSpec, TypeAlias, TypeVar

from cnn_tutor.engine import Trace, Window
from cnn_tutor.engine.trace import Index, Plan
from cnn_tutor.lesson.network import Call
from cnn_tutor.tutor.remembered import remembered


class Move:
    """One step: its ``kind``, its ``formula``, and the ``target`` that it writes.

    ``plans`` are those of its item up to its own, and ``seen`` is where tensors are looked at from it. What it reads,
    ``operands`` of tensors with these ``names``, and in a tracked network its ``layer``, are put together when they are
    first asked for.
    """

    __slots__ = ("formula", "kind", "layer", "names", "operands", "plans", "seen", "target")
    layer: str
    operands: tuple[tuple[str, Index], ...]
    names: frozenset[str]

    def __init__(self, plans: tuple[Plan, ...]) -> None:
        plan = plans[-1]
        self.kind: str = plan.op
        self.formula: Callable[..., Any] = plan.formula.bare
        self.target = plan.target
        self.plans = plans
        self.seen: dict[str, Window] = {}

    def __getattr__(self, name: str) -> Any:
        if name == "layer":
            self.layer = layer_of(self.target)
        elif name == "names":
            self.names = frozenset([read.tensor for read in self.plans[-1].reads])
        elif name == "operands":
            self.operands = tuple([(read.tensor, read.index) for read in self.plans[-1].reads])
        return object.__getattribute__(self, name)

    def read(self, name: str) -> Window | None:
        """Where a tensor is read by this step, or else by one just before it."""
        for plan in reversed(self.plans):
            for window in plan.reads:
                if window.tensor == name:
                    return window
        return None


def layer_of(target: Window) -> str:
    """In a tracked network, the layer whose tensor is written."""
    return target.tensor.partition(".")[0]


Script: TypeAlias = tuple[Move, ...]

Acts: TypeAlias = frozenset[tuple[str, frozenset[str] | None]]
"""Kinds of step that are done otherwise, each with the layers of a tracked network where it is; None for all."""


class Form(dict[tuple[object, ...], Any]):
    """What is known of the steps of all calls of one form: no numbers, and so it outlives what was worked out."""


Own = ParamSpec("Own")
Result = TypeVar("Result")


def of_form(
    work: Callable[Concatenate[Form, Trace, Own], Result],
) -> Callable[Concatenate[Form, Trace, Own], Result]:
    """What follows from the form of a call: worked out on the first trace of this form, and known for all others."""

    def once(form: Form, trace: Trace, /, *arguments: Own.args, **named: Own.kwargs) -> Result:
        key = (work, *arguments, *named.values())
        if key not in form:
            form[key] = work(form, trace, *arguments, **named)
        found: Result = form[key]
        return found

    return once


@remembered(64)
def form_of(call: Call, trace: Trace) -> Form:
    """The form of a call, whose ``trace`` is known."""
    return _form((call.form, outline(trace), *trace.tensors))


@remembered(32, lasting=True)
def _form(_: tuple[object, ...]) -> Form:
    return Form()


def outline(trace: Trace) -> tuple[tuple[int, int], ...]:
    """How many steps there are: the few ops whose steps depend on a number (a steep softmax, a dilation) show here."""
    return tuple((block.count, block.width) for block in trace.blocks)


def script(call: Call, trace: Trace, acts: Acts, until: int | None = None) -> Script:
    """The steps of ``call`` (whose trace is known) that may change when those in ``acts`` are done otherwise.

    With ``until``, the position of a step, only those that it may depend on, and the step itself.
    """
    return script_of(form_of(call, trace), trace, acts, frozenset(), until)


def after(call: Call, trace: Trace, tensor: str) -> Script:
    """The steps that may change when one ``tensor`` is another one; those that write it are left out."""
    return script_of(form_of(call, trace), trace, frozenset(), frozenset((tensor,)), None)


def every(call: Call, trace: Trace) -> Script:
    """All steps of ``call``, whose trace is known."""
    form = form_of(call, trace)
    moves = _moves(form, trace)
    found = []
    for number in range(len(trace.steps.blocks)):
        for item, plans in _block(form, trace, number):
            for part in range(len(plans)):
                key = number, item, part
                if key not in moves:
                    moves[key] = Move(plans[: part + 1])
                found.append(moves[key])
    return tuple(found)


@of_form
def script_of(form: Form, trace: Trace, acts: Acts, given: frozenset[str], until: int | None) -> Script:
    """The steps that may change with those in ``acts`` or with the tensors that are ``given``."""
    changed = set(given)
    layers: dict[str, Collection[str] | None] = dict(acts)
    moves = _moves(form, trace)
    found = []
    blocks = trace.steps.blocks
    last = len(blocks) if until is None else trace.steps.locate(until)[0]
    for number in range(last if until is None else last + 1):
        if not changed and blocks[number].count > 1 and layers.keys().isdisjoint(_kinds(form, trace, number)):
            continue
        is_whole = until is None or number < last
        for item, plans in _block(form, trace, number) if is_whole else _own(form, trace, until or 0):
            for part, plan in enumerate(plans):
                only = layers.get(plan.op, ())
                if only is not None and (not only or layer_of(plan.target) not in only):
                    for read in plan.reads:
                        if read.tensor in changed:
                            break
                    else:
                        continue
                if plan.target.tensor not in given:
                    changed.add(plan.target.tensor)
                    key = number, item, part
                    if key not in moves:
                        moves[key] = Move(plans[: part + 1])
                    found.append(moves[key])
    return tuple(found) if until is None else _needed(found, _own(form, trace, until)[-1][1])


def leading(moves: Script, tensor: str) -> Script:
    """Those of some steps that lead to a tensor: what is read for it, and what its items may look at."""
    return _kept(moves, {tensor}, set())


def _needed(moves: Sequence[Move], plans: Sequence[Plan]) -> Script:
    """Those steps that lead to the last of some plans: what it reads, and what the others of its item may look at."""
    return _kept(moves, {plans[-1].target.tensor, *(read.tensor for read in plans[-1].reads)}, set(map(id, plans)))


def _kept(moves: Sequence[Move], needed: set[str], own: set[int]) -> Script:
    """Of some steps those that write what is ``needed``, those among its ``own``, and what these need in turn."""
    kept = []
    for move in reversed(moves):
        is_own = id(move.plans[-1]) in own
        if is_own or move.target.tensor in needed:
            needed |= move.names
            kept.append(move)
            if not is_own:
                own.update(map(id, move.plans))
    return tuple(reversed(kept))


@of_form
def _moves(_form: Form, _trace: Trace) -> dict[tuple[int, int, int], Move]:
    """The steps met so far, by block, item and part: all scripts have the same."""
    return {}


Item: TypeAlias = tuple[int, tuple[Plan, ...]]
"""The number of an item in its block, and its steps."""


@of_form
def _own(form: Form, trace: Trace, until: int) -> tuple[Item, ...]:
    """The items of its block that the step at a position may depend on; the last is its own, up to it."""
    number, item, part = trace.steps.locate(until)
    own = trace.steps.blocks[number].plans(item)[: part + 1]
    before = () if _stands_alone(own) else _block(form, trace, number)[:item]
    return (*before, (item, own))


@of_form
def _block(_form: Form, trace: Trace, number: int) -> tuple[Item, ...]:
    """The items of one block."""
    block = trace.steps.blocks[number]
    return tuple([(item, block.plans(item)) for item in range(block.count)])


@of_form
def _kinds(_form: Form, trace: Trace, number: int) -> frozenset[str]:
    """The kinds of step in a block: every item has the same."""
    return frozenset([plan.op for plan in trace.steps.blocks[number].plans(0)])


def _stands_alone(plans: Sequence[Plan]) -> bool:
    """Whether an item reads nothing that other items of its block write."""
    written = [plan.target for plan in plans]
    tensors = {target.tensor for target in written}
    return all(
        read in written[:part] for part, plan in enumerate(plans) for read in plan.reads if read.tensor in tensors
    )
