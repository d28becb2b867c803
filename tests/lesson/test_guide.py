"""The author's guide: every example in it is run; the schema is current; a new lesson is sound."""

import json
import re

import pytest

from cnn_tutor.cli import main
from cnn_tutor.lesson.json_schema import document
from cnn_tutor.lesson.layers import LAYERS
from cnn_tutor.lesson.load import load
from cnn_tutor.lesson.template import QUESTIONS, template
from cnn_tutor.lesson.tex import written
from cnn_tutor.render.ascii import to_ascii
from cnn_tutor.tutor.lint import findings
from cnn_tutor.tutor.question import questions
from tests.course import ROOT

GUIDE = (ROOT / "lessons" / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```toml\n(.*?)^```$", GUIDE, re.M | re.S)
HEAD = """
format_version = 1
id = "example"
title = "An example"
section = ""
intro = "Intro."
conventions = "Conventions."
key_ideas = []
[[exercise]]
id = "sheet"
title = "Sheet"
"""
TENSORS = """
[exercise.tensors]
x = [2, 0, 3, 1, -1]
w = [1, 0, -1]
[[exercise.layer]]
op = "conv1d"
weight = "w"
output = "y"
"""


def errors(text, tmp_path, name="example.toml"):
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return [str(one) for one in findings(file) if one.severity == "error"]


def whole(block):
    """A fragment of the guide in the file it could stand in."""
    if "exercise.tensors]" in block or "exercise.track]" in block:
        return HEAD + block if "twin" not in block else HEAD + TENSORS + block
    return HEAD + TENSORS + block


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_every_example_of_the_guide_is_sound(number, tmp_path):
    block = BLOCKS[number]
    if block.startswith("# pack.toml"):
        assert errors(block, tmp_path, "pack.toml") == []
    elif block.startswith("# de/"):
        errors(BLOCKS[0], tmp_path, "01-mine.toml")
        assert errors(block, tmp_path, "de/01-mine.toml") == []
    elif block.startswith("#:schema"):
        assert errors(block + HEAD.replace("format_version = 1", "") + TENSORS, tmp_path) == []
    elif block.startswith("format_version"):
        assert errors(block, tmp_path) == []
    else:
        assert errors(whole(block), tmp_path) == []


def test_the_guide_has_every_key_of_the_format():
    from cnn_tutor.lesson import schema

    records = (schema.Lesson, schema.Exercise, schema.Choice, schema.Erroneous, schema.Twin, schema.Vary, schema.Track)
    for record in (*records, schema.Erratum, schema.Printed, *LAYERS):
        for field in record.__struct_fields__:
            assert re.search(rf"\b{field}\b", GUIDE), (record, field)
    for layer in LAYERS:
        assert f"`{layer.__struct_config__.tag}`" in GUIDE


def test_what_the_guide_says_of_formulas_is_so():
    rows = re.findall(r"^\| `(\$.*?\$)` \| (.*?) \| (.*?) \|$", GUIDE, re.M)
    assert len(rows) == 6
    for typed, shown, spelled in rows:
        assert written(typed) == shown.partition(";  ")[0].partition("; between")[0]
        assert to_ascii(written(typed)) == spelled


class TestSchema:
    def test_the_published_one_is_current(self, capsys):
        """Write it anew with ``cnn-tutor check --schema > lessons/lesson.schema.json``."""
        published = (ROOT / "lessons" / "lesson.schema.json").read_text(encoding="utf-8")
        assert json.loads(published) == document()
        assert main(["check", "--schema"]) == 0
        assert capsys.readouterr().out == published

    def test_it_knows_every_key(self):
        known = document()["$defs"]
        assert set(known["Conv1d"]["properties"]) >= {"op", "weight", "stride", "output"}
        assert known["Lesson"]["additionalProperties"] is False
        assert set(known["Lesson"]["required"]) >= {"id", "title", "exercise"}


class TestNew:
    def test_it_is_sound_and_gives_no_advice(self, tmp_path, capsys):
        file = tmp_path / "03-my-first.toml"
        assert main(["new", str(file)]) == 0
        assert f"Written: {file}" in capsys.readouterr().out
        assert findings(file) == []
        assert main(["check", str(file)]) == 0
        assert len(questions(load(file))) == QUESTIONS
        assert load(file).id == "my-first"

    def test_it_writes_over_nothing(self, tmp_path, capsys):
        file = tmp_path / "mine.toml"
        file.write_text("precious")
        assert main(["new", str(file)]) == 2
        assert main(["new", str(tmp_path / "mine")]) == 2
        assert main(["new", str(tmp_path / "no" / "folder.toml")]) == 2
        assert file.read_text() == "precious"
        assert "is there already; nothing was changed" in capsys.readouterr().err

    @pytest.mark.parametrize(
        ("name", "own"),
        [
            ("01-a b.toml", "a-b"),
            ("Größe.toml", "gr-e"),
            ("123.toml", "lesson"),
            ("-.toml", "lesson"),
            ("{x}.toml", "x"),
        ],
    )
    def test_any_name_of_a_file_gives_an_id(self, name, own, tmp_path):
        (tmp_path / name).write_text(template(name), encoding="utf-8")
        assert load(tmp_path / name).id == own
        assert findings(tmp_path / name) == []
