"""A lesson file with a fault: one line that says where it is, what is wrong and what would be right."""

import re
from pathlib import Path

import pytest

from cnn_tutor.errors import LessonError
from cnn_tutor.lesson.layers import LAYERS
from cnn_tutor.lesson.load import LARGEST_FILE, load, parse
from cnn_tutor.tutor.lint import lint
from tests.course import FILES

BAD = sorted((Path(__file__).parent / "data" / "bad").glob("*.toml"))
PLACE = re.compile(r":\d+:\d+: \S")


def stated(file: Path) -> str:
    """The error that the first line of a bad file promises; an ending ``…`` leaves the rest open."""
    first, _, _ = file.read_text(encoding="utf-8").partition("\n")
    return f"{file}:{first.removeprefix('# ')}"


@pytest.mark.parametrize("file", BAD, ids=[file.stem for file in BAD])
def test_a_bad_file_gets_exactly_the_error_in_its_first_line(file):
    (found,) = lint(file)
    wanted = stated(file)
    assert (found[: len(wanted) - 1] + "…" if wanted.endswith("…") else found) == wanted
    assert "\n" not in found


@pytest.mark.parametrize("file", BAD, ids=[file.stem for file in BAD])
def test_a_bad_file_is_loaded_or_refused_with_a_lesson_error(file):
    try:
        error = f"{file}:1:1: loaded, so {load(file).id} is only linted"
    except LessonError as refused:
        error = str(refused)
    assert error.startswith(str(file))
    assert PLACE.search(error)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the key 'format_version' is missing"),
        (b"\xff\xfe", "not UTF-8"),
        (b'title = "Gr\xf6\xdfe"', "not UTF-8"),
        (b"\x00", ":1:1: "),
        (b"#" * (LARGEST_FILE + 1), "larger than"),
        (b"[" * 100_000, ":1:"),
        (b"format_version = 99", "is 99; this program reads up to 1"),
        (b"format_version = true", "format_version"),
        (b"\xef\xbb\xbfformat_version = 1", ":1:1: "),
    ],
    ids=["empty", "utf-16", "latin-1", "nul", "huge", "brackets", "newer", "bool", "bom"],
)
def test_a_file_that_is_no_lesson_is_a_lesson_error_that_names_it(content, message, tmp_path):
    file = tmp_path / "lesson.toml"
    file.write_bytes(content)
    with pytest.raises(LessonError, match=message) as caught:
        load(file)
    assert str(caught.value).startswith(f"{file}:")
    assert str(caught.value) in lint(file)


def test_a_folder_and_a_missing_file_are_lesson_errors(tmp_path):
    for path in (tmp_path, tmp_path / "none.toml"):
        with pytest.raises(LessonError, match="cannot be read"):
            load(path)


def test_text_without_a_file_is_called_text():
    with pytest.raises(LessonError, match=r"^<text>:1:1: "):
        parse("")


def test_a_newer_file_is_refused_for_its_version_whatever_else_is_in_it():
    with pytest.raises(LessonError, match="format_version: is 2"):
        parse('format_version = 2\nhologram = "yes"\n')


@pytest.mark.parametrize("op", [layer.__struct_config__.tag for layer in LAYERS])
def test_every_op_of_the_schema_is_one_of_the_engine(op):
    from cnn_tutor import engine

    assert callable(getattr(engine, op))


class TestLines:
    """Errors point at the line of the key, whatever stands around it."""

    def error_after(self, old, new, lesson="08-baseline"):
        file = next(file for file in FILES.values() if file.stem == lesson)
        text = file.read_text(encoding="utf-8")
        assert text.count(old) >= 1
        changed = text.replace(old, new, 1)
        with pytest.raises(LessonError) as caught:
            parse(changed, "f")
        return changed.splitlines(), caught.value.args[0]

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ('title = "One forward pass"', 'titel = "One forward pass"'),
            ('op = "relu"', 'op = "rely"'),
            ('weight = "W2"', 'wait = "W2"'),
            ("W2 = [1, 2]", 'W2 = "no"'),
            ("needs", "neads"),
            ('title = "Baseline', 'section = 3\ntitle = "Baseline'),
            ("b2 = -1", "b2 = {}"),
            ('note = "The sheet uses', 'nota = "The sheet uses'),
        ],
    )
    def test_the_line_is_that_of_the_changed_key(self, old, new):
        if old == "needs":
            old, new = "[[exercise]]", 'neads = ["conv1d"]\n[[exercise]]'
        lines, error = self.error_after(old, new)
        line = int(error.split(":")[1])
        key = new.partition("=")[0].strip()
        assert lines[line - 1].startswith((key, "[exercise.tensors]"))

    def test_lines_within_a_long_string_are_not_taken_for_keys(self):
        text = "intro = '''\n[[exercise]]\ntitle = 3\n'''\ntitle = 5\n"
        with pytest.raises(LessonError, match=r"f:6:1: title"):
            parse("format_version = 1\n" + text, "f")
