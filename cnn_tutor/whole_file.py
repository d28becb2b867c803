"""Writing a file in one step: whoever looks finds what was there before, or all of what is new, never a part."""

from __future__ import annotations

import errno
import os
from pathlib import Path


def put(path: Path, content: bytes, *, mode: int = 0o666, sync: bool = True, anew: bool = False) -> None:
    """Put ``content`` at ``path``, or raise OSError and leave all as it was.

    A link is followed, and an existing file keeps its mode; a new one has ``mode``, as far as the umask allows. A pipe
    or a device is written to. ``anew`` raises FileExistsError where anything is.
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
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | (os.O_EXCL if anew else os.O_TRUNC), mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            if sync:
                os.fsync(descriptor)
        if is_there:
            beside.chmod(target.stat().st_mode & 0o7777)
        if not anew:
            beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
