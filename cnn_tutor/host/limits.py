"""What one student, one address and the whole room may use."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of a host. Times are seconds, sizes bytes unless their name says otherwise."""

    sessions: int = 250
    """Students at work at once."""
    connections_each: int = 4
    """Connections of one student that are logged in."""
    strangers: int = 300
    """Connections that have not logged in yet."""
    strangers_each: int = 120
    """The same, of one address; a room behind one router is one address."""
    arrivals_each: float = 20.0
    """New connections a second of one address, after a first rush of ``strangers_each``."""
    login_seconds: float = 30.0
    idle_seconds: float = 45 * 60.0
    input_rate: float = 16 * 1024.0
    """Bytes a second on a connection, after a first ``input_burst``."""
    input_burst: float = 128 * 1024.0
    unread: int = 256 * 1024
    """What may wait for a session that does not read."""
    codes: int = 5
    """Wrong codes on one connection."""
    keys: int = 24
    """Keys that a connection may offer."""
    memory_mib: int = 256
    """Memory that a session may take beyond what it shares."""
    cpu_seconds: int = 3600
    file_mib: int = 16
    """The largest file that a session may write."""
    columns: int = 400
    lines: int = 150
    """The largest terminal that is believed."""
