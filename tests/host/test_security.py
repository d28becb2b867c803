"""What somebody in the room may try, and what comes of it: each is refused, and the others work on."""

import asyncio
import os
import socket
from pathlib import Path

import asyncssh
import pytest

from tests.host.hosting import children, connecting, hosting, run, sitting, until

WELCOME = "Question 1 of 2"


async def session_works(host, name):
    """Whether this student can still begin."""
    async with sitting(host, name) as student:
        await student.sees(WELCOME)


@pytest.mark.parametrize("command", ["sh", "/bin/sh -i", "cat /etc/passwd", "scp -t /tmp/x", "internal-sftp"])
async def test_no_command_is_run(room, command):
    async with connecting(room, room.enrol("exec")) as connection:
        with pytest.raises(asyncssh.ChannelOpenError):
            await connection.create_process(command)


@pytest.mark.parametrize("subsystem", ["sftp", "netconf", "../../bin/sh"])
async def test_there_is_no_subsystem(room, subsystem):
    async with connecting(room, room.enrol("subsystem")) as connection:
        with pytest.raises(asyncssh.ChannelOpenError):
            await connection.create_process(subsystem=subsystem)


async def test_no_file_is_copied(room, tmp_path):
    async with connecting(room, room.enrol("copy")) as connection:
        with pytest.raises((asyncssh.ChannelOpenError, asyncssh.SFTPError)):
            await connection.start_sftp_client()
        with pytest.raises((asyncssh.ChannelOpenError, asyncssh.SFTPError, OSError)):
            await asyncssh.scp((connection, "/etc/passwd"), str(tmp_path / "stolen"))
    assert not (tmp_path / "stolen").exists()


async def test_no_port_and_no_socket_is_forwarded_either_way(room, tmp_path):
    async with connecting(room, room.enrol("forward")) as connection:
        with pytest.raises(asyncssh.ChannelOpenError):
            await connection.open_connection("127.0.0.1", room.port)
        with pytest.raises(asyncssh.ChannelOpenError):
            await connection.open_unix_connection(str(room.premises.key))
        with pytest.raises(asyncssh.ChannelListenError):
            await connection.forward_remote_port("127.0.0.1", 0, "127.0.0.1", room.port)
        with pytest.raises(asyncssh.ChannelListenError):
            await connection.forward_remote_path(str(tmp_path / "socket"), str(tmp_path / "socket"))


async def test_no_agent_and_no_display_is_forwarded(room):
    name = room.enrol("agent")
    async with connecting(room, name, agent_forwarding=True) as connection:
        process = await connection.create_process(term_type="dumb", encoding=None)
        await until(lambda: children(room.warm))
        settings = [Path(f"/proc/{pid}/environ").read_bytes() for pid in children(room.warm)]
        assert not any(b"SSH_AUTH_SOCK" in one for one in settings)
        process.close()
    async with connecting(room, name) as connection:
        with pytest.raises(asyncssh.ChannelOpenError):
            await connection.create_process(x11_forwarding=True, x11_display="127.0.0.1:0", term_type="dumb")


async def test_settings_that_nobody_wants_do_not_arrive(room):
    name = room.enrol("settings")
    sent = {"LD_PRELOAD": "/tmp/x.so", "PYTHONPATH": "/tmp", "CNN_TUTOR_DATA": "/etc", "PATH": "/tmp", "LANG": "../x"}
    async with connecting(room, name) as connection:
        before = set(children(room.warm))
        process = await connection.create_process(term_type="../../etc/passwd", env=sent, encoding=None)
        text = b""
        while b"Question 1" not in text:
            text += await process.stdout.read(4096)
        assert b"TERM=dumb" in text
        (child,) = set(children(room.warm)) - before
        maps = Path(f"/proc/{child}/maps").read_text()
        assert "/tmp/x.so" not in maps
        assert room.rows(name)
        process.close()


async def test_one_session_a_connection(room):
    async with sitting(room, room.enrol("single")) as student:
        await student.sees(WELCOME)
        with pytest.raises(asyncssh.ChannelOpenError):
            await student.connection.create_process(term_type="dumb")


async def test_without_a_terminal_there_is_a_word_and_no_session(room):
    async with connecting(room, room.enrol("pipe")) as connection:
        assert "A terminal is needed: ssh -t" in (await connection.run()).stdout


@pytest.mark.parametrize(
    "keys", ["\x03", "\x04", "\x1a", "\x1c", "!sh\n", "\x1b:!sh\n", "\x1b[200~\x1b[201~", "!\n", "$(id)\n", "`id`\n"]
)
@pytest.mark.parametrize("term", ["dumb", "xterm-256color"])
async def test_no_key_leads_to_a_shell(room, keys, term):
    async with sitting(room, room.enrol("escape"), term=term) as student:
        await student.sees("You hear what is right at the end")
        before = set(descendants(room.warm))
        student.type(keys)
        student.type("\x13\x11?\n")
        await asyncio.sleep(0)
        await until(lambda: student.process.stdout.at_eof() or len(student.shown) > 0)
        assert set(descendants(room.warm)) <= before
        assert "uid=" not in student.text


def descendants(pid):
    return [one for child in children(pid) for one in (child, *descendants(child))]


@pytest.mark.parametrize(
    "name",
    ["../ada", "..", ".", "", "/etc", "ada/../eve", "ada\x00", "\x1b[2Jada", "a" * 900, "ada\n", "~", "*", "é" * 50],
)
async def test_a_name_that_is_none_gets_nobody_in_and_nowhere(room, name):
    key = asyncssh.generate_private_key("ssh-ed25519")
    before = sorted(room.premises.students.iterdir())
    with pytest.raises((asyncssh.Error, OSError, ValueError)):
        async with asyncssh.connect(
            *("127.0.0.1", room.port), username=name, client_keys=[key], password="x", known_hosts=None, config=None
        ):
            pass
    assert sorted(room.premises.students.iterdir()) == before
    assert "\x1b" not in "".join(room.said)
    assert "\x1b" not in room.premises.journal.read_text() if room.premises.journal.exists() else True


async def test_a_wrong_key_an_unknown_student_and_a_wrong_code_look_alike(room):
    name = room.enrol("known")
    wrong = asyncssh.generate_private_key("ssh-ed25519")
    heard = set()
    for who in (name, "stranger"):
        for options in ({"client_keys": [wrong]}, {"password": "aaaa-aaaa-aaaa-aaaa"}):
            with pytest.raises(asyncssh.PermissionDenied) as refused:
                async with connecting(room, who, **options):
                    pass
            heard.add(str(refused.value).replace(who, "NAME"))
    assert len(heard) == 1


async def test_the_key_of_one_student_is_no_key_of_another(room):
    mallory, victim = room.enrol("mallory"), room.enrol("victim")
    with pytest.raises(asyncssh.PermissionDenied):
        async with connecting(room, victim, client_keys=[room.keys[mallory]]):
            pass


async def test_a_code_that_was_used_is_refused(room):
    with room.roster.open("a") as file:
        file.write("once\n")
    code = run(room.data, "host", "--roster", str(room.roster), "--invite", "once").stdout.split()[1]
    async with sitting(room, "once", password=code) as first, sitting(room, "once", password=code) as second:
        await first.sees("Enter goes on.")
        await second.sees("Enter goes on.")
        first.type("\r")
        await first.sees(WELCOME)
        second.type("\r")
        await second.sees("This code was used meanwhile.")
    with pytest.raises(asyncssh.PermissionDenied):
        async with connecting(room, "once", password=code):
            pass


async def test_a_code_of_one_student_is_no_code_of_another(room):
    with room.roster.open("a") as file:
        file.write("alice\nbob\n")
    code = run(room.data, "host", "--roster", str(room.roster), "--invite", "alice").stdout.split()[1]
    with pytest.raises(asyncssh.PermissionDenied):
        async with connecting(room, "bob", password=code):
            pass


async def test_guessing_ends_the_connection(room):
    name, tries = room.enrol("guessed"), 0

    class Guesser(asyncssh.SSHClient):
        def password_auth_requested(self):
            nonlocal tries
            tries += 1
            return f"guess-{tries}"

    with pytest.raises((asyncssh.Error, OSError)):
        await asyncssh.create_connection(
            Guesser, "127.0.0.1", room.port, username=name, client_keys=None, known_hosts=None, config=None
        )
    assert tries <= 6


@pytest.mark.parametrize("term", ["dumb", "xterm-256color"])
async def test_more_input_than_anybody_types_is_slowed_down_and_stops_nobody(room, term):
    name, other = room.enrol("flood"), room.enrol("calm")
    async with sitting(room, name, term=term) as student:
        await student.sees("You hear what is right at the end")
        for _ in range(64):
            student.process.stdin.write(b"9" * 16384)
        async with sitting(room, other) as calm:
            await calm.sees(WELCOME)
            await calm.answer("5", 2)
        student.cut()
    await session_works(room, name)


async def test_an_answer_of_any_length_is_unreadable_at_most(room):
    async with sitting(room, room.enrol("long"), term="xterm-256color") as student:
        await student.sees("You hear what is right at the end")
        student.shown.clear()
        student.type("\x1b[200~" + "(" * 20000 + "\x1b[201~\r")
        await student.sees("does")


async def test_a_terminal_of_any_size_is_believed_only_so_far(room):
    async with connecting(room, room.enrol("huge")) as connection:
        process = await connection.create_process(term_type="xterm-256color", term_size=(2**31, 2**31), encoding=None)
        assert await process.stdout.read(10)
        for size in ((0, 0), (1, 1), (2**32 - 1, 2**32 - 1), (80, 24)):
            process.change_terminal_size(*size)
        process.stdin.write(b"\x03")
        await asyncio.wait_for(process.wait_closed(), 60)
        assert process.exit_status == 130


async def test_bytes_that_are_no_ssh_do_no_harm(room):
    for junk in (b"GET / HTTP/1.0\r\n\r\n", b"\x00" * 65536, b"SSH-2.0-x\r\n" + os.urandom(4096), b"S" * 100000):
        reader, writer = await asyncio.open_connection("127.0.0.1", room.port)
        writer.write(junk)
        writer.write_eof()
        try:
            while await asyncio.wait_for(reader.read(4096), 60):
                pass
        except ConnectionError:
            pass
        writer.close()
    await session_works(room, room.enrol("after-junk"))


async def test_strangers_are_limited_and_those_inside_work_on(tmp_path):
    with hosting(tmp_path) as host:
        async with sitting(host) as student:
            await student.sees(WELCOME)
            crowd = []
            for _ in range(140):
                one = socket.socket()
                one.setblocking(False)
                one.connect_ex(("127.0.0.1", host.port))
                crowd.append(one)
            await student.answer("5", 2)

            def shut():
                closed = 0
                for one in crowd:
                    try:
                        while data := one.recv(4096):
                            pass
                        closed += data == b""
                    except BlockingIOError:
                        pass
                    except OSError:
                        closed += 1
                return closed >= 20

            await until(shut, "some of the strangers to be shut out")
            for one in crowd:
                one.close()


async def test_a_student_has_only_so_many_connections(room):
    name = room.enrol("many")
    held = [await connecting(room, name) for _ in range(4)]
    with pytest.raises((asyncssh.Error, OSError)):
        async with connecting(room, name) as one_more:
            await one_more.create_process(term_type="dumb")
    for one in held:
        one.abort()


async def test_a_session_is_fenced_in(room):
    name = room.enrol("fenced")
    async with sitting(room, name) as student:
        before = set(children(room.warm))
        await student.sees(WELCOME)
        (child, *_) = set(children(room.warm)) & before or set(children(room.warm))
        limits = Path(f"/proc/{child}/limits").read_text()
        for line in ("Max core file size        0", "Max open files            128", "Max cpu time              3600"):
            assert line in limits
        assert "Max address space         unlimited" not in limits
        assert os.getsid(child) == child
        inherited = {str(one.readlink()) for one in Path(f"/proc/{child}/fd").iterdir()}
        assert not any("door" in one or "key" in one for one in inherited)
        sockets = [one for one in inherited if one.startswith("socket")]
        assert not sockets


async def test_an_idle_session_ends(tmp_path):
    with hosting(tmp_path, options=["--idle", "0"]) as host:
        async with sitting(host, "ada") as student:
            await student.leaves()
            assert "Nothing was typed for a long time; what you answered is kept" in student.text
