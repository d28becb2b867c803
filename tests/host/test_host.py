"""The classroom server as students and instructors meet it: by SSH, in processes of its own."""

import asyncio
import os
import signal
import stat
from pathlib import Path

import pytest

from cnn_tutor.cli import main
from cnn_tutor.tutor.result import recompute
from tests.course import LESSONS
from tests.host.hosting import DRILL, children, hosting, launch, right_answers, run, sitting, until

get = LESSONS.__getitem__


async def test_students_drop_into_the_drill_and_each_has_a_log(room):
    names = ada, grace, linus = [room.enrol(name) for name in ("ada", "grace", "linus")]

    async def work(name, answers):
        async with sitting(room, name) as student:
            await student.sees("Question 1 of 2")
            for number, answer in enumerate(answers, 2):
                await student.answer(answer, number)
            student.type(".\n")
            await student.sees("Result code: CT1-7-")
            return await student.leaves()

    right = right_answers()
    codes = await asyncio.gather(work(ada, right), work(grace, ["1", right[1]]), work(linus, ["77", "1 2 3"]))
    assert codes == [0, 0, 0]
    scores = {name: recompute(rows := room.rows(name), rows[0].attempt.run, get).score for name in names}
    assert scores[ada] == 2
    assert scores[ada] > scores[grace] >= scores[linus]
    assert room.answers(linus) == ["77", "1 2 3"]


async def test_a_dropped_connection_resumes_with_the_clock_running(room):
    name = room.enrol("dropped")
    async with sitting(room, name) as student:
        await student.sees("Question 1 of 2")
        await student.answer(right_answers()[0], 2)
        student.cut()
    began = room.rows(name)[0].at
    async with sitting(room, name) as student:
        await student.sees("Question 2 of 2")
        await student.answer(right_answers()[1], 3)
    assert [row.at for row in room.rows(name) if row.attempt.action == "begin"] == [began]
    assert room.answers(name) == right_answers()


async def test_who_comes_again_takes_the_place_of_the_earlier_session(room):
    name = room.enrol("twice")
    async with sitting(room, name) as first:
        await first.sees("Question 1 of 2")
        await first.answer("5", 2)
        async with sitting(room, name) as second:
            await second.sees("Question 2 of 2")
            await first.leaves()
            assert "You went on from somewhere else." in first.text


async def test_the_screen_comes_on_a_terminal_that_has_one_and_is_taken_away_again(room):
    async with sitting(room, room.enrol("screen"), term="xterm-256color") as student:
        await student.sees("Drill 7")
        student.type("\x03")
        assert await student.leaves() == 130
        assert b"\x1b[?1049l" in student.shown


async def test_a_killed_session_ends_with_one_line_and_harms_nobody_else(room):
    name, neighbour = room.enrol("killed"), room.enrol("neighbour")
    async with sitting(room, neighbour) as other:
        await other.sees("Question 1 of 2")
        before = set(children(room.warm))
        async with sitting(room, name) as student:
            await student.sees("Question 1 of 2")
            await student.answer("5", 2)
            (child,) = set(children(room.warm)) - before
            os.kill(child, signal.SIGKILL)
            await student.leaves()
            assert "The tutor stopped unexpectedly; what you answered is kept; log in again" in student.text
        await other.answer("4", 2)
    async with sitting(room, name) as student:
        await student.sees("Question 2 of 2")


async def test_a_session_is_a_fork_of_one_thread(room):
    async with sitting(room, room.enrol("fork")) as student:
        await student.sees("Question 1 of 2")
        assert len(list(Path(f"/proc/{room.warm}/task").iterdir())) == 1
        assert children(room.warm)


async def test_the_folder_is_closed_to_others(room):
    async with sitting(room, room.enrol("closed")) as student:
        await student.sees("Question 1 of 2")
        for path in (room.premises.folder, *room.premises.folder.rglob("*")):
            assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path


async def test_a_code_works_once_and_hands_out_the_next(room):
    with room.roster.open("a") as file:
        file.write("coded\n")
    code = run(room.data, "host", "--roster", str(room.roster), "--invite", "Coded").stdout.split()[1]
    async with sitting(room, "coded", password=code) as student:
        await student.sees("Enter goes on.")
        following = next(line for line in student.text.splitlines() if line.startswith("    ")).strip()
        student.type("\r")
        await student.sees("Question 1 of 2")
    async with sitting(room, "coded", password=following) as student:
        await student.sees("Enter goes on.")
        student.cut()
    async with sitting(room, "CODED", password=following.upper().replace("-", " ")) as student:
        await student.sees("Enter goes on.")
        student.type("\x03")
        await student.leaves()
    assert code.encode() not in room.premises.door.read_bytes()


async def test_a_roster_that_is_spoilt_meanwhile_stays_as_it_was(room):
    name = room.enrol("patient")
    async with sitting(room, name) as student:
        await student.sees("Question 1 of 2")
    good = room.roster.read_bytes()
    try:
        room.roster.write_text(f"{name} !\n", encoding="utf-8")
        async with sitting(room, name) as student:
            await student.sees("Question 1 of 2")
    finally:
        room.roster.write_bytes(good)


async def test_the_warm_process_may_be_killed_and_the_host_too(tmp_path):
    with hosting(tmp_path, ["ada", "grace"]) as host:
        async with sitting(host, "ada") as student:
            await student.sees("Question 1 of 2")
            warm = host.warm
            os.kill(warm, signal.SIGKILL)
            await student.answer("5", 2)
            assert host.answers("ada") == ["5"]
            async with sitting(host, "grace") as other:
                await other.sees("Question 1 of 2")
                assert host.warm != warm
                (child,) = children(host.warm)
                host.stop(signal.SIGKILL)
        await until(lambda: not Path(f"/proc/{child}").exists(), "the session to end with its host")
        key = host.premises.key.read_bytes()
        process, host.port, _ = launch(host.data, host.roster, *DRILL)
        try:
            async with sitting(host, "ada") as student:
                await student.sees("Question 2 of 2")
                sessions = children(children(process.pid)[0])
                process.terminate()
                await student.leaves()
                assert "The host is closing; what you answered is kept." in student.text
            assert await asyncio.to_thread(process.wait, 30) == 0
            assert not any(Path(f"/proc/{pid}").exists() for pid in sessions)
            assert host.premises.key.read_bytes() == key
            assert host.answers("ada") == ["5"]
        finally:
            process.kill()
            process.stdout.close()


async def test_a_session_asked_of_a_warm_process_that_is_gone_comes_from_the_next(tmp_path):
    with hosting(tmp_path, ["ada", "grace"]) as host:
        async with sitting(host, "ada") as student:
            await student.sees("Question 1 of 2")
        warm = host.warm
        os.kill(warm, signal.SIGSTOP)
        async with sitting(host, "grace") as other:
            await until(lambda: any("grace came" in line for line in host.said), "her to come")
            os.kill(warm, signal.SIGKILL)
            await other.sees("Question 1 of 2")
            assert host.warm != warm


async def test_an_assignment_is_served_and_knows_the_student_and_a_room_can_be_full(tmp_path):
    file = tmp_path / "lab.toml"
    file.write_text(
        'format_version = 1\nid = "lab"\ntitle = "Lab one"\nlessons = ["conv1d"]\nseed = 7\nnumbers = "own"\n'
    )
    task, options = ["drill", "--assignment", str(file)], ["--students", "1"]
    with hosting(tmp_path, ["ada", "grace"], task, options=options) as host:
        assert len(list(Path(f"/proc/{host.warm}/task").iterdir())) == 1
        async with sitting(host) as student:
            await student.sees("Question 1 of")
            assert "ada" in host.rows("ada")[0].attempt.text
            async with sitting(host, "grace") as other:
                await other.leaves()
                assert "The room is full" in other.text


async def test_no_other_lesson_than_the_one_set_is_there(tmp_path):
    with hosting(tmp_path, task=["learn", "conv1d"]) as host:
        async with sitting(host, term="xterm-256color") as student:
            await student.sees("1D")
            student.shown.clear()
            student.type("\x1b")
            await until(lambda: student.shown)
            student.type("\x1b[B\x1b[B\x03")
            await student.leaves()
            assert "pooling" not in student.text.lower()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "who may come in? Name a file with --roster"),
        (["--roster", "none"], "cannot read the roster"),
        (["--roster", "bad", "drill", "conv1d"], "bad:2: a name has up to 40"),
        (["--roster", "good", "export"], "a host serves learn, practice, drill, review"),
        (["--roster", "good", "drill", "nowhere"], "no lesson 'nowhere'"),
        (["--roster", "good", "--port", "99999", "drill", "conv1d"], "a port is a number"),
        (["--roster", "good", "--invite", "eve"], "'eve' is not on the roster"),
    ],
)
def test_what_cannot_be_served_is_said_at_once(tmp_path, monkeypatch, capsys, arguments, message):
    monkeypatch.chdir(tmp_path)
    Path("bad").write_text("ada\n../../etc ssh-ed25519 AAAA\n")
    Path("good").write_text("ada\n")
    assert main(["--data", str(tmp_path), "host", *arguments]) == 2
    said = capsys.readouterr().err
    assert message in said
    assert len(said.splitlines()) == 1
