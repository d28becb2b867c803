"""Pushes the students' logs to the shared database while a host serves, and once more when it closes.

It runs another program for that, so that neither the host nor a session ever waits for the database.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from cnn_tutor.language import _
from cnn_tutor.tutor.progress import FILE

EVERY = 60.0
"""Seconds between one push and the next."""


class Courier:
    """``command`` pushes the folders that are named after it; ``note`` is told what goes wrong."""

    def __init__(self, command: Sequence[str], students: Path, note: Callable[[str], None]) -> None:
        self._command = command
        self._students = students
        self._note = note
        self._pushed: dict[Path, int] = {}

    async def carry(self) -> None:
        """Push again and again, until this is cancelled."""
        while True:
            await asyncio.sleep(EVERY)
            await self.once()

    async def once(self) -> None:
        """Push the logs that have changed since they were pushed."""
        now = {file.parent: file.stat().st_mtime_ns for file in self._students.glob(f"*/{FILE}")}
        changed = [folder for folder, at in now.items() if self._pushed.get(folder) != at]
        if not changed:
            return
        process = await asyncio.create_subprocess_exec(
            *self._command,
            *map(str, changed),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            _out, said = await process.communicate()
        except asyncio.CancelledError:
            process.terminate()
            await process.wait()
            raise
        if process.returncode == 0:
            self._pushed |= {folder: now[folder] for folder in changed}
        else:
            reason = said.decode(errors="replace").strip().partition("\n")[0]
            self._note(_("results not pushed, it is tried again: {reason}").format(reason=reason))
