"""What a student may choose: themes, keys of their own, and any command by its name."""

from pathlib import Path

import pytest
from rich.style import Style
from textual.color import Color

from cnn_tutor.options import THEMES
from cnn_tutor.render.palette import PALETTES
from cnn_tutor.tui.app import TutorApp
from cnn_tutor.tui.course import Course
from cnn_tutor.tui.seat import Seat
from cnn_tutor.wishes import Wishes, wishes
from tests.tui.student import Student, desk, small_catalog


async def begun(student: Student) -> None:
    """In the first lesson, with a right, a wrong and a half-typed answer on the screen."""
    await student.begin()
    await student.answer("2 0")
    await student.answer("5 5")
    await student.type("2")
    await student.press("enter")


@pytest.mark.parametrize("theme", THEMES)
async def test_the_words_and_signs_are_the_same_in_every_theme(theme: str) -> None:
    """Meaning never rests on colour: stripped of its styles, the screen says all there is to say."""
    async with desk(wishes=Wishes(theme=theme)) as student:
        await begun(student)
        page = student.page
    async with desk() as student:
        await begun(student)
        assert student.page == page
    for sign in ("[2  0] 3", "<?>", "Not yet.", "entry 2 of 2", "question 2 of 9"):
        assert sign in page


@pytest.mark.parametrize("theme", THEMES)
def test_marks_differ_from_one_another_in_every_theme(theme: str) -> None:
    styles = PALETTES[theme].styles
    marks = [styles.plain, styles.read, styles.asked, styles.used, styles.typed]
    assert len(set(map(str, marks))) == len(marks)


@pytest.mark.parametrize(("theme", "least"), [("contrast", 7.0), ("safe", 7.0)])
async def test_a_theme_that_brings_its_own_colours_has_contrast(theme: str, least: float) -> None:
    """The contrast ratio of WCAG 2 (AAA: 7) between each mark and its ground."""
    async with desk(wishes=Wishes(theme=theme)) as student:
        ground = student.app.screen.styles.background
        own = PALETTES[theme].styles
        for style in (own.read, own.used, own.typed, own.plain):
            colour = Color.from_rich_color(style.color) if style.color is not None else Color.parse("#e6e6e6")
            assert ratio(colour, ground) >= least


def ratio(one: Color, other: Color) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(color: Color) -> float:
    parts = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in color.normalized]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def test_nothing_is_dim_in_high_contrast() -> None:
    assert not any(isinstance(style, Style) and style.dim for style in PALETTES["contrast"].styles)


async def test_a_theme_is_seen_at_once_and_kept_by_enter(tmp_path: Path) -> None:
    async with desk(wishes=wishes(tmp_path)) as student:
        await student.press("f9")
        await student.press("down")
        assert student.app.theme == "ansi-light"
        await student.press("escape")
        assert student.app.theme == "ansi-dark"
        await student.press("f9")
        await student.press("down", "down")
        await student.press("enter")
        assert student.at == "LessonsScreen"
        assert student.app.theme == "contrast"
    assert wishes(tmp_path).theme == "contrast"


async def test_a_key_of_ones_own_works_and_is_shown() -> None:
    async with desk(size=(80, 150), wishes=Wishes(keymap={"lesson.notes": "f11", "lesson.hint": "alt+h"})) as student:
        await student.begin()
        await student.press("f2")
        assert student.at == "LessonScreen"
        await student.press("f11")
        assert student.at == "NotesScreen"
        await student.press("escape")
        await student.press("alt+h")
        assert "Hint 1:" in student.page
        await student.press("f1")
        await student.press("pagedown")
        assert "Alt+H" in student.page


async def test_a_wrong_keymap_is_a_line_on_the_list() -> None:
    async with desk(wishes=Wishes(keymap={"lesson.hnt": "ctrl+b"}, faults=("settings.toml: no",))) as student:
        assert "did you mean lesson.hint?" in student.page
        assert "settings.toml: no" in student.page


async def test_a_command_is_found_by_name_and_done() -> None:
    async with desk() as student:
        await student.begin()
        await student.press("ctrl+p")
        await student.type("hint")
        assert student.at == "CommandsScreen"
        await student.press("enter")
        assert student.at == "LessonScreen"
        assert "Hint 1:" in student.page


async def test_commands_can_be_left_and_moved_in() -> None:
    async with desk() as student:
        await student.press("f12")
        await student.type("lesson before")
        await student.press("escape")
        assert student.at == "LessonsScreen"
        await student.press("f12")
        await student.press("down", "down")
        await student.type("theme")
        await student.press("enter")
        assert student.at == "ThemesScreen"


async def test_help_begins_with_where_one_is() -> None:
    async with desk() as student:
        await student.press("f1")
        assert "How to begin" in student.page
        await student.press("escape")
        await student.begin()
        await student.press("f1")
        assert "What you can type" in student.page
        assert "At a question" in student.page


def test_the_app_can_be_made_in_every_theme() -> None:
    for theme in THEMES:
        app = TutorApp(Course(small_catalog(), None, lambda: 0.0), Seat(wishes=Wishes(theme=theme)))
        assert app.chosen == theme
