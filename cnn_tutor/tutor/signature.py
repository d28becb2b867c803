"""Signatures by a host's Ed25519 key, in the format of OpenSSH, so that ``ssh-keygen -Y`` can make and check them too.

Only this module needs the package cryptography, which comes with the extra ``[host]``.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from cnn_tutor.errors import ProgressError, UsageError
from cnn_tutor.language import _

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

NAMESPACE = b"cnn-tutor-log"
"""What the signature is for: a key that signs other things as well signs none of them as this."""

KIND = b"ssh-ed25519"
_MAGIC, _HASH = b"SSHSIG", b"sha512"


def sign(message: bytes, key_file: Path) -> str:
    """The signature of ``message`` by the private key in ``key_file``. Raises UsageError for what is no such key."""
    key = _private(key_file)
    public = _strings(KIND, key.public_key().public_bytes_raw())
    proof = _strings(KIND, key.sign(_signed(message)))
    blob = _MAGIC + struct.pack(">I", 1) + _strings(public, NAMESPACE, b"", _HASH, proof)
    return base64.b64encode(blob).decode()


def _private(key_file: Path) -> Ed25519PrivateKey:
    _needs_cryptography()
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_ssh_private_key

    try:
        key = load_ssh_private_key(key_file.read_bytes(), password=None)
    except OSError as error:
        raise UsageError(_("cannot read {path}: {reason}").format(path=key_file, reason=error.strerror)) from None
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise UsageError(_("{path} is not a private key without a passphrase").format(path=key_file)) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise UsageError(_("{path} is not an Ed25519 key").format(path=key_file))
    return key


def signer(message: bytes, signature: str) -> str:
    """The public key, as base64, that signed ``message``. Raises ProgressError where the signature does not fit."""
    _needs_cryptography()
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        blob = base64.b64decode(signature, validate=True)
        if blob[:10] != _MAGIC + struct.pack(">I", 1):
            raise ValueError
        public, namespace, _reserved, algorithm, proof = _parts(blob[10:])
        kind, raw = _parts(public)
        proof_kind, own = _parts(proof)
        if (kind, proof_kind, namespace, algorithm) != (KIND, KIND, NAMESPACE, _HASH):
            raise ValueError
        Ed25519PublicKey.from_public_bytes(raw).verify(own, _signed(message))
    except (ValueError, struct.error, binascii.Error, InvalidSignature):
        raise ProgressError(_("its signature does not fit")) from None
    return base64.b64encode(public).decode()


def armored(signature: str) -> str:
    """A signature as ``ssh-keygen`` writes it to a file."""
    lines = re.findall(".{1,70}", signature)
    return "\n".join(["-----BEGIN SSH SIGNATURE-----", *lines, "-----END SSH SIGNATURE-----", ""])


def trusted(key_file: Path) -> frozenset[str]:
    """The Ed25519 keys in a file, as base64: public keys, one a line, as in ``.pub`` files and ``known_hosts``.

    The private key of a host stands for its public one. Raises UsageError for a file without any.
    """
    try:
        text = key_file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise UsageError(_("cannot read {path} as a file of public keys").format(path=key_file)) from None
    if "PRIVATE KEY-----" in text:
        public = _private(key_file).public_key().public_bytes_raw()
        return frozenset((base64.b64encode(_strings(KIND, public)).decode(),))
    keys = frozenset(re.findall(r"\bssh-ed25519[ \t]+([A-Za-z0-9+/]+=*)", text))
    if not keys:
        raise UsageError(_("{path} holds no public Ed25519 key").format(path=key_file))
    _needs_cryptography()
    return keys


def available() -> bool:
    """Whether signatures can be made and checked here."""
    from importlib.util import find_spec

    return find_spec("cryptography") is not None


def _needs_cryptography() -> None:
    if not available():
        raise UsageError(_("signatures need another package: pip install 'cnn-tutor[host]'"))


def _signed(message: bytes) -> bytes:
    """What the key really signs: the digest of the message and what it is for."""
    return _MAGIC + _strings(NAMESPACE, b"", _HASH, hashlib.sha512(message).digest())


def _strings(*parts: bytes) -> bytes:
    return b"".join(struct.pack(">I", len(one)) + one for one in parts)


def _parts(blob: bytes) -> Iterator[bytes]:
    while blob:
        (size,) = struct.unpack(">I", blob[:4])
        if len(blob) < 4 + size:
            raise ValueError
        yield blob[4 : 4 + size]
        blob = blob[4 + size :]
