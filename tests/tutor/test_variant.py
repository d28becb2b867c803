"""Fresh numbers: the same for a seed on every machine for ever, others for another, and the same lesson still."""

import hashlib
import itertools
import json
import os
import re

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnn_tutor.lesson import check
from cnn_tutor.lesson.layer import op_name
from cnn_tutor.lesson.load import parse
from cnn_tutor.lesson.network import run
from cnn_tutor.lesson.twin import as_exercise
from cnn_tutor.tutor.nice import LARGEST, STEEPEST
from cnn_tutor.tutor.question import questions
from cnn_tutor.tutor.variant import hidden, variant
from tests.course import DATA, IDS, LESSONS
from tests.told_apart import untold

GOLDEN = DATA / "variants.json"
SEEDS = (0, 1, 2)
WITH_NUMBERS = tuple(one for one in IDS if any(exercise.tensors for exercise in LESSONS[one].exercise))
seeds = st.integers(-(2**63), 2**63 - 1)


def fingerprint(lesson):
    """A short name for all numbers of a lesson."""
    numbers = [(exercise.id, exercise.tensors, exercise.track) for exercise in lesson.exercise]
    return hashlib.sha256(msgspec.json.encode(numbers)).hexdigest()[:16]


def test_a_seed_gives_the_numbers_that_it_has_always_given():
    """Teachers hand out seeds, so a change here changes their sheets.

    Read the diff before accepting it: a lesson whose numbers or tensors were changed on purpose may differ, the others
    may not. ``CNN_TUTOR_GOLDEN=write`` writes the file anew.
    """
    now = {one: [fingerprint(variant(LESSONS[one], seed)) for seed in SEEDS] for one in IDS}
    if os.environ.get("CNN_TUTOR_GOLDEN") == "write":
        lines = ",\n".join(f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in now.items())
        GOLDEN.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")
        pytest.fail(f"{GOLDEN.name} is written anew: read its diff")
    assert now == json.loads(GOLDEN.read_text(encoding="utf-8"))


@given(st.sampled_from(IDS), seeds)
@settings(max_examples=60)
def test_a_variant_depends_on_the_lesson_and_the_seed_alone(lesson, seed):
    assert variant(LESSONS[lesson], seed) == variant(LESSONS[lesson], seed)


@pytest.mark.parametrize("lesson", WITH_NUMBERS)
def test_ten_seeds_give_ten_sets_of_numbers_and_none_is_the_printed_one(lesson):
    found = {fingerprint(variant(LESSONS[lesson], seed)) for seed in range(10)} | {fingerprint(LESSONS[lesson])}
    assert len(found) == 11


def form(exercise):
    """What an exercise is drawn as: itself, or its twin where its own sizes hide ideas."""
    return as_exercise(exercise, exercise.twin[0]) if exercise.vary.like == "twin" else exercise


@pytest.mark.parametrize("lesson", [one for one in IDS if any(one.track for one in LESSONS[one].exercise)])
def test_what_is_said_of_a_tracked_network_holds_no_size_of_another(lesson):
    for seed in range(8):
        for before, after in zip(LESSONS[lesson].exercise, variant(LESSONS[lesson], seed).exercise, strict=True):
            if after.track is not None:
                said = {int(one) for one in re.findall(r"\d+", f"{after.title} {after.prose}")}
                assert not said & (sizes(before.track) - sizes(after.track)), (before.id, after.track)


def sizes(track):
    """All numbers of a tracked network."""
    numbers = [(one.filters, one.units, one.kernel_size, one.stride, one.padding, one.groups) for one in track.layers]
    return {*track.input, *(number for each in numbers for number in each if isinstance(number, int))}


@given(st.sampled_from(IDS), seeds)
@settings(max_examples=60)
def test_it_is_the_same_task(lesson, seed):
    """Layers, questions and choices stay; numbers change, and so do sizes and hyper-parameters that may."""
    old, new = LESSONS[lesson], variant(LESSONS[lesson], seed)
    assert (new.notes, new.erratum, new.questions) == ("", [], None)
    rest = {"notes": old.notes, "erratum": old.erratum, "questions": old.questions, "exercise": old.exercise}
    assert msgspec.structs.replace(new, **rest) == old
    for before, after in zip(old.exercise, new.exercise, strict=True):
        was = form(before)
        assert (after.id, after.ask, after.choice, after.twin) == (before.id, was.ask, before.choice, [])
        assert {one.id for one in after.erroneous} <= {one.id for one in before.erroneous}
        assert [op_name(one) for one in after.layer] == [op_name(one) for one in was.layer]
        assert list(after.tensors) == list(was.tensors)
        for first, second in zip(was.layer, after.layer, strict=True):
            for field, values in before.vary.options.get(first.output, {}).items():
                assert getattr(second, field) in values
                second = msgspec.structs.replace(second, **{field: getattr(first, field)})
            assert second == first
        for name, data in was.tensors.items():
            shapes = [tuple(one) for one in before.vary.shapes.get(name, [])] or [np.shape(data)]
            assert np.shape(after.tensors[name]) in shapes
            assert np.asarray(after.tensors[name]).dtype == np.asarray(data).dtype
            if name in before.vary.keep:
                assert after.tensors[name] == data


@given(st.sampled_from(IDS), seeds)
@settings(max_examples=60)
def test_each_variant_asks_every_kind_of_question_of_its_form(lesson, seed):
    old, new = LESSONS[lesson], variant(LESSONS[lesson], seed)
    printed = msgspec.structs.replace(old, exercise=[form(one) for one in old.exercise], erratum=[])
    extra = {"find the slip", "choice"}
    assert {one.skill for one in questions(new)} - extra == {one.skill for one in questions(printed)} - extra


@given(st.sampled_from(IDS), seeds)
@settings(max_examples=60)
def test_equal_tensors_of_different_exercises_stay_equal(lesson, seed):
    old, new = LESSONS[lesson].exercise, variant(LESSONS[lesson], seed).exercise
    pairs = [(form(before), after) for before, after in zip(old, new, strict=True) if not before.vary.shapes]
    named = [(name, data, after.tensors[name]) for was, after in pairs for name, data in was.tensors.items()]
    for name, data, fresh in named:
        assert all(fresh == other for same, before, other in named if (same, before) == (name, data))


@given(st.sampled_from(IDS), seeds)
@settings(max_examples=60)
def test_a_variant_checks_without_a_fault(lesson, seed):
    fresh = variant(LESSONS[lesson], seed)
    plain = [msgspec.structs.replace(one, vary=type(one.vary)()) for one in fresh.exercise]
    assert [note for one in plain for note in check.exercise_faults(one, ())] == []


@given(st.sampled_from(IDS), seeds)
@settings(max_examples=60)
def test_no_number_grows_beyond_what_is_worked_out_by_hand(lesson, seed):
    for exercise in variant(LESSONS[lesson], seed).exercise:
        for source in run(exercise) if exercise.track is None else ():
            assert np.abs(source.trace.output).max() <= LARGEST
            if source.layer is not None and op_name(source.layer) == "sigmoid":
                assert np.abs(source.trace.tensors[source.trace.inputs[0]]).max() <= STEEPEST


@pytest.mark.parametrize("lesson", ["batchnorm", "layernorm", "groupnorm", "extra"])
@pytest.mark.parametrize("seed", range(25))
def test_no_two_samples_are_alike_where_a_linear_layer_takes_them(lesson, seed):
    """Else their rows are one question asked twice, and samples that are mixed up do not show."""
    for exercise in variant(LESSONS[lesson], seed).exercise:
        for source in run(exercise):
            if source.layer is not None and op_name(source.layer) == "linear" and source.call.tensors["x"].ndim > 1:
                x = source.call.tensors["x"]
                assert len(np.unique(x.round(6), axis=0)) == len(x)


class TestNumbersToNormalise:
    """Sets of four have a whole mean that is not 0, a whole root, and a negative among them."""

    @pytest.mark.parametrize("lesson", ["batchnorm", "layernorm", "groupnorm", "extra"])
    @pytest.mark.parametrize("seed", range(25))
    def test_means_and_roots_are_whole(self, lesson, seed):
        for exercise in variant(LESSONS[lesson], seed).exercise:
            for source in run(exercise):
                if "denominator" not in source.own.tensors or source.own.tensors["set_size"] % 4:
                    continue
                means, sets = source.own.tensors["mean"], source.own.tensors["sets"]
                roots = np.sqrt(source.own.tensors["variance"] + round(float(source.own.tensors["eps"])))
                assert np.all(means == np.rint(means))
                assert np.all(means != 0)
                assert np.all(roots == np.rint(roots))
                assert np.all(sets.min(axis=-1) < 0)
                assert len(np.unique(means)) == means.size

    @pytest.mark.parametrize("exercise", ["batch-norm", "layer-norm", "group-norm", "instance-norm"])
    def test_so_are_those_of_a_tensor_that_is_normalised_as_it_is(self, exercise):
        each = parse((DATA / "each-op.toml").read_text(encoding="utf-8"))
        alone = msgspec.structs.replace(each, exercise=[one for one in each.exercise if one.id == exercise])
        for seed in range(5):
            (source,) = run(variant(alone, seed).exercise[0])
            roots = source.own.tensors["denominator"]
            assert np.all(roots == np.rint(roots))
            assert np.all(source.own.tensors["mean"] == np.rint(source.own.tensors["mean"]))


def test_each_operation_by_itself_hides_no_idea_that_other_numbers_show():
    each = parse((DATA / "each-op.toml").read_text(encoding="utf-8"))
    for seed in range(3):
        for exercise in variant(each, seed).exercise:
            assert [hidden(exercise, layer) for layer in range(len(exercise.layer))] == [[]] * len(exercise.layer)


LENGTHS = ("LEN.CEIL", "LEN.NO_PLUS1", "LEN.PLUS1_IN_NUMERATOR", "LEN.SAME")
"""A length depends on sizes alone. With a stride, PLUS1_IN_NUMERATOR is either right or like NO_PLUS1; CEIL is right
where the division leaves nothing, SAME where the padding makes up for the kernel. What is asked before (the padded
length, the numerator, the moves) parts those that can be parted."""

NO_NUMBERS_COULD = {
    "conv1d-padding/sheet": {
        *((one,) for one in LENGTHS),
        *itertools.combinations(LENGTHS, 2),
        # The last window of an even padded length ends before the right padding: one window alone meets an edge.
        ("PAD.EDGE", "cell"),
    },
    "pooling/max": {
        ("LEN.NO_PLUS1", "LEN.PLUS1_IN_NUMERATOR"),
        # Blocks with |min| > max are rare among four numbers; one of them is enough to show the idea.
        ("POOL.ABSMAX", "cell"),
    },
    "same/rest": {
        *itertools.combinations(("LEN.CEIL", "LEN.NO_PLUS1", "LEN.PLUS1_IN_NUMERATOR"), 2),
        ("POOL.ABSMAX", "cell"),
    },
    "pooling/average": {("LEN.NO_PLUS1", "LEN.PLUS1_IN_NUMERATOR")},
    "mini-cnn/numbers": {
        ("LEN.NO_PLUS1", "LEN.PLUS1_IN_NUMERATOR"),
        ("LEN.NO_PLUS1", "LEN.SAME"),
        # The image has one channel; the tracked networks of the same lesson have several.
        ("FLAT.NO_CHANNELS",),
    },
    # Every convolution of a VGG keeps the size of its map; its twin, another network, does not.
    "classic-networks/vgg16": {("MAC.INPUT_SIZE",)},
}
"""Ideas and pairs that a size hides whatever the numbers."""

DEGENERATE = ("extra/bn-alone", "extra/gn-four-groups")
"""Exercises whose point is that a set of one number normalises to 0, whatever one does to it."""


@pytest.mark.parametrize("lesson", IDS)
@pytest.mark.parametrize("seed", [*range(12), 10**12, -(2**63)])
def test_a_variant_tells_all_ideas_apart(lesson, seed):
    """No idea gives the right answer everywhere, no two agree everywhere, none changes a single cell of an output."""
    for exercise, items in untold(variant(LESSONS[lesson], seed)).items():
        key = f"{lesson}/{exercise}"
        if key not in DEGENERATE:
            assert items <= NO_NUMBERS_COULD.get(key, set()), key
