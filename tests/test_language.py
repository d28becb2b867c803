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
