"""A diagnosis for which nothing was worked out before stays cheap: counted by what is called, never by a clock."""

import sys

import numpy as np
import pytest

from cnn_tutor.tutor import counterfactual, outcome
from cnn_tutor.tutor.answer import read, write
from cnn_tutor.tutor.diagnosis import diagnose
from cnn_tutor.tutor.question import questions
from cnn_tutor.tutor.remembered import forget
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
    return lambda: diagnose(question, typed, list(range(right.size)), asked[:place], upstream=True)


def calls_of(work):
    """How many functions are called by a diagnosis that finds nothing."""
    calls = 0

    def count(_frame, event, _argument):
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        assert work() is None
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
