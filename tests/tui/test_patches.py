"""What is changed in Textual, and what it shall not change."""

import gc
from functools import partial
from inspect import signature

import pytest
from textual import _callback
from textual.app import App
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Static

from cnn_tutor.tui import patches
from tests.tui.student import desk


def test_widgets_are_counted_without_a_change_of_their_class():
    patches.apply()
    patches.apply()
    before = dict(vars(Widget))
    first, second = Static(), Static()
    assert second.sort_order == first.sort_order + 1
    assert dict(vars(Widget)) == before
    Static.mark = 1
    try:
        assert second.mark == 1
    finally:
        del Static.mark


class Called:
    def method(self, one: int, *rest: int, named: int = 0, **more: int) -> None: ...

    def __call__(self, one: int) -> None: ...


@pytest.mark.parametrize(
    ("called", "count"),
    [(Called().method, 4), (Called(), 1), (lambda: 0, 0), (partial(Called().method, 1), 3), (partial(gc.enable), 0)],
)
def test_parameters_are_counted_as_before(called, count):
    patches.apply()
    assert _callback.count_parameters(called) == len(signature(called).parameters) == count


async def test_only_widgets_in_rows_that_change_are_rendered():
    class Small(App[None]):
        def compose(self):
            yield Static("one", id="one")
            yield Static("two", id="two")

    patches.apply()
    async with Small().run_test() as pilot:
        await pilot.pause()
        one, two = pilot.app.query_one("#one", Static), pilot.app.query_one("#two", Static)
        rendered = []
        for widget in (one, two):
            usual = widget.render_lines
            widget.render_lines = lambda crop, widget=widget, usual=usual: rendered.append(widget) or usual(crop)
        one.update("three")
        while one not in rendered:
            await pilot.pause()
        assert two not in rendered
        strips = pilot.app.screen._compositor.render_strips()
        assert [strip.text.strip() for strip in strips[:2]] == ["three", "two"]


async def test_where_widgets_begin_and_end_is_known_of_all_of_them():
    """The first thing drawn after a new layout is one row; what lies in the others must not be forgotten."""

    class Small(App[None]):
        def compose(self):
            yield Static("one", id="one")
            with Horizontal():
                yield Static("left", id="left")
                yield Static("right")

    patches.apply()
    async with Small().run_test() as pilot:
        await pilot.pause()
        screen = pilot.app.screen
        cuts = list(screen._compositor.cuts)
        screen._compositor._cuts = None
        screen._compositor._dirty_regions = {pilot.app.query_one("#one").region}
        screen._compositor.render_partial_update()
        assert screen._compositor.cuts == cuts


def looks(screen):
    return {widget: widget.styles.get_rules() for widget in screen.walk_children(with_self=True)}


async def test_what_is_shown_for_the_first_time_looks_as_if_it_were_styled_anew():
    """Textual styles widgets before they are mounted, when they are, and again when their screen comes up."""
    async with desk() as student:
        for key in ("f1", "escape", "ctrl+p", "escape", "enter", "enter", "f1"):
            await student.press(key)
            screen = student.app.screen
            before = looks(screen)
            patches._restyle(student.app, screen, animate=False)
            assert looks(screen) == before
