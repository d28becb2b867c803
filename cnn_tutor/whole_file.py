"""Writing a file in one step: whoever looks finds what was there before, or all of what is new, never a part."""

from __future__ import annotations

import errno
import os
from pathlib import Path


def put(path: Path, content: bytes, *, mode: int | None = None, sync: bool = True, anew: bool = False) -> None:
    """Put ``content`` at ``path``, or raise OSError and leave all as it was.

    A link is followed. The file gets this ``mode``; without one it keeps that of the file before it, if there was one.
    A pipe or a device is written to. ``anew`` raises FileExistsError where anything is.
    """
    is_there = path.exists()
    if is_there and not path.is_file() and not anew:
        with path.open("wb") as stream:
            stream.write(content)
        return
    if is_there and not anew and not os.access(path, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    target = path if anew else Path(os.path.realpath(path))
    beside = target if anew else target.with_name(f".{target.name[:200]}.{os.getpid()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | (os.O_EXCL if anew else os.O_TRUNC), mode or 0o666)
    try:
        with os.fdopen(descriptor, "wb") as file:
            if mode is not None:
                beside.chmod(mode)
            file.write(content)
            file.flush()
            if sync:
                os.fsync(descriptor)
        if is_there and mode is None:
            beside.chmod(target.stat().st_mode & 0o7777)
        if not anew:
            beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
