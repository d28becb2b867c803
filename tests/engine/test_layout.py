"""The layout of a convolution: the same numbers, however windows are laid out and in however many strips."""

import numpy as np
import pytest

from cnn_tutor import engine
from cnn_tutor.engine.layout import Pattern, layout
from tests.engine import oracles
from tests.engine.laws import same


def test_windows_of_stride_one_are_one_run_of_the_flattened_map():
    laid = layout(2, (3, 6, 7), (4, 3, 2, 3), 1, 0, 1, 1)
    assert laid.places.shape == (4 * 7 + 5,)
    assert laid.patches.shape == (1, 1, 3, 2, 3, 33)
    assert laid.result.shape == (4, 5, 5)


@pytest.mark.parametrize(("x", "weight", "stride"), [((6, 40), (2, 38), 1), ((6, 7), (2, 3), 2)])
def test_a_run_that_would_mostly_be_cut_off_is_not_taken(x, weight, stride):
    laid = layout(2, x, weight, stride, 0, 1, 1)
    assert laid.places.shape == laid.out
    maps, kernel = np.arange(np.prod(x)).reshape(x), np.arange(np.prod(weight)).reshape(weight)
    expected = oracles.convolution(maps[None, None], kernel[None, None], (stride, stride), [(0, 0)] * 2, (1, 1), 1)
    assert same(engine.conv2d(maps, kernel, stride=stride).output, expected[0, 0])


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("samples", [1, 40])
def test_a_convolution_of_many_strips_is_that_of_one(samples, stride):
    random = np.random.default_rng(0)
    x, weight = random.normal(size=(samples, 4, 30, 30)), random.normal(size=(6, 2, 5, 5))
    y = engine.conv2d(x, weight, groups=2, padding=2, stride=stride).output
    one = [engine.conv2d(sample, weight, groups=2, padding=2, stride=stride).output for sample in x]
    np.testing.assert_allclose(y, one, rtol=1e-12, atol=1e-12)


def test_a_layout_is_remembered_for_plain_numbers():
    arguments = (1, (5,), (3,), 1, 0, 1, 1)
    assert layout(*arguments) is layout(*arguments)
    assert layout(1, (5,), (3,), [1], 0, 1, 1) == layout(*arguments)


@pytest.mark.parametrize("dtype", [np.float32, np.float64, object])
def test_a_pattern_shows_cells_without_copying(dtype):
    array = np.arange(12).astype(dtype)
    cells = Pattern((2, 3), (6, 2)).of(array)
    assert cells.tolist() == [[0, 2, 4], [6, 8, 10]]
    assert np.shares_memory(cells, array)
