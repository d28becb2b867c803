"""The lookout over a room: reads what the students' logs have new, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field

from cnn_tutor.errors import ProgressError
from cnn_tutor.host.premises import Premises
from cnn_tutor.host.room import Room, read
from cnn_tutor.host.seen import Seen, State, fold, state, usual
from cnn_tutor.tutor.peek import peek
from cnn_tutor.tutor.progress import FILE


@dataclass(frozen=True, slots=True)
class Look:
    """A room at one moment: the host (None: never started), and each student with a state."""

    at: float
    room: Room | None
    class_: dict[str, tuple[Seen, State]]

    def seconds(self, name: str) -> float:
        """How long a student has been at the current question."""
        seen, _ = self.class_[name]
        here = self.room.here.get(name, 0.0) if self.room is not None else 0.0
        return max(0.0, self.at - max(seen.since, here)) if seen.since else 0.0


@dataclass
class Lookout:
    """What was read so far of the logs below ``premises``."""

    premises: Premises
    _read: dict[str, tuple[tuple[int, int], int, Seen]] = field(default_factory=dict)
    """By student: the file's time and size, the number of the last row, what is seen."""

    def look(self, now: float) -> Look:
        """The room now. A log that cannot be read just now counts as it was."""
        room = read(self.premises.room)
        here = room.here if room is not None and room.is_open else {}
        for folder in self.premises.students.iterdir() if self.premises.students.is_dir() else ():
            self._catch_up(folder.name)
        seen = {name: one for name, (_, _, one) in self._read.items()}
        usually = usual(seen.values())
        names = sorted({*seen, *here})
        empty = Seen()
        class_ = {name: (seen.get(name, empty), state(seen.get(name), here.get(name), now, usually)) for name in names}
        return Look(now, room, class_)

    def _catch_up(self, name: str) -> None:
        folder = self.premises.student(name)
        before, number, seen = self._read.get(name, ((0, 0), 0, Seen()))
        try:
            found = (folder / FILE).stat()
            stamp = (found.st_mtime_ns, found.st_size)
            if stamp == before:
                return
            number, rows = peek(folder, number)
        except (OSError, ProgressError):
            return
        self._read[name] = (stamp, number, fold(seen, rows))
