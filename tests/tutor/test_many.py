"""A layer on many sets of numbers in one run gives what as many runs give."""

import msgspec
import numpy as np
import pytest

from cnn_tutor.lesson.load import parse
from cnn_tutor.lesson.network import Call, run
from cnn_tutor.tutor.carry import all_carried, carried
from cnn_tutor.tutor.many import all_outputs, outputs
from cnn_tutor.tutor.misconceptions import ALL
from cnn_tutor.tutor.variant import variant
from tests.course import DATA, LESSONS

EACH = parse((DATA / "each-op.toml").read_text(encoding="utf-8"))
ALONE = [msgspec.structs.replace(EACH, exercise=[one]) for one in EACH.exercise]
SEEDS = (1, 2, 3)


def layers(lesson):
    """For each layer of a lesson its traces on some sets of numbers of one form."""
    networks = [[run(one) for one in variant(lesson, seed).exercise if one.layer] for seed in SEEDS]
    for exercises in zip(*networks, strict=True):
        yield from zip(*exercises, strict=True)


def test_many_sets_of_numbers_give_what_each_gives_alone():
    seen = set()
    for lesson in (*ALONE, LESSONS["mini-cnn"], LESSONS["whole-network"], LESSONS["bn-inference"]):
        for traces in layers(lesson):
            call = traces[0].call
            if len({one.call.form for one in traces}) > 1:
                continue
            stacked = {name: np.array([one.call.tensors[name] for one in traces]) for name in call.tensors}
            found = outputs(call.op, stacked, call.options)
            if found is not None:
                seen.add(call.op)
                for row, one in zip(found, traces, strict=True):
                    assert np.allclose(row, one.own.output.reshape(-1), rtol=0, atol=1e-9), call.op
    assert {"conv1d", "conv2d", "linear", "max_pool2d", "relu", "sigmoid", "flatten", "cross_entropy"} <= seen


def test_calls_of_several_forms_are_sorted_out():
    x, w = np.arange(6), np.array([1, -1])
    calls = [Call("conv1d", {"x": x + n, "weight": w}, {"stride": 1 + n % 2}) for n in range(4)]
    calls.append(Call("conv1d", {"x": x[:1], "weight": w}, {}))
    found = all_outputs(calls)
    assert found[-1] is None
    for call, output in zip(calls[:-1], found[:-1], strict=True):
        assert np.array_equal(output, call.run().output)


@pytest.mark.parametrize("lesson", ["mini-cnn", "whole-network", "norm-maps"])
def test_mistakes_that_are_carried_on_together_come_out_as_each_alone(lesson):
    for exercise in LESSONS[lesson].exercise:
        network = run(exercise) if exercise.layer else ()
        for source in network[:-1]:
            found = (row.world(source.call, source.own) for row in ALL)
            worlds = [world for world in found if world is not None]
            mistakes = [(source, np.asarray(world["y"])) for world in worlds]
            together = all_carried(network, network[-1], mistakes, output_alone=True)
            for world, changed in zip(worlds, together, strict=True):
                alone = carried(network, source, network[-1], world)
                assert (alone is None) == (changed is None)
                if alone is not None and np.isfinite(alone["y"]).all():
                    assert np.allclose(alone["y"], changed["y"], rtol=0, atol=1e-9)
