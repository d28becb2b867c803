"""Fresh numbers: the same for a seed on every machine for ever, others for another, and the same lesson still."""

import hashlib
import json
import os

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnn_tutor.lesson import check
from cnn_tutor.lesson.layers import op_name
from cnn_tutor.lesson.network import run
from cnn_tutor.tutor.question import questions
from cnn_tutor.tutor.variant import LARGEST, STEEPEST, variant
from tests.course import DATA, IDS, LESSONS, asked

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


@given(st.sampled_from(IDS), seeds)
@settings(max_examples=60)
def test_only_the_numbers_differ(lesson, seed):
    old, new = LESSONS[lesson], variant(LESSONS[lesson], seed)
    assert (new.notes, new.erratum) == ("", [])
    same = msgspec.structs.replace(new, notes=old.notes, erratum=old.erratum, exercise=old.exercise)
    assert same == old
    for before, after in zip(old.exercise, new.exercise, strict=True):
        kept = {"tensors": before.tensors, "track": before.track, "twin": before.twin, "erroneous": before.erroneous}
        assert msgspec.structs.replace(after, **kept) == before
        assert after.twin == []
        assert {one.id for one in after.erroneous} <= {one.id for one in before.erroneous}
        assert list(after.tensors) == list(before.tensors)
        for name, data in before.tensors.items():
            assert np.shape(after.tensors[name]) == np.shape(data)
            assert np.asarray(after.tensors[name]).dtype == np.asarray(data).dtype
            if name in before.vary.keep:
                assert after.tensors[name] == data


@given(st.sampled_from(IDS), seeds)
@settings(max_examples=60)
def test_the_same_questions_are_asked_about_other_numbers(lesson, seed):
    """A finished working is left out where its mistake does not show on the fresh numbers."""
    workings = {f"{lesson}/{one.id}/{spec.id}" for one in LESSONS[lesson].exercise for spec in one.erroneous}
    fresh = [one.key for one in questions(variant(LESSONS[lesson], seed))]
    assert [key for key in fresh if key not in workings] == [
        one.key for one in asked(lesson) if one.key not in workings
    ]
    assert set(fresh) <= {one.key for one in asked(lesson)}


@given(st.sampled_from(IDS), seeds)
@settings(max_examples=60)
def test_equal_tensors_of_different_exercises_stay_equal(lesson, seed):
    old, new = LESSONS[lesson].exercise, variant(LESSONS[lesson], seed).exercise
    named = [
        (name, data, after.tensors[name]) for b, after in zip(old, new, strict=True) for name, data in b.tensors.items()
    ]
    for name, data, fresh in named:
        assert all(fresh == other for same, before, other in named if (same, before) == (name, data))


@given(st.sampled_from(IDS), seeds)
@settings(max_examples=60)
def test_a_variant_checks_without_a_fault(lesson, seed):
    assert list(check.faults(variant(LESSONS[lesson], seed))) == []


@given(st.sampled_from(IDS), seeds)
@settings(max_examples=60)
def test_no_number_grows_beyond_what_is_worked_out_by_hand(lesson, seed):
    for exercise in variant(LESSONS[lesson], seed).exercise:
        for source in run(exercise) if exercise.track is None else ():
            assert np.abs(source.trace.output).max() <= LARGEST
            if source.layer is not None and op_name(source.layer) == "sigmoid":
                assert np.abs(source.trace.tensors[source.trace.inputs[0]]).max() <= STEEPEST
