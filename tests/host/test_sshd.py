"""The tutor on a lab machine as it is today: a real ``sshd``, with the configuration that the README shows."""

import getpass
import grp
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import asyncssh
import pytest

from cnn_tutor.tutor.progress import Progress
from tests.course import ROOT
from tests.host.hosting import connecting, sitting, until

CONFIGURATION = Path(__file__).with_name("lab_sshd.conf")
ME = getpass.getuser()
BASE = """
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host_key
PidFile none
UsePAM no
StrictModes no
PermitRootLogin yes
PasswordAuthentication no
AuthorizedKeysFile {folder}/authorized_keys
Subsystem sftp internal-sftp
AcceptEnv LANG LC_*
SetEnv CNN_TUTOR_DATA={folder}/data
"""


def adapted(group: str, guest: str) -> str:
    """The configuration as it stands in the README, for the account and the program that there are here."""
    program = f"{sys.executable} -m cnn_tutor"
    text = CONFIGURATION.read_text(encoding="utf-8").replace("/opt/cnn-tutor/bin/cnn-tutor", program)
    return text.replace("Match Group lab", f"Match Group {group}").replace(
        "Match User lab-guest", f"Match User {guest}"
    )


@contextmanager
def serving(folder: Path, sshd: Path, configuration: str):
    """A server on a free port of this machine, for this account."""
    key = asyncssh.generate_private_key("ssh-ed25519")
    asyncssh.generate_private_key("ssh-ed25519").write_private_key(folder / "host_key")
    (folder / "host_key").chmod(0o600)
    (folder / "authorized_keys").write_bytes(key.export_public_key())
    if os.getuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    with asyncssh.connection.socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    file = folder / "sshd_config"
    file.write_text(BASE.format(port=port, folder=folder) + configuration, encoding="utf-8")
    assert subprocess.run([sshd, "-t", "-f", file], check=False).returncode == 0
    with subprocess.Popen([sshd, "-D", "-e", "-f", file], stderr=subprocess.PIPE, text=True, cwd=ROOT) as server:
        try:
            assert any("Server listening" in line for line in iter(server.stderr.readline, ""))
            yield SimpleNamespace(port=port, keys={ME: key}, data=folder / "data")
        finally:
            server.terminate()
            server.stderr.read()


def answers(folder: Path) -> list[tuple[str, str]]:
    """What was answered, with the drill that it belongs to."""
    progress = Progress(folder)
    try:
        return [(row.attempt.run, row.attempt.text) for row in progress.rows() if row.attempt.action == "answer"]
    finally:
        progress.close()


async def test_a_student_gets_the_drill_and_nothing_else(tmp_path, system):
    group = grp.getgrgid(os.getgid()).gr_name
    with serving(tmp_path, system("sshd"), adapted(group, "nobody-at-all")) as lab:
        async with sitting(lab, ME) as student:
            await student.sees("Question 1 of 2")
            await student.answer("5", 2)
            student.cut()
        async with sitting(lab, ME) as student:
            await student.sees("Question 2 of 2")
            with pytest.raises(asyncssh.ChannelOpenError):
                await student.connection.open_connection("127.0.0.1", lab.port)
            with pytest.raises(asyncssh.ChannelListenError):
                await student.connection.forward_remote_port("127.0.0.1", 0, "127.0.0.1", lab.port)
        async with connecting(lab, ME) as connection:
            shown = (await connection.run("cat /etc/passwd; sh", input="q\n")).stdout
            assert "Question 2 of 2" in shown
            assert "root:" not in shown
        async with connecting(lab, ME) as connection:
            with pytest.raises((asyncssh.SFTPError, asyncssh.ChannelOpenError, asyncssh.Error)):
                await connection.start_sftp_client()
        assert [text for _, text in answers(lab.data)] == ["5"]


@pytest.mark.parametrize("name", ["Grace Hopper", "'; touch stolen; $(touch stolen)", "--plain"])
async def test_a_shared_account_goes_by_name_and_no_name_is_a_command(tmp_path, system, name):
    with serving(tmp_path, system("sshd"), adapted("nobody-at-all", ME)) as lab:
        async with connecting(lab, ME) as connection:
            done = await connection.run(name, input="5\nq\n")
            assert done.exit_status == 0
            assert f"for {name.casefold()}" in done.stdout
            assert "Paused: 1 of 2" in done.stdout
        async with connecting(lab, ME) as connection:
            assert "Question 2 of 2" in (await connection.run(name, input="q\n")).stdout
        async with connecting(lab, ME) as connection:
            assert "Question 1 of 2" in (await connection.run("somebody else", input="q\n")).stdout
        assert not list(tmp_path.rglob("stolen")) + list(Path.home().glob("stolen")) + list(ROOT.glob("stolen"))


async def test_a_dropped_connection_leaves_no_process_behind(tmp_path, system):
    group = grp.getgrgid(os.getgid()).gr_name
    with serving(tmp_path, system("sshd"), adapted(group, "nobody-at-all")) as lab:
        async with sitting(lab, ME, term="xterm-256color") as student:
            await student.sees("You hear what is right at the end")
            assert running(lab.data)
            student.cut()
        await until(lambda: not running(lab.data), "the tutor to end")


def running(data: Path) -> list[int]:
    """The tutors that keep their logs in ``data``."""
    mark, found = f"CNN_TUTOR_DATA={data}".encode(), []
    for one in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark in one.read_bytes().split(b"\0"):
                found.append(int(one.parent.name))
        except OSError:
            continue
    return found


def test_the_readme_shows_this_very_configuration():
    assert CONFIGURATION.read_text(encoding="utf-8") in (ROOT / "README.md").read_text(encoding="utf-8")
