"""Lesson prose is Markdown: no Rich markup, no hidden links, no control characters, ASCII if wanted."""

from cnn_tutor.render.prose import prose
from tests.render.test_matrix import drawn


def test_markdown_is_rendered() -> None:
    assert [line for line in drawn(prose("**bold**\n\n- one\n- two")) if line] == ["bold", " • one", " • two"]


def test_rich_markup_is_text() -> None:
    assert drawn(prose("[red]x[/red] [link=http://a]b[/link]")) == ["[red]x[/red] [link=http://a]b[/link]"]


def test_a_link_shows_where_it_leads() -> None:
    assert drawn(prose("[here](http://a.example)")) == ["here (http://a.example)"]


def test_control_characters_are_dropped() -> None:
    assert drawn(prose("a\x1b[31mb\x07")) == ["a[31mb"]


def test_ascii_only() -> None:
    lines = drawn(prose("- σ ≥ 0\n\n> “quote”\n\n---", ascii_only=True))
    assert all(line.isascii() for line in lines)
    assert " * sigma >= 0" in lines
