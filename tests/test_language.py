"""Without a catalogue everything is English; with one, every sentence is looked up."""

import pytest

from cnn_tutor import language


@pytest.fixture
def spoken(monkeypatch):
    monkeypatch.setattr(language, "_translated", {"yes": "ja"}.__getitem__)
    monkeypatch.setattr(
        language, "_numbered", lambda one, many, count: f"{{count}} {'eins' if count == 1 else 'viele'}"
    )


def test_english_is_what_stands_in_the_code():
    assert language._("yes") == "yes"
    assert language.plural("{count} hint", "{count} hints", 1) == "1 hint"
    assert language.plural("{count} hint", "{count} hints", 0) == "0 hints"


@pytest.mark.usefixtures("spoken")
def test_a_catalogue_translates_and_counts():
    assert language._("yes") == "ja"
    assert language.plural("{count} hint", "{count} hints", 2) == "2 viele"


@pytest.mark.usefixtures("spoken")
def test_nothing_to_say_stays_nothing():
    """The empty name is the header of a gettext catalogue."""
    assert language._("") == ""


def test_a_sentence_of_a_count_may_name_other_things():
    assert language.plural("{count} of {total} is", "{count} of {total} are", 2, total=3) == "2 of 3 are"


def test_what_the_tutor_says_is_looked_up(monkeypatch):
    """Every sentence about every question of a lesson: prompts, hints, verdicts, ideas."""
    from cnn_tutor.tutor.feedback import diagnosis_of, explain
    from cnn_tutor.tutor.hint import hint
    from cnn_tutor.tutor.judgement import check
    from cnn_tutor.tutor.question import questions
    from tests.course import LESSONS

    monkeypatch.setattr(language, "_translated", lambda message: f"§{message}")
    monkeypatch.setattr(language, "_numbered", lambda one, many, count: f"§{many}")
    ideas = set()
    for one in questions(LESSONS["conv1d"]):
        said = [explain(check(one, typed)) for typed in ("1 2", "77", "77 78 79", "%")]
        said += [hint(one, level) for level in (1, 2, 3)] if one.choice is None else []
        said += [one.prompt] if one.choice is None else []
        diagnosis = diagnosis_of(check(one, "-2 0 3"))
        ideas |= {diagnosis.text} if diagnosis else set()
        assert all(text.startswith("§") for text in said if text), (one.key, said)
    assert ideas
    assert all(text.startswith("§") for text in ideas)
