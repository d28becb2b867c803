"""Convolution as every deep-learning library means it: cross-correlation, the kernel laid down as written, never flipped.

    Y[f, i, j] = Σ_c Σ_u Σ_v  W[f, c, u, v] · X̃[c, i·s + u·d, j·s + v·d] + b[f]

X̃ is the zero-padded input. One implementation serves one and two spatial axes. Definition and defaults are those of
``torch.nn.functional.conv1d`` and ``conv2d``; the bare forms are the worksheet's.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from cnn_tutor.engine import formula as f
from cnn_tutor.engine.trace import Array, Block, Index, Lazy, Plan, Tensors, Trace, Window, block
from cnn_tutor.engine.windows import (
    HYPER_PARAMETERS,
    Form,
    Grid,
    Padding,
    Sizes,
    as_tensor,
    grid,
    grid_blocks,
    integer,
    pad,
    taps,
    unravel,
    view,
    window_plan,
    windows_tensor,
)
from cnn_tutor.errors import ShapeError


def conv1d(
    x: Any,
    weight: Any,
    bias: Any = None,
    *,
    stride: Sizes = 1,
    padding: Padding = 0,
    dilation: Sizes = 1,
    groups: int = 1,
) -> Trace:
    """1D convolution.

    ``x`` is (N, C_in, L), (C_in, L) or bare (L,); ``weight`` is (C_out, C_in/groups, K), or bare (K,) with a bare
    ``x``; ``bias`` is (C_out,) or, bare, a number. The output is (N, C_out, L_out), (C_out, L_out) or (L_out,).
    ``stride``, ``padding`` and ``dilation`` are counted in cells. Raises ShapeError when shapes do not fit.
    """
    return _conv(1, x, weight, bias, stride, padding, dilation, groups)


def conv2d(
    x: Any,
    weight: Any,
    bias: Any = None,
    *,
    stride: Sizes = 1,
    padding: Padding = 0,
    dilation: Sizes = 1,
    groups: int = 1,
) -> Trace:
    """2D convolution.

    ``x`` is (N, C_in, H, W), (C_in, H, W) or bare (H, W); ``weight`` is (C_out, C_in/groups, k_h, k_w), or bare
    (k_h, k_w) with a bare ``x``; ``bias`` is (C_out,) or, bare, a number. The output has the same form as ``x``.
    Raises ShapeError when shapes do not fit.
    """
    return _conv(2, x, weight, bias, stride, padding, dilation, groups)


def _conv(
    dimensions: int,
    x: Any,
    weight: Any,
    bias: Any,
    stride: Sizes,
    padding: Padding,
    dilation: Sizes,
    groups: int,
) -> Trace:
    x, weight = as_tensor("x", x), as_tensor("weight", weight)
    form = Form.of(x, dimensions)
    if weight.ndim != (dimensions if form.bare else dimensions + 2):
        fits = f"{dimensions} axes, as x is bare" if form.bare else f"{dimensions + 2} axes (C_out, C_in/groups, *kernel)"
        raise ShapeError(f"weight must have {fits}; got shape {weight.shape}")
    full = form.full(x)
    kernels = weight if not form.bare else weight[None, None]
    groups = integer("groups", groups, 1)
    c_in, c_out = full.shape[1], kernels.shape[0]
    if c_in % groups or c_out % groups:
        raise ShapeError(f"groups must divide the {c_in} input and {c_out} output channels, got {groups}")
    if kernels.shape[1] * groups != c_in:
        raise ShapeError(
            f"weight must have {c_in // groups} input channels (C_in/groups = {c_in}/{groups}), got shape {weight.shape}"
        )
    bias = None if bias is None else bias_vector(bias, c_out, form.bare)
    axes = grid(full.shape[2:], kernels.shape[2:], stride=stride, padding=padding, dilation=dilation)

    padded = pad(full, axes)
    sums = correlate(padded, kernels, axes, groups)
    output = sums if bias is None else sums + bias.reshape(-1, *[1] * dimensions)
    return _trace(form, axes, groups, x, weight, bias, padded, kernels, sums, output)


def bias_vector(bias: Any, c_out: int, bare: bool) -> Array:
    """``bias`` checked: (C_out,), or a number for a bare kernel; raises ShapeError when it has another shape."""
    offsets = as_tensor("bias", bias)
    if offsets.shape != (c_out,) and not (bare and offsets.ndim == 0):
        raise ShapeError(f"bias must have shape ({c_out},), one number for each filter; got {offsets.shape}")
    return offsets


def correlate(padded: Array, kernels: Array, axes: Grid, groups: int) -> Array:
    """Σ over windows × kernels as one matrix product a sample and group: (N, C_out, *out)."""
    n, c_out = padded.shape[0], kernels.shape[0]
    out = tuple(axis.out for axis in axes)
    flat = kernels.reshape(groups, c_out // groups, -1)
    if all(axis.stride == 1 for axis in axes):
        patches, width = _row_patches(padded, axes, groups)
        sums = matmul(flat, patches)
        full = sums.reshape(n, c_out, *out[:-1], width)
        return full[..., : out[-1]] if width != out[-1] else full
    windows = view(padded, axes)
    windows = windows.reshape(n, groups, -1, *windows.shape[2:])
    d = len(axes)
    order = (0, 1, 2, *range(3 + d, 3 + 2 * d), *range(3, 3 + d))
    return matmul(flat, windows.transpose(order).reshape(n, groups, flat.shape[2], -1)).reshape(n, c_out, *out)


def _row_patches(padded: Array, axes: Grid, groups: int) -> tuple[Array, int]:
    """im2col for stride 1 in long contiguous runs: (N, groups, C_in/groups · k…, H_out · W) and its row width W.

    One tap of the kernel meets a contiguous run of the flattened map; the W − W_out columns where a window would wrap
    to the next row come along and are cut off after the product.
    """
    n, c_in = padded.shape[:2]
    padded = np.ascontiguousarray(padded)
    kernel = tuple(axis.kernel for axis in axes)
    width = axes[-1].padded
    rows = math.prod(axis.out for axis in axes[:-1])
    run = (rows - 1) * width + axes[-1].out
    step = padded.itemsize
    taps_strides = [axis.dilation * stride for axis, stride in zip(axes, padded.strides[2:], strict=True)]
    runs = np.lib.stride_tricks.as_strided(
        padded, (n, c_in, *kernel, run), (*padded.strides[:2], *taps_strides, step), writeable=False
    )
    if len(axes) == 1:
        width = run
    patches = np.empty((n, c_in, *kernel, rows * width), dtype=padded.dtype)
    patches[..., :run] = runs
    patches[..., run:] = 0
    return patches.reshape(n, groups, c_in // groups * math.prod(kernel), rows * width), width


def matmul(a: Array, b: Array) -> Array:
    """a @ b; exact for integers, through floating point wherever that cannot round.

    Integers whose sums of products stay below 2⁵³ are exact in float64, where the product runs on BLAS. Larger ones
    are computed as int64 and, past 2⁶³, as Python integers.
    """
    if a.dtype.kind == "f" or b.dtype.kind == "f" or a.size * b.shape[-1] < 1 << 12:
        if a.dtype.kind == "f" or b.dtype.kind == "f" or _bound(a, b) < 1 << 62:
            return np.matmul(a, b)
    bound = _bound(a, b)
    if bound < 1 << 53:
        return np.rint(np.matmul(a.astype(np.float64), b.astype(np.float64))).astype(np.int64)
    if bound < 1 << 62:
        return np.matmul(a, b)
    return np.matmul(a.astype(object), b.astype(object))


def _bound(a: Array, b: Array) -> int:
    """No entry of a @ b is larger than this."""
    if a.dtype == object or b.dtype == object:
        return 1 << 63
    return max(abs(int(a.min())), abs(int(a.max()))) * max(abs(int(b.min())), abs(int(b.max()))) * a.shape[-1]


def _trace(
    form: Form,
    axes: Grid,
    groups: int,
    x: Array,
    weight: Array,
    bias: Array | None,
    padded: Array,
    kernels: Array,
    sums: Array,
    output: Array,
) -> Trace:
    d = len(axes)
    out = tuple(axis.out for axis in axes)
    n_samples, (c_out, c_in) = padded.shape[0], kernels.shape[:2]
    per_group = c_out // groups
    is_padded = any(axis.before or axis.after for axis in axes)
    source = "padded" if is_padded else "x"

    def group(c: int) -> slice:
        return slice(c // per_group * c_in, (c // per_group + 1) * c_in)

    def product(index: Index) -> Array:
        n, c, position = form.split(index)
        entries = padded[(n, group(c), *taps(axes, position))] * kernels[c]
        return entries[0] if form.bare else entries

    def products() -> Array:
        windows = view(padded, axes)
        windows = windows.reshape(n_samples, groups, 1, c_in, *windows.shape[2:])
        entries = windows * kernels.reshape(groups, per_group, c_in, *[1] * d, *kernels.shape[2:])
        entries = np.moveaxis(entries.reshape(n_samples, c_out, c_in, *entries.shape[4:]), 2, 2 + d)
        return entries if form.batched else entries[0, 0, ..., 0, *[slice(None)] * d] if form.bare else entries[0]

    def channel_sums(index: Index) -> Array:
        return product(index).reshape(c_in, -1).sum(axis=1)

    rank = form.lead + d
    tensors: dict[str, Array | Lazy] = {
        "x": x,
        "weight": weight,
        "windows": windows_tensor(form, padded, axes),
        "products": Lazy(products, rank, product),
        "y": form.strip(output),
        "weights": np.array(weight.size),
        "parameters": np.array(weight.size + (0 if bias is None else bias.size)),
    }
    if is_padded:
        tensors["padded"] = form.strip(padded)
    if c_in > 1:
        tensors["channel_sums"] = Lazy(lambda: products().reshape(*form.strip(output).shape, c_in, -1).sum(-1), rank, channel_sums)
    if bias is not None:
        tensors |= {"bias": bias, "weighted_sum": form.strip(sums), "biases": np.array(bias.size)}

    def filter_plans(n: int, c: int, position: tuple[int, ...]) -> list[Plan]:
        cell = form.at(n, c, position)
        window = (n, *position)[1 - form.batched :] + ((group(c),) if groups > 1 else ())
        kernel = Window("weight", () if form.bare else (c,))
        plans = [Plan("products", f.TIMES, (Window("windows", window), kernel), Window("products", cell))]
        terms = Window("products", cell)
        if c_in > 1:
            plans.append(Plan("channel_sums", f.SUM_EACH, (terms,), Window("channel_sums", cell)))
            terms = Window("channel_sums", cell)
        if bias is None:
            return [*plans, Plan("output", f.SUM, (terms,), Window("y", cell))]
        offset = Window("bias", (c,) if bias.ndim else ())
        total = Window("weighted_sum", cell)
        return [*plans, Plan("weighted_sum", f.SUM, (terms,), total), Plan("output", f.PLUS, (total, offset), Window("y", cell))]

    per_filter = 2 + (c_in > 1) + (bias is not None)

    def plan(item: int, part: int) -> Plan:
        n, *position = unravel(item, (n_samples, *out))
        if part == 0:
            return window_plan(form, source, axes, n, tuple(position))
        c, part = divmod(part - 1, per_filter)
        return filter_plans(n, c, tuple(position))[part]

    cells = Block(n_samples * math.prod(out), 1 + c_out * per_filter, plan)
    blocks = [*grid_blocks(axes, tensors, x=x, kernel="weight"), cells, *parameter_blocks("weight", bias)]
    given = ("x", "weight") if bias is None else ("x", "weight", "bias")
    return Trace(Tensors(tensors), tuple(blocks), (*given, *HYPER_PARAMETERS))


def parameter_blocks(weight: str, bias: Array | None) -> list[Block]:
    """How many numbers the layer learns."""
    weights = Plan("weights", f.COUNT, (Window(weight),), Window("weights"))
    if bias is None:
        return [block(weights, Plan("parameters", f.COPY, (Window("weights"),), Window("parameters")))]
    biases = Plan("biases", f.COUNT, (Window("bias"),), Window("biases"))
    reads = (Window("weights"), Window("biases"))
    return [block(weights, biases, Plan("parameters", f.PLUS, reads, Window("parameters")))]
