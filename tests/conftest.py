"""What every test stands on: reproducible properties, and no trace of the developer's own progress or terminal."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "check", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
settings.register_profile("explore", settings.get_profile("check"), derandomize=False, max_examples=2000)
settings.load_profile("check")


@pytest.fixture(autouse=True)
def _no_home(tmp_path_factory, monkeypatch):
    """Progress goes to a folder of its own, and the terminal's settings do not matter."""
    monkeypatch.setenv("CNN_TUTOR_DATA", str(tmp_path_factory.mktemp("student")))
    monkeypatch.setenv("CNN_TUTOR_LANG", "en")
    for name in ("CNN_TUTOR_LESSONS", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def system() -> Callable[[str], Path]:
    """Find a program that a test starts; on a machine without it the test is left out, but never in CI."""
    return find_program


def find_program(name: str) -> Path:
    """The path of ``name``; also where Debian keeps servers off the PATH."""
    elsewhere = ["/usr/sbin", *map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True))]
    found = shutil.which(name) or shutil.which(name, path=os.pathsep.join(elsewhere))
    if found is None:
        say = pytest.fail if os.environ.get("CI") else pytest.skip
        say(f"needs the program {name}")
    return Path(found)
