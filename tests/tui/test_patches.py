"""What is changed in Textual, and what it shall not change."""

from textual.widget import Widget
from textual.widgets import Static

from cnn_tutor.tui import patches


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
