"""Ideas about how many windows fit."""

from __future__ import annotations

import numpy as np

from cnn_tutor.tutor.counterfactual import Cells, Given
from cnn_tutor.tutor.misconceptions.row import by_step

CONVS = ("conv1d", "conv2d")
WINDOWED = (*CONVS, "max_pool1d", "max_pool2d", "avg_pool1d", "avg_pool2d")


def _is_padded(given: Given) -> bool:
    return bool(given.padding) and given.padding not in ("same", "valid") and bool(np.any(given.padding))


def _is_strided(given: Given) -> bool:
    return bool(np.any(np.asarray(given.stride or given.kernel_size) != 1))


def _is_a_pixel(given: Given) -> bool:
    """Whether the kernel is one cell wide and nothing is padded: then the output is as long as the input anyway."""
    return not _is_padded(given) and set(
        given.weight.shape[-1:] if given.weight.ndim in (1, 3) else given.weight.shape[-2:]
    ) == {1}


def _ceiling(cells: Cells) -> object:
    return -(-cells.numerator // cells.stride)


ROWS = (
    by_step(
        "LEN.NO_PLUS1",
        "Forgot the +1",
        "the number of outputs is the number of moves",
        "That is how often the window can move, and it gives an output before its first move, too. How many is that?",
        WINDOWED,
        {"out_size": lambda c: c.moves},
    ),
    by_step(
        "LEN.CEIL",
        "Rounded up",
        "a window that hangs over the edge counts",
        "You seem to have rounded up, which keeps a window that runs past the end. Does that window fit?",
        WINDOWED,
        {"moves": _ceiling},
        when=lambda g: _is_strided(g) and not g.ceil_mode,
    ),
    by_step(
        "LEN.PAD_ONCE",
        "Added p once",
        "padding makes the input p longer",
        "The padding seems to be counted once, but it goes on both ends. How much longer does that make the input?",
        WINDOWED,
        {"padded_size": lambda c: c.size + c.padding[0]},
        when=_is_padded,
    ),
    by_step(
        "LEN.NO_PAD",
        "Left the padding out",
        "the length formula takes the bare input",
        "That fits the input without its padding. How long is the padded input?",
        WINDOWED,
        {"padded_size": lambda c: c.size},
        when=_is_padded,
    ),
    by_step(
        "LEN.PAD_TWICE",
        "Padded twice",
        "2p is added to the length that already has its padding",
        "The padding seems to have gone in twice. Did you start from the padded length and then add 2p again?",
        WINDOWED,
        {"padded_size": lambda c: c.size + 2 * np.sum(c.padding)},
        when=_is_padded,
    ),
    by_step(
        "LEN.NO_STRIDE",
        "Left the stride out",
        "the window stops at every position",
        "That counts every position, as with stride 1. Where may the window stop with this stride?",
        WINDOWED,
        {"moves": lambda c: c.numerator},
        when=_is_strided,
    ),
    by_step(
        "LEN.PLUS1_IN_NUMERATOR",
        "+1 before dividing",
        "the +1 belongs inside the floor",
        "The +1 seems to have gone in before the division. When is it added?",
        WINDOWED,
        {"moves": lambda c: (c.numerator + 1) // c.stride, "out_size": lambda c: c.moves},
        when=_is_strided,
    ),
    by_step(
        "LEN.NO_KERNEL",
        "Kernel size not taken away",
        "the window may start at any entry",
        "With that many starts the last windows would run past the end. How far right can a window begin?",
        CONVS,
        {"numerator": lambda c: c.numerator + c.kernel_size},
    ),
    by_step(
        "LEN.SAME",
        "Took it for “same” padding",
        "the output is as long as the input, divided by the stride",
        "That would be the length under “same” padding. Which padding is given here?",
        CONVS,
        {"out_size": lambda c: -(-c.size // c.stride)},
        when=lambda g: g.padding != "same" and not _is_a_pixel(g),
    ),
)
