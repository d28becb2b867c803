"""A file that is written in one step: a full disk, a link, a mode, and what is not to be overwritten."""

import errno
import os
import stat

import pytest

from cnn_tutor.whole_file import put


@pytest.fixture
def full_disk(monkeypatch):
    """A disk that takes what is written and then has no room to keep it."""

    def fsync(descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("cnn_tutor.whole_file.os.fsync", fsync)


@pytest.mark.usefixtures("full_disk")
@pytest.mark.parametrize("anew", [True, False])
def test_on_a_full_disk_nothing_is_left_that_was_not_there(tmp_path, anew):
    with pytest.raises(OSError, match="No space"):
        put(tmp_path / "new", b"half", anew=anew)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("full_disk")
def test_on_a_full_disk_what_was_there_stays(tmp_path):
    (tmp_path / "old").write_bytes(b"before")
    with pytest.raises(OSError, match="No space"):
        put(tmp_path / "old", b"after")
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("old", b"before")]


def test_it_replaces_what_is_there_keeps_its_mode_and_follows_links(tmp_path):
    (tmp_path / "old").write_bytes(b"before")
    (tmp_path / "old").chmod(0o640)
    (tmp_path / "link").symlink_to("old")
    put(tmp_path / "link", b"after")
    assert (tmp_path / "old").read_bytes() == b"after"
    assert stat.S_IMODE((tmp_path / "old").stat().st_mode) == 0o640
    assert (tmp_path / "link").is_symlink()
    assert len(list(tmp_path.iterdir())) == 2


def test_a_file_has_the_mode_asked_for_whatever_it_had_before(tmp_path):
    (tmp_path / "open").touch(0o644)
    (tmp_path / f".open.{os.getpid()}").touch(0o644)
    for name in ("secret", "open"):
        put(tmp_path / name, b"", mode=0o600)
        assert stat.S_IMODE((tmp_path / name).stat().st_mode) == 0o600


def test_anew_takes_no_other_place(tmp_path):
    (tmp_path / "old").write_bytes(b"before")
    (tmp_path / "link").symlink_to("nowhere")
    for name in ("old", "link"):
        with pytest.raises(FileExistsError):
            put(tmp_path / name, b"after", anew=True)
    assert (tmp_path / "old").read_bytes() == b"before"


def test_a_device_is_written_to_and_a_folder_is_not(tmp_path):
    put(tmp_path.__class__(os.devnull), b"gone")
    assert not os.path.isfile(os.devnull)  # noqa: PTH113
    with pytest.raises(IsADirectoryError):
        put(tmp_path, b"")
