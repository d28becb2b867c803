"""Lessons from elsewhere: folders, archives, installed packages; several at once, and none that can do any harm."""

import io
import itertools
import os
import random
import stat
import sys
import zipfile

import pytest

from cnn_tutor import __version__
from cnn_tutor.cli import main
from cnn_tutor.errors import LessonError, ShapeError, UsageError
from cnn_tutor.lesson import folder as folders
from cnn_tutor.lesson import limits
from cnn_tutor.lesson.catalog import catalog
from cnn_tutor.lesson.folder import open_folder
from cnn_tutor.lesson.installed import GROUP
from cnn_tutor.lesson.load import load
from cnn_tutor.lesson.outline import outline
from cnn_tutor.lesson.pack import pack_of
from cnn_tutor.tutor.lint import findings, lint
from cnn_tutor.tutor.log import log
from cnn_tutor.tutor.practice import NOTHING, SHOWN, problem, tasks
from cnn_tutor.tutor.progress import Progress
from cnn_tutor.tutor.session import start
from tests.course import IDS, cnn_tutor_command

LESSON = """
format_version = 1
id = "{id}"
title = "{title}"
section = ""
questions = 3
intro = "Intro."
conventions = "Conventions."
key_ideas = []
[[exercise]]
id = "one"
title = "One"
[exercise.tensors]
x = [2, 0, 3, 1, -1]
w = [1, 0, -2]
[[exercise.layer]]
op = "conv1d"
weight = "w"
output = "y"
[exercise.ask]
y = ["output"]
"""


def write(folder, *lessons, pack=""):
    """A folder with ``lessons``, as pairs of id and title."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, (name, title) in enumerate(lessons, 1):
        (folder / f"{number:02}-{name}.toml").write_text(LESSON.format(id=name, title=title), encoding="utf-8")
    if pack:
        (folder / "pack.toml").write_text(pack, encoding="utf-8")
    return folder


def zipped(path, members):
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return path


def damaged():
    """A small archive two hundred times, each with other bytes changed and perhaps an end cut off."""
    chance = random.Random("archive")
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (("01-mine.toml", LESSON.format(id="mine", title="Mine")), ("pack.toml", 'id = "p"')):
            archive.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
    whole = file.getvalue()
    for _ in range(200):
        content = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        yield bytes(content[: chance.choice((len(content), chance.randrange(len(content))))])


class TestPrecedence:
    def test_the_shipped_lessons_know_that_they_come_with_the_program(self):
        pack = pack_of(catalog().get("conv1d"))
        assert (pack.id, pack.version) == ("cnn-tutor", __version__)

    def test_named_folders_come_before_the_user_s_and_these_before_installed_and_shipped(self, tmp_path, monkeypatch):
        one = write(tmp_path / "one", ("mine", "first"), pack='id = "one"\nversion = "1.0"\n')
        two = write(tmp_path / "two", ("mine", "second"), ("conv1d", "two's"))
        user = write(tmp_path / "user", ("mine", "user's"), ("conv2d", "user's"), ("conv1d", "user's"))
        write(user / "pack", ("pooling", "in a pack"), ("mine", "in a pack"), pack='id = "deep"')
        site = offered(tmp_path, monkeypatch, ("matrix", "installed"), ("pooling", "installed"))
        found = catalog([one, two], user=user)
        titles = {name: found.get(name).title for name in ("mine", "conv1d", "conv2d", "pooling", "matrix")}
        assert titles == {
            "mine": "first",
            "conv1d": "two's",
            "conv2d": "user's",
            "pooling": "in a pack",
            "matrix": "installed",
        }
        assert found.faults == ()
        assert [pack_of(found.get(name)).id for name in ("mine", "conv1d", "pooling", "extra")] == [
            *("one", "", "deep", "cnn-tutor")
        ]
        assert "my_course" not in sys.modules
        assert site.is_dir()

    def test_an_archive_is_read_as_it_is_with_or_without_a_folder_around_it(self, tmp_path):
        text = LESSON.format(id="mine", title="zipped")
        members = {"01-mine.toml": text, "pack.toml": 'id = "z"\nversion = "2"', "README.md": "hello"}
        for prefix in ("", "course-main/"):
            path = zipped(tmp_path / "a.zip", {f"{prefix}{name}": one for name, one in members.items()})
            lesson = catalog([path]).get("mine")
            assert (lesson.title, pack_of(lesson).id, pack_of(lesson).version) == ("zipped", "z", "2")
            assert [one for one in findings(path) if one.severity == "error"] == []

    def test_what_is_not_there_is_named(self, tmp_path):
        with pytest.raises(UsageError, match="no folder of lessons at"):
            catalog([tmp_path / "none"])
        (tmp_path / "not.zip").write_text("no archive")
        with pytest.raises(UsageError, match=r"is no zip archive"):
            catalog([tmp_path / "not.zip"])
        broken = catalog([], user=tmp_path)
        assert len(broken.lessons) == len(IDS)
        assert "is no zip archive" in broken.faults[0]

    def test_a_fault_of_the_pack_is_told_and_its_lessons_are_there(self, tmp_path):
        folder = write(tmp_path, ("mine", "title"), pack='id = "Not An Id"\nlicence = "x"\n')
        found = catalog([folder])
        assert pack_of(found.get("mine")).id == ""
        assert "pack.toml:1:1: id: expected small letters" in found.faults[0]
        assert [one.partition("pack.toml:")[2] for one in (str(one) for one in findings(folder))] == [
            "1:1: id: expected small letters, digits and hyphens, as in my-course",
            "2:1: licence: unknown key; known: format_version, id, title, titles, version",
            "",
        ][:2]

    def test_its_title_is_shown_in_the_language_spoken(self, tmp_path):
        pack = 'id = "edition"\ntitle = "Filters"\ntitles = { de = "Filter" }'
        folder = write(tmp_path / "p", ("mine", "title"), pack=pack)
        for languages, title in ((), "Filters"), (["fr", "de"], "Filter"), (["fr"], "Filters"):
            found = catalog([folder], languages)
            assert outline(found.lessons)[0][0] == title
            assert pack_of(found.get("mine")).id == "edition"

    def test_two_lessons_of_one_folder_with_one_id_are_a_fault(self, tmp_path):
        folder = write(tmp_path, ("mine", "a"), ("other", "b"))
        (folder / "03-again.toml").write_text(LESSON.format(id="mine", title="c"))
        (found,) = findings(folder)
        assert str(found).endswith(
            "03-again.toml:3:1: id: 01-mine.toml has the id 'mine' as well; only the first is shown"
        )


def offered(tmp_path, monkeypatch, *lessons):
    """An installed package that offers lessons, and would complain if it were imported."""
    site = tmp_path / "site"
    package = site / "my_course"
    write(package / "lessons", *lessons, pack='id = "my-course"\nversion = "3.1"')
    (package / "__init__.py").write_text("raise RuntimeError('imported')")
    (package / "lessons" / "__init__.py").write_text("raise RuntimeError('imported')")
    info = site / "my_course-3.1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: my-course\nVersion: 3.1\n")
    (info / "entry_points.txt").write_text(
        f"[{GROUP}]\nmy-course = my_course.lessons\nbad = no_such_package\nworse = ../../etc\n"
    )
    monkeypatch.syspath_prepend(str(site))
    return site


def test_an_installed_pack_is_found_without_running_any_of_it(tmp_path, monkeypatch):
    offered(tmp_path, monkeypatch, ("theirs", "From a package"))
    lesson = catalog().get("theirs")
    assert (lesson.title, pack_of(lesson).id, pack_of(lesson).version) == ("From a package", "my-course", "3.1")
    assert "my_course" not in sys.modules


@pytest.fixture
def rows(tmp_path, monkeypatch):
    """What a command over lessons of two packs leaves in the log: each row's action, key, pack and version."""
    folder = write(tmp_path / "p", ("mine", "title"), pack='id = "edition"\nversion = "2026.1"')
    assignment = tmp_path / "lab.toml"
    assignment.write_text('format_version = 1\nid = "lab"\ntitle = "Lab"\nlessons = ["mine", "conv1d"]\nseed = 1\n')

    def run(*arguments, typed):
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        common = ("--plain", "--lessons", str(folder), "--data", str(tmp_path / "data"))
        arguments = [str(assignment) if one == "ASSIGNMENT" else one for one in arguments]
        assert main([*arguments, *common]) == 0
        attempts = (row.attempt for row in Progress(tmp_path / "data").rows())
        return [(one.action, one.key.rpartition("/")[0], one.pack, one.pack_version) for one in attempts]

    return run


MINE, OURS = ("edition", "2026.1"), ("cnn-tutor", __version__)
BOTH = ("edition, cnn-tutor", f"2026.1, {__version__}")


def test_every_attempt_says_from_which_edition_its_lesson_was(rows):
    rows("learn", "mine", typed="-4\n")
    assert rows("learn", "conv1d", typed="5\n") == [
        ("answer", "mine/one", *MINE),
        ("answer", "conv1d/sheet", *OURS),
    ]


@pytest.mark.parametrize("what", [("mine", "conv1d", "--seed", "1"), ("--assignment", "ASSIGNMENT")])
def test_each_answer_of_a_drill_over_two_packs_has_its_own_and_its_marks_have_both(rows, what):
    found = rows("drill", *what, typed="1\n1\n1\n1\n.\n.\n")
    assert list(dict.fromkeys(found)) == [
        ("begin", "", *BOTH),
        ("answer", "drill/mine-one-1", *MINE),
        ("answer", "drill/conv1d-sheet-2", *OURS),
        ("given", "drill/conv1d-sheet-2", *OURS),
        ("end", "", *BOTH),
    ]


@pytest.mark.parametrize("mode", ["practice", "review"])
def test_each_problem_of_a_sitting_over_two_packs_has_its_own(tmp_path, mode):
    folder = write(tmp_path / "p", ("mine", "title"), pack='id = "edition"\nversion = "2026.1"')
    for task in tasks(map(catalog([folder]).get, ("mine", "conv1d"))):
        one = problem(task, 1, NOTHING if mode == "review" else SHOWN, mode=mode, run="r")
        made = [*one.rows, *log(one.session, one.session, "hint"), one.ended(one.session)]
        assert {(row.pack, row.pack_version) for row in made} == {MINE if task.lesson.id == "mine" else OURS}


def test_a_lesson_may_be_named_by_its_file(tmp_path):
    folder = write(tmp_path, ("conv1d", "My own"), pack='id = "own"')
    done = cnn_tutor_command("learn", str(folder / "01-conv1d.toml"), "--plain")
    assert done.stdout.startswith("My own\n")
    assert cnn_tutor_command("explain", str(folder / "01-conv1d.toml")).stdout.startswith("# My own")


class TestNothingLeavesTheFolder:
    def test_links_out_of_a_folder_are_not_followed(self, tmp_path):
        outside = write(tmp_path / "outside", ("secret", "Secret"))
        folder = write(tmp_path / "pack", ("mine", "Mine"))
        (folder / "02-secret.toml").symlink_to(outside / "01-secret.toml")
        (folder / "03-zero.toml").symlink_to("/dev/zero")
        (folder / "04-inside.toml").symlink_to(folder / "01-mine.toml")
        (folder / "de").symlink_to(outside)
        opened = open_folder(folder)
        assert opened.names == ("01-mine.toml", "04-inside.toml")
        assert [one.partition("toml:")[2] for one in opened.faults] == ["1:1: leads out of its folder"] * 2
        os.mkfifo(folder / "05-pipe.toml")
        assert catalog([folder]).get("mine").title == "Mine"

    def test_names_in_an_archive_that_lead_elsewhere_are_refused(self, tmp_path):
        text = LESSON.format(id="mine", title="Mine")
        link = zipfile.ZipInfo("04-link.toml")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
            for name in ("01-mine.toml", "../02-up.toml", "/03-root.toml", "a/b/c/05-deep.toml", "C:\\06-back.toml"):
                archive.writestr(name, text)
            archive.writestr(link, "/etc/passwd")
        opened = open_folder(tmp_path / "a.zip")
        assert opened.names == ("01-mine.toml",)
        assert len(opened.faults) == 3
        assert sorted(one.name for one in tmp_path.iterdir()) == ["a.zip"]

    def test_a_bomb_is_not_unpacked(self, tmp_path):
        with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("01-bomb.toml", b"#" * 50_000_000)
        assert (tmp_path / "a.zip").stat().st_size < 100_000
        (fault,) = catalog([tmp_path / "a.zip"]).faults
        assert "the file is larger than" in fault

    def test_a_damaged_archive_is_told(self, tmp_path):
        path = zipped(tmp_path / "a.zip", {"01-mine.toml": LESSON.format(id="mine", title="Mine")})
        content = bytearray(path.read_bytes())
        content[60] ^= 255
        path.write_bytes(content)
        (fault,) = catalog([path]).faults
        assert "01-mine.toml:1:1: cannot be read: Bad CRC-32" in fault

    def test_any_damage_to_an_archive_is_told_or_does_not_matter(self, tmp_path):
        path = tmp_path / "a.zip"
        told = 0
        for content in damaged():
            path.write_bytes(content)
            try:
                told += bool(findings(path, advice=False))
            except UsageError:
                told += 1
        assert told > 60

    def test_there_are_not_too_many_files(self, tmp_path, monkeypatch):
        monkeypatch.setattr(folders, "MOST_FILES", 3)
        folder = write(tmp_path, *[(f"a{number}", "t") for number in range(5)])
        assert len(open_folder(folder).names) == 3
        assert "has 5 files; the first 3 are used" in open_folder(folder).faults[0]
        monkeypatch.setattr(folders, "MOST_MEMBERS", 2)
        with pytest.raises(UsageError, match="more than 2 members"):
            open_folder(zipped(tmp_path / "a.zip", dict.fromkeys("abc", "")))


MOST = limits.LARGEST_FILE
ALONE = LESSON.partition("[[exercise]]")[0].format(id="big", title="Big").replace("questions = 3\n", "")
EXERCISE = "[[exercise]]" + LESSON.partition("[[exercise]]")[2]
LAYER = '[[exercise.layer]]\nop = "relu"\noutput = "r"\n'
TRACK = '[[exercise]]\nid = "e"\ntitle = "E"\n[exercise.track]\ninput = [1, 4, 4]\nlayers = [{}]\n'
STACK = '{ name = "a", op = "stack", repeat = 50, layers = [{ name = "b", op = "relu" }] }'
HOSTILE = {
    "dots": "a." * (MOST // 2 - 2) + "a = 1",
    "quoted dots": '"a".' * (MOST // 5) + "a = 1",
    "header of dots": "[" + "a." * (MOST // 2 - 9) + "a]",
    "dots with blanks": "a . " * (MOST // 5) + "a = 1",
    "brackets": "x = " + "[" * (MOST - 10),
    "closed brackets": "x = " + "[" * 300 + "]" * 300,
    "inline tables": "x = " + "{a = " * (MOST // 6),
    "tables": "[[exercise]]\n" * (MOST // 14),
    "unknown keys": "\n".join(f"k{number} = 1" for number in range(200)),
    "keys": "\n".join(f"k{number} = 1" for number in range(MOST // 12)),
    "numbers": "x = [" + "1," * (MOST // 2 - 8) + "]",
    "digits": "x = " + "9" * 5000,
    "hexadecimal": "x = 0x" + "f" * (MOST - 10),
    "exponent": "x = 1e" + "9" * (MOST - 10),
    "quotes": "x = '''" + "'" * (MOST - 10),
    "escapes": 'x = "' + "\\u0041" * (MOST // 6 - 10) + '"',
    "words": "x = '" + "a" * (MOST - 10) + "'",
    "lines": "\n" * (MOST - 1),
    "dollars": "intro = '" + "$" * (MOST - 20) + "'",
    "formulas": "intro = '" + "$x_1$ " * (MOST // 7) + "'",
    "braces": "intro = '$" + "{" * (MOST - 20) + "$'",
    "one key again": "a = 1\n" * (MOST // 7),
    "exercises": ALONE + EXERCISE * (MOST // len(EXERCISE) - 5),
    "layers": ALONE + EXERCISE + LAYER * (MOST // len(LAYER) - 10),
    "stacks": ALONE + TRACK.format(f"{STACK}, " * (MOST // len(STACK) - 100)),
    "stacks in each other": ALONE + TRACK.format(f'{{ name = "c", op = "stack", repeat = 50, layers = [{STACK}] }}'),
    "a stack too often": ALONE + TRACK.format(", ".join(STACK.replace("a", f"a{number}") for number in range(9))),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_a_message(name, tmp_path):
    file = tmp_path / "hostile.toml"
    file.write_text(HOSTILE[name], encoding="utf-8")
    with pytest.raises((LessonError, ShapeError), match=r"hostile\.toml:\d+:\d+: \S|stacks are written out"):
        start(load(file))
    assert lint(file)


CALLS = 1_000_000
"""Calls of functions, of Python's and of others, in which a file is refused: well below a second's worth."""


@pytest.mark.parametrize("name", ["numbers", "keys", "stacks"])
def test_a_hostile_file_is_refused_without_much_ado(name, tmp_path):
    """The slowest of them; ``python -m tests.bench.hostile`` times all."""
    file, calls = tmp_path / "hostile.toml", itertools.count()
    file.write_text(HOSTILE[name], encoding="utf-8")
    sys.setprofile(lambda _frame, event, _what: next(calls) if event in ("call", "c_call") else None)
    try:
        lint(file)
    finally:
        sys.setprofile(None)
    assert 1000 < next(calls) < CALLS


LAYERS = {
    "max_pool2d": "kernel_size = [10000, 10000]\npadding = [5000, 5000]",
    "avg_pool1d": "kernel_size = 100000\npadding = 50000",
    "conv1d": 'weight = "w"\npadding = 1000000',
    "conv_transpose1d": 'weight = "w"\nstride = 10000000',
    "toeplitz": 'weight = "w"\ninput_shape = [1000000000]',
    "im2col": "kernel_size = 2\npadding = 100000",
    "reshape": "shape = [1000000000, 1]",
    "group_norm": "num_groups = 99999999999",
    "layer_norm": "axes = 1000000",
}


def oversized(op):
    """A lesson with a layer that would make far too many cells."""
    return LESSON.format(id="big", title="Big").replace('op = "conv1d"\nweight = "w"', f'op = "{op}"\n{LAYERS[op]}')


@pytest.mark.parametrize("op", LAYERS)
def test_a_layer_of_a_billion_cells_is_refused_before_it_is_computed(op, tmp_path, capsys):
    file = tmp_path / "big.toml"
    file.write_text(oversized(op), encoding="utf-8")
    (fault,) = lint(file)
    assert ": exercise[1].layer[1]" in fault
    assert main(["learn", str(file), "--plain"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("cnn-tutor: ")
    assert said.count("\n") == 1


@pytest.mark.parametrize("text", ["\\u001b[2J", "a\\u0007b", "\\u202egnp.exe", "\\u009b31m"])
def test_commands_to_a_terminal_are_refused_and_never_printed(text, tmp_path, capsys):
    file = tmp_path / "escape.toml"
    file.write_text(LESSON.format(id="esc", title=text), encoding="utf-8")
    (fault,) = lint(file)
    assert "title: holds the control character U+" in fault
    assert main(["check", str(file)]) == 1
    assert not {"\x1b", "\x07", "\u202e", "\x9b"} & set(capsys.readouterr().out)


def test_markup_is_shown_as_it_is_typed(tmp_path):
    file = tmp_path / "markup.toml"
    file.write_text(LESSON.format(id="mark", title="[red]Rich[/red] [@click=app.quit]x[/]"), encoding="utf-8")
    assert lint(file) == []
    assert cnn_tutor_command("learn", str(file), "--plain").stdout.startswith("[red]Rich[/red] [@click=app.quit]x[/]\n")
