"""One host for all tests that leave it as it was."""

from collections.abc import Iterator

import pytest

from tests.host.hosting import Host, hosting


@pytest.fixture(scope="session")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """A host that serves a drill; each test enrols students of its own."""
    with hosting(tmp_path_factory.mktemp("room"), ["nobody"]) as host:
        yield host
