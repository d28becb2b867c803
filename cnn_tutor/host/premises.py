"""Where a host keeps what it has to keep: its key, its codes, each student's log, what the room looks like now."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cnn_tutor.errors import UsageError
from cnn_tutor.language import _
from cnn_tutor.whole_file import put

PRIVATE = 0o700


@dataclass(frozen=True, slots=True)
class Premises:
    """The folder of a host, which only its owner may enter."""

    folder: Path

    @property
    def key(self) -> Path:
        """The host's private key (OpenSSH format); it also signs what the host exports."""
        return self.folder / "key"

    @property
    def door(self) -> Path:
        """The codes that were handed out."""
        return self.folder / "door.sqlite3"

    @property
    def room(self) -> Path:
        """What is served, and who is here."""
        return self.folder / "room.json"

    @property
    def journal(self) -> Path:
        """What happened, line by line."""
        return self.folder / "journal.log"

    @property
    def students(self) -> Path:
        """One folder a student."""
        return self.folder / "students"

    def student(self, name: str) -> Path:
        """The data folder of a student; ``name`` is one that the roster has."""
        return self.students / name

    def make(self) -> None:
        """Make the folder, closed to others. Raises UsageError."""
        try:
            self.students.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
            for one in (self.folder, self.students):
                one.chmod(PRIVATE)
        except OSError as error:
            raise UsageError(
                _("cannot make the folder {folder}: {reason}").format(folder=self.folder, reason=error.strerror)
            ) from None


def write_private(path: Path, content: bytes) -> None:
    """Put ``content`` at ``path`` in one step, readable by the owner alone."""
    put(path, content, mode=0o600)
