"""A layer on many sets of numbers at once, and what ideas make of all of them: which sets surely hide an idea.

The steps are those of one run of the layer, its *model*; they are done on stacks. What cannot be done so, or is not
sure, is left to a look at one set after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from cnn_tutor.engine import Trace, Window
from cnn_tutor.engine.trace import Array
from cnn_tutor.errors import ShapeError
from cnn_tutor.lesson.network import Call
from cnn_tutor.tutor.counterfactual import Cells, Change, Given, Tensors, acts_of
from cnn_tutor.tutor.ideas import SEVERAL
from cnn_tutor.tutor.many import outputs
from cnn_tutor.tutor.misconceptions import Misconception
from cnn_tutor.tutor.remembered import remembered
from cnn_tutor.tutor.script import Move, script, writing
from cnn_tutor.tutor.stack import Divided, Stack, Unstackable

UNSTEADY = ("softmax", "cross_entropy")
"""Ops whose steps depend on how large their numbers are."""

NOT_FOLLOWED = (ShapeError, ValueError, TypeError, AttributeError, ZeroDivisionError, KeyError, IndexError)
"""What comes of an idea that makes no sense here, or does what stacks do not know."""

SURELY = 5e-4
"""Values closer than this are taken for the same by everybody."""


class Sheets(dict[str, Any]):
    """The tensors of many runs of a call, under the engine's names; each is worked out when it is first looked at."""

    def __init__(self, call: Call, model: Trace, given: Mapping[str, Array]) -> None:
        super().__init__()
        self._call = call
        self._model = model
        self._steps = writing(call, model)
        self._given = given
        self._count = len(next(iter(given.values())))
        self._under_way: set[str] = set()

    def __missing__(self, name: str) -> Any:
        if name in self._given:
            model = self._model.tensors[name] if name in self else self._call.tensors[name]
            found: Any = Stack(self._given[name].reshape(self._count, *model.shape))
        else:
            found = self._worked_out(name) if name in self._steps else self._standing(name)
        self[name] = found if isinstance(found, Stack) else np.asarray(found)
        return self[name]

    def __contains__(self, name: object) -> bool:
        return name in self._model.tensors

    def _standing(self, name: str) -> Any:
        """A tensor that no step writes: it is one that is given, under another name, or depends on no number."""
        same = _same_as(self._call, self._model, name)
        if same is None:
            raise Unstackable(f"{name} is known for one set of numbers only")
        return self[same].reshape(*self._model.tensors[name].shape) if same else self._model.tensors[name]

    def _worked_out(self, name: str) -> Any:
        moves = self._steps[name]
        if name in self._under_way:
            raise Unstackable(f"{name} depends on itself")
        self._under_way.add(name)
        try:
            if not moves[0].target.index:
                return self._done(moves[0])
            model = self._model.tensors[name]
            whole = np.empty((self._count, *model.shape), dtype=model.dtype)
            for move in moves:
                value = self._done(move)
                whole[(slice(None), *move.target.index)] = value.each if isinstance(value, Stack) else value
            return Stack(whole)
        finally:
            self._under_way.remove(name)

    def _done(self, move: Move) -> Any:
        return move.formula(*[self[tensor][index] for tensor, index in move.operands])


@remembered(256)
def _same_as(call: Call, trace: Trace, name: str) -> str | None:
    """The given tensor that another one always is; "" for one that stays as it is when all numbers change."""
    own = [(call.tensors, trace.tensors[name])]
    for more in (1, 2):
        given = {argument: tensor + more for argument, tensor in call.tensors.items()}
        try:
            own.append((given, Call(call.op, given, call.options).run().tensors[name]))
        except (ShapeError, KeyError):
            return None
    if all(np.array_equal(value, own[0][1]) for _, value in own):
        return ""
    return next((one for one in call.tensors if all(np.array_equal(given[one], value) for given, value in own)), None)


class Imagined(dict[str, Any]):
    """The same tensors with those in ``written`` in the place of the right ones."""

    def __init__(self, right: Sheets, written: Mapping[str, Any] | None = None) -> None:
        self._right = right
        self.written: dict[str, Any] = dict(written or {})
        self.update(self.written)

    def __missing__(self, name: str) -> Any:
        self[name] = self._right[name]
        return self[name]

    def __contains__(self, name: object) -> bool:
        return name in self._right

    def write(self, target: Window, value: Any) -> None:
        """Put ``value`` into the cells of ``target``; a whole tensor may change its shape."""
        name = target.tensor
        if not target.index:
            self[name] = self.written[name] = value if isinstance(value, Stack) else np.asarray(value)
            return
        if name not in self.written:
            self[name] = self.written[name] = Stack(self[name].each.astype(np.float64))
        self.written[name].each[(slice(None), *target.index)] = value.each if isinstance(value, Stack) else value


@dataclass(frozen=True, slots=True)
class _Formed:
    """A call that is told from others by its ``form`` alone."""

    form: tuple[object, ...]
    call: Call = field(compare=False)


@remembered(256)
def _model(formed: _Formed) -> tuple[Call, Trace]:
    return formed.call, formed.call.run()


class Survey:
    """One call on many sets of numbers: ``given`` are its tensors with one more axis in front."""

    def __init__(self, call: Call, trace: Trace, given: Mapping[str, Array]) -> None:
        self._call = call
        self._trace = trace
        self._given = given
        self._outputs: dict[Misconception, Array | None] = {}

    @property
    def count(self) -> int:
        return len(next(iter(self._given.values())))

    @cached_property
    def right(self) -> Array:
        """The right output of each: (sets, *shape)."""
        found = outputs(self._call.op, self._given, self._call.options)
        if found is not None:
            return found.reshape(self.count, *self._trace.output.shape)
        try:
            return _whole(self._sheets["y"], self.count)
        except (*NOT_FOLLOWED, Divided):
            return np.array([self._one(number).run().output for number in range(self.count)])

    @cached_property
    def _sheets(self) -> Sheets:
        return Sheets(self._call, self._trace, self._given)

    @cached_property
    def _stacked(self) -> Call:
        tensors: dict[str, Any] = {name: Stack(each) for name, each in self._given.items()}
        return Call(self._call.op, tensors, self._call.options)

    def _one(self, number: int) -> Call:
        """The call on one of the sets."""
        return Call(self._call.op, {name: each[number] for name, each in self._given.items()}, self._call.options)

    def take(self, which: Array) -> Survey:
        """Some of the sets."""
        return Survey(self._call, self._trace, {name: each[which] for name, each in self._given.items()})

    def holds(self, what: Callable[..., bool], *rows: Misconception) -> Array:
        """For each set, whether ``what`` of a layer surely holds of some ideas."""
        try:
            found: Array = getattr(self, what.__name__)(*rows)
            return found
        except Divided as divided:
            found = np.zeros(self.count, dtype=bool)
            if len(divided.yes) == self.count:
                for half in (divided.yes, ~divided.yes):
                    found[half] = self.take(half).holds(what, *rows)
            return found

    def is_hidden(self, row: Misconception) -> Array:
        """Whether an idea gives the right output."""
        return self._same(self.output(row), self.right)

    def passes_for_slip(self, row: Misconception) -> Array:
        """Whether an idea changes no more than a single cell of several."""
        value, right = self.output(row), self.right
        if value is None or value.shape != right.shape or right[0].size < SEVERAL:
            return np.zeros(self.count, dtype=bool)
        differing = ~(np.abs(value - right) <= SURELY).reshape(self.count, -1)
        few: Array = (differing.sum(axis=1) <= 1) & np.isfinite(value).reshape(self.count, -1).all(axis=1)
        return few

    def are_alike(self, one: Misconception, other: Misconception) -> Array:
        """Whether two ideas give the same output."""
        return self._same(self.output(one), self.output(other))

    def _same(self, a: Array | None, b: Array | None) -> Array:
        if a is None or b is None or a.shape != b.shape:
            return np.zeros(self.count, dtype=bool)
        alike: Array = (np.abs(a - b) <= SURELY).reshape(self.count, -1).all(axis=1)
        return alike

    def output(self, row: Misconception) -> Array | None:
        """The output that an idea gives for each set; None where it does not reach so far or cannot be followed so."""
        if row not in self._outputs:
            with np.errstate(all="ignore"):
                try:
                    self._outputs[row] = self._output(row)
                except NOT_FOLLOWED:
                    self._outputs[row] = None
        return self._outputs[row]

    def _output(self, row: Misconception) -> Array | None:
        idea = row.counterfactual
        if idea.call is not None:
            changed = idea.call(Given(self._stacked))
            return None if changed is None else self._ran(changed)
        if idea.steps is not None:
            world = self._rewritten(idea.steps(Given(self._stacked)))
        else:
            assert idea.wholes is not None
            tensors = Tensors(self._sheets, self._stacked)
            values = {name: change(tensors) for name, change in idea.wholes.items()}
            world = Imagined(self._sheets, {name: value for name, value in values.items() if value is not None})
        return _whole(world.written["y"], self.count) if "y" in world.written else None

    def _ran(self, call: Call) -> Array:
        """What a changed call gives for each set."""
        given = {name: _whole(tensor, self.count) for name, tensor in call.tensors.items()}
        first = Survey(call, self._trace, given)._one(0)
        return Survey(*_model(_Formed(first.form, first)), given).right

    def _rewritten(self, changes: Mapping[str, Change]) -> Imagined:
        world = Imagined(self._sheets)
        for move in script(self._call, self._trace, acts_of(changes.items())) if changes else ():
            change = changes.get(move.kind)
            value = None if change is None else change(Cells(world, move))
            if value is not None:
                world.write(move.target, value)
            elif not world.written.keys().isdisjoint(move.names):
                world.write(move.target, move.formula(*[world[tensor][index] for tensor, index in move.operands]))
        return world


def _whole(value: Any, count: int) -> Array:
    """A stack as one array, or an array that is the same for all sets."""
    if isinstance(value, Stack):
        return value.each
    array = np.asarray(value)
    return np.broadcast_to(array, (count, *array.shape))
