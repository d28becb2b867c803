"""What a session's process has: a terminal, a folder, a few settings, limits. Nothing that leads elsewhere."""

from __future__ import annotations

import os
import resource
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from cnn_tutor.host.limits import Limits

MIB = 1024 * 1024
DESCRIPTORS = 128
WRITING = os.O_WRONLY | os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_TRUNC

OWN = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MALLOC_ARENA_MAX")
"""Settings of the process itself: a fork must find no thread, and one is enough."""

DENIED = frozenset(
    (
        *(
            "subprocess.Popen",
            "os.exec",
            "os.posix_spawn",
            "os.spawn",
            "os.system",
            "os.fork",
            "os.forkpty",
            "pty.spawn",
        ),
        *("socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo", "webbrowser.open"),
        *("os.link", "os.symlink", "os.chown", "shutil.rmtree"),
    )
)
"""Audit events of what no lesson does: start programs, speak to the network, reach beyond the folder."""


def take(terminal: int, environment: Mapping[str, str], folder: Path, limits: Limits) -> None:
    """Make this process a session on ``terminal``: its own, with its own limits, for good."""
    os.login_tty(terminal)
    _surround(environment)
    _open_streams()
    os.umask(0o077)
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM, signal.SIGQUIT, signal.SIGTSTP):
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)
    _limit(limits)
    _fence(folder)


def flush() -> None:
    """Write out what the streams still hold."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()


@contextmanager
def borrowed(terminal: int, environment: Mapping[str, str]) -> Iterator[None]:
    """Standard streams and environment of a session for a while."""
    kept = [os.dup(number) for number in (0, 1, 2)]
    before = dict(os.environ)
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM)}
    try:
        for number in (0, 1, 2):
            os.dup2(terminal, number)
        os.close(terminal)
        _surround(environment)
        _open_streams()
        yield
    finally:
        flush()
        for number, own in enumerate(kept):
            os.dup2(own, number)
            os.close(own)
        os.environ.clear()
        os.environ.update(before)
        _open_streams()
        for signum, handler in handlers.items():
            signal.signal(signum, handler)


def _surround(environment: Mapping[str, str]) -> None:
    """Replace the environment, but for what says how libraries that are loaded later shall behave."""
    kept = {name: os.environ[name] for name in OWN if name in os.environ}
    os.environ.clear()
    os.environ.update({**environment, **kept})


def _open_streams() -> None:
    """The standard streams anew, as UTF-8: what they were in the warm process is not known to anybody here."""
    text = partial(os.fdopen, encoding="utf-8", errors="replace", closefd=False)
    sys.stdin = sys.__stdin__ = text(0)  # type: ignore[misc]
    sys.stdout = sys.__stdout__ = text(1, "w")  # type: ignore[misc]
    sys.stderr = sys.__stderr__ = text(2, "w", buffering=1)  # type: ignore[misc]


def _limit(limits: Limits) -> None:
    """No core files, few files, none of them large; so much memory beyond what is there already, so much time."""
    wanted = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: DESCRIPTORS,
        resource.RLIMIT_FSIZE: limits.file_mib * MIB,
        resource.RLIMIT_CPU: limits.cpu_seconds,
    }
    with suppress(OSError):
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        wanted[resource.RLIMIT_AS] = pages * resource.getpagesize() + limits.memory_mib * MIB
    for kind, most in wanted.items():
        _, hard = resource.getrlimit(kind)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (most, most))


def _fence(folder: Path) -> None:
    """A second wall behind the first: nothing in the tutor does these things, and now nothing can by mistake.

    An audit hook cannot be taken away again. It guards against a fault in this program, not against native code.
    """
    inside = str(folder.resolve()) + os.sep
    sys.dont_write_bytecode = True

    def refuse(event: str, arguments: tuple[object, ...]) -> None:
        if event in DENIED or (event == "os.kill" and arguments[0] != os.getpid()):
            raise PermissionError(f"a session may not do this: {event}")
        if event == "open" and _writes(arguments) and not _is_inside(arguments[0], inside):
            raise PermissionError("a session writes to its own folder only")

    sys.addaudithook(refuse)


def _writes(arguments: tuple[object, ...]) -> bool:
    mode, flags = arguments[1], arguments[2]
    return (isinstance(mode, str) and any(one in mode for one in "wax+")) or (
        isinstance(flags, int) and bool(flags & WRITING)
    )


def _is_inside(path: object, folder: str) -> bool:
    if isinstance(path, int):
        return True
    text = os.fsdecode(path) if isinstance(path, str | bytes) else ""
    return text in (os.devnull, "/dev/tty") or os.path.realpath(text).startswith(folder)
