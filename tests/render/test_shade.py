"""Maps as pictures: bright is bright with colour and without, the cursor is found, and nothing else is drawn."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from cnn_tutor.render.shade import CURSOR, DENSE, DENSE_ASCII, MARKED, lines, shade, side_by_side, width
from cnn_tutor.tutor.shading import Shading

maps = st.integers(1, 9).flatmap(
    lambda columns: st.lists(
        st.lists(st.floats(-50, 50), min_size=columns, max_size=columns).map(tuple), min_size=1, max_size=9
    )
)


def shading(rows, **marked):
    values = [value for row in rows for value in row]
    return Shading("Y", tuple(rows), min(values), max(values), **marked)


@given(maps)
def test_half_blocks_are_as_bright_as_their_cells(rows):
    one = shading(rows)
    text = shade(one)
    body = text.plain.split("\n")[1:]
    assert len(body) == lines(one) - 1
    spread = one.high - one.low
    spans = iter([span for span in text.spans if span.end - span.start == 1 and text.plain[span.start] == "▀"])
    for top in range(0, len(rows), 2):
        for column in range(len(rows[0])):
            style = next(spans).style
            share = (rows[top][column] - one.low) / spread if spread else 0.0
            assert abs(style.color.triplet.red - (20 + 235 * share)) <= 0.51
            assert (style.bgcolor is None) == (top + 1 >= len(rows))


@pytest.mark.parametrize(("ascii_only", "scale"), [(False, DENSE), (True, DENSE_ASCII)])
def test_without_colour_bright_cells_are_dense(ascii_only, scale):
    one = shading([(0, 1, 2, 3, 4, 5, 6, 7)] * 2)
    body = shade(one, color=False, ascii_only=ascii_only).plain.split("\n")[1]
    places = [scale.index(sign) for sign in body]
    assert places == sorted(places)
    assert (body[0], body[-1]) == (scale[0], scale[-1])
    assert body.isascii() or not ascii_only
    assert CURSOR not in scale
    assert MARKED not in scale


def test_the_cursor_and_what_hangs_together_with_it_are_found():
    one = shading([(0, 1, 2), (3, 4, 5), (6, 7, 8)], cursor=(2, 1), marked=frozenset({(0, 0)}))
    body = shade(one, color=False).plain.split("\n")[1:]
    assert (body[1][1], body[0][0]) == (CURSOR, MARKED)
    colors = {span.style.color.triplet for span in shade(one).spans if not isinstance(span.style, str)}
    assert len({(color.red == color.green == color.blue) for color in colors}) == 2


def test_pictures_stand_beside_each_other_as_far_as_there_is_room():
    one = shading([tuple(range(20))] * 6)
    console = Console(width=50, no_color=True, color_system=None)
    with console.capture() as capture:
        console.print(side_by_side([one] * 3, 50, color=False))
    assert len(capture.get().rstrip("\n").split("\n")) == 2 * lines(one)
    assert width(one) == 20
