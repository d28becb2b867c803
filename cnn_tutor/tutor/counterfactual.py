"""What a learner with a wrong idea would get: the engine run with one thing changed.

An idea changes either the *call* of an op (another stride, a reversed kernel), the *formula* of a kind of step (a sum
in the place of a mean), or a whole *tensor* (rows and columns exchanged). The rest of the sheet is computed as ever, so
the consequences show in every later step. It works on any data of any size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ParamSpec, Protocol, TypeAlias, TypeVar

import numpy as np

from cnn_tutor.engine import Trace, Window
from cnn_tutor.engine.trace import Array
from cnn_tutor.errors import ShapeError
from cnn_tutor.lesson.layers import tensors_of
from cnn_tutor.lesson.network import Call, LayerTrace
from cnn_tutor.tutor.overlay import Overlay
from cnn_tutor.tutor.script import Acts, Move, after, script
from cnn_tutor.tutor.stack import Stack

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")

World: TypeAlias = Mapping[str, Any]
"""The tensors of an op as they come out in somebody's mind, under the engine's names."""


class Written(Protocol):
    """A world of which some tensors are ``written`` anew."""

    written: dict[str, Any]

    def __getitem__(self, name: str, /) -> Any: ...
    def __contains__(self, name: object, /) -> bool: ...


Change: TypeAlias = Callable[[Any], Any]
"""Another way to do a step, from what lies before the learner there: :class:`Cells`, or those of many steps at once."""


class Given:
    """The arguments of a call by name: ``c.weight``, ``c.stride``; None for one that is not given."""

    def __init__(self, call: Call) -> None:
        self.call = call

    def __getattr__(self, name: str) -> Any:
        if name in self.call.tensors:
            return self.call.tensors[name]
        return self.call.options.get(name)

    def changed(self, op: str = "", **arguments: Any) -> Call:
        """The call with other arguments; a tensor that is None is left out."""
        op = op or self.call.op
        names = {*self.call.tensors, *tensors_of(op)}
        known = {**self.call.tensors, **{name: value for name, value in arguments.items() if name in names}}
        tensors = {name: _tensor(value) for name, value in known.items() if value is not None}
        options = {**self.call.options, **{name: value for name, value in arguments.items() if name not in names}}
        options = {name: value for name, value in options.items() if value is not None}
        return Call(op, tensors, options)


def _tensor(value: Any) -> Any:
    """``value`` as a tensor; many of them at once stay as they are."""
    return value if isinstance(value, Stack) else np.asarray(value)


class Cells:
    """What lies before a learner at one step: the tensors that the step and those just before it read, by name.

    A tensor that none of them reads is read at the cells the step writes, or whole if it has another shape. In a
    tracked network ``c.filters`` are those of the step's own layer. A change that answers None changes nothing.
    """

    __slots__ = ("_move", "_world")

    def __init__(self, world: Written, move: Move) -> None:
        self._world = world
        self._move = move

    def __getattr__(self, name: str) -> Any:
        window = self._move.seen.get(name)
        if window is None or window.tensor in self._world.written:
            window = self._move.read(name) or beside(self._world, self._move, name)
            if window.tensor not in self._world.written:
                self._move.seen[name] = window
        return self._world[window.tensor][window.index]

    @property
    def operands(self) -> list[Any]:
        """What the step itself reads."""
        return [self._world[tensor][index] for tensor, index in self._move.operands]

    @property
    def layer(self) -> str:
        """In a tracked network, the name of the layer whose step this is."""
        return self._move.layer

    def tensor(self, name: str) -> Any:
        """A whole tensor by its full name."""
        return self._world[name]


def beside(tensors: Written | Mapping[str, Any], move: Move, name: str) -> Window:
    """Where a tensor is looked at that no step here reads; it may have another shape once it is written.

    What a layer of a tracked network takes in is called ``taken``.
    """
    target = move.target
    if name == "taken":
        return move.plans[0].reads[0]
    own = f"{move.layer}.{name}"
    tensor = own if own in tensors else name
    if not target.index:
        return Window(tensor)
    same = np.shape(tensors[tensor]) == np.shape(tensors[target.tensor])
    return Window(tensor, target.index if same else ())


@dataclass(frozen=True, eq=False, slots=True)
class Among:
    """A change of a kind of step in some layers of a tracked network; in the others it changes nothing."""

    layers: frozenset[str]
    change: Change

    def __call__(self, cells: Any) -> Any:
        return self.change(cells) if cells.layer in self.layers else None


class Tensors:
    """All tensors of a call and its arguments by name, for ideas about a whole."""

    def __init__(self, tensors: Mapping[str, Any], call: Call) -> None:
        self._tensors = tensors
        self.given = Given(call)

    def __getattr__(self, name: str) -> Any:
        return self._tensors[name]


Calls: TypeAlias = Callable[[Given], Call | None]
Steps: TypeAlias = Callable[[Given], Mapping[str, Change]]
Wholes: TypeAlias = Mapping[str, Callable[[Tensors], Any]]


@dataclass(frozen=True, eq=False)
class Counterfactual:
    """One thing changed: exactly one of ``call``, ``steps`` and ``wholes`` is given."""

    call: Calls | None = None
    steps: Steps | None = None
    wholes: Wholes | None = None

    def world(self, call: Call, trace: Trace, until: int | None = None) -> World | None:
        """The tensors of ``call`` (whose right ``trace`` is known) under this idea; None where it does not apply.

        With ``until``, the position of a step, a change of steps is followed no further than to that step.
        """
        with np.errstate(all="ignore"):
            return tried(self._world, call, trace, until)

    def _world(self, call: Call, trace: Trace, until: int | None) -> World | None:
        if self.call is not None:
            changed = self.call(Given(call))
            return None if changed is None else Ran(changed.run())
        if self.steps is not None:
            return rewritten(call, trace, self.steps(Given(call)), until)
        assert self.wholes is not None
        tensors = Tensors(trace.tensors, call)
        values = {name: change(tensors) for name, change in self.wholes.items()}
        known = {name: value for name, value in values.items() if value is not None}
        return Overlay(trace, known) if known else None

    def changes(self, call: Call) -> Mapping[str, Change]:
        """The kinds of step that this idea does otherwise, and how."""
        return {} if self.steps is None else self.steps(Given(call))

    def changed_call(self, call: Call) -> Call | None:
        """The call as this idea has it, for ideas that change one."""
        return None if self.call is None else self.call(Given(call))


def tried(
    work: Callable[Arguments, Result | None], *arguments: Arguments.args, **named: Arguments.kwargs
) -> Result | None:
    """What comes out, or None where an idea makes no sense of these shapes and numbers."""
    try:
        return work(*arguments, **named)
    except (ShapeError, ValueError, ZeroDivisionError, KeyError, IndexError):
        return None


def rewritten(call: Call, trace: Trace, changes: Mapping[str, Change], until: int | None = None) -> World | None:
    """The sheet with some kinds of step done by another formula, and everything that depends on them done again.

    With ``until`` only what may lead to the step at that position: a whole sheet is not worth one cell.
    """
    if not changes:
        return None
    world = Overlay(trace)
    for move in script(call, trace, acts_of(changes.items()), until):
        change = changes.get(move.kind)
        value = None if change is None else change(Cells(world, move))
        if value is not None:
            world.write(move.target, value)
        elif world.written:
            world.do_again(move)
    return world if world.written else None


def acts_of(changes: Iterable[tuple[str, Change]]) -> Acts:
    """What is done otherwise by someone who makes any of some changes of kinds of step."""
    found: dict[str, frozenset[str] | None] = {}
    for kind, change in changes:
        layers = change.layers if isinstance(change, Among) else None
        known = found.get(kind, layers)
        found[kind] = None if layers is None or known is None else layers | known
    return frozenset(found.items())


def overridden(call: Call, trace: Trace, tensor: str, value: Array) -> World:
    """The sheet with one tensor as somebody has it, and everything that depends on it done again."""
    world = Overlay(trace, {tensor: np.array(value, dtype=np.float64)})
    with np.errstate(all="ignore"):
        for move in after(call, trace, tensor):
            world.do_again(move)
    return world


class Ran(Mapping[str, Any]):
    """The tensors of a changed call. Its output is at hand; the others are put together only when asked for."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace

    def __getitem__(self, name: str) -> Any:
        return self._trace.output if name == "y" else self._trace.tensors[name]

    def read(self, window: Window) -> Any:
        """The cells of one window, which must be there, without putting the rest of its tensor together."""
        return self._trace.output[window.index] if window.tensor == "y" else self._trace.tensors.read(window)

    def __iter__(self) -> Iterator[str]:
        return iter(self._trace.tensors)

    def __len__(self) -> int:
        return len(self._trace.tensors)


def both(first: Counterfactual, second: Counterfactual) -> Counterfactual | None:
    """Two ideas at once: two changes of the call, or of different steps; None where they cannot be put together."""
    if first.call is not None and second.call is not None:
        one, two = first.call, second.call

        def call(given: Given) -> Call | None:
            changed = one(given)
            return None if changed is None else two(Given(changed))

        return Counterfactual(call=call)
    if first.steps is not None and second.steps is not None:
        left, right = first.steps, second.steps
        return Counterfactual(steps=lambda given: {**left(given), **right(given)})
    return None


def own_name(source: LayerTrace, target: Window) -> str:
    """The engine's name of a tensor that the lesson calls otherwise."""
    if source.layer is None:
        return target.tensor
    return "y" if target.tensor == source.output else target.tensor.removeprefix(f"{source.output}.")


def value_at(source: LayerTrace, target: Window, world: World) -> Array | None:
    """The cells of ``target`` in somebody's world; None where the idea does not reach, or nobody could type it."""
    own = own_name(source, target)
    if isinstance(world, Overlay) and own not in world.written:
        return None
    if own == "padded" and own not in world:
        own = "x"
    try:
        if isinstance(world, Ran) and world["y"].shape == source.own.output.shape:
            cells = world.read(Window(own, target.index))
        else:
            cells = world[own][target.index]
        value = np.asarray(cells, dtype=np.float64)
    except (IndexError, KeyError):
        return None
    return value if value.size and np.isfinite(value).all() else None
