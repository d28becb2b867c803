"""Two courses of others, made from the author's guide alone: the worksheet as it is printed, and published examples."""

import ast
import json
import re
from pathlib import Path

import pytest

import cnn_tutor
from cnn_tutor.cli import main
from cnn_tutor.lesson.catalog import catalog
from cnn_tutor.lesson.load import load
from cnn_tutor.lesson.pack import pack_of
from cnn_tutor.tutor.feedback import Correct
from cnn_tutor.tutor.lint import findings
from cnn_tutor.tutor.question import questions
from cnn_tutor.tutor.session import start
from cnn_tutor.tutor.variant import variant
from tests.course import DATA, FILES, IDS, asked, perfect

WORKSHEET, PUBLISHED = DATA / "worksheet", DATA / "published"

MISPRINTS = {
    "two/yhat": ("0.9999992", "0.99995"),
    "batch/Z[2]": ("1 7", "1 5"),
    "batch/Y[2].mean": ("2.5", "1.5"),
    "batch/Y[2].variance": ("20.25", "12.25"),
    "layer-2/z": ("1 7", "1 5"),
    "layer-2/y.mean": ("4", "3"),
    "layer-2/y.variance": ("9", "4"),
}
"""What the sheet prints, and what is right."""


class TestWorksheet:
    def test_check_finds_the_seven_misprints_and_nothing_else(self):
        errors = [one for one in findings(WORKSHEET) if one.severity == "error"]
        said = [re.match(r"the sheet prints (.*) for (.*), the engine gives (.*?);", one.message) for one in errors]
        assert {one[2]: (one[1], one[3]) for one in said} == MISPRINTS
        assert len(errors) == len(MISPRINTS)
        assert all(one.source.startswith("value = ") for one in errors)

    def test_most_of_what_the_sheet_prints_was_held_against_the_engine(self):
        assert sum(len(load(file).printed) for file in WORKSHEET.glob("*.toml")) > 75

    def test_a_misprint_that_is_known_is_no_fault(self, tmp_path):
        text = (WORKSHEET / "02-network.toml").read_text(encoding="utf-8")
        row = '\n[[erratum]]\nquestion = "{}"\nprinted = {}\nnote = "A slip."\n'
        values = {key: "[1, 7]" if " " in printed else printed for key, (printed, _) in MISPRINTS.items()}
        known = "".join(row.format(key, value) for key, value in values.items())
        file = tmp_path / "02-network.toml"
        file.write_text(text + known, encoding="utf-8")
        assert [one for one in findings(file) if one.severity == "error"] == []

    def test_the_numbers_that_hide_mistakes_are_named_with_others_that_show_them(self):
        said = {one.message for one in findings(WORKSHEET) if one.severity == "warning"}
        assert "these numbers hide C2D.KT (kernel transposed); a twin with K = [[1, 1], [0, -1]] would show it" in said


class TestPublished:
    def test_it_is_sound_and_agrees_with_all_that_was_printed(self):
        assert [str(one) for one in findings(PUBLISHED) if one.severity == "error"] == []
        assert sum(len(load(file).printed) for file in PUBLISHED.glob("[0-9]*.toml")) >= 30

    def test_it_is_a_course_beside_the_shipped_one(self):
        found = catalog([PUBLISHED])
        own = [lesson for lesson in found.lessons if pack_of(lesson).id == "published"]
        assert [lesson.id for lesson in own] == [
            *("pub-sliding", "pub-channels", "pub-pooling", "pub-matrices", "pub-sizes")
        ]
        assert len(found.lessons) == len(own) + len(IDS)
        assert all("Source" in lesson.notes for lesson in own)
        assert found.faults == ()

    @pytest.mark.parametrize("file", sorted(PUBLISHED.glob("[0-9]*.toml")), ids=lambda file: file.stem)
    def test_a_perfect_student_finishes_it_on_its_own_numbers_and_on_fresh_ones(self, file):
        lesson = load(file)
        for other in (lesson, variant(lesson, 7)):
            assert {type(feedback) for _, feedback in perfect(start(other))} == {Correct}


def test_no_module_knows_a_shipped_lesson_by_name():
    """The program is about lessons, not about these."""
    package = Path(cnn_tutor.__file__).parent
    named = {name for name in IDS if "-" in name} | {"batchnorm", "layernorm", "groupnorm"}  # others are words
    for file in package.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert node.value not in named, (file, node.value)
                assert (
                    not re.search(r"\b\d\d-[a-z0-9-]+\.toml", node.value) or "de/" in node.value or "mine" in node.value
                )


def test_the_course_is_the_same_under_other_names(tmp_path, capsys, monkeypatch):
    """With every id changed, each lesson is learned, drawn anew and listed as before."""
    for number, file in enumerate(FILES.values(), 1):
        text = file.read_text(encoding="utf-8")
        text = re.sub(r'^id = "', 'id = "zz-', text, count=1, flags=re.M)
        text = re.sub(r"^needs = .*$", "", text, flags=re.M)
        (tmp_path / f"{number:02}-zz.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr("cnn_tutor.lesson.catalog.shipped", lambda: tmp_path)
    found = catalog()
    assert [lesson.id for lesson in found.lessons] == [f"zz-{name}" for name in IDS]
    for lesson in found.lessons:
        own = [(question.key.partition("/")[2], question.prompt, question.text) for question in questions(lesson)]
        assert own == [(one.key.partition("/")[2], one.prompt, one.text) for one in asked(lesson.id[3:])]
    assert main(["list"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == [one.id for one in found.lessons]


MANY_FAULTS = """
format_version = 1
id = "Bad Id"
title = "   "
section = 3
intro = "Formula $\\\\foo_1$."
conventions = "C."
key_ideas = ["a", 2]
neads = []

[[exercise]]
id = "one"
titel = "Misspelt"

[[exercise]]
id = "two"
title = "Two"
[exercise.tensors]
x = [1, 2, [3]]
w = [1, -1]
[[exercise.layer]]
op = "conv1d"
weight = "v"
output = "y"
[[exercise.layer]]
op = "conv1d"
weight = "w"
stride = 0
output = "z"
input = "w"

[[exercise]]
id = "two"
title = "Three"
[exercise.tensors]
x = [1, 2, 3]
w = [1, -1]
[[exercise.layer]]
op = "conv1d"
weight = "w"
output = "y"
[exercise.ask]
y = ["window[7]", "product", "output", "output"]
[[exercise.choice]]
id = "y"
prompt = "Which?"
options = ["a", "A", "b"]
answer = "c"
[exercise.choice.why]
a = " "
d = "No such option."
[[exercise.erroneous]]
id = "slip"
prompt = "Which?"
rule = "CONV.FLIPP"
steps = ["y[1]", "y[9]"]
why = "Why?"
"""


def test_every_fault_of_a_file_is_reported_at_once_with_its_place(tmp_path, capsys):
    file = tmp_path / "many.toml"
    file.write_text(MANY_FAULTS, encoding="utf-8")
    assert main(["check", str(file)]) == 1
    out = capsys.readouterr().out
    found = [line.removeprefix(f"{file}:") for line in out.splitlines() if line.startswith(str(file))]
    wanted = [
        "3:1: id: expected small letters, digits and hyphens",
        "4:1: title: is empty; a student would see nothing",
        "5:1: section: expected a text, got a whole number",
        "8:19: key_ideas[2]: expected a text, got a whole number",
        "9:1: neads: unknown key; did you mean 'needs'?",
        "13:1: exercise[1].titel: unknown key; did you mean 'title'?",
        "19:1: exercise[2].tensors.x: the rows must all have the same length",
        "23:1: exercise[2].layer[1].weight: conv1d needs a tensor 'v'; there are x, w",
        "28:1: exercise[2].layer[2].stride: stride must be at least 1, got 0",
        "33:1: exercise[3].id: another exercise has the id 'two'",
        "48:1: exercise[3].choice[1].answer: 'c' is not one of the options",
        "47:1: exercise[3].choice[1].options: two options read the same: 'A'",
        "49:1: exercise[3].choice[1].why: there is no reason for the wrong option 'a'",
        "49:1: exercise[3].choice[1].why: there is no reason for the wrong option 'b'",
        "51:1: exercise[3].choice[1].why.d: 'd' is no option; there are a, A, b",
        "45:1: exercise[3].choice[1].id: another question of this exercise has the id 'y'",
        "43:6: exercise[3].ask.y[1]: 'window[7]' would never be asked: 'y' has no such window",
        "43:19: exercise[3].ask.y[2]: 'y' has no step 'product'; it has ",
        "55:1: exercise[3].erroneous[1].rule: no misconception 'CONV.FLIPP'; there are ",
        "6:1: intro: warning: the formula has \\foo, which is shown as it is typed",
    ]
    for one in wanted:
        assert any(line.startswith(one) for line in found), (one, found)
    assert [("warning: " in line) for line in found] == sorted("warning: " in line for line in found)
    assert '\n    id = "Bad Id"\n    ^\n' in out
    assert main(["check", str(file), "--json"]) == 1
    documents = json.loads(capsys.readouterr().out)
    assert len(documents) == len(found)
    assert {one["severity"] for one in documents} == {"error", "warning"}


def test_asks_that_come_to_nothing_are_each_pointed_at(tmp_path):
    file = tmp_path / "asks.toml"
    head, _, rest = MANY_FAULTS.partition('[[exercise]]\nid = "one"')
    exercise = rest.rpartition("[[exercise]]")[2].partition("[[exercise.choice]]")[0]
    working = MANY_FAULTS[MANY_FAULTS.index("[[exercise.erroneous]]") :]
    for old, new in (
        ("Bad Id", "good"),
        ("   ", "Title"),
        ("section = 3", 'section = ""'),
        (", 2]", "]"),
        ("neads = []", ""),
    ):
        head = head.replace(old, new)
    file.write_text(f"{head}\n[[exercise]]\n{exercise}\n{working}", encoding="utf-8")
    errors = [str(one).partition("exercise[1].")[2] for one in findings(file) if one.severity == "error"]
    assert [one.partition(" ")[0] for one in errors] == [
        *("ask.y[1]:", "ask.y[2]:", "ask.y[4]:", "erroneous[1].rule:", "erroneous[1].steps[2]:")
    ]
    assert errors[0] == "ask.y[1]: 'window[7]' would never be asked: 'y' has no such window"
    assert "did you mean 'CONV.FLIP'?" in errors[3]


def test_more_than_one_fault_of_syntax_is_found(tmp_path):
    file = tmp_path / "syntax.toml"
    file.write_text('format_version = 1\nid = \ntitle = "ok"\nintro "no sign"\nsection = ""\n', encoding="utf-8")
    assert [(one.line, one.path) for one in findings(file)] == [(2, ""), (4, "")]


def test_numbers_that_are_no_good_by_hand_are_advised_against(tmp_path):
    text = (PUBLISHED / "01-sliding.toml").read_text(encoding="utf-8").partition('[[exercise]]\nid = "d2l-padding"')[0]
    file = tmp_path / "hand.toml"
    file.write_text(text.replace("[0, 1, 2]", "[3.14159, 1000, 2]"), encoding="utf-8")
    said = {one.message for one in findings(file)}
    assert "has numbers with 5 decimals; 2 are enough to learn from" in said
    assert "has numbers up to 1000; by hand they should stay below 200" in said
    assert len(questions(load(file))) > 5
