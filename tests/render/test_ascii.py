"""The ASCII spelling keeps formulas readable; nothing that commands a terminal gets through."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnn_tutor.render.ascii import clean, to_ascii
from cnn_tutor.tutor.expression import parse


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("−1 · 2", "-1 * 2"),
        ("y₁₂ and y₁", "y_12 and y_1"),
        ("W⁽¹⁾", "W(1)"),
        ("σ²₁", "sigma^2_1"),
        ("√(σ² + ε)", "sqrt(sigma^2 + eps)"),
        ("window 1 ⊙ w", "window 1 (*) w"),
        ("⌊(L − K)/s⌋ + 1", "floor((L - K)/s) + 1"),
        ("ẑ, x̂, ŷ, γ, β, μ", "zhat, xhat, yhat, gamma, beta, mu"),
        ("“no” … it’s", '"no" ... it\'s'),
        ("┌─┐│", "+-+|"),
        ("é 漢", "e ?"),
        ("plain [red]text[/]", "plain [red]text[/]"),
    ],
)
def test_spelling(text: str, wanted: str) -> None:
    assert to_ascii(text) == wanted


@given(st.text())
def test_the_result_is_ascii_without_commands(text: str) -> None:
    spelled = to_ascii(text)
    assert spelled.isascii()
    assert all(one == "\n" or one.isprintable() for one in spelled)


@given(st.text())
def test_clean_text_has_no_commands(text: str) -> None:
    assert not any(ord(one) < 32 or 127 <= ord(one) < 160 for one in clean(text) if one != "\n")


@pytest.mark.parametrize("text", ["−1", "1·2", "√(2)/2", "σ(2)"])
def test_a_spelled_number_is_still_understood(text: str) -> None:
    assert parse(to_ascii(text)).value == parse(text).value
