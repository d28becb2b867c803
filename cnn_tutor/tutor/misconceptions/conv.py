"""Ideas about padding, windows, products and sums in a convolution."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from cnn_tutor.lesson.network import Call
from cnn_tutor.tutor.counterfactual import Change, Counterfactual, Given, Tensors
from cnn_tutor.tutor.misconceptions.row import Misconception, by_call, by_step, by_whole

ONE, TWO = ("conv1d",), ("conv2d",)
CONVS = (*ONE, *TWO)


def _dimensions(given: Given) -> int:
    return 1 if given.call.op.endswith("1d") else 2


def _pads(given: Given) -> tuple[tuple[int, int], ...] | None:
    """(before, after) of each axis where the padding is given in numbers and there is some."""
    padding = given.padding
    if isinstance(padding, str) or not np.any(padding):
        return None
    array = np.asarray(padding)
    if array.ndim == 2:
        return tuple((int(before), int(after)) for before, after in array)
    return tuple((int(p), int(p)) for p in np.broadcast_to(array, (_dimensions(given),)))


def _padded(change: Callable[[int, int], tuple[int, int]]) -> Callable[[Given], Call | None]:
    """Another padding on every axis."""

    def call(given: Given) -> Call | None:
        pads = _pads(given)
        return None if pads is None else given.changed(padding=[change(*pair) for pair in pads])

    return call


def _edge(given: Given) -> Call | None:
    pads = _pads(given)
    if pads is None:
        return None
    lead = [(0, 0)] * (given.x.ndim - len(pads))
    return given.changed(x=np.pad(given.x, [*lead, *pads], mode="edge"), padding=0)


def _start_late(given: Given) -> Call | None:
    """The first window one entry further on."""
    d = _dimensions(given)
    pads = _pads(given) or ((0, 0),) * d
    if isinstance(given.padding, str):
        return None
    inside = tuple(slice(1 if before == 0 else 0, None) for before, _ in pads)
    shorter = given.x[(slice(None),) * (given.x.ndim - d) + inside]
    return given.changed(x=shorter, padding=[(max(0, before - 1), after) for before, after in pads])


def _kernel(given: Given) -> tuple[int, ...]:
    shape: tuple[int, ...] = given.weight.shape[-_dimensions(given) :]
    return shape


def _partial(given: Given) -> Call | None:
    """One window more, filled up with zeros."""
    strides = np.broadcast_to(np.asarray(given.stride), (_dimensions(given),))
    if isinstance(given.padding, str) or (strides == 1).all():
        return None
    pads = _pads(given) or ((0, 0),) * _dimensions(given)
    return given.changed(padding=[(before, after + int(s)) for (before, after), s in zip(pads, strides, strict=True)])


def _many(given: Given) -> bool:
    """Whether one filter has several channels."""
    return bool(given.weight.ndim > _dimensions(given) and given.weight.shape[1] > 1)


def _total(
    id_: str, name: str, believes: str, says: str, change: Change, when: Callable[[Given], bool] = lambda _: True
) -> Misconception:
    """A row about how the products become one number."""

    def steps(given: Given) -> dict[str, Change]:
        return {"output" if given.bias is None else "weighted_sum": change} if when(given) else {}

    return Misconception(id_, name, believes, says, CONVS, ("weighted_sum", "output"), Counterfactual(steps=steps))


def _flip(axes: tuple[int, ...]) -> Callable[[Given], Call]:
    return lambda given: given.changed(weight=np.flip(given.weight, axes))


def _is_square(given: Given) -> bool:
    return len(set(given.weight.shape[-2:])) == 1


def _swapped(t: Tensors) -> Any:
    return np.swapaxes(t.y, -1, -2) if t.y.shape[-1] == t.y.shape[-2] and t.y.shape[-1] > 1 else None


def _drop_last(t: Tensors) -> Any:
    return t.y[..., :-1] if t.y.shape[-1] > 1 else None


def _matrix_product(c: Any) -> Any:
    return (np.asarray(c.windows) @ c.weight).sum()


ROWS = (
    by_call(
        "PAD.NONE",
        "No padding",
        "windows are read off the raw input",
        "These come from the input without its zeros. What does the padded input look like?",
        CONVS,
        ("padded", "window"),
        lambda g: None if _pads(g) is None else g.changed(padding=0),
    ),
    by_call(
        "PAD.LEFT",
        "Zeros in front only",
        "padding is put before the input",
        "The zeros seem to stand in front only. On which ends does padding go?",
        CONVS,
        ("padded", "window"),
        _padded(lambda before, after: (before, 0)),
    ),
    by_call(
        "PAD.RIGHT",
        "Zeros behind only",
        "padding is put after the input",
        "The zeros seem to stand behind only. On which ends does padding go?",
        CONVS,
        ("padded", "window"),
        _padded(lambda before, after: (0, after)),
    ),
    by_call(
        "PAD.TWICE",
        "2p on each side",
        "the 2p of the formula goes on every end",
        "There seems to be 2p on each end. What does 2p stand for in the length formula?",
        CONVS,
        ("padded", "window"),
        _padded(lambda before, after: (2 * before, 2 * after)),
    ),
    by_call(
        "PAD.EDGE",
        "Repeated the edge",
        "padding repeats the border value",
        "The border value seems to be repeated. What does this sheet pad with?",
        CONVS,
        ("padded", "window"),
        _edge,
    ),
    by_call(
        "CONV.FLIP",
        "Kernel reversed",
        "a convolution turns the kernel round before sliding it",
        "That is what w gives when it is reversed, as in mathematics. Which weight meets the first entry here?",
        ONE,
        ("products",),
        _flip((-1,)),
        convention=True,
    ),
    by_call(
        "C2D.ROT180",
        "Kernel turned by half a turn",
        "a convolution turns the kernel round before laying it down",
        "That is what K gives when it is turned by 180°. Which weight lies on the top left entry here?",
        TWO,
        ("products",),
        _flip((-2, -1)),
        convention=True,
    ),
    by_call(
        "C2D.KT",
        "Kernel transposed",
        "rows and columns of the kernel may be exchanged",
        "This fits K with its rows and columns exchanged. Which weights lie on the first row of the patch?",
        TWO,
        ("products",),
        lambda g: g.changed(weight=np.swapaxes(g.weight, -1, -2)) if _is_square(g) else None,
    ),
    by_call(
        "C2D.FLIP_LR",
        "Kernel mirrored sideways",
        "each kernel row is read from the right",
        "Each row of K seems to be reversed. Which weight lies on the left?",
        TWO,
        ("products",),
        _flip((-1,)),
    ),
    by_call(
        "C2D.FLIP_UD",
        "Kernel upside down",
        "the kernel rows are read from below",
        "The rows of K seem to be upside down. Which kernel row lies on the top row of the patch?",
        TWO,
        ("products",),
        _flip((-2,)),
    ),
    by_whole(
        "C2D.OUT_T",
        "Rows and columns of the output exchanged",
        "the first index counts columns",
        "The numbers are there, but rows and columns have changed places. In which direction does Y₁₂ lie from Y₁₁?",
        TWO,
        {"y": _swapped},
    ),
    by_step(
        "C2D.MATMUL",
        "Matrix product of patch and kernel",
        "patch and kernel are multiplied as matrices",
        "This looks like a matrix product of the patch and K. How does ⊙ multiply?",
        TWO,
        {"output": _matrix_product, "weighted_sum": _matrix_product},
        when=lambda g: _is_square(g) and g.weight.ndim == 2 and g.bias is None,
    ),
    by_call(
        "CONV.STRIDE1",
        "Stride left out",
        "the window moves one entry at a time",
        "The window seems to move by 1 each time. Where does window 2 start with this stride?",
        CONVS,
        ("window", "starts"),
        lambda g: g.changed(stride=1) if np.any(np.asarray(g.stride) != 1) else None,
    ),
    by_call(
        "CONV.STRIDE_K",
        "Windows do not overlap",
        "the next window starts where this one ends, as in pooling",
        "Your windows seem to lie side by side, as in pooling. How far does the window move here?",
        CONVS,
        ("window", "starts"),
        lambda g: (
            g.changed(stride=list(_kernel(g))) if np.any(np.asarray(g.stride) != np.asarray(_kernel(g))) else None
        ),
    ),
    by_call(
        "CONV.START1",
        "First window one late",
        "index 1 is the second entry",
        "The first window seems to start at the second entry. Which entry has index 1 on the sheet?",
        CONVS,
        ("window", "starts"),
        _start_late,
    ),
    by_whole(
        "CONV.NO_SUM",
        "Products not added",
        "an output is the list of its products",
        "Those are products. An output is one number for each window: what is done with its products?",
        CONVS,
        {"y": lambda t: t.products},
    ),
    by_step(
        "CONV.SUM_WINDOW",
        "Kernel left out",
        "an output is the sum of its window",
        "That is the plain sum of the window. What does each entry meet before it is added?",
        CONVS,
        {"products": lambda c: c.windows + 0 * c.weight},
    ),
    by_step(
        "CONV.ADD",
        "Added instead of multiplied",
        "window and kernel are added entry by entry",
        "The window and the kernel seem to be added. What is done with each pair before the sum?",
        CONVS,
        {"products": lambda c: c.windows + c.weight},
    ),
    by_step(
        "CONV.ABS_KERNEL",
        "Minus signs of the kernel dropped",
        "weights count without their sign",
        "A negative weight seems to be taken as positive. What sign does each product have?",
        CONVS,
        {"products": lambda c: c.windows * np.abs(c.weight)},
    ),
    by_step(
        "CONV.NEGNEG",
        "Minus times minus taken as minus",
        "the product of two negative numbers is negative",
        "One of the products has two negative factors. What sign does it have?",
        CONVS,
        {"products": lambda c: np.where((c.windows < 0) & (c.weight < 0), -c.windows * c.weight, c.windows * c.weight)},
    ),
    _total(
        "CONV.MEAN",
        "Mean instead of sum",
        "a convolution averages its products",
        "You seem to have divided by the number of products. Does a convolution average, or only add?",
        lambda c: np.mean(c.products),
    ),
    _total(
        "CONV.MAX_PRODUCT",
        "Largest product",
        "a convolution keeps the largest product",
        "That is the largest of the products. Max belongs to pooling; what is done with all products here?",
        lambda c: np.max(c.products),
    ),
    _total(
        "CONV.NEG_TOTAL",
        "Sign of the sum turned round",
        "the result is the negative of the sum",
        "Every sign is turned round. Did something get subtracted that should be added?",
        lambda c: -np.sum(c.products),
    ),
    by_whole(
        "CONV.DROP_LAST",
        "Last window missed",
        "the window stops before the end",
        "One window seems to be missing. Where does the last window that still fits start?",
        ONE,
        {"y": _drop_last},
    ),
    by_call(
        "CONV.PARTIAL_LAST",
        "A window over the edge",
        "a last window is filled up with zeros",
        "There seems to be a window that runs past the end. Which windows fit entirely?",
        CONVS,
        ("starts",),
        _partial,
    ),
    by_whole(
        "CONV.RELU_EARLY",
        "ReLU applied unasked",
        "outputs cannot be negative",
        "The negative outputs have become 0, as if after ReLU. Has there been a ReLU yet?",
        CONVS,
        {"y": lambda t: np.maximum(t.y, 0)},
    ),
    by_step(
        "BIAS.FORGOT",
        "Bias forgotten",
        "the weighted sum is the output",
        "That is the weighted sum. Which number is still to be added?",
        CONVS,
        {"output": lambda c: c.weighted_sum},
        when=lambda g: g.bias is not None,
    ),
    by_step(
        "BIAS.MINUS",
        "Bias subtracted",
        "the bias is taken away",
        "The bias seems to be taken away. What does the formula do with b?",
        CONVS,
        {"output": lambda c: c.weighted_sum - c.bias},
        when=lambda g: g.bias is not None,
    ),
    by_whole(
        "CH.NO_SUM",
        "Channels not added",
        "a filter gives one map for each input channel",
        "There is one map for each input channel. How many maps does one filter give?",
        CONVS,
        {"y": lambda t: np.moveaxis(t.channel_sums, -1, 0) if _many(t.given) and len(t.y) == 1 else None},
    ),
    _total(
        "CH.MEAN",
        "Channels averaged",
        "the channels of a filter are averaged",
        "The channels seem to be averaged. How are the slices of one filter combined?",
        lambda c: np.mean(c.channel_sums),
        when=_many,
    ),
    by_step(
        "CH.FIRST_ONLY",
        "Only the first channel used",
        "a filter looks at one channel",
        "Only the first channel seems to have gone in. On which channels does the filter have a slice?",
        CONVS,
        {
            "channel_sums": lambda c: np.where(
                np.arange(len(c.products)) == 0, c.products.reshape(len(c.products), -1).sum(1), 0
            )
        },
        when=_many,
    ),
    by_call(
        "CH.BIAS_PER_CHANNEL",
        "Bias added for each channel",
        "each channel adds the bias again",
        "The bias seems to be added once for each channel. How often is it added to one output?",
        CONVS,
        ("output",),
        lambda g: g.changed(bias=g.bias * g.weight.shape[1]) if g.bias is not None and _many(g) else None,
    ),
    by_call(
        "DIL.IGNORED",
        "Dilation ignored",
        "the taps of the kernel lie side by side",
        "The window has no gaps. How far apart do the taps lie with this dilation?",
        CONVS,
        ("window",),
        lambda g: g.changed(dilation=1) if np.any(np.asarray(g.dilation) != 1) else None,
    ),
    by_call(
        "DIL.AS_STRIDE",
        "Dilation taken as stride",
        "dilation makes the window jump",
        "The window seems to jump instead of being spread. What does dilation change: the kernel or its moves?",
        CONVS,
        ("window", "starts"),
        lambda g: g.changed(dilation=1, stride=g.dilation) if np.any(np.asarray(g.dilation) != 1) else None,
    ),
)
