"""The SSH server: who may come in, one session each, and nothing but the session.

Programs, subsystems, forwarding of ports, sockets, agents and displays are all refused by default; here only a
session on a terminal is granted.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import asyncssh

from cnn_tutor.host.gate import Bucket
from cnn_tutor.host.roster import plain
from cnn_tutor.host.settings import Settings, environment, size
from cnn_tutor.language import _

if TYPE_CHECKING:
    from cnn_tutor.host.house import House
    from cnn_tutor.host.visit import Visit

REFUSED = asyncssh.DISC_NO_MORE_AUTH_METHODS_AVAILABLE


class Door(asyncssh.SSHServer):
    """One connection: a stranger until it has logged in, then a student."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._conn: Any = None
        self._address = ""
        self._inside = self._counted = False
        self._name = ""
        self._code = ""
        self._codes = self._keys = 0
        self._visit: Visit | None = None

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._conn = conn
        self._address = str((conn.get_extra_info("peername") or ("?",))[0])
        self._counted = self._house.gate.arrive(self._address, time.monotonic())
        if self._counted:
            self._throttle()
        else:
            conn.abort()

    def _throttle(self) -> None:
        """Read no faster than the limits say. What is not read waits in the client's own system."""
        conn, limits = self._conn, self._house.limits
        transport, receive = conn._transport, conn.data_received
        budget = Bucket.full(limits.input_rate, limits.input_burst, time.monotonic())

        def received(data: bytes, datatype: Any = None) -> None:
            wait = budget.take(len(data), time.monotonic())
            if wait > 0 and not transport.is_closing():
                transport.pause_reading()
                asyncio.get_running_loop().call_later(wait, go_on)
            receive(data, datatype)

        def go_on() -> None:
            if not transport.is_closing():
                transport.resume_reading()

        conn.data_received = received

    def connection_lost(self, exc: Exception | None) -> None:
        if self._inside:
            self._house.gate.leave(self._name)
        elif self._counted:
            self._house.gate.give_up(self._address)
        self._counted = self._inside = False

    def begin_auth(self, username: str) -> bool:
        self._name = plain(username)
        if self._house.asks_for_codes and not self._codes and not self._keys:
            self._conn.send_auth_banner(_("cnn-tutor: where a password is asked for, type your code.") + "\r\n")
        return True

    def public_key_auth_supported(self) -> bool:
        return True

    def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        self._keys += 1
        if self._keys > self._house.limits.keys:
            self._conn.disconnect(REFUSED, "too many keys")
            return False
        return self._house.knows_key(plain(username), key.export_public_key().decode())

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        self._codes += 1
        if self._codes > self._house.limits.codes:
            self._conn.disconnect(REFUSED, "too many codes")
            return False
        fits = self._house.knows_code(plain(username), password)
        self._code = password if fits else ""
        return fits

    def auth_completed(self) -> None:
        self._name = plain(self._conn.get_extra_info("username"))
        self._counted, self._inside = False, True
        if not self._house.gate.enter(self._address, self._name):
            self._inside = False
            self._conn.disconnect(asyncssh.DISC_TOO_MANY_CONNECTIONS, "too many connections of this student")
            return
        asyncio.get_running_loop().call_later(self._house.limits.login_seconds, self._leave_if_idle)

    def _leave_if_idle(self) -> None:
        """A connection on which nothing was begun is of no use."""
        if self._visit is None:
            self._conn.close()

    def session_requested(self) -> Any:
        if self._visit is not None or not self._inside:
            return False
        from cnn_tutor.host.visit import Visit

        self._visit = Visit(self._house, self._name, self._address, self._code)
        channel = self._conn.create_server_channel(None, "strict", WINDOW, PACKET)
        channel._env = Settings()
        return channel, Seat(self._visit, self._house)


WINDOW, PACKET = 64 * 1024, 16 * 1024


class Seat(asyncssh.SSHServerSession[bytes]):
    """The channel of a session: a terminal is granted, nothing else."""

    def __init__(self, visit: Visit, house: House) -> None:
        self._visit = visit
        self._house = house
        self._channel: Any = None
        self._has_terminal = False

    def connection_made(self, chan: asyncssh.SSHServerChannel[bytes]) -> None:
        self._channel = chan

    def pty_requested(self, term_type: str, term_size: Any, term_modes: Mapping[int, int]) -> bool:
        self._has_terminal = True
        return True

    def shell_requested(self) -> bool:
        return True

    def exec_requested(self, command: str) -> bool:
        self._house.journal.refused(self._visit.name, "exec")
        return False

    def subsystem_requested(self, subsystem: str) -> bool:
        self._house.journal.refused(self._visit.name, "subsystem")
        return False

    def session_started(self) -> None:
        columns, lines, _width, _height = self._channel.get_terminal_size()
        settings = environment(self._channel.get_terminal_type() or "", self._channel._env)
        self._visit.begin(self._channel, settings, size(columns, lines, self._house.limits), self._has_terminal)

    def data_received(self, data: bytes, datatype: Any) -> None:
        self._visit.typed(data)

    def eof_received(self) -> bool:
        return True

    def terminal_size_changed(self, width: int, height: int, pixwidth: int, pixheight: int) -> None:
        self._visit.resized(*size(width, height, self._house.limits))

    def break_received(self, msec: int) -> bool:
        return False

    def signal_received(self, signal: str) -> None:
        return

    def pause_writing(self) -> None:
        self._visit.pause()

    def resume_writing(self) -> None:
        self._visit.resume()

    def connection_lost(self, exc: Exception | None) -> None:
        self._visit.dropped()
