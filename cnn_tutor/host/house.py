"""The house: who is here, who may come in, and where sessions come from. One for each host that runs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any

from cnn_tutor.errors import CnnTutorError
from cnn_tutor.host.door import Door
from cnn_tutor.host.gate import Gate
from cnn_tutor.host.journal import Journal
from cnn_tutor.host.limits import Limits
from cnn_tutor.host.nursery import Nursery, Session
from cnn_tutor.host.premises import Premises
from cnn_tutor.host.room import Room, write
from cnn_tutor.host.roster import Roster, read
from cnn_tutor.host.visit import Visit
from cnn_tutor.language import _


class House:
    """Everything that the connections share."""

    def __init__(
        self,
        premises: Premises,
        roster: Path,
        nursery: Nursery,
        journal: Journal,
        limits: Limits,
        clock: Callable[[], float],
        room: Room,
    ) -> None:
        """Raises UsageError for a roster that cannot be read."""
        self.limits = limits
        self.journal = journal
        self.gate = Gate(limits)
        self._premises = premises
        self._roster_file = roster
        self._roster_seen = (0, 0)
        self._roster: Roster = read(roster)
        self._nursery = nursery
        self._door = Door(premises.door, clock)
        self._clock = clock
        self._visits: dict[str, Visit] = {}
        self._room = room
        self._is_closed = False
        self._tasks: set[asyncio.Task[Any]] = set()
        self._publish()

    @property
    def roster(self) -> Roster:
        """The roster as the file is now; as it was, with a note, when that cannot be read."""
        try:
            now = self._roster_file.stat()
            seen = (now.st_mtime_ns, now.st_size)
            if seen != self._roster_seen:
                self._roster_seen = seen
                self._roster = read(self._roster_file)
        except OSError:
            pass
        except CnnTutorError as error:
            self.journal.note(f"{error}; the roster stays as it was")
        return self._roster

    @property
    def asks_for_codes(self) -> bool:
        """Whether there is anybody with a code."""
        return bool(self._door.names())

    def knows_key(self, name: str, key: str) -> bool:
        """Whether ``key`` (``type base64``) is one of the student's."""
        return self.roster.allows(name, " ".join(key.split()[:2]))

    def knows_code(self, name: str, code: str) -> bool:
        """Whether ``code`` is the student's, and not used up."""
        try:
            return self._door.fits(name, code) and name in self.roster
        except CnnTutorError as error:
            self.journal.note(str(error))
            return False

    def turn(self, name: str, code: str, following: str) -> bool:
        """Use up a code; False if it was used meanwhile. Raises ProgressError."""
        return self._door.turn(name, code, following)

    async def admit(self, visit: Visit) -> bool:
        """Make room for ``visit``: the same student's earlier one ends, and its last answer is on disk by then."""
        while (earlier := self._visits.get(visit.name)) is not None:
            earlier.end(_("You went on from somewhere else."))
            await earlier.over.wait()
        if self._is_closed or len(self._visits) >= self.limits.sessions:
            return False
        self._visits[visit.name] = visit
        self._publish()
        self.journal.came(visit.name, visit.address)
        return True

    async def seat(self, name: str, settings: Mapping[str, str], terminal: int) -> Session:
        """A session on ``terminal``. Raises OSError."""
        return await self._nursery.seat(name, self._premises.student(name), settings, terminal)

    def gone(self, visit: Visit) -> None:
        """A visit is over."""
        if self._visits.get(visit.name) is visit:
            del self._visits[visit.name]
            self._publish()
            self.journal.left(visit.name)

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something in the background, until it is done."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self, line: str) -> None:
        """Send everybody home with a line, and return when all of it is on disk."""
        self._is_closed = True
        visits = list(self._visits.values())
        for visit in visits:
            visit.end(line)
        for visit in visits:
            await visit.over.wait()
        self._publish()

    def opened(self, port: int) -> None:
        """The door is open."""
        self._room = Room(self._room.pid, port, self._room.task, self._room.here)
        self._publish()

    def _publish(self) -> None:
        """Write down who is here, for those who watch the room."""
        now = self._clock()
        here = {name: self._room.here.get(name, now) for name in self._visits}
        self._room = Room(self._room.pid, self._room.port, self._room.task, here)
        try:
            write(self._premises.room, self._room)
        except OSError as error:
            self.journal.note(f"cannot write {self._premises.room}: {error.strerror}")
