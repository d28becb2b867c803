"""One-time codes: made for students who have no key, stored as hashes, each good for one login.

A code that is used hands out the next one, with which the student comes back when the connection drops.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cnn_tutor.errors import ProgressError
from cnn_tutor.language import _

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Without those that look alike."""
LENGTH, GROUP = 16, 4
"""Sixteen letters are 79 bits: no slow hash is needed, and nobody guesses them."""
LONGEST = 64

_SCHEMA = """
CREATE TABLE IF NOT EXISTS code (
    name TEXT PRIMARY KEY, salt BLOB NOT NULL, hash BLOB NOT NULL, made REAL NOT NULL
) STRICT
"""


class Door:
    """The codes in the file at ``path``; several processes may use it at once."""

    def __init__(self, path: Path, clock: Callable[[], float]) -> None:
        """Open the file, making it. Raises ProgressError."""
        self._path = path
        self._clock = clock
        path.touch(mode=0o600)
        with self._open() as database:
            database.execute(_SCHEMA)

    def invite(self, name: str) -> str:
        """A fresh code for ``name``, instead of the one there was. Raises ProgressError."""
        code = fresh()
        with self._open() as database:
            database.execute("INSERT OR REPLACE INTO code VALUES (?, ?, ?, ?)", (name, *hashed(code), self._clock()))
        return code

    def fits(self, name: str, code: str) -> bool:
        """Whether ``code`` opens the door for ``name``; takes as long when there is no such name."""
        with self._open() as database:
            found = database.execute("SELECT salt, hash FROM code WHERE name = ?", (name,)).fetchone()
        salt, wanted = found or (b"", b"\0" * 32)
        return hmac.compare_digest(wanted, _hash(code, salt)) and found is not None

    def turn(self, name: str, code: str, following: str) -> bool:
        """Use ``code`` up, ``following`` being the next; False if it was used meanwhile. Raises ProgressError."""
        with self._open() as database:
            database.execute("BEGIN IMMEDIATE")
            found = database.execute("SELECT salt, hash FROM code WHERE name = ?", (name,)).fetchone()
            if found is None or not hmac.compare_digest(found[1], _hash(code, found[0])):
                return False
            database.execute(
                "UPDATE code SET salt = ?, hash = ?, made = ? WHERE name = ?",
                (*hashed(following), self._clock(), name),
            )
        return True

    def names(self) -> set[str]:
        """Who has a code."""
        with self._open() as database:
            return {name for (name,) in database.execute("SELECT name FROM code")}

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """A connection for one transaction; none stays open that a fork could inherit."""
        try:
            database = sqlite3.connect(self._path, timeout=5.0)
            try:
                with database:
                    yield database
            finally:
                database.close()
        except sqlite3.Error as error:
            raise ProgressError(_("cannot use {path}: {reason}").format(path=self._path, reason=error)) from None


def fresh() -> str:
    """A new code, in groups that are easy to type."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    return "-".join(letters[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def hashed(code: str) -> tuple[bytes, bytes]:
    """A new salt, and the hash of ``code`` with it."""
    salt = secrets.token_bytes(16)
    return salt, _hash(code, salt)


def _hash(code: str, salt: bytes) -> bytes:
    """Dashes, blanks and capitals do not matter; what is too long for a code is none."""
    letters = "".join(one for one in code[:LONGEST].lower() if one.isalnum())
    return hashlib.sha256(salt + letters.encode("utf-8", "replace")).digest()
