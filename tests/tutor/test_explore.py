"""Exploring: anything may be typed, what is legal is done and said, and everything can be taken back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnn_tutor.lesson.catalog import catalog
from cnn_tutor.lesson.network import run
from cnn_tutor.tutor import linked
from cnn_tutor.tutor.change import Illegal, changed
from cnn_tutor.tutor.examples import NAMES, example
from cnn_tutor.tutor.explore import (
    about,
    begin,
    enter,
    jump,
    links,
    move,
    panels,
    places,
    point,
    reset,
    undo,
)
from cnn_tutor.tutor.explore import (
    settings as set_to,
)
from cnn_tutor.tutor.film import film
from cnn_tutor.tutor.framework import call
from cnn_tutor.tutor.hyper import fields, legal, spans
from cnn_tutor.tutor.panel import Mark
from cnn_tutor.tutor.pictures import KERNELS, picture, read
from cnn_tutor.tutor.pictures import NAMES as PICTURES
from cnn_tutor.tutor.shading import near, shadings

EXAMPLES = {name: example(name) for name in NAMES}
KEYS = ("left", "right", "up", "down", "pageup", "pagedown")


def result(explore):
    return explore.film.network[-1].own.output.tolist()


@pytest.mark.parametrize("name", NAMES)
def test_every_legal_value_can_be_set_and_undone(name):
    explore = begin(EXAMPLES[name])
    for field in fields(EXAMPLES[name]):
        values = legal(EXAMPLES[name], field)
        assert field.value in values or field.value is None or isinstance(field.value, float)
        for value in values:
            text = type(field)(field.layer, field.output, field.name, value, field.alone).text
            after = enter(explore, f"{field.label} = {text}")
            assert "does not fit" not in after.said
            assert undo(after).film is explore.film if after.past else after.film.exercise == explore.film.exercise


typed = st.one_of(
    st.text(max_size=20),
    st.builds(
        "{} = {}".format,
        st.sampled_from(
            ["x", "w", "x[2]", "x[9]", "x[]", "w[1,1]", "stride", "padding", "y", "batch", "kernel", "K[1,2]"]
        ),
        st.one_of(
            st.sampled_from(["1", "-2", "1/3", "1 2 3", "1 2; 3 4", "same", "1e400", "2 0", "", "_", "9" * 40, "blur"]),
            st.text(max_size=8),
        ),
    ),
)


@settings(max_examples=80)
@given(
    st.sampled_from(["conv1d", "conv2d", "batch_norm", "toeplitz"]), st.lists(typed | st.sampled_from(KEYS), max_size=6)
)
def test_whatever_is_typed_it_can_be_shown_and_taken_back(name, lines):
    first = explore = begin(EXAMPLES[name])
    for line in lines:
        explore = move(explore, line) if line in KEYS else enter(explore, line)
        run(explore.film.exercise)
        found = links(explore)
        assert panels(explore, found)
        about(explore, found)
    assert result(reset(explore)) == result(first)
    while explore.past:
        explore = undo(explore)
    assert explore.film.exercise == first.film.exercise


def test_what_is_illegal_says_what_fits():
    explore = enter(begin(EXAMPLES["group_norm"]), "G = 3")
    assert explore.said.startswith("num_groups = 3 does not fit. What fits here: 1 to 2, 4.")
    assert not explore.past
    with pytest.raises(Illegal, match=r"\[1–5\]"):
        changed(EXAMPLES["conv1d"], "x[6] = 1")
    for line in ("stride = []", "batch = ;", "x[1] = []", "w = [];[1]"):
        assert enter(begin(EXAMPLES["conv1d"]), line).said
    with pytest.raises(Illegal, match="there are x, w, stride"):
        changed(EXAMPLES["conv1d"], "v = 1")


@pytest.mark.parametrize(
    ("name", "line", "expected"),
    [
        ("conv1d", "x[2] = 5", [-1, 4, 4]),
        ("conv1d", "stride = 2", [-1, 4]),
        ("conv1d", "w = 1 -1", [2, -3, 2, 2]),
        ("conv1d", "padding = 1", [0, -1, -1, 4, 1]),
        ("conv1d", "p = same", [0, -1, -1, 4, 1]),
        ("conv1d", "dilation = 2", [3]),
        ("batch_norm", "β = 5 5 5 5", None),
        ("batch_norm", "batch = 2", None),
        ("layer_norm", "axes = 0", None),
        ("channels", "W[2,1,1,2] = 4", None),
    ],
)
def test_everything_follows_from_a_change(name, line, expected):
    explore = begin(EXAMPLES[name])
    after = enter(explore, line)
    if name == "layer_norm":
        assert "γ" not in after.said and "does not fit" in after.said, "γ and β have the shape of the axes"
        return
    assert after.past
    assert after.said
    assert result(after) != result(explore)
    if expected is not None:
        assert result(after) == expected


def test_the_other_gamma_and_beta_of_the_worksheet_can_be_tried():
    explore = begin(next(one for one in catalog().get("batchnorm").exercise if one.layer))
    after = enter(enter(explore, "γ = 2 1 1 1"), "beta = 0 0 0 1")
    size = len(explore.film.exercise.tensors["gamma"])
    assert bool(after.past) == (size == 4) or after.said


def test_gamma_can_be_added_where_there_was_none():
    bare = EXAMPLES["batch_norm"]
    layer = type(bare.layer[0])(output="Y", eps=1.0)
    explore = begin(type(bare)(id="bare", title="Bare", tensors={"Z": bare.tensors["Z"]}, layer=[layer]))
    after = enter(explore, "γ = 2 2 2 2")
    assert np.allclose(np.array(result(after)), 2 * np.array(result(explore)))


@given(st.sampled_from(NAMES), st.lists(st.sampled_from([*KEYS, "tab", "back"]), max_size=12))
def test_the_cursor_stays_on_what_is_there(name, keys):
    explore = begin(EXAMPLES[name])
    for key in keys:
        explore = jump(explore, 1 if key == "tab" else -1) if key in ("tab", "back") else move(explore, key)
        assert explore.at in places(explore.film)
        if explore.field is None:
            shape = explore.film.trace.tensors[explore.at].shape
            assert len(explore.cell) == len(shape)
            assert all(0 <= one < size for one, size in zip(explore.cell, shape, strict=True))


@pytest.mark.parametrize("name", NAMES)
def test_what_a_cell_feeds_has_it_among_what_it_comes_from(name):
    now = film(EXAMPLES[name])
    for tensor in linked.tensors(now):
        shape = now.trace.tensors[tensor].shape
        for cell in list(np.ndindex(shape))[:3]:
            for other, cells in linked.linked(now, tensor, cell).feeds.items():
                for one in list(cells)[:2]:
                    assert cell in linked.linked(now, other, one).fed_by[tensor]


def marks(panel):
    return [cell.mark for row in panel.rows for cell in row]


def test_the_cursor_shows_windows_outputs_and_pairs():
    explore = begin(EXAMPLES["conv1d"])
    out = point(explore, "y", (1,))
    x, w, y = panels(out, links(out))
    assert marks(x) == [Mark.PLAIN, Mark.READ, Mark.READ, Mark.READ, Mark.PLAIN]
    assert marks(w) == [Mark.READ] * 3
    assert marks(y) == [Mark.PLAIN, Mark.CURSOR, Mark.PLAIN]
    x, w, y = panels(explore, links(explore))
    assert marks(y) == [Mark.FED, Mark.PLAIN, Mark.PLAIN]
    weight = point(explore, "w", (1,))
    x, w, y = panels(weight, links(weight))
    assert marks(x) == [Mark.PLAIN, Mark.READ, Mark.READ, Mark.READ, Mark.PLAIN]
    assert marks(y) == [Mark.FED] * 3
    words, _ = about(weight, links(weight))
    assert "x₂·w₂ → y₁, x₃·w₂ → y₂, x₄·w₂ → y₃" in words


def test_in_a_toeplitz_matrix_row_and_column_go_with_output_and_pixel():
    explore = point(begin(EXAMPLES["toeplitz"]), "T", (1, 2))
    found = links(explore)
    assert found is not None
    assert found.fed_by == {"K": {(0, 1)}}
    assert found.meets == {"vecX": {(2,)}, "X": {(0, 2)}}
    assert found.feeds == {"vecY": {(1,)}, "Y": {(0, 1)}}
    out = links(point(explore, "Y", (0, 1)))
    assert out is not None
    assert out.fed_by["X"] == {(0, 1), (0, 2), (1, 1), (1, 2)}
    assert {row for row, _ in out.fed_by["T"]} == {1}


def test_in_im2col_a_pixel_is_found_in_every_patch_that_has_it():
    explore = point(begin(EXAMPLES["im2col"]), "X", (1, 1))
    found = links(explore)
    assert found is not None
    assert found.feeds["M"] == {(0, 3), (1, 2), (2, 1), (3, 0)}
    assert found.feeds["vecY"] == {(0,), (1,), (2,), (3,)}


def test_what_has_changed_is_marked():
    explore = enter(begin(EXAMPLES["conv1d"]), "x[2] = 5")
    explore = jump(explore, 3)
    x, _, y = panels(explore, links(explore))
    assert Mark.CHANGED in marks(x) and Mark.CHANGED in marks(y)
    assert set_to(explore)[0] == "<stride = 1>"
    assert result(move(explore, "right")) == [-1, 4]


@pytest.mark.parametrize(
    ("name", "line", "written"),
    [
        ("conv1d", "stride = 2", "y = F.conv1d(x, w, stride=2)"),
        ("conv2d", "padding = 1 0", "Y = F.conv2d(X, K, padding=(1, 0))"),
        ("max_pool2d", "stride = 1", "P = F.max_pool2d(X, 2, stride=1)"),
        ("linear", "b = 0 0", "z = F.linear(x, W, b)"),
        ("batch_norm", "eps = 0.1", "Y = F.batch_norm(Z, None, None, weight=gamma, bias=beta, training=True, eps=0.1)"),
        ("layer_norm", "eps = 0.1", "Y = F.layer_norm(Z, Z.shape[-1:], weight=gamma, bias=beta, eps=0.1)"),
        ("group_norm", "G = 4", "Y = F.group_norm(Z, 4, weight=gamma, bias=beta, eps=1.0)"),
        ("softmax", "axis = 0", "p = F.softmax(z, dim=0)"),
        ("im2col", "K = 1 1; 1 1", "M = F.unfold(X[None, None], 2).mT[0]"),
    ],
)
def test_the_framework_call(name, line, written):
    now = film(changed(EXAMPLES[name], line))
    assert call(now.network[0]) == written


def test_ranges_are_written_short():
    assert spans([1, 2, 3, 5, "same", True, 0.5]) == ["1 to 3", "5", "same", "yes", "0.5"]


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("kernel", KERNELS)
def test_a_picture_can_be_convolved_with_every_kernel(name, kernel):
    size = len(read(name))
    assert size in (8, 28)
    assert all(len(row) == size for row in read(name))
    explore = begin(picture(name, kernel))
    maps = shadings(explore, None)
    assert [len(one.rows) for one in maps] == [size, size, size] + [size // 2] * (size == 28)
    assert maps[0].cursor == (0, 0)
    if kernel == "same":
        assert explore.film.network[0].own.output.tolist() == read(name)


def test_a_kernel_is_chosen_by_name():
    explore = enter(begin(picture("edges")), "kernel = blur")
    assert explore.film.exercise.tensors["K"] == KERNELS["blur"]
    assert "sharpen" in enter(explore, "kernel = nothing").said
    assert "sharpen" in enter(begin(EXAMPLES["conv1d"]), "kernel = blur").said


def test_maps_are_halved_and_those_near_the_cursor_kept():
    maps = shadings(point(begin(picture("three")), "R", (9, 11)), None)
    assert [one.cursor for one in maps] == [None, None, (9, 11), None]
    small = maps[2].halved()
    assert (len(small.rows), len(small.rows[0]), small.cursor) == (14, 14, (4, 5))
    assert maps[2] in near(maps, 2, 2)
    assert len(near(maps, 3, 2)) == 2
