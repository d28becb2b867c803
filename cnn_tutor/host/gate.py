"""Who may connect: counts of connections by address and by student, and how fast they come. Pure but for its counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from cnn_tutor.host.limits import Limits

REMEMBERED = 4096
"""Addresses whose pace is remembered."""


@dataclass
class Bucket:
    """A budget of ``burst`` that refills by ``rate`` a second. Times are seconds on any clock."""

    rate: float
    burst: float
    left: float
    at: float

    @classmethod
    def full(cls, rate: float, burst: float, now: float) -> Bucket:
        """One from which nothing was taken."""
        return cls(rate, burst, burst, now)

    def take(self, amount: float, now: float) -> float:
        """Take ``amount``, into debt if need be; the seconds until the debt is paid."""
        self.left = min(self.burst, self.left + (now - self.at) * self.rate) - amount
        self.at = now
        return max(0.0, -self.left / self.rate)


@dataclass
class Gate:
    """The connections there are. Every one that is let in must be let out again by the same name."""

    limits: Limits
    strangers: Counter[str] = field(default_factory=Counter)
    """By address, those that have not logged in."""
    known: Counter[str] = field(default_factory=Counter)
    """By student, those that have."""
    _paces: dict[str, Bucket] = field(default_factory=dict)

    def arrive(self, address: str, now: float) -> bool:
        """Whether another connection from ``address`` may try to log in."""
        if self.strangers.total() >= self.limits.strangers or self.strangers[address] >= self.limits.strangers_each:
            return False
        pace = self._paces.pop(address, None) or Bucket.full(self.limits.arrivals_each, self.limits.strangers_each, now)
        self._paces[address] = pace
        if len(self._paces) > REMEMBERED:
            del self._paces[next(iter(self._paces))]
        if pace.take(1.0, now) > 0:
            pace.left += 1.0
            return False
        self.strangers[address] += 1
        return True

    def enter(self, address: str, name: str) -> bool:
        """A connection has logged in as ``name``: whether the student may have one more. It is no stranger any more."""
        self.give_up(address)
        if self.known[name] >= self.limits.connections_each:
            return False
        self.known[name] += 1
        return True

    def give_up(self, address: str) -> None:
        """A connection that had not logged in is gone."""
        _less(self.strangers, address)

    def leave(self, name: str) -> None:
        """A connection that had logged in is gone."""
        _less(self.known, name)


def _less(counts: Counter[str], name: str) -> None:
    counts[name] -= 1
    if counts[name] <= 0:
        del counts[name]
