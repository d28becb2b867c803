"""The same computation as a line of PyTorch, for a student who goes on to write it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from cnn_tutor.lesson.layer import op_name
from cnn_tutor.lesson.network import LayerTrace

_DEFAULTS: dict[str, Any] = {
    "stride": (1,),
    "padding": (0,),
    "dilation": (1,),
    "groups": (1,),
    "output_padding": (0,),
    "ceil_mode": (False,),
    "count_include_pad": (True,),
    "eps": (1e-5,),
}


def call(source: LayerTrace) -> str:
    """``y = F.conv1d(x, w, stride=2)``; nothing for what the framework has no call for."""
    if source.layer is None:
        return ""
    op = op_name(source.layer)
    write = _CALLS.get(op)
    line = "" if write is None else write(op, source)
    return f"{source.output} = {line}" if line else ""


def _functional(op: str, source: LayerTrace) -> str:
    names = [source.names[name] for name in ("x", "weight", "bias") if name in source.names]
    return f"F.{op}({', '.join([*names, *_options(source)])})"


def _options(source: LayerTrace, *skipped: str) -> list[str]:
    """Hyper-parameters that are not the framework's defaults; a kernel size needs no name."""
    found = []
    for name, value in source.call.options.items():
        is_default = (
            name in _DEFAULTS and value in _DEFAULTS[name] and not (name == "stride" and "pool" in source.call.op)
        )
        if name in skipped or is_default:
            continue
        written = f"({', '.join(map(str, value))})" if isinstance(value, list) else repr(value)
        found.append(written if name == "kernel_size" else f"{name}={written}")
    return found


def _global(op: str, source: LayerTrace) -> str:
    x = source.names["x"]
    over = min(2, source.own.tensors["x"].ndim)
    axes = ", ".join(map(str, range(-over, 0)))
    return f"{x}.{'mean' if 'avg' in op else 'amax'}(dim=({axes}{',' * (over == 1)}))"


def _norm(op: str, source: LayerTrace) -> str:
    names, options, x = source.names, source.call.options, source.names["x"]
    learned = [f"{key}={names[name]}" for key, name in (("weight", "gamma"), ("bias", "beta")) if name in names]
    parts = [x]
    if op == "batch_norm":
        given = "running_mean" in names
        parts += [names["running_mean"], names["running_var"]] if given else ["None", "None"]
        learned += [] if given else ["training=True"]
    elif op == "group_norm":
        parts.append(str(options["num_groups"]))
    elif op == "layer_norm":
        axes = _last_axes(source)
        if axes is None:
            return ""
        parts.append(f"{x}.shape[-{axes}:]")
    return f"F.{op}({', '.join([*parts, *learned, *_options(source, 'num_groups', 'axes')])})"


def _last_axes(source: LayerTrace) -> int | None:
    """How many of the last axes share one mean; None where they are others, which the framework's call cannot do."""
    rank = source.own.tensors["x"].ndim
    axes = source.call.options.get("axes", -1)
    listed = sorted(axis % rank for axis in (axes if isinstance(axes, list) else [axes]))
    return len(listed) if listed == list(range(rank - len(listed), rank)) else None


def _im2col(op: str, source: LayerTrace) -> str:
    x, rank = source.names["x"], source.own.tensors["x"].ndim
    if rank < 2:
        return ""
    lead = {2: "[None, None]", 3: "[None]"}.get(rank, "")
    return f"F.unfold({', '.join([x + lead, *_options(source)])}).mT{'' if rank == 4 else '[0]'}"


def _softmax(op: str, source: LayerTrace) -> str:
    return f"F.softmax({source.names['x']}, dim={source.call.options.get('axis', -1)})"


def _plain(form: str) -> Callable[[str, LayerTrace], str]:
    return lambda op, source: form.format(x=source.names.get("x", ""))


def _flatten(op: str, source: LayerTrace) -> str:
    return f"{source.names['x']}.flatten({'1' if np.ndim(source.own.tensors['x']) == 4 else ''})"


def _reshape(op: str, source: LayerTrace) -> str:
    return f"{source.names['x']}.reshape({', '.join(map(str, source.call.options['shape']))})"


_CALLS: dict[str, Callable[[str, LayerTrace], str]] = {
    "relu": _plain("F.relu({x})"),
    "sigmoid": _plain("torch.sigmoid({x})"),
    "softmax": _softmax,
    "flatten": _flatten,
    "reshape": _reshape,
    "im2col": _im2col,
    "linear": _functional,
    **{f"{op}{d}d": _functional for op in ("conv", "conv_transpose", "max_pool", "avg_pool") for d in (1, 2)},
    **dict.fromkeys(("global_avg_pool", "global_max_pool"), _global),
    **dict.fromkeys(("batch_norm", "layer_norm", "group_norm", "instance_norm"), _norm),
}
