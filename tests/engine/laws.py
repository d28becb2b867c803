"""The laws every trace obeys, checked step by step."""

import math

import numpy as np


def same(left, right, scale=1):
    """Whether two values agree: whole numbers exactly, real ones to 12 digits (single precision to 5) of the largest.

    ``scale`` is the size of what they were worked out from, where that may have cancelled.
    """
    left, right = np.asarray(left), np.asarray(right)
    if left.shape != right.shape:
        return False
    if left.dtype.kind in "iO" and right.dtype.kind in "iO":
        return bool((left == right).all())
    digits = 1e-5 if left.dtype == right.dtype == np.float32 else 1e-12
    left, right = left.astype(np.float64), right.astype(np.float64)
    return np.allclose(left, right, rtol=10 * digits, atol=digits * max(scale, largest(right)), equal_nan=True)


def largest(values):
    """The largest finite |entry|, at least 1."""
    values = np.abs(np.asarray(values, dtype=np.float64))
    return float(values[np.isfinite(values)].max(initial=1))


def reach(step):
    """How large a step's value could have become."""
    return min(math.prod(map(largest, step.operands)), 1e300)


def obeys(trace):
    """Assert the three laws, and that nothing in a trace comes from nowhere."""
    tensors = {name: trace.tensors[name] for name in trace.tensors}
    written = {name: np.zeros(tensor.shape, dtype=bool) for name, tensor in tensors.items()}
    for name in trace.inputs:
        written[name][...] = True
    for step in trace.steps:
        for window, operand in zip(step.reads, step.operands, strict=True):
            assert written[window.tensor][window.index].all(), f"{step.op} reads {window} before it is written"
            assert same(operand, tensors[window.tensor][window.index]), f"{step.op} reads something else at {window}"
        assert same(step.formula.compute(*step.operands), step.value), f"{step.op} does not recompute"
        for window in step.writes:
            assert not written[window.tensor][window.index].any(), f"{step.op} writes {window} again"
            assert same(step.value, tensors[window.tensor][window.index], reach(step)), (
                f"{step.op} is not what stands at {window}"
            )
            written[window.tensor][window.index] = True
    missing = [name for name, mask in written.items() if not mask.all()]
    assert not missing, f"{missing} are neither given nor written in full"
    assert same(trace.output, tensors[trace.result])
