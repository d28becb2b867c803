"""Signatures of exports: what OpenSSH signs we trust, what we sign OpenSSH trusts, and nothing else passes."""

import subprocess

import pytest

from cnn_tutor.errors import ProgressError, UsageError
from cnn_tutor.tutor import signature
from cnn_tutor.tutor.signature import armored, sign, signer, trusted

MESSAGE = b"0123abcd"


@pytest.fixture
def keygen(system, tmp_path):
    """Run ssh-keygen; make a host key in ``key`` and ``key.pub``."""
    program = system("ssh-keygen")

    def run(*arguments, typed=b""):
        return subprocess.run([program, *arguments], input=typed, cwd=tmp_path, capture_output=True, check=False)

    made = run("-q", "-t", "ed25519", "-N", "", "-f", "key", "-C", "the lab host")
    assert made.returncode == 0, made.stderr
    return run


def test_the_signer_of_a_message_is_found_and_trusted(keygen, tmp_path):
    assert signer(MESSAGE, sign(MESSAGE, tmp_path / "key")) in trusted(tmp_path / "key.pub")


def test_openssh_accepts_our_signature(keygen, tmp_path):
    (tmp_path / "sig").write_text(armored(sign(MESSAGE, tmp_path / "key")))
    check = ("-Y", "check-novalidate", "-n", "cnn-tutor-log", "-s", "sig")
    assert keygen(*check, typed=MESSAGE).returncode == 0
    assert keygen(*check, typed=MESSAGE + b"!").returncode != 0


def test_we_accept_a_signature_of_openssh_for_this_purpose_only(keygen, tmp_path):
    for namespace in ("cnn-tutor-log", "file"):
        (tmp_path / namespace).write_bytes(MESSAGE)
        assert keygen("-q", "-Y", "sign", "-f", "key", "-n", namespace, namespace).returncode == 0
    own, other = ("".join((tmp_path / f"{one}.sig").read_text().split("\n")[1:-2]) for one in ("cnn-tutor-log", "file"))
    assert signer(MESSAGE, own) in trusted(tmp_path / "key.pub")
    with pytest.raises(ProgressError, match="does not fit"):
        signer(MESSAGE, other)


def test_whatever_is_changed_no_longer_fits(keygen, tmp_path):
    whole = sign(MESSAGE, tmp_path / "key")
    for at in range(0, len(whole), 7):
        spoilt = whole[:at] + ("A" if whole[at] != "A" else "B") + whole[at + 1 :]
        try:
            assert signer(MESSAGE, spoilt) not in trusted(tmp_path / "key.pub")
        except ProgressError:
            continue
    for spoilt in (whole[:-8], "", "!", whole + "AAAA"):
        with pytest.raises(ProgressError):
            signer(MESSAGE, spoilt)


def test_keys_are_read_from_public_key_files_and_known_hosts(keygen, tmp_path):
    public = (tmp_path / "key.pub").read_text()
    (tmp_path / "known_hosts").write_text(f"# hosts\nlab.example,10.0.0.1 {public}\nold ssh-rsa AAAAB3Nz\n")
    assert trusted(tmp_path / "known_hosts") == trusted(tmp_path / "key.pub") == trusted(tmp_path / "key")


@pytest.mark.parametrize("content", [None, b"", b"ssh-rsa AAAA", b"\xff\xfe"])
def test_a_file_that_is_no_key_is_wrong_usage(tmp_path, content):
    if content is not None:
        (tmp_path / "key").write_bytes(content)
    for use in (lambda: sign(MESSAGE, tmp_path / "key"), lambda: trusted(tmp_path / "key")):
        with pytest.raises(UsageError):
            use()


def test_another_kind_of_key_and_one_with_a_passphrase_are_refused(keygen, tmp_path):
    keygen("-q", "-t", "ecdsa", "-N", "", "-f", "curve")
    keygen("-q", "-t", "ed25519", "-N", "secret", "-f", "locked")
    for name, words in (("curve", "not an Ed25519 key"), ("locked", "without a passphrase")):
        with pytest.raises(UsageError, match=words):
            sign(MESSAGE, tmp_path / name)


def test_without_the_package_one_is_told_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(signature, "available", lambda: False)
    with pytest.raises(UsageError, match=r"cnn-tutor\[host\]"):
        sign(MESSAGE, tmp_path / "key")
