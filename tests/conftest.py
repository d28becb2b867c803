"""What every test stands on: reproducible properties, and no trace of the developer's own progress or terminal."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from cnn_tutor.lesson.catalog import catalog

MEMORY, ROOM = Path("/dev/shm"), 2 * 1024**3
"""Files of tests lie here where there is so much room, in bytes: waiting for a disk proves nothing."""
if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM and not os.statvfs(MEMORY).f_flag & os.ST_NOEXEC:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))

settings.register_profile(
    "check", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
settings.register_profile("explore", settings.get_profile("check"), derandomize=False, max_examples=2000)
settings.load_profile("check")


def pytest_xdist_auto_num_workers() -> int:
    """One worker more than there are cores: many tests wait for another program."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(scope="session")
def shelf(tmp_path_factory) -> Path:
    """The shipped lessons, read once."""
    file = tmp_path_factory.mktemp("shelf") / "lessons.shelf"
    catalog(shelf=file)
    return file


@pytest.fixture(autouse=True)
def _no_home(tmp_path_factory, monkeypatch, shelf):
    """Progress goes to a folder of its own, where lessons have been read before; the terminal does not matter."""
    student = tmp_path_factory.mktemp("student")
    os.link(shelf, student / shelf.name)
    monkeypatch.setenv("CNN_TUTOR_DATA", str(student))
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
