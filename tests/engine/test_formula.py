"""Formulas are written as on a worksheet, and compute what they say."""

import numpy as np
import pytest

from cnn_tutor.engine import formula as f


@pytest.mark.parametrize(
    ("formula", "operands", "spelled", "value"),
    [
        (f.TIMES, ([2, 0], [1, -1]), "[2·1, 0·-1]", [2, 0]),
        (f.MINUS, ([3, -2], 0.5), "[3 − 0.5, -2 − 0.5]", [2.5, -2.5]),
        (f.OVER, (7, 4), "7 / 4", 1.75),
        (f.SQUARE, ([2, -3],), "[2², -3²]", [4, 9]),
        (f.SUM, ([2, 0, -3],), "2 + 0 + -3", -1),
        (f.SUM_EACH, ([[1, 2], [3, 4]],), "sums of [1, 2, 3, 4], channel by channel", [3, 7]),
        (f.SUM_ALL, ([1, 2], 4), "1 + 2 + 4", 7),
        (f.MEAN, ([1, 2, 6],), "(1 + 2 + 6) / 3", 3),
        (f.MAX, ([[1, 5], [2, 0]],), "max(1, 5, 2, 0)", 5),
        (f.DOT, ([2, -1], [1, 3]), "2·1 + -1·3", -1),
        (f.ROOT, (8, 1), "√(8 + 1)", 3),
        (f.AFFINE, ([1, -1], 2, 3), "[2·1 + 3, 2·-1 + 3]", [5, 1]),
        (f.AFFINE, ([[1, 2], [3, 4]], [1, 10], [0, 5]), "[1·1 + 0, 1·2 + 0, 10·3 + 5, 10·4 + 5]", [[1, 2], [35, 45]]),
        (f.SCALE, (3, 2), "2·3", 6),
        (f.SHIFT, (3, 2), "3 + 2", 5),
        (f.RELU, (-2,), "max(0, -2)", 0),
        (f.LOGISTIC, (3,), "1 / (1 + 3)", 0.25),
        (f.EXTENT, (3, 2), "2·(3 − 1) + 1", 5),
        (f.PADDED_SIZE, (5, [1, 2]), "5 + 1 + 2", 8),
        (f.FLOOR_OVER, (7, 2), "⌊7 / 2⌋", 3),
        (f.CEIL_OVER, (7, 2), "⌈7 / 2⌉", 4),
        (f.COUNT, ([4, 4, 4],), "count the entries: 4, 4, 4", 3),
        (f.PRODUCT, ([2, 3],), "2·3", 6),
        (f.TOTAL_COUNT, ([1, 2], [3]), "2 + 1", 3),
        (f.TOTAL_COUNT, (), "0", 0),
        (f.constant(0), (), "0", 0),
        (f.pad(1, 2, 0), ([4, 5],), "[0, 4, 5, 0, 0]", [0, 4, 5, 0, 0]),
        (f.blank(2, -np.inf), (), "[−∞, −∞]", [-np.inf, -np.inf]),
        (f.size(-1), ([[1, 2, 3]],), "count the entries along the last axis", 3),
    ],
)
def test_a_formula_computes_what_it_spells(formula, operands, spelled, value):
    arrays = [np.asarray(one) for one in operands]
    np.testing.assert_allclose(formula.compute(*arrays), value)
    assert formula.spell(*([str(entry) for entry in one.ravel()] for one in arrays)) == spelled


def test_nothing_warns():
    assert np.isinf(f.EXP_NEGATIVE.compute(np.float64(-1000)))
    assert np.isnan(f.OVER.compute(np.float64(0), np.float64(0)))
    assert np.isnan(f.TIMES.compute(np.array([np.inf]), np.array([0.0]))).all()
