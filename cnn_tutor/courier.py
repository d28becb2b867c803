"""A process of its own that pushes the log to the shared database; nobody waits for it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def send(folder: Path, name: str, after: int) -> subprocess.Popen[bytes] | None:
    """Let a process push the log in ``folder`` under ``name`` after some seconds; None where none can be started."""
    named = ["--name", str(name)] if name else []
    command = [sys.executable, "-P", "-m", "cnn_tutor", "push", "--data", str(folder.absolute()), *named]
    try:
        return subprocess.Popen(
            [*command, "--after", str(after)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        return None
