"""SHA-256 from the interpreter itself: for hashlib's a start would load OpenSSL, which takes time and half a MiB."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hashlib import sha256
else:
    for _home in ("_sha2", "_sha256", "hashlib"):
        try:
            sha256 = import_module(_home).sha256
            break
        except ImportError:
            continue

__all__ = ["sha256"]
