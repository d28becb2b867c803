"""Lesson files changed at random: loading and linting may refuse them, and never fail otherwise."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnn_tutor.errors import LessonError
from cnn_tutor.lesson import tex
from cnn_tutor.lesson.catalog import catalog
from cnn_tutor.lesson.load import parse
from cnn_tutor.render.ascii import to_ascii
from cnn_tutor.tutor.lint import findings, lint
from cnn_tutor.tutor.session import start
from tests.course import FILES
from tests.test_translation import GERMAN

TEXTS = {lesson: file.read_text(encoding="utf-8") for lesson, file in FILES.items()}
SHORT = ("conv1d", "conv2d", "pooling", "baseline", "summary", "channels", "mini-cnn", "groupnorm")
SPLINTERS = st.sampled_from(
    [
        *("[", "]", "[[", "{", "}", '"', "'''", "=", ",", ".", "\n", "#", "-", "é", "\x00", "\u2028", "\r"),
        *("0", "-1", "1.5", "1e400", "nan", "inf", "9" * 20, "true", "1979-05-27", '""', '"w"', "[]", "[[1], [2, 3]]"),
        *('"same"', "[[exercise]]\n", "[exercise.ask]\n", "[exercise.track]\n", 'op = "softmax"\n', "{ a = 1 }"),
    ]
)


@st.composite
def mutated(draw):
    """A lesson with parts cut out, doubled, exchanged or struck by splinters."""
    text = TEXTS[draw(st.sampled_from(SHORT))]
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 40)))
        match draw(st.sampled_from(["cut", "double", "strike", "line"])):
            case "cut":
                text = text[:start] + text[end:]
            case "double":
                text = text[:end] + text[start:]
            case "strike":
                text = text[:start] + draw(SPLINTERS) + text[start:]
            case "line":
                lines = text.splitlines(keepends=True)
                line = draw(st.integers(0, max(0, len(lines) - 1)))
                text = "".join(lines[:line] + lines[line + 1 :])
    return text


VALUES = st.sampled_from(
    [
        *("0", "1", "-1", "2", "3", "7", "100", "1000000", "10000000000", "-5", "1.5", "1e300", "1e-300", "nan", "inf"),
        *("[]", "[0]", "[1, 2]", "[[1], [2]]", "[[[1, 2], [3, 4]]]", "[1, [2]]", '["a"]', '""', '"x"', '"w"', '"y"'),
        *('"same"', '"valid"', "true", "false", "{}", "1979-05-27", "[1000000, 1000000]", '["output.all"]', "[-1, -1]"),
    ]
)
ASSIGNMENT = re.compile(r"^([A-Za-z_]\w*) = [^\n'\[]*$", re.M)


@st.composite
def revalued(draw):
    """A lesson in which some keys have values of other kinds and sizes."""
    text = TEXTS[draw(st.sampled_from(SHORT))]
    for _ in range(draw(st.integers(1, 3))):
        found = list(ASSIGNMENT.finditer(text))
        one = draw(st.sampled_from(found))
        text = f"{text[: one.start()]}{one[1]} = {draw(VALUES)}{text[one.end() :]}"
    return text


@st.composite
def with_more_arguments(draw):
    """A lesson whose layers get hyper-parameters of any value."""
    text = TEXTS[draw(st.sampled_from(SHORT))]
    names = st.sampled_from(
        [
            *("stride", "padding", "dilation", "groups", "kernel_size", "ceil_mode", "eps", "num_groups", "axes"),
            *("axis", "shape", "input_shape", "gamma", "beta", "input", "running_mean", "filters", "units", "bias"),
        ]
    )
    places = [one.end() for one in re.finditer(r"^op = [^\n]*$", text, re.M)]
    for place in sorted(draw(st.sets(st.sampled_from(places or [0]), max_size=2)), reverse=True):
        text = f"{text[:place]}\n{draw(names)} = {draw(VALUES)}{text[place:]}"
    return text


def check(text, tmp_path_factory):
    """Loading gives a lesson or a LessonError; linting gives lines that name file, line and column."""
    file = tmp_path_factory.getbasetemp() / "fuzzed.toml"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        parse(text, "fuzzed.toml")
    except LessonError as error:
        faults = [str(error)]
    else:
        faults = []
    assert all(re.match(r"fuzzed\.toml:\d+:\d+: ", fault) for fault in faults)
    for fault in lint(file):
        assert re.match(rf"{re.escape(str(file))}:\d+:\d+: ", fault)
        assert "\n" not in fault


@given(text=mutated())
@settings(max_examples=120)
def test_a_mutilated_lesson_is_refused_or_lints(text, tmp_path_factory):
    check(text, tmp_path_factory)


@given(text=revalued())
@settings(max_examples=120)
def test_a_lesson_with_other_values_is_refused_or_lints(text, tmp_path_factory):
    check(text, tmp_path_factory)


@given(text=with_more_arguments())
@settings(max_examples=120)
def test_a_lesson_with_other_arguments_is_refused_or_lints(text, tmp_path_factory):
    check(text, tmp_path_factory)


@given(text=st.text())
def test_any_text_is_refused_with_a_place(text):
    with pytest.raises(LessonError, match=r"^f:\d+:\d+: "):
        parse(text, "f")


@given(text=st.one_of(mutated(), revalued(), with_more_arguments()))
@settings(max_examples=25)
def test_advice_about_any_lesson_has_a_place_and_a_sound_one_can_be_begun(text, tmp_path_factory):
    file = tmp_path_factory.getbasetemp() / "advised.toml"
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    found = findings(file)
    assert all(one.line >= 1 and one.column >= 1 and one.message for one in found)
    if not [one for one in found if one.severity == "error"]:
        session = start(parse(text))
        assert session.asked


PIECES = st.sampled_from(
    [
        *(
            "$",
            "$$",
            "\\frac",
            "\\sum",
            "\\sqrt",
            "\\hat",
            "{",
            "}",
            "_",
            "^",
            "x",
            "1",
            " ",
            "\\begin{bmatrix}",
            "&",
            "\\\\",
        ),
        *("\\end{bmatrix}", "\\", "\\left", "\\foo", "`", "\n", "\\$", "é", "\\text{a b}", "-", "*", "\\begin{cases}"),
    ]
)


@given(st.lists(PIECES, max_size=30).map("".join))
@settings(max_examples=200)
def test_any_formula_is_written_or_left_as_it_is(text):
    shown = tex.written(text)
    assert isinstance(shown, str)
    assert tex.unknown(text) is not None
    if "$" not in text:
        assert shown == text
    to_ascii(shown).encode("ascii")


@given(text=st.text(max_size=60))
def test_text_without_a_dollar_is_left_alone(text):
    assert tex.written(text.replace("$", "")) == text.replace("$", "")


@given(data=st.data())
@settings(max_examples=25)
def test_a_mutilated_translation_or_pack_is_refused_or_taken(data, tmp_path_factory):
    folder = tmp_path_factory.mktemp("pack")
    name = FILES["batchnorm"].name
    (folder / name).write_text(TEXTS["batchnorm"], encoding="utf-8")
    (folder / "de").mkdir()
    for file, text in ((folder / "de" / name, GERMAN), (folder / "pack.toml", 'id = "a"\nversion = "1"\n')):
        at = data.draw(st.integers(0, len(text)))
        text = text[:at] + data.draw(SPLINTERS) + text[at + data.draw(st.integers(0, 5)) :]
        file.write_bytes(text.encode("utf-8", "surrogatepass"))
    found = catalog([folder], ["de"])
    assert found.get("batchnorm").exercise[0].tensors
    assert all(re.search(r"\.toml:\d+:\d+: ", one) for one in found.faults)
    assert all(one.line >= 1 for one in findings(folder, advice=False))
