"""A diagnosis or a draw for which nothing was worked out before stays cheap: counted by calls, never by a clock."""

import sys

import msgspec
import numpy as np
import pytest

from cnn_tutor.tutor import counterfactual, outcome, search
from cnn_tutor.tutor.answer import read, write
from cnn_tutor.tutor.diagnosis import diagnose
from cnn_tutor.tutor.question import questions
from cnn_tutor.tutor.remembered import forget
from cnn_tutor.tutor.variant import variant
from tests.course import LESSONS

WORST = (
    "residual-networks/resnet50/parameters",
    "residual-networks/resnet50/s4b.table",
    "classic-networks/vgg16/s5.table",
    "whole-network/forward/loss",
    "mini-cnn/numbers/yhat",
    "mini-cnn/numbers/Y",
    "folding/proof/F",
    "batchnorm/sheet/yhat[1]",
    "grouped/depthwise/Y[1]",
)
"""Questions about many numbers, at the end of networks, and on which pairs of ideas are tried."""

MOST = 5_000
"""Calls of functions in Python. Followed one by one, the ideas about ResNet-50 take six times as many."""

MOST_AT_FIRST = 9_000
"""The same where no layer of its form was met before in the process."""


def cold(key):
    """How to diagnose an answer that nothing explains, in fast mode, with everything forgotten, forms as well."""
    asked = questions(LESSONS[key.split("/")[0]])
    place = [one.key for one in asked].index(key)
    question = asked[place]
    right = np.asarray(question.wanted.exact, dtype=float)
    typed = read(write(right + 7), question.shape)
    forget(everything=True)

    def work():
        assert diagnose(question, typed, list(range(right.size)), asked[:place], upstream=True) is None

    return work


def calls_of(work):
    """How many functions are called by a diagnosis that finds nothing, or by a draw."""
    calls = 0

    def count(_frame, event, _argument):
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize("key", WORST)
def test_it_takes_few_calls(key):
    work = cold(key)
    assert calls_of(work) < MOST_AT_FIRST
    forget()
    assert calls_of(work) < MOST


@pytest.mark.parametrize("key", WORST)
def test_no_idea_is_followed_step_by_step(key, monkeypatch):
    work, alone = cold(key), []
    for module in (counterfactual, outcome):
        monkeypatch.setattr(module, "rewritten", lambda *arguments: alone.append(arguments))
    assert work() is None
    assert not alone


@pytest.mark.parametrize(
    ("key", "most"),
    [
        ("extra/gn-four-groups", 36_000),
        ("classic-networks/vgg16", 50_000),
        ("residual-networks/resnet50", 52_000),
        ("norm-maps/means", 30_000),
        ("mini-cnn/numbers", 30_000),
    ],
)
def test_the_first_draw_of_a_form_takes_few_calls(key, most):
    """Looked at one set of sampled numbers after the other, they take up to twice as many."""
    lesson, _, name = key.partition("/")
    chosen = [one for one in LESSONS[lesson].exercise if one.id == name]
    alone = msgspec.structs.replace(LESSONS[lesson], exercise=chosen)
    forget(everything=True)
    search._form.cache_clear()
    search._structure.cache_clear()
    assert calls_of(lambda: variant(alone, 0)) < most
