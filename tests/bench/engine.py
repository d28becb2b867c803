"""How fast the engine's convolution is, beside plain NumPy and torch: ``python -m tests.bench.engine``.

One thread, double precision, medians of interleaved runs; compare only within one run. Plain NumPy is the row-padded
im2col with one matrix product, without any check. torch is optional (``pip install torch``, best in a venv of its own).
"""

import os
import statistics
import sys
import time
import tracemalloc
from functools import partial

import numpy as np

from cnn_tutor import engine

try:
    import torch
except ImportError:
    torch = None

SHAPES = {
    "3×3 · 2×2, bare": ((3, 3), (2, 2), 3000),
    "28×28 · 16 · 3×3": ((1, 28, 28), (16, 1, 3, 3), 2000),
    "3×224×224 · 64 · 3×3": ((3, 224, 224), (64, 3, 3, 3), 25),
    "64×56×56 · 64 · 3×3": ((64, 56, 56), (64, 64, 3, 3), 25),
}
"""Shape of x, shape of the weight, how many runs."""


def plain_numpy(x, weight):
    """Every tap of the kernel meets one run of the flattened map; columns that wrap are cut off after the product."""
    channels, height, width = x.shape
    filters, _, k_h, k_w = weight.shape
    h_out, w_out = height - k_h + 1, width - k_w + 1
    run = (h_out - 1) * width + w_out
    flat, patches = x.reshape(channels, -1), np.empty((channels, k_h, k_w, h_out * width))
    for i in range(k_h):
        for j in range(k_w):
            patches[:, i, j, :run] = flat[:, i * width + j : i * width + j + run]
    patches[..., run:] = 0
    product = weight.reshape(filters, -1) @ patches.reshape(channels * k_h * k_w, -1)
    return product.reshape(filters, h_out, width)[..., :w_out]


def medians(functions, runs):
    """Seconds of each function, run in turns so that whatever else the machine does falls on all alike."""
    times = [[] for _ in functions]
    for _ in range(runs):
        for function, own in zip(functions, times, strict=True):
            start = time.perf_counter()
            function()
            own.append(time.perf_counter() - start)
    return [statistics.median(own) for own in times]


def rows():
    """One row a shape: microseconds of engine, NumPy and torch, the ratio to the better, story and step, memory."""
    random = np.random.default_rng(0)
    for name, (shape, kernels, runs) in SHAPES.items():
        x, weight = random.normal(size=shape), random.normal(size=kernels)
        maps, filters = (x, weight) if x.ndim == 3 else (x[None], weight[None, None])
        functions = [partial(engine.conv2d, x, weight), partial(plain_numpy, maps, filters)]
        if torch is not None:
            tensors = torch.from_numpy(maps)[None], torch.from_numpy(filters)
            functions.append(partial(torch.nn.functional.conv2d, *tensors))
        for function in functions:
            function()
        ours, *others = medians(functions, runs)
        yield name, ours, others, *costs(x, weight)


def costs(x, weight):
    """Seconds to tell the story and of the slowest of many steps; peak memory over that of im2col and output."""
    trace = engine.conv2d(x, weight)
    (story,) = medians([lambda: len(engine.Trace(trace.output, trace.tell).steps)], 20)
    positions = {*range(20), *np.linspace(0, len(trace.steps) - 1, 200, dtype=int).tolist()}
    slowest = max(medians([partial(trace.steps.__getitem__, min(at, len(trace.steps) - 1))], 3)[0] for at in positions)
    tracemalloc.start()
    made = engine.conv2d(x, weight)
    len(made.steps)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    out = made.output.shape
    patches = np.prod(weight.shape) // (1 if weight.ndim == 2 else len(weight)) * np.prod(out[-2:])
    return story, slowest, peak / ((patches + made.output.size) * x.itemsize)


def main():
    """Print the table. On the first shape the memory is that of some Python objects, beside 170 bytes of numbers."""
    versions = f"NumPy {np.__version__}, torch {torch.__version__ if torch else 'missing'}"
    print(f"{versions}; µs, medians; memory over im2col + output")
    heads = ("engine", "NumPy", "torch", "ratio", "story", "step", "memory")
    print(f"{'':24}" + "".join(f"{head:>10}" for head in heads))
    for name, ours, others, story, step, memory in rows():
        others = [*others, float("nan")][:2]
        ratio = ours / min(time for time in others if time == time)
        times = "".join(f"{seconds * 1e6:10.1f}" for seconds in (ours, *others))
        print(f"{name:24}{times}{ratio:10.2f}{story * 1e6:10.1f}{step * 1e6:10.1f}{memory:10.2f}")


if __name__ == "__main__":
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    if os.environ.items() >= threads.items():
        main()
    else:
        os.execve(sys.executable, [sys.executable, "-m", "tests.bench.engine"], {**os.environ, **threads})
