"""Every op again, as the few lines of loops that its definition is. Nothing here knows the engine.

Tensors are full, (N, C, *spatial); hyper-parameters have one entry an axis, padding a pair. :func:`full` and
:func:`settings` bring a call into that form.
"""

import itertools
import math

import numpy as np


def full(x, rank):
    return x.reshape((1,) * (rank + 2 - x.ndim) + x.shape)


def each(value, rank):
    return (value,) * rank if np.ndim(value) == 0 else tuple(value)


def settings(options, sizes, kernel):
    """stride, padding and dilation written out; ``"same"`` keeps ⌈size / stride⌉ windows, an odd cell goes behind."""
    rank = len(sizes)
    stride, dilation = each(options.get("stride", 1), rank), each(options.get("dilation", 1), rank)
    padding = options.get("padding", 0)
    if padding == "same":
        reach = [d * (k - 1) + 1 for d, k in zip(dilation, kernel, strict=True)]
        totals = [max((math.ceil(n / s) - 1) * s + r - n, 0) for n, s, r in zip(sizes, stride, reach, strict=True)]
        pads = [(total // 2, total - total // 2) for total in totals]
    else:
        pads = [(p, p) if np.ndim(p) == 0 else tuple(p) for p in each(0 if padding == "valid" else padding, rank)]
    return stride, pads, dilation


def starts(size, kernel, stride, pad, dilation, ceil_mode=False):
    """The first cell of every window, counted from the first cell of the input.

    With ``ceil_mode`` the frameworks round up, then drop a last window that starts behind the input.
    """
    moves = (size + sum(pad) - dilation * (kernel - 1) - 1) / stride
    found = [at * stride - pad[0] for at in range((math.ceil if ceil_mode else math.floor)(moves) + 1)]
    return found[:-1] if ceil_mode and found and found[-1] >= size else found


def convolution(x, w, stride, pads, dilation, groups):
    x = np.pad(x, [(0, 0), (0, 0), *pads])
    filters, channels, *kernel = w.shape
    lengths = [(n - d * (k - 1) - 1) // s + 1 for n, k, s, d in zip(x.shape[2:], kernel, stride, dilation, strict=True)]
    y = np.zeros((len(x), filters, *lengths), dtype=np.result_type(x, w))
    for n, f, *at in np.ndindex(y.shape):
        for c, *tap in np.ndindex(w.shape[1:]):
            cell = [i * s + u * d for i, s, u, d in zip(at, stride, tap, dilation, strict=True)]
            y[n, f, *at] += w[f, c, *tap] * x[n, f // (filters // groups) * channels + c, *cell]
    return y


def transposed_convolution(x, w, stride, padding, extra, dilation, groups):
    each_group, *kernel = w.shape[1:]
    laid = [(n - 1) * s + d * (k - 1) + 1 for n, s, d, k in zip(x.shape[2:], stride, dilation, kernel, strict=True)]
    y = np.zeros(
        (len(x), each_group * groups, *(n + e for n, e in zip(laid, extra, strict=True))), np.result_type(x, w)
    )
    for n, c, *at in np.ndindex(x.shape):
        for f, *tap in np.ndindex(w.shape[1:]):
            cell = [i * s + u * d for i, s, u, d in zip(at, stride, tap, dilation, strict=True)]
            y[n, c // (x.shape[1] // groups) * each_group + f, *cell] += x[n, c, *at] * w[c, f, *tap]
    return y[:, :, *(slice(p, m - p) for p, m in zip(padding, y.shape[2:], strict=True))]


def pool(x, kernel, stride, pads, dilation, ceil_mode, include=None):
    """The largest entry of every window; with ``include`` (whether padding counts) its mean."""
    sizes = x.shape[2:]
    firsts = [starts(*axis, ceil_mode=ceil_mode) for axis in zip(sizes, kernel, stride, pads, dilation, strict=True)]
    y = np.zeros((*x.shape[:2], *map(len, firsts)), dtype=x.dtype if include is None else np.float64)
    for n, c, *at in np.ndindex(y.shape):
        taps = itertools.product(
            *([first[i] + d * u for u in range(k)] for first, i, d, k in zip(firsts, at, dilation, kernel, strict=True))
        )
        taps = list(taps)
        inside = [tap for tap in taps if all(0 <= i < size for i, size in zip(tap, sizes, strict=True))]
        entries = [x[n, c, *tap] for tap in inside]
        if include is None:
            y[n, c, *at] = max(entries)
            continue
        ends = [(-before, size + after) for size, (before, after) in zip(sizes, pads, strict=True)]
        padded = [tap for tap in taps if all(low <= i < high for i, (low, high) in zip(tap, ends, strict=True))]
        y[n, c, *at] = math.fsum(entries) / len(padded if include else inside)
    return y


def normalise(z, eps):
    """One set of numbers, in exact sums."""
    numbers = [float(one) for one in z.ravel()]
    mean = math.fsum(numbers) / len(numbers)
    variance = math.fsum((one - mean) ** 2 for one in numbers) / len(numbers)
    return ((z - mean) / math.sqrt(variance + eps)).reshape(z.shape)


def softmax(z):
    """One row of logits."""
    exponentials = [math.exp(one - max(z)) for one in z]
    return [one / math.fsum(exponentials) for one in exponentials]
