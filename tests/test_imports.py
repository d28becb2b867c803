"""A fresh interpreter loads only what a layer may know: starting fast is kept by looking at ``sys.modules``."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.course import ROOT

HEAVY = ("numpy", "textual", "rich", "msgspec", "platformdirs", "sqlite3", "psycopg", "cryptography")


def loaded_by(code: str) -> set[str]:
    """The heavy packages that a fresh interpreter has loaded after ``code``."""
    report = f"\nimport sys\nprint('LOADED', *[name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", code + report],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stderr.rpartition("LOADED")[2].split())


def importing_all_of(package: str) -> str:
    return (
        f"import importlib, pkgutil, {package} as package\n"
        f"for one in pkgutil.walk_packages(package.__path__, {package + '.'!r}): importlib.import_module(one.name)"
    )


def calling_main(*arguments: str) -> str:
    return f"from cnn_tutor.cli import main\ntry: main({list(arguments)!r})\nexcept SystemExit: pass"


@pytest.mark.parametrize(
    ("code", "unwanted"),
    [
        ("import cnn_tutor.cli", {"numpy", "textual", "rich", "msgspec", "platformdirs", "sqlite3"}),
        ("import cnn_tutor.plain", {"textual"}),
        (importing_all_of("cnn_tutor.render"), {"textual"}),
        (importing_all_of("cnn_tutor.tutor"), {"rich", "textual"}),
        (importing_all_of("cnn_tutor.lesson"), {"rich", "textual"}),
        (importing_all_of("cnn_tutor.engine"), {"rich", "textual", "msgspec", "platformdirs", "sqlite3"}),
        ("import cnn_tutor.lesson.load", {"numpy", "rich", "textual"}),
        ("from cnn_tutor.lesson.catalog import catalog; assert catalog().lessons", {"numpy", "rich", "textual"}),
        (calling_main("list"), {"numpy", "textual", "rich"}),
        (calling_main("progress", "--json"), {"numpy", "textual", "rich"}),
        (calling_main("--help"), {"numpy", "textual", "rich", "msgspec"}),
        (calling_main("learn", "--help"), {"numpy", "textual", "rich", "msgspec"}),
        (calling_main("--version"), {"numpy", "textual", "rich", "msgspec"}),
        (calling_main("explain", "conv1d", "--json"), {"textual", "rich"}),
        (calling_main("learn", "conv1d", "--plain"), {"textual"}),
    ],
)
def test_a_layer_loads_nothing_that_it_may_not_know(code, unwanted):
    assert loaded_by(code) & unwanted == set()


def test_the_probe_sees_what_is_loaded():
    assert loaded_by("import numpy, rich") >= {"numpy", "rich"}


def test_the_import_contracts_hold():
    lint = "from importlinter.cli import lint_imports_command as lint; lint()"
    config = Path(__file__).parent.parent / "pyproject.toml"
    done = subprocess.run(
        [sys.executable, "-c", lint, "--config", str(config), "--no-cache", "--no-logo"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout
