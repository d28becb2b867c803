"""The warm process: everything is imported and was run once, so that a session is a fork and costs little.

It has one thread and no event loop, so there is nothing that a fork could break. Each child gets a terminal of its own.
"""

from __future__ import annotations

import gc
import os
import selectors
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from contextlib import nullcontext, suppress
from pathlib import Path

from cnn_tutor.host import seat, shared, together
from cnn_tutor.host.limits import Limits
from cnn_tutor.host.wire import Ended, Kill, Rehearse, Rehearsed, Seat, Seated, receive, send

Work = Callable[[str, Path], int]
"""Runs the task for a student, in a data folder, on the standard streams; returns the exit code."""


def serve(line: socket.socket, prepare: Callable[[], Work], limits: Limits) -> int:
    """Fork sessions as they are asked for until the server is gone; the exit code.

    ``prepare`` imports what the work needs; that is left until it is known which names come first.
    """
    work: Work | None = None
    children: dict[int, int] = {}
    woken, wake = os.pipe()
    for end in (woken, wake):
        os.set_blocking(end, False)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    with selectors.DefaultSelector() as selector:
        selector.register(line, selectors.EVENT_READ)
        selector.register(woken, selectors.EVENT_READ)
        while True:
            ready = {key.fd for key, _ in selector.select()}
            try:
                if woken in ready:
                    os.read(woken, 4096)
                    _bury(line, children)
                if line.fileno() in ready:
                    received = receive(line)
                    if received is None:
                        return 0
                    match received:
                        case Rehearse() as asked, int(terminal):
                            used = together.read(asked.used) if asked.used else None
                            if used:
                                together.make_names(used)
                            work = work or prepare()
                            if used:
                                together.bring(used)
                            send(line, Rehearsed(_rehearse(asked, terminal, work)))
                            if asked.note:
                                os.execv(sys.executable, sys.orig_argv)
                        case Seat() as asked, int(terminal):
                            work = work or prepare()
                            pid = _fork(asked, terminal, work, limits, (line.fileno(), woken, wake, selector.fileno()))
                            os.close(terminal)
                            children[pid] = asked.session
                            send(line, Seated(asked.session, pid))
                        case Kill(session=session), _:
                            for pid in [pid for pid, own in children.items() if own == session]:
                                os.kill(pid, signal.SIGKILL)
            except OSError:
                return 1


def _bury(line: socket.socket, children: dict[int, int]) -> None:
    """Report the children that are gone."""
    while children:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not pid:
            return
        if pid in children:
            send(line, Ended(children.pop(pid), os.waitstatus_to_exitcode(status)))


def _rehearse(asked: Rehearse, terminal: int, work: Work) -> str:
    """Run the task here, so that every child finds it imported and computed; what went wrong, if anything."""
    folder, fault = Path(asked.folder), ""
    with seat.borrowed(terminal, asked.environment):
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with together.noted(Path(asked.note)) if asked.note else nullcontext():
                work("rehearsal", folder)
        except BaseException as error:  # whatever it is, a cold start is better than none
            fault = f"{type(error).__name__}: {error}"
    if not asked.note:
        shared.settle()
    return fault


def _fork(asked: Seat, terminal: int, work: Work, limits: Limits, inherited: tuple[int, ...]) -> int:
    """The child's process number; the child itself never returns from here."""
    pid = os.fork()
    if pid:
        return pid
    code = 70
    try:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for descriptor in inherited:
            with suppress(OSError):
                os.close(descriptor)
        gc.enable()
        code = _sit(asked, terminal, work, limits)
    finally:
        os._exit(code)


def _sit(asked: Seat, terminal: int, work: Work, limits: Limits) -> int:
    folder = Path(asked.folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    own = {"HOME": str(folder), "CNN_TUTOR_CONFIG": str(folder / ".config" / "cnn-tutor")}
    environment: Mapping[str, str] = {**asked.environment, **own}
    seat.take(terminal, environment, folder, limits)
    code = work(asked.name, folder)
    seat.flush()
    return code
