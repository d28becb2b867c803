"""The lesson's own answers are taken in every form, and nothing else is: what a thorough check hands in."""

import pytest

from cnn_tutor.lesson.template import template
from cnn_tutor.tutor.author import answers
from cnn_tutor.tutor.author.forms import forms
from cnn_tutor.tutor.feedback import Correct, Incorrect
from cnn_tutor.tutor.judgement import check
from cnn_tutor.tutor.lint import findings
from tests.course import FILES, IDS, asked, question


@pytest.mark.parametrize("lesson", ["pooling", "summary"])
def test_a_shipped_lesson_stands_it_on_fresh_numbers(lesson, monkeypatch):
    """On a hundred of them by hand: ``cnn-tutor check --thorough lessons``."""
    monkeypatch.setattr(answers, "SEEDS", range(1, 4))
    assert findings(FILES[lesson], thorough=True) == []


@pytest.mark.parametrize("lesson", IDS)
def test_right_answers_are_taken_in_every_form(lesson):
    for one in asked(lesson):
        texts = list(forms(one))
        assert len(texts) >= (1 if one.kind == "cells" else 2)
        assert all(isinstance(check(one, text), Correct) for text in texts), one.key


def test_forms_differ_by_what_is_asked():
    assert set(forms(question("conv1d/sheet/y"))) == {
        *("-1 -1 4", "−1 −1 4", "[[-1, -1, 4]]", "-1  -1  4"),
    }
    assert "1.7500" in set(forms(question("pooling/average/P[1,1]")))
    assert {"7/4", "1.75"} <= set(forms(question("pooling/average/P[1,1]")))
    assert {"samples", "1", "a"} <= set(forms(question("summary/table/bn-over")))
    sizes = question("mini-cnn/track/conv1.shape").text.split("x")
    assert {f"({', '.join(sizes)})", " × ".join(sizes)} < set(forms(question("mini-cnn/track/conv1.shape")))


@pytest.fixture
def mine(tmp_path):
    file = tmp_path / "01-mine.toml"
    file.write_text(template(file.name), encoding="utf-8")
    return file


def test_a_judge_who_takes_everything_is_found_out(mine, monkeypatch):
    monkeypatch.setattr(answers, "check", lambda question, text: Correct())
    said = [one.message for one in findings(mine, thorough=True)]
    assert "'banana' would be right for mine/sheet/y[1].windows" in said
    assert any("of CONV.FLIP would be right for mine/sheet/y" in one for one in said)
    assert "'The kernel has fewer entries' would be right for mine/sheet/why" in said


def test_a_judge_who_takes_nothing_is_found_out(mine, monkeypatch):
    monkeypatch.setattr(answers, "check", lambda question, text: Incorrect((), 1, ""))
    said = [one.message for one in findings(mine)]
    assert "the right answer '3' to mine/sheet/y[1].out_size would be refused" in said
