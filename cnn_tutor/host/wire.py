"""What the server and the warm process say to each other: short messages on a Unix socket, a terminal beside one."""

from __future__ import annotations

import os
import socket
import struct
from typing import TypeAlias

import msgspec

_LENGTH = struct.Struct("!I")
LONGEST = 64 * 1024


class Rehearse(msgspec.Struct, frozen=True, tag=True):
    """Run the task once on the terminal beside this, in the warm process itself.

    Either note what is used in the file ``note``, and begin anew; or bring together what the file ``used`` names, if
    there is one, and get ready.
    """

    folder: str
    environment: dict[str, str]
    note: str = ""
    used: str = ""


class Seat(msgspec.Struct, frozen=True, tag=True):
    """Fork a child that runs the task on the terminal beside this."""

    session: int
    name: str
    folder: str
    environment: dict[str, str]


class Kill(msgspec.Struct, frozen=True, tag=True):
    """End a session's child at once."""

    session: int


class Rehearsed(msgspec.Struct, frozen=True, tag=True):
    """The rehearsal is over; ``fault`` says what went wrong."""

    fault: str = ""


class Seated(msgspec.Struct, frozen=True, tag=True):
    """A session's child runs as ``pid``."""

    session: int
    pid: int


class Ended(msgspec.Struct, frozen=True, tag=True):
    """A session's child is gone; ``code`` is its exit code, or minus the signal that ended it."""

    session: int
    code: int


Message: TypeAlias = Rehearse | Seat | Kill | Rehearsed | Seated | Ended

_decoder = msgspec.json.Decoder(Message)


def send(line: socket.socket, message: Message, terminal: int | None = None) -> None:
    """Send a message, with a file descriptor beside it. Raises OSError when the other side is gone."""
    body = msgspec.json.encode(message)
    packet = _LENGTH.pack(len(body)) + body
    sent = socket.send_fds(line, [packet], [] if terminal is None else [terminal])
    if sent < len(packet):
        line.sendall(packet[sent:])


def receive(line: socket.socket) -> tuple[Message, int | None] | None:
    """The next message and what came beside it; None when the other side is gone."""
    head, descriptors, _, _ = socket.recv_fds(line, _LENGTH.size, 1)
    terminal = descriptors[0] if descriptors else None
    try:
        if len(head) < _LENGTH.size:
            head += _exactly(line, _LENGTH.size - len(head)) if head else b""
        (length,) = _LENGTH.unpack(head)
        if length > LONGEST:
            raise EOFError
        return _decoder.decode(_exactly(line, length)), terminal
    except (EOFError, struct.error, msgspec.MsgspecError):
        if terminal is not None:
            os.close(terminal)
        return None


def _exactly(line: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        more = line.recv(count - len(data))
        if not more:
            raise EOFError
        data += more
    return data
