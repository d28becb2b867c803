"""Ideas that are followed side by side come to what each comes to alone, step by step."""

import itertools

import numpy as np
import pytest

from cnn_tutor.engine import Window
from cnn_tutor.lesson.load import parse
from cnn_tutor.tutor.abreast import Abreast, aligned
from cnn_tutor.tutor.candidate import step
from cnn_tutor.tutor.counterfactual import own_name, rewritten, tried, value_at
from cnn_tutor.tutor.misconceptions import about
from cnn_tutor.tutor.question import questions
from cnn_tutor.tutor.sweep import in_worlds
from tests.course import DATA, LESSONS

EACH = {name: parse((DATA / f"{name}.toml").read_text(encoding="utf-8")) for name in ("each-op", "every-op", "beyond")}
FAMILIES = ("conv", "max_pool", "avg_pool", "batch_norm", "layer_norm", "group_norm", "relu", "sigmoid", "softmax")
"""Ops whose outputs are all worked out side by side."""


def places(lesson):
    """For each layer the windows that are asked: of one step, of all, and of the last step of all."""
    seen = set()
    for question in questions(lesson):
        source, part = question.source, question.part
        if source is None or question.kind == "cells":
            continue
        number, item, last = source.trace.steps.locate(part.positions[-1])
        alone = source.trace.steps.blocks[number].plan(item, last).target
        for until, window in ((step(question), part.target), (part.positions[-1], alone)):
            key = id(source), until, window.tensor, str(window.index)
            if key not in seen:
                seen.add(key)
                yield source, until, window


def ideas(source):
    """All ideas about steps of a layer, and all pairs of them."""
    changes = [one for row in about(source.call.op) if (one := row.counterfactual.changes(source.call))]
    pairs = [{**one, **other} for one, other in itertools.combinations(changes, 2) if not other.keys() >= one.keys()]
    return changes, pairs


@pytest.mark.parametrize("lesson", [*EACH.values(), *(LESSONS[one] for one in ("counting", "grouped", "head"))])
def test_side_by_side_and_step_by_step_are_the_same(lesson):
    done = 0
    for source, until, window in places(lesson):
        own = Window(own_name(source, window), window.index)
        changes, pairs = ideas(source)
        chosen = changes + pairs[:: max(1, len(pairs) // 15)]
        found, alone = in_worlds(source.call, source.own, chosen, own, until)
        if window.tensor == source.output and source.call.op.startswith(FAMILIES) and "backward" not in source.call.op:
            assert not set(alone) & set(range(len(changes))), source.call.op
        for number in set(range(len(chosen))) - set(alone):
            with np.errstate(all="ignore"):
                world = tried(rewritten, source.call, source.own, chosen[number], until)
            expected = None if world is None else value_at(source, window, world)
            assert (expected is None) == (found[number] is None)
            if expected is not None:
                done += 1
                assert found[number].shape == expected.shape
                assert np.allclose(found[number], expected, rtol=1e-9, atol=1e-9)
    assert done > 50


def test_what_does_not_go_side_by_side_gives_no_number():
    steps = Abreast(aligned(np.arange(12.0).reshape(2, 3, 2)))
    for work in (
        lambda: 1 if steps else 0,
        lambda: np.asarray(steps),
        lambda: steps + np.arange(2),
        lambda: np.cumsum(steps),
        lambda: np.add.reduce(steps, axis=0),
        lambda: np.linalg.norm(steps),
        lambda: list(steps),
        lambda: {steps: 1},
        lambda: float(steps),
        lambda: np.zeros(np.shape(steps)),
        lambda: np.sum([steps, steps]),
        lambda: steps["x"],
    ):
        with pytest.raises((TypeError, AttributeError)):
            work()


@pytest.mark.parametrize(
    "of_one",
    [
        np.sum,
        np.mean,
        np.max,
        np.min,
        np.ptp,
        np.prod,
        np.median,
        np.count_nonzero,
        np.argmax,
        np.size,
        np.ravel,
        lambda a: a[0],
        lambda a: a[1:],
        lambda a: a[-1],
        lambda a: np.where(a > 2, a, -1) / np.sqrt(a + 1),
        lambda a: np.append(np.sum(a), 2 * a),
        lambda a: np.add.reduce(a, axis=None) / a.size,
        lambda a: np.heaviside(np.maximum(a, 3) - 3, 0),
    ],
)
def test_each_step_is_done_by_itself(of_one):
    worlds = np.random.default_rng(7).integers(0, 6, (2, 3, 4)).astype(float)
    together = of_one(Abreast(aligned(worlds)))
    array = together.array if isinstance(together, Abreast) else np.full((2, 3), together)
    for place in np.ndindex(2, 3):
        assert np.allclose(np.ravel(array[place]), np.ravel(of_one(worlds[place])))
