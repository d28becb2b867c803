"""Published networks: every layer's shape, parameters and MACs, and the totals, as their tables have them."""

import json
from collections import Counter
from dataclasses import replace

import msgspec
import numpy as np
import pytest

from cnn_tutor.lesson.network import run
from cnn_tutor.lesson.schema import Track, TrackedLayer
from cnn_tutor.tutor.drill import Drill, begin, compose
from cnn_tutor.tutor.question import questions
from cnn_tutor.tutor.scene import scene
from cnn_tutor.tutor.session import start
from tests.course import DATA, LESSONS, asked
from tests.engine.laws import obeys

PUBLISHED = json.loads((DATA / "architectures.json").read_text(encoding="utf-8"))
OPS = {
    "conv2d": "Conv2d",
    "batch_norm": "BatchNorm2d",
    "linear": "Linear",
    "max_pool2d": "MaxPool2d",
    "avg_pool2d": "AvgPool2d",
}


def network(name):
    lesson, _, own = name.partition("/")
    return next(one for one in LESSONS[lesson].exercise if one.id == own)


@pytest.mark.parametrize("name", PUBLISHED)
class TestPublished:
    def test_the_totals_are_the_published_ones(self, name):
        (source,) = run(network(name))
        assert int(source.trace) == PUBLISHED[name]["parameters"]
        assert source.trace.tensors["macs"] == PUBLISHED[name]["macs"]

    def test_so_is_every_layer(self, name):
        (source,) = run(network(name))
        tensors = source.trace.tensors
        ours = Counter(
            (
                OPS[layer.op],
                tuple(tensors[f"{layer.name}.shape"].tolist()),
                int(tensors[f"{layer.name}.parameters"]),
                int(tensors[f"{layer.name}.macs"]) if f"{layer.name}.macs" in tensors else 0,
            )
            for layer in network(name).track.layers
            if layer.op in OPS
        )
        table = Counter((kind, tuple(shape), count, macs) for kind, shape, count, macs in PUBLISHED[name]["layers"])
        assert ours == table

    def test_its_trace_obeys_the_laws(self, name):
        (source,) = run(network(name))
        obeys(source.trace)

    def test_its_totals_are_asked_in_the_lesson(self, name):
        texts = {one.key: one.text for one in asked(name.partition("/")[0])}
        assert texts[f"{name}/parameters"] == str(PUBLISHED[name]["parameters"])
        assert texts[f"{name}/macs"] == str(PUBLISHED[name]["macs"])


def answers(lesson):
    """By exercise, each layer's shape and parameters as they are asked: alone, or in a row of its stage's table."""
    found = {}
    for one in questions(lesson):
        told = found.setdefault(one.exercise.id, {})
        name, _, what = one.key.rpartition("/")[2].partition(".")
        if what == "table":
            told |= {read.tensor: list(map(int, np.ravel(value))) for step in one.steps for read, value in reads(step)}
            assert one.text == "; ".join(" ".join(map(str, step.value)) for step in one.steps)
        elif what in ("shape", "parameters"):
            told[f"{name}.{what}"] = list(map(int, one.text.split("x")))
    return found


def reads(step):
    return zip(step.reads, step.operands, strict=True)


def is_repeated(name, layers):
    """Whether a layer belongs to a block that is there several times, and not to the first of these."""
    stages = [one for one in layers if one.op == "stack" and (one.repeat or 1) > 1]
    return any(name in stage.of[len(stage.of) // stage.repeat :] for stage in stages)


def asked_of_every_layer(lesson):
    for exercise, told in answers(lesson).items():
        (network,) = (one for one in lesson.exercise if one.id == exercise)
        (source,) = run(network)
        layers = [one for one in network.track.layers if one.op != "stack"]
        for layer in layers:
            for what in ("shape", "parameters"):
                tensor = f"{layer.name}.{what}"
                if not is_repeated(layer.name, network.track.layers):
                    assert told[tensor] == np.ravel(source.trace.tensors[tensor]).tolist()
        yield exercise, layers


@pytest.mark.parametrize("lesson", ["classic-networks", "residual-networks"])
class TestAsked:
    def test_every_layer_s_shape_and_parameters_are_asked(self, lesson):
        networks = dict(asked_of_every_layer(LESSONS[lesson]))
        assert {f"{lesson}/{one}" for one in networks} >= {one for one in PUBLISHED if one.startswith(lesson)}
        assert min(map(len, networks.values())) >= 6

    def test_so_they_are_in_a_drill_on_networks_of_other_sizes(self, lesson):
        drill = compose(Drill.of([LESSONS[lesson]], 5, count=None, minutes=None, name=""), LESSONS.__getitem__)
        session = begin(Drill.of([LESSONS[lesson]], 5, count=None, minutes=None, name=""), LESSONS.__getitem__)
        in_fast_mode = [session.questions[place].key for place in session.asked]
        assert in_fast_mode == [one.key for one in questions(drill) if not one.key.endswith(".stack_parameters")]
        assert len(list(asked_of_every_layer(drill))) == len(LESSONS[lesson].exercise)
        printed = {str(PUBLISHED[name]["parameters"]) for name in PUBLISHED}
        totals = [one.text for one in questions(drill) if one.key.endswith("/parameters")]
        assert len(totals) == len(LESSONS[lesson].exercise)
        assert not printed & set(totals)

    def test_a_stage_is_drawn_within_sixty_columns(self, lesson):
        session = start(LESSONS[lesson])
        for place, one in enumerate(session.questions):
            if one.part is not None and one.exercise.id != "mobile":
                (panel,) = scene(replace(session, position=place))
                widths = (max(len(cell.text) + 2 for cell in column) for column in zip(*panel.rows, strict=True))
                assert sum(widths) <= 58, one.key


def test_a_mobilenet_block_counts_as_its_two_convolutions_and_norms():
    (source,) = run(network("residual-networks/mobile"))
    assert int(source.trace) == 32 * 9 + 2 * 32 + 32 * 64 + 2 * 64
    assert source.trace.tensors["macs"] == 112 * 112 * (32 * 9 + 32 * 64)


def test_a_stack_is_written_out_as_often_as_it_is_repeated():
    block = [
        TrackedLayer(name="conv", op="conv2d", filters=4, kernel_size=3, padding=1),
        TrackedLayer(name="add", op="add", other="start"),
    ]
    track = Track(input=[4, 8, 8], layers=[TrackedLayer(name="s", op="stack", repeat=2, layers=block)])
    assert [layer.name for layer in track.layers] == ["s_1_conv", "s_1_add", "s_2_conv", "s_2_add", "s"]
    assert [layer.other for layer in track.layers] == [None, "in", None, "s_1_add", None]


def test_every_layer_can_be_asked():
    """Without a list of what is asked, each layer's shape and parameters are."""
    exercise = network("residual-networks/mobile")
    lesson = LESSONS["residual-networks"]
    whole = msgspec.structs.replace(lesson, exercise=[msgspec.structs.replace(exercise, ask={})])
    keys = {one.key.rpartition("/")[2] for one in questions(whole)}
    names = [layer.name for layer in exercise.track.layers if layer.op != "stack"]
    assert {f"{name}.{what}" for name in names for what in ("shape", "parameters")} <= keys
