"""A film of an exercise: every step of every op has its tensors, its sentence and its numbers, and no later number."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnn_tutor import engine
from cnn_tutor.lesson.catalog import catalog
from cnn_tutor.lesson.layer import op_name
from cnn_tutor.lesson.layers import LAYERS, Conv2d
from cnn_tutor.lesson.schema import Exercise
from cnn_tutor.tutor.cut import COLUMNS, MAPS, ROWS, cuts
from cnn_tutor.tutor.examples import NAMES, example
from cnn_tutor.tutor.film import film, writers
from cnn_tutor.tutor.panel import UNKNOWN, Mark
from cnn_tutor.tutor.pictures import picture
from cnn_tutor.tutor.shot import shot
from cnn_tutor.tutor.symbols import number
from cnn_tutor.tutor.told import tell, written
from cnn_tutor.tutor.watch import is_shown

EXERCISES = {
    **{f"{lesson.id}/{one.id}": one for lesson in catalog().lessons for one in lesson.exercise if is_shown(one)},
    **{name: example(name) for name in NAMES},
}


def test_every_operation_of_a_lesson_has_an_example():
    shown = {op_name(layer) for name in NAMES for layer in example(name).layer}
    assert shown == {str(layer.__struct_config__.tag) for layer in LAYERS}


@pytest.mark.parametrize("name", EXERCISES)
def test_each_step_is_told_and_shown(name):
    shown = film(EXERCISES[name])
    assert len(shown) == sum(len(source.trace.steps) for source in shown.network)
    for position in range(0, len(shown), 1 + len(shown) // 400):
        source, _ = shown.locate(position)
        told, step, panels = tell(shown, position), shown.step(position), shot(shown, position)
        assert told.sentence.strip().endswith((".", "?", ")"))
        assert told.layer
        assert told.formula.endswith(written(step.value, "×" if source.layer is None and step.op == "shape" else " "))
        assert panels
        marked = [cell for panel in panels for row in panel.rows for cell in row if cell.mark is Mark.CURSOR]
        if marked and source.layer is not None:
            assert {cell.text for cell in marked} <= {number(value, 4) for value in np.ravel(step.value).tolist()}


@pytest.mark.parametrize("name", EXERCISES)
def test_no_number_is_seen_before_it_is_worked_out(name):
    shown = film(EXERCISES[name])
    if not EXERCISES[name].layer:
        return
    for position in range(0, len(shown), 3):
        source, local = shown.locate(position)
        output = next((p for p in shot(shown, position) if p.title == source.output), None)
        array = source.own.output
        if output is None or array.ndim != 2 or array.shape[0] > ROWS or array.shape[1] > COLUMNS:
            continue
        late = writers(source, source.output, tuple(map(range, array.shape)))
        for cell in itertools.product(*map(range, array.shape)):
            is_hidden = output.rows[cell[0]][cell[1]].mark in UNKNOWN
            assert is_hidden == (late[cell] > local)


def test_what_is_marked_is_what_the_step_reads():
    shown = film(example("conv1d"))
    place = next(i for i in range(len(shown)) if shown.step(i).op == "products")
    x, w, _y, window, products = shot(shown, place)
    assert [cell.mark for cell in x.rows[0]] == [Mark.READ] * 3 + [Mark.PLAIN] * 2
    assert [cell.mark for cell in (*w.rows[0], *window.rows[0])] == [Mark.READ] * 6
    assert [(cell.text, cell.mark) for cell in products.rows[0]] == [(one, Mark.CURSOR) for one in ("2", "0", "−3")]


def test_a_large_exercise_shows_a_part_and_costs_little(monkeypatch):
    monkeypatch.setattr("cnn_tutor.lesson.network._require_handwork", lambda call: None)
    monkeypatch.setattr("cnn_tutor.lesson.limits.MOST_NUMBERS", 10**6)
    image = np.arange(240 * 240).reshape(240, 240) % 17
    layer = Conv2d(output="Y", weight="K", padding=1)
    large = film(Exercise(id="large", title="Large", tensors={"X": image.tolist(), "K": [[1] * 3] * 3}, layer=[layer]))
    assert len(large) > 150_000
    middle = len(large) // 2
    source, local = large.locate(middle)
    asked = 0
    block = source.trace.steps.blocks[source.trace.steps.locate(local)[0]]
    plan = block.plan

    def counted(item, part):
        nonlocal asked
        asked += 1
        return plan(item, part)

    object.__setattr__(block, "plan", counted)
    panels = shot(large, middle)
    assert all(len(panel.rows) <= ROWS and len(panel.rows[0]) <= COLUMNS for panel in panels)
    assert any("rows" in panel.title for panel in panels)
    assert asked < 3000


@given(st.lists(st.integers(1, 40), max_size=4).map(tuple), st.data())
def test_the_part_that_is_shown_has_the_cell_that_matters(shape, data):
    cell = tuple(data.draw(st.integers(0, size - 1)) for size in shape)
    found = cuts(shape, cell)
    assert sum(cell in set(cut.cells()) for cut in found) == 1
    assert len(found) <= MAPS
    array = np.arange(int(np.prod(shape))).reshape(shape)
    trace = engine.relu(array)
    for cut in found:
        values = cut.values(trace, "x")
        assert values.shape == cut.size
        assert [int(array[one]) for one in cut.cells()] == np.ravel(values).tolist()


def test_a_picture_is_a_film_too():
    shown = film(picture("seven"))
    assert {source.output for source in shown.network} == {"Y", "R", "P"}
    assert tell(shown, len(shown) - 1).formula
