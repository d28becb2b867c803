"""What is shipped: the wheel has every lesson and no test, and works outside the checkout."""

import os
import re
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from cnn_tutor import __version__
from tests.course import FILES, IDS, asked

CHECKOUT = Path(__file__).parent.parent.resolve()
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


def run(*command, cwd, typed=""):
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**ENVIRONMENT, "PYTHONIOENCODING": "utf-8", "CNN_TUTOR_DATA": str(cwd / "data")},
        input=typed.encode(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel built from the checkout, without the network."""
    folder = tmp_path_factory.mktemp("wheel")
    run(
        *(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, CHECKOUT),
        cwd=folder,
    )
    (built,) = folder.glob("*.whl")
    return built


def installed(folder, wheel):
    """A fresh environment with ``wheel`` and this environment's dependencies; its bin folder."""
    venv.create(folder / "venv", with_pip=False, symlinks=True)
    binaries = folder / "venv" / "bin"
    run(
        *(sys.executable, "-m", "pip", "--python", binaries / "python", "install", "--quiet", "--no-index"),
        *("--no-deps", "--disable-pip-version-check", "--no-cache-dir", wheel),
        cwd=folder,
    )
    (packages,) = (folder / "venv" / "lib").glob("python*/site-packages")
    (packages / "dependencies.pth").write_text(sysconfig.get_paths()["purelib"] + "\n")
    return binaries


def test_the_wheel_has_every_lesson_the_licence_and_no_test(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert {f"cnn_tutor/lessons/{file.name}" for file in FILES.values()} <= set(names)
    assert {"cnn_tutor/cli.py", "cnn_tutor/tui/app.tcss", "cnn_tutor/lessons/lesson.schema.json"} <= set(names)
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert {name.partition("/")[0] for name in names} == {"cnn_tutor", f"cnn_tutor-{__version__}.dist-info"}
    assert not [name for name in names if "test" in name.lower() or name.endswith((".pyc", "worksheet_values.json"))]


def test_the_wheel_has_the_pictures(wheel):
    from cnn_tutor.tutor.pictures import NAMES

    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert all(f"cnn_tutor/tutor/pictures/{name}.txt" in names for name in NAMES)


def test_the_wheel_names_its_dependencies_and_its_command(wheel):
    with zipfile.ZipFile(wheel) as archive:
        metadata = archive.read(f"cnn_tutor-{__version__}.dist-info/METADATA").decode()
        scripts = archive.read(f"cnn_tutor-{__version__}.dist-info/entry_points.txt").decode()
    required = {
        re.split("[<>]", line.removeprefix("Requires-Dist: "))[0]
        for line in metadata.splitlines()
        if line.startswith("Requires-Dist: ") and "extra ==" not in line
    }
    assert required == {"msgspec", "numpy", "platformdirs", "rich", "textual"}
    assert "cnn-tutor = cnn_tutor.cli:run" in scripts


def test_an_installed_wheel_lists_all_lessons_and_finishes_one_outside_the_checkout(wheel, tmp_path):
    binaries = installed(tmp_path, wheel)
    where = run(binaries / "python", "-c", "import cnn_tutor; print(cnn_tutor.__file__)", cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(tmp_path)
    run(binaries / "python", "-m", "compileall", "-q", tmp_path / "venv" / "lib", cwd=tmp_path)
    listed = run(binaries / "cnn-tutor", "list", cwd=tmp_path)
    before = sorted((tmp_path / "venv").rglob("*"))  # the lessons that were read are kept beside the bytecode
    assert [line.split()[0] for line in listed.splitlines()] == list(IDS)
    answers = "".join(f"{question.text}\n" for question in asked("pooling"))
    out = run(binaries / "cnn-tutor", "learn", "pooling", "--plain", cwd=tmp_path, typed=answers)
    assert out.rstrip("\n").endswith(f"Finished: {len(asked('pooling'))} of {len(asked('pooling'))} questions.")
    assert (tmp_path / "data").is_dir()
    assert sorted((tmp_path / "venv").rglob("*")) == before


def test_a_path_to_the_checkout_as_an_editable_install_writes_it_finds_the_lessons(tmp_path):
    venv.create(tmp_path / "venv", with_pip=False, symlinks=True)
    (packages,) = (tmp_path / "venv" / "lib").glob("python*/site-packages")
    (packages / "cnn_tutor.pth").write_text(f"{CHECKOUT}\n{sysconfig.get_paths()['purelib']}\n")
    listed = run(tmp_path / "venv" / "bin" / "python", "-m", "cnn_tutor", "list", cwd=tmp_path)
    assert [line.split()[0] for line in listed.splitlines()] == list(IDS)


def test_the_checkout_runs_without_being_installed(tmp_path):
    code = f"import sys; sys.path.insert(0, {str(CHECKOUT)!r}); from cnn_tutor.cli import main; main(['list'])"
    listed = run(sys.executable, "-c", code, cwd=tmp_path)
    assert [line.split()[0] for line in listed.splitlines()] == list(IDS)
