"""A host from its start to its end: listens, serves until a signal comes, and sends everybody home."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import asyncssh

from cnn_tutor.errors import UsageError
from cnn_tutor.host.courier import Courier
from cnn_tutor.host.house import House
from cnn_tutor.host.journal import Journal
from cnn_tutor.host.limits import Limits
from cnn_tutor.host.nursery import Nursery
from cnn_tutor.host.premises import Premises, write_private
from cnn_tutor.host.room import Room
from cnn_tutor.host.server import PACKET, WINDOW, Door
from cnn_tutor.language import _

FEW = 30
"""So many students may take more memory each; the host is ready sooner."""
ALIVE_SECONDS, ALIVE_COUNT = 15, 3
"""How often a silent connection is asked whether it is still there, and how often it may keep silent."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is served, where, to whom. ``warm`` is the command that starts a warm process.

    ``push`` is the command that pushes results to a shared database, if there is one.
    """

    premises: Premises
    roster: Path
    task: str
    warm: Sequence[str]
    bind: str
    port: int
    limits: Limits
    push: Sequence[str] = ()


def host_key(premises: Premises) -> asyncssh.SSHKey:
    """The host's key, made when there is none yet. Raises UsageError for one that cannot be read."""
    if not premises.key.exists():
        write_private(premises.key, asyncssh.generate_private_key("ssh-ed25519", "cnn-tutor host").export_private_key())
    try:
        return asyncssh.read_private_key(premises.key)
    except (OSError, asyncssh.KeyImportError) as error:
        raise UsageError(
            _("cannot read the host's key {path}: {reason}").format(path=premises.key, reason=error)
        ) from None


async def serve(
    plan: Plan,
    say: Callable[[str], None],
    show: Callable[[str], None],
    clock: Callable[[], float],
    watch: Sequence[str] = (),
) -> None:
    """Serve until SIGINT or SIGTERM. ``say`` tells the instructor, ``show`` what happens. Raises UsageError.

    ``watch`` is a command that shows the room meanwhile, in a process of its own.
    """
    os.umask(0o077)
    logging.getLogger("asyncssh").setLevel(logging.CRITICAL)
    key = host_key(plan.premises)
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    journal = Journal(plan.premises.journal, show)
    with tempfile.TemporaryDirectory(prefix="cnn-tutor-") as scratch, ExitStack() as stack:
        nursery = Nursery(plan.warm, Path(scratch), journal.note, lean=plan.limits.sessions > FEW)
        house = House(plan.premises, plan.roster, nursery, journal, plan.limits, clock, Room(os.getpid(), 0, plan.task))
        stack.callback(nursery.close)
        await nursery.start()
        if not nursery.is_ready:
            raise UsageError(_("the process that makes sessions does not start"))
        server = await _listen(plan, house, key)
        house.opened(server.get_port())
        _announce(plan, server.get_port(), key, say)
        if watch:
            stack.callback(_end, subprocess.Popen(watch))
        courier = Courier(plan.push, plan.premises.students, journal.note) if plan.push else None
        rounds = asyncio.create_task(courier.carry()) if courier else None
        await stop.wait()
        server.close()
        await house.close(_("The host is closing; what you answered is kept."))
        if courier and rounds:
            rounds.cancel()
            await asyncio.wait([rounds])
            await courier.once()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGINT)
    process.wait()


async def _listen(plan: Plan, house: House, key: asyncssh.SSHKey) -> asyncssh.SSHAcceptor:
    """Open the door. Everything that is not named here is off."""
    try:
        return await asyncssh.listen(
            plan.bind,
            plan.port,
            backlog=256,
            server_factory=lambda: Door(house),
            server_host_keys=[key],
            server_version="cnn-tutor",
            compression_algs=["none"],
            host_based_auth=False,
            kbdint_auth=False,
            gss_host=None,
            agent_forwarding=False,
            x11_forwarding=False,
            allow_scp=False,
            line_editor=False,
            encoding=None,
            window=WINDOW,
            max_pktsize=PACKET,
            login_timeout=plan.limits.login_seconds,
            keepalive_interval=ALIVE_SECONDS,
            keepalive_count_max=ALIVE_COUNT,
        )
    except OSError as error:
        raise UsageError(
            _("cannot listen on port {port}: {reason}").format(port=plan.port, reason=error.strerror)
        ) from None


def _announce(plan: Plan, port: int, key: asyncssh.SSHKey, say: Callable[[str], None]) -> None:
    where = plan.bind or _("every address of this machine")
    say(_("Serving {task} on port {port} of {where}.").format(task=plan.task, port=port, where=where))
    say(_("Students: ssh -p {port} NAME@THIS-MACHINE").format(port=port))
    say(_("Fingerprint of the host: {fingerprint}").format(fingerprint=key.get_fingerprint()))
