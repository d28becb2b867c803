"""Other languages: every sentence can be found by a translator, catalogues are current, lessons keep their tasks."""

import contextlib
import io
import re
import string
from pathlib import Path

import pytest
from babel.messages import Catalog

from cnn_tutor import language
from cnn_tutor.cli import main
from cnn_tutor.lesson.catalog import catalog
from cnn_tutor.lesson.translation import is_translation, translations
from cnn_tutor.tutor.lint import findings, lint
from cnn_tutor.tutor.log import digest
from cnn_tutor.tutor.question import questions
from tests import catalogue
from tests.course import FILES, LESSONS, cnn_tutor_command

TEXTS = {one.text for one in catalogue.messages()} | {one.many for one in catalogue.messages()}


@pytest.fixture
def silent():
    """English again after a test that spoke something else."""
    yield
    language.speak(None, None)


class TestSentences:
    def test_every_sentence_that_is_looked_up_can_be_found_by_reading(self):
        """An expression that cannot be resolved raises; the tables are among what is found."""
        assert {"Write all of {label}.", "Kernel reversed", "{count} hours"} & TEXTS
        assert "list the lessons and how far you are" in TEXTS
        assert "Help" in TEXTS

    def test_what_is_looked_up_at_work_is_what_was_found(self, monkeypatch, capsys, tmp_path):
        looked_up = set()

        def translate(message):
            looked_up.add(message)
            return message

        def numbered(one, many, count):
            looked_up.update((one, many))
            return one if count == 1 else many

        monkeypatch.setattr(language, "choose", lambda languages: language.speak(translate, numbered) or "en")
        bad = tmp_path / "bad.toml"
        bad.write_text("format_version = 1\nid = 3\n")
        commands = (
            ["--help"],
            ["list"],
            ["progress"],
            ["explain", "batchnorm"],
            ["sheet", "pooling", "--key"],
            ["check", str(bad)],
            ["check", "--diagnose", "pooling"],
            ["learn", "nothing"],
        )
        for command in commands:
            with contextlib.suppress(SystemExit):
                main(command)
        for lesson in ("conv2d", "baseline"):
            monkeypatch.setattr("sys.stdin", io.StringIO("1\n?\n?\n?\n>\n<\n1 2; 3 4\n!\nq\n"))
            main(["learn", lesson, "--plain"])
        language.speak(None, None)
        capsys.readouterr()
        assert len(looked_up) > 150
        assert looked_up - TEXTS == set()


def fields(text):
    """The names in braces, which a translation must keep, whatever their order."""
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


class TestCatalogues:
    def test_every_catalogue_is_compiled_and_keeps_the_fields(self):
        for file in Path(language.FOLDER).glob("*/LC_MESSAGES/*.po"):
            found = catalogue.read(file)
            assert file.with_suffix(".mo").read_bytes() == catalogue.compiled(found)
            for one in found:
                pairs = zip(one.id, one.string, strict=True) if isinstance(one.id, tuple) else [(one.id, one.string)]
                for own, other in pairs:
                    assert not own or not other or fields(own) == fields(other), own

    def test_a_catalogue_can_be_begun_and_brought_up_to_date(self, tmp_path):
        total, missing = catalogue.update("de", tmp_path)
        assert total == missing > 1000
        file = tmp_path / "de" / "LC_MESSAGES" / "cnn_tutor.po"
        text = file.read_text(encoding="utf-8")
        assert text.count('msgid "Help"\nmsgstr ""') == 1
        file.write_text(text.replace('msgid "Help"\nmsgstr ""', 'msgid "Help"\nmsgstr "Hilfe"'), encoding="utf-8")
        assert catalogue.update("de", tmp_path) == (total, missing - 1)

    def test_the_program_speaks_what_its_catalogue_says(self, tmp_path, monkeypatch, capsys, silent):
        folder = tmp_path / "xx" / "LC_MESSAGES"
        folder.mkdir(parents=True)
        spoken = Catalog("de")
        spoken.add("no lesson {name}; {suggestion}", "keine Lektion {name}; {suggestion}")
        spoken.add("list the lessons and how far you are", "die Lektionen")
        (folder / "cnn_tutor.mo").write_bytes(catalogue.compiled(spoken))
        monkeypatch.setattr(language, "FOLDER", str(tmp_path))
        with pytest.raises(SystemExit):
            main(["--lang", "xx", "--help"])
        assert "die Lektionen" in capsys.readouterr().out
        with pytest.raises(SystemExit):
            main(["--help"])
        assert "die Lektionen" not in capsys.readouterr().out

    @pytest.mark.parametrize(
        ("arguments", "environment", "wanted"),
        [
            ([], {}, ("en",)),
            ([], {"LANG": "de_AT.UTF-8"}, ("de_AT", "de")),
            ([], {"LANG": "C.UTF-8", "LANGUAGE": "de"}, ("en",)),
            ([], {"LANG": "en_GB.UTF-8", "LANGUAGE": "fr:de"}, ("fr", "de", "en_GB", "en")),
            ([], {"LC_ALL": "C", "LANG": "de_DE"}, ("en",)),
            ([], {"LANG": "de_DE", "CNN_TUTOR_LANG": "en"}, ("en",)),
            (["--lang", "de"], {"CNN_TUTOR_LANG": "fr"}, ("de",)),
            (["list", "--lang=pt-BR"], {}, ("pt_BR", "pt")),
            (["--lang"], {"LANG": "../../etc"}, ()),
        ],
    )
    def test_the_language_is_chosen_by_option_then_variable_then_locale(self, arguments, environment, wanted):
        assert language.wanted(arguments, environment) == wanted

    def test_english_loads_nothing(self):
        done = cnn_tutor_command("list", CNN_TUTOR_LANG="", LANG="C.UTF-8", LC_ALL="")
        assert done.returncode == 0
        assert "conv1d" in done.stdout


GERMAN = """
format_version = 1
id = "batchnorm"
title = "Batch-Normalisierung"
[[exercise]]
id = "sheet"
prose = "Der Stapel $x_1$."
[[exercise.choice]]
id = "axis"
prompt = "Was teilt sich einen Mittelwert?"
options = ["Spalte", "Zeile"]
[exercise.choice.why]
Zeile = "Wirklich?"
[[erratum]]
question = "sheet/Z[2]"
note = "So steht es da."
"""


@pytest.fixture
def pack(tmp_path):
    """A folder with a lesson and its translation."""
    name = FILES["batchnorm"].name
    (tmp_path / name).write_bytes(FILES["batchnorm"].read_bytes())
    (tmp_path / "de").mkdir()
    (tmp_path / "de" / name).write_text(GERMAN, encoding="utf-8")
    return tmp_path


class TestLessons:
    def test_what_is_translated_is_shown_and_the_rest_stays(self, pack):
        lesson = catalog([pack], ["fr", "de"]).get("batchnorm")
        own = LESSONS["batchnorm"]
        assert lesson.title == "Batch-Normalisierung"
        assert lesson.intro == own.intro
        exercise, printed = lesson.exercise[0], own.exercise[0]
        assert exercise.prose == "Der Stapel x₁."
        assert exercise.title == printed.title
        assert (exercise.tensors, exercise.layer, exercise.ask) == (printed.tensors, printed.layer, printed.ask)
        choice = exercise.choice[0]
        assert (choice.answer, choice.options, choice.why) == ("Spalte", ["Spalte", "Zeile"], {"Zeile": "Wirklich?"})
        assert lesson.erratum[0].note == "So steht es da."

    def test_the_tasks_are_the_same_so_that_progress_is_kept(self, pack):
        own, other = questions(LESSONS["batchnorm"]), questions(catalog([pack], ["de"]).get("batchnorm"))
        assert [(one.key, digest(one)) for one in own] == [(one.key, digest(one)) for one in other]

    @pytest.mark.parametrize("languages", [(), ("en", "de"), ("fr",), ("../de",)])
    def test_in_other_languages_it_stays_as_it_is(self, pack, languages):
        assert catalog([pack], languages).get("batchnorm").title == LESSONS["batchnorm"].title

    def test_it_fits_and_check_says_what_it_leaves_out(self, pack):
        (file,) = translations(pack)
        assert is_translation(file)
        assert lint(file) == []
        said = {one.message for one in findings(file)}
        assert {"notes is not translated", "the prose of twin 2 is not translated"} <= said

    @pytest.mark.parametrize(
        ("old", "new", "error"),
        [
            ('id = "batchnorm"', 'id = "other"', "3:1: id: must be 'batchnorm', as in the lesson"),
            ('id = "sheet"', 'id = "sheat"', "6:1: exercise[1].id: the lesson has no 'sheat'; there are sheet"),
            ('id = "axis"', 'id = "axes"', "9:1: exercise[1].choice[1].id: the lesson has no 'axes'; there are axis"),
            ('"Spalte", ', "", "11:1: exercise[1].choice[1].options: has 1 entries, the lesson has 2"),
            ('"Spalte", "Zeile"', '"Zeile", "zeile"', "11:1: exercise[1].choice[1].options: two options read the same"),
            ("Zeile = ", "Reihe = ", "13:1: exercise[1].choice[1].why.Reihe: 'Reihe' is no option"),
            ("prose = ", "prosa = ", "7:1: exercise[1].prosa: unknown key; did you mean 'prose'?"),
            ("sheet/Z[2]", "sheet/Z", "15:1: erratum[1].question: the lesson has no 'sheet/Z'; there are …"),
            ("prompt = ", "answer = ", "10:1: exercise[1].choice[1].answer: unknown key; known: …"),
        ],
    )
    def test_one_that_does_not_fit_is_refused_and_the_lesson_shown_as_it_is(self, pack, old, new, error):
        (file,) = translations(pack)
        file.write_text(GERMAN.replace(old, new), encoding="utf-8")
        (found,) = lint(file)
        assert re.fullmatch(re.escape(f"{file}:{error}").replace("…", ".*"), found)
        shown = catalog([pack], ["de"])
        assert shown.get("batchnorm").title == LESSONS["batchnorm"].title
        assert len(shown.faults) == 1

    def test_the_command_line_shows_it(self, pack):
        listed = cnn_tutor_command("list", "--lessons", str(pack), LANG="de_DE.UTF-8", CNN_TUTOR_LANG="")
        assert listed.stdout.splitlines()[0].endswith("Batch-Normalisierung")
