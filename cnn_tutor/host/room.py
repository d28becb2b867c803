"""The room as the host writes it down for those who watch it."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from cnn_tutor.host.premises import write_private


class Room(msgspec.Struct, frozen=True):
    """The host that runs as ``pid`` on ``port``, what it serves, and who is here since when (seconds since 1970)."""

    pid: int
    port: int
    task: str
    here: dict[str, float] = {}

    @property
    def is_open(self) -> bool:
        """Whether that host still runs."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return False
        except PermissionError:
            return True
        return True


def write(path: Path, room: Room) -> None:
    """Put it down in one step. Raises OSError."""
    write_private(path, msgspec.json.encode(room))


def read(path: Path) -> Room | None:
    """What was put down; None if nothing was, or nothing that can be read."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Room)
    except (OSError, msgspec.MsgspecError):
        return None
