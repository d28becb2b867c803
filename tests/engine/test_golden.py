"""Answers of torch to unusual calls, made once by ``data/make_golden.py`` and stored."""

import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from cnn_tutor import engine
from tests.engine.laws import obeys

CASES = json.loads((Path(__file__).parent / "data" / "golden.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['op']} {case['options']}")
def test_the_engine_gives_what_torch_gave(case):
    arguments = {name: np.array(value) for name, value in case["arguments"].items()}
    trace = getattr(engine, case["op"])(**arguments, **case["options"])
    expected = np.array(case["output"])
    assert trace.output.shape == expected.shape
    np.testing.assert_allclose(trace.output, expected, rtol=1e-10, atol=1e-10)
    obeys(trace)


def test_all_kinds_of_op_are_among_the_stored_answers():
    counts = Counter(case["op"] for case in CASES)
    assert len(CASES) == 64
    assert set(counts) >= {"conv1d", "conv2d", "conv_transpose1d", "conv_transpose2d", "max_pool1d", "max_pool2d"}
    assert set(counts) >= {"avg_pool1d", "avg_pool2d", "batch_norm", "layer_norm", "group_norm", "instance_norm"}
    assert set(counts) >= {"linear", "relu", "sigmoid", "softmax", "im2col"}
