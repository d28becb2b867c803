"""Theme and keys from the config folder: what cannot be used is one line each, and never keeps anybody from working."""

from pathlib import Path

import pytest

from cnn_tutor.options import THEMES
from cnn_tutor.tui.keys import checked
from cnn_tutor.wishes import KEYS, SETTINGS, Wishes, wishes


def test_without_files_everything_is_as_it_comes(tmp_path: Path) -> None:
    assert wishes(tmp_path / "nowhere") == Wishes(folder=tmp_path / "nowhere")


@pytest.mark.parametrize("theme", THEMES)
def test_a_theme_is_kept(tmp_path: Path, theme: str) -> None:
    folder = tmp_path / "new" / "folder"
    assert Wishes(folder=folder).keep_theme(theme) == ""
    assert wishes(folder).theme == theme
    assert wishes(folder, "light").theme == "light"


def test_a_theme_that_cannot_be_kept_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "not kept" in Wishes(folder=tmp_path / "file").keep_theme("dark")


@pytest.mark.parametrize(
    ("file", "text", "fault"),
    [
        (SETTINGS, 'theme = "neon"', "there is no theme 'neon'"),
        (SETTINGS, "theme = 3", "there is no theme 3"),
        (SETTINGS, "theme =", "is not used"),
        (KEYS, "lesson.hint = 7", "lesson.hint must be a key"),
        (KEYS, "lesson.hint = []", "lesson.hint must be a key"),
        (KEYS, '"lesson.hint', "is not used"),
        (KEYS, "\x1b[31m = 1", "is not used"),
        (KEYS, "a = " + "[" * 5000, "is not used"),
    ],
)
def test_a_file_that_is_wrong_is_one_line(tmp_path: Path, file: str, text: str, fault: str) -> None:
    (tmp_path / file).write_text(text, encoding="utf-8")
    found = wishes(tmp_path)
    assert found.theme == "dark"
    assert not found.keymap
    (line,) = found.faults
    assert fault in line
    assert "\n" not in line


def test_bytes_that_are_no_text_are_one_line(tmp_path: Path) -> None:
    (tmp_path / KEYS).write_bytes(b"\xff\xfe\x00")
    assert len(wishes(tmp_path).faults) == 1


def test_keys_by_bare_and_by_quoted_name(tmp_path: Path) -> None:
    (tmp_path / KEYS).write_text('lesson.hint = "ctrl+h"\n"lesson.skip" = ["ctrl+j", "f10"]\n', encoding="utf-8")
    found = wishes(tmp_path)
    assert dict(found.keymap) == {"lesson.hint": "ctrl+h", "lesson.skip": "ctrl+j,f10"}
    assert checked(found.keymap) == (dict(found.keymap), [])


@pytest.mark.parametrize(
    ("name", "key", "fault"),
    [
        ("lesson.hnt", "ctrl+h", "did you mean lesson.hint?"),
        ("nothing", "ctrl+h", "there is no nothing"),
        ("lesson.hint", "ctrl-h", "'ctrl-h' is no key"),
        ("lesson.hint", "h", "h is needed for typing"),
        ("lesson.hint", "ctrl+n", "ctrl+n is already lesson.skip"),
        ("lesson.hint", "f1", "f1 is already app.help"),
        ("app.quit", "ctrl+t", "ctrl+t is already lesson.hint"),
        ("answer.point", "ctrl+h", "answer.point cannot have other keys"),
    ],
)
def test_a_key_that_cannot_be_is_one_line(name: str, key: str, fault: str) -> None:
    good, faults = checked({name: key})
    assert not good
    (line,) = faults
    assert fault in line


def test_letters_may_be_commands_where_nothing_is_typed() -> None:
    assert checked({"list.practice": "x"}) == ({"list.practice": "x"}, [])


def test_what_is_right_is_used_though_another_is_wrong() -> None:
    good, faults = checked({"lesson.hint": "ctrl+h", "lesson.show": "ctrl+h"})
    assert good == {"lesson.hint": "ctrl+h"}
    assert len(faults) == 1
