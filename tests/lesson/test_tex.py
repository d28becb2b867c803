"""Formulas in TeX: what is shown, what ASCII makes of it, and what is left as it is typed."""

import pytest

from cnn_tutor.lesson.load import parse
from cnn_tutor.lesson.tex import commands, unknown, written
from cnn_tutor.render.ascii import to_ascii

CASES = [
    ("$x_1$", "x₁", "x_1"),
    ("$Y_{ij}$ and $x_{i+k-1}$", "Yᵢⱼ and xᵢ₊ₖ₋₁", "Y_ij and x_(i+k-1)"),
    ("$x_{abc}$", "x_(abc)", "x_(abc)"),
    ("$W^{(1)}$", "W⁽¹⁾", "W(1)"),
    ("$\\frac{1}{n}\\sum_{k=1}^K x_k$", "1/n ∑ₖ₌₁ᴷ xₖ", "1/n Sum_(k=1)^K x_k"),
    ("$\\frac{a+b}{2}$", "(a+b)/2", "(a+b)/2"),
    ("$\\frac{x - \\mu}{\\sqrt{\\sigma^2 + \\varepsilon}}$", "(x − μ)/√(σ² + ε)", "(x - mu)/sqrt(sigma^2 + eps)"),
    ("$\\left\\lfloor \\frac{L}{s} \\right\\rfloor$", "⌊ L/s ⌋", "floor( L/s )"),
    ("$\\hat{y}$, $\\bar{x}$, $\\hat{xy}$", "ŷ, x̄, x̂y", "yhat, x, xhaty"),
    ("$\\mathrm{ReLU}(z) = \\max(0, z)$", "ReLU(z) = max(0, z)", "ReLU(z) = max(0, z)"),
    ("$\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}$", "(1 2; 3 4)", "(1 2; 3 4)"),
    ("$a \\cdot b \\le c$", "a · b ≤ c", "a * b <= c"),
    ("costs $5 or $6", "costs $5 or $6", "costs $5 or $6"),
    ("\\$3 and $x$", "$3 and x", "$3 and x"),
    ("`$x_1$` is $x_1$", "`$x_1$` is x₁", "`$x_1$` is x_1"),
]


@pytest.mark.parametrize(("typed", "shown", "spelled"), CASES, ids=[case[0] for case in CASES])
def test_a_formula_is_shown_in_unicode_and_spelled_in_ascii(typed, shown, spelled):
    assert written(typed) == shown
    assert to_ascii(written(typed)) == spelled
    assert unknown(typed) == []


def test_a_matrix_on_lines_of_its_own_is_drawn_with_what_stands_beside_it():
    text = "See\n$$ A = \\begin{bmatrix} 1 & -2 \\\\ 30 & 4 \\end{bmatrix} x $$\nthere."
    assert written(text) == "See\n\n\n    A = ⎡  1  −2 ⎤ x\n        ⎣ 30   4 ⎦\n\n\nthere."


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("$\\foo{x}$", "\\foo"),
        ("$\\frac{1$", "a brace or an environment without its end"),
        ("$}$", "a brace or an environment without its end"),
        ("$\\begin{tikz} x \\end{tikz}$", "\\begin{tikz}"),
        ("$\\begin{bmatrix} 1$", "a brace or an environment without its end"),
        ("$" + "{" * 50 + "}" * 50 + "$", "a brace or an environment without its end"),
    ],
)
def test_what_is_not_known_is_left_and_named(typed, said):
    assert unknown(typed)[0] == said
    assert written(typed)


def test_every_known_command_is_written():
    for name in commands():
        assert unknown(f"$\\{name}{{a}}{{b}}$") == [], name
        assert "\\" not in written(f"$\\{name}{{a}}{{b}}$")


def test_all_texts_of_a_lesson_are_written_so_that_an_answer_is_still_an_option():
    lesson = parse("""
format_version = 1
id = "tex"
title = "On $x_1$"
section = ""
intro = "$x_2$"
conventions = "c"
key_ideas = ["$x_3$"]
[[exercise]]
id = "a"
title = "A"
[[exercise.choice]]
id = "q"
prompt = "$x_4$?"
options = ["$\\\\frac{1}{2}$", "no"]
answer = "$\\\\frac{1}{2}$"
[exercise.choice.why]
no = "$x_5$"
""")
    choice = lesson.exercise[0].choice[0]
    assert (lesson.title, lesson.intro, lesson.key_ideas) == ("On x₁", "x₂", ["x₃"])
    assert (choice.prompt, choice.options, choice.answer, choice.why) == ("x₄?", ["1/2", "no"], "1/2", {"no": "x₅"})
