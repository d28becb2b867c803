"""What every test stands on: reproducible properties, and no trace of the developer's own progress or terminal."""

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
    for name in ("CNN_TUTOR_LESSONS", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES"):
        monkeypatch.delenv(name, raising=False)
