"""Plots in characters: the point lies on the curve, bars are as long as their numbers, and ASCII is ASCII."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from cnn_tutor.lesson.catalog import catalog
from cnn_tutor.render.figure import HEIGHT, SIDE, WIDTH, height, plot
from cnn_tutor.tutor.examples import example
from cnn_tutor.tutor.film import film
from cnn_tutor.tutor.plotted import Bars, curve, plot_of_cell, plot_of_question, plot_of_step
from cnn_tutor.tutor.question import questions


def drawn(plotted, ascii_only=False):
    console = Console(width=100, no_color=True, color_system=None)
    with console.capture() as capture:
        console.print(plot(plotted, ascii_only=ascii_only))
    return capture.get().splitlines()


@given(st.sampled_from(["relu", "sigmoid"]), st.floats(-1e3, 1e3))
def test_the_point_lies_on_the_curve(op, z):
    shown = curve(op, z)
    lines = drawn(shown)
    assert len(lines) == height(shown) == HEIGHT + 2
    ((row, column),) = [(i, line.index("●")) for i, line in enumerate(lines[1:-1]) if "●" in line]
    at = (column - WIDTH // 2) / (WIDTH // 2) * shown.reach
    assert math.isclose(at, z, abs_tol=shown.reach / (WIDTH // 2))
    share = (shown.function(z) - shown.low) / (shown.high - shown.low)
    assert abs((HEIGHT - 1) * (1 - share) - row) <= 0.51


@pytest.mark.parametrize("op", ["relu", "sigmoid"])
def test_a_curve_without_a_point_has_none(op):
    assert not any("●" in line for line in drawn(curve(op)))
    assert all(line.isascii() for line in drawn(curve(op, -1.5), ascii_only=True))
    assert any("o" in line for line in drawn(curve(op, -1.5), ascii_only=True)[1:])


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=8))
def test_bars_are_as_long_as_their_numbers(values):
    bars = Bars(("z", "y"), tuple(values), tuple(reversed(values)))
    lines = drawn(bars)
    assert len(lines) == height(bars)
    largest = max(map(abs, values))
    for line, value in zip(lines[1:], values, strict=True):
        first = line.split("│")
        length = first[0].count("█") if value < 0 else first[1].partition(" ")[0].count("█")
        assert length == (max(1, round(abs(value) / largest * SIDE)) if value else 0)
    assert all(line.isascii() for line in drawn(bars, ascii_only=True))


def test_numbers_that_are_none_have_no_bar():
    lines = drawn(Bars(("z", "y"), (math.nan, 1.0), (math.inf, 0.0)))
    assert "█" not in lines[1]


def test_which_steps_and_cells_have_a_plot():
    shown = film(example("sigmoid"))
    for position in range(len(shown)):
        found = plot_of_step(shown, position)
        assert found is not None
        assert found.z == shown.exercise.tensors["z"][position // 2]
    norm = film(example("group_norm"))
    ops = {norm.step(i).op for i in range(len(norm)) if plot_of_step(norm, i) is not None}
    assert ops == {"deviations", "normalised", "output"}
    found = plot_of_cell(norm, "Y", (1, 3))
    assert isinstance(found, Bars)
    assert found.before == (5.0, 1.0)
    assert plot_of_cell(film(example("conv1d")), "y", (0,)) is None


def test_a_question_shows_a_curve_but_no_point_until_it_is_settled():
    lesson = catalog().get("baseline")
    asked = [one for one in questions(lesson) if one.source is not None and one.source.call.op in ("relu", "sigmoid")]
    assert asked
    for question in asked:
        before, after = (plot_of_question(question, settled=settled) for settled in (False, True))
        assert before is not None
        assert before.z is None
        assert after is not None
        assert (after.z is None) == (len(question.steps) > 1)
    norm = [one for one in questions(catalog().get("layernorm")) if one.source is not None]
    assert all(not isinstance(plot_of_question(one, settled=False), Bars) for one in norm)
    assert any(isinstance(plot_of_question(one, settled=True), Bars) for one in norm)
