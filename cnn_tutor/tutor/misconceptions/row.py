"""The form of a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cnn_tutor.engine import Trace
from cnn_tutor.lesson.network import Call
from cnn_tutor.tutor.counterfactual import Calls, Change, Counterfactual, Given, Tensors, World

ONE, TWO = ("conv1d",), ("conv2d",)
CONVS = (*ONE, *TWO)
NORMS = ("batch_norm", "layer_norm", "group_norm", "instance_norm")
LENGTH = {"size", "kernel_size", "extent", "padded_size", "numerator", "moves", "out_size"}
"""Kinds of step that work out how long an output is; what is in it does not follow from them."""
STATISTICS = ("sum", "mean", "set", "set_size")


@dataclass(frozen=True, eq=False)
class Misconception:
    """A wrong procedure: its id, its name, what the learner believes, and what to say.

    ``convention`` marks a procedure that is right elsewhere: it is named, and not counted.
    """

    id: str
    name: str
    believes: str
    says: str
    on: tuple[str, ...]
    at: tuple[str, ...]
    counterfactual: Counterfactual
    convention: bool = False

    def world(self, call: Call, trace: Trace, until: int | None = None) -> World | None:
        """The tensors that a learner with this idea gets, as far as a step; None where it does not apply."""
        return self.counterfactual.world(call, trace, until) if call.op in self.on else None


def reaches_output(row: Misconception) -> bool:
    """Whether an idea can show in a layer's output, and not only in a number or an object on the way."""
    return not set(row.at) <= LENGTH


def by_call(
    id_: str,
    name: str,
    believes: str,
    says: str,
    on: tuple[str, ...],
    at: tuple[str, ...],
    call: Calls,
    *,
    convention: bool = False,
) -> Misconception:
    """A row whose idea changes the arguments of the op."""
    return Misconception(id_, name, believes, says, on, at, Counterfactual(call=call), convention)


def by_step(
    id_: str,
    name: str,
    believes: str,
    says: str,
    on: tuple[str, ...],
    steps: Mapping[str, Change],
    *,
    when: Callable[[Given], Any] = lambda _: True,
) -> Misconception:
    """A row whose idea changes the formula of some kinds of step, ``when`` the call is of the right kind."""
    return Misconception(
        id_, name, believes, says, on, tuple(steps), Counterfactual(steps=lambda given: steps if when(given) else {})
    )


def by_whole(
    id_: str,
    name: str,
    believes: str,
    says: str,
    on: tuple[str, ...],
    wholes: Mapping[str, Callable[[Tensors], Any]],
    *,
    at: tuple[str, ...] = ("output",),
    convention: bool = False,
) -> Misconception:
    """A row whose idea puts another tensor in the place of a whole one; None where it cannot."""
    return Misconception(id_, name, believes, says, on, at, Counterfactual(wholes=wholes), convention)


def by_total(
    id_: str,
    name: str,
    believes: str,
    says: str,
    change: Change,
    when: Callable[[Given], bool] = lambda _: True,
) -> Misconception:
    """A row about how the products of a convolution become one number."""

    def steps(given: Given) -> dict[str, Change]:
        return {"output" if given.bias is None else "weighted_sum": change} if when(given) else {}

    return Misconception(id_, name, believes, says, CONVS, ("weighted_sum", "output"), Counterfactual(steps=steps))


def dimensions(given: Given) -> int:
    """Spatial axes of a windowed op."""
    return 1 if "1d" in given.call.op else 2
