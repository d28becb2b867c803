"""The program as a process: pipes, encodings, closed streams, signals. What only a process of its own can show."""

import compileall
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cnn_tutor import __version__
from cnn_tutor.tutor.progress import Progress
from tests.course import COUNT, IDS, ROOT, cnn_tutor_command


def test_without_a_terminal_the_list_is_printed_and_how_to_go_on():
    done = cnn_tutor_command()
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) == len(IDS) + 2
    assert done.stdout.endswith("Start one with: cnn-tutor learn LESSON\n")


def test_learn_without_a_terminal_is_plain_and_pauses_at_the_end_of_input():
    done = cnn_tutor_command("learn", "conv1d", typed="5\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1].startswith(f"Paused: 1 of {COUNT}")


def test_a_last_line_without_an_end_counts():
    assert f"Paused: 1 of {COUNT}" in cnn_tutor_command("learn", "conv1d", typed="5").stdout


def test_bytes_that_are_no_text_are_unreadable_and_kept_as_something():
    done = cnn_tutor_command("learn", "conv1d", typed=b"\xff\xfe\n\x80\n5\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("\nUnreadable") == 2
    assert f"Paused: 1 of {COUNT}" in done.stdout


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_any_encoding_of_the_terminal_will_do(encoding):
    done = cnn_tutor_command("learn", "batchnorm", typed="1\n?\n", PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.isascii() is (encoding != "utf-8")


def test_streams_that_are_closed_do_no_harm():
    code = "import os, sys; {}; sys.exit(__import__('cnn_tutor.cli').cli.main([{!r}]))"
    for closing in ("sys.stdin = None", "sys.stdout = None", "sys.stderr = None", "sys.stdin = sys.stdout = None"):
        done = subprocess.run(
            [sys.executable, "-c", code.format(closing, "list")],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, b"")


def test_a_closed_stderr_is_no_failure():
    script = f'"{sys.executable}" -m cnn_tutor list 2>&-'
    done = subprocess.run(
        script, shell=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, check=False
    )
    assert done.returncode == 0


def test_output_that_has_no_room_is_said_in_one_line():
    code = """
import errno, io, os, sys
from cnn_tutor.cli import main

class Full(io.StringIO):
    def write(self, text):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

sys.stdout = Full()
sys.exit(main(["list"]))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE, check=False
    )
    assert (done.returncode, done.stderr) == (2, b"cnn-tutor: cannot write: No space left on device\n")


@pytest.mark.parametrize("command", [["list"], ["explain", "extra"], ["learn", "conv1d", "--plain"]], ids=" ".join)
def test_a_reader_who_leaves_is_no_error(command):
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [sys.executable, "-m", "cnn_tutor", *command],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        stdout=writing,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


def test_ctrl_c_gives_130_and_keeps_what_was_answered(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "cnn_tutor", "--data", str(tmp_path), "learn", "conv1d", "--plain"],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a runner in the background ignores it
    )
    with process:
        process.stdin.write("5\n")
        process.stdin.flush()
        for line in process.stdout:
            if line.startswith("Question 2"):
                break
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
        assert "Traceback" not in process.stderr.read()
    progress = Progress(tmp_path)
    assert [row.attempt.text for row in progress.rows()] == ["5"]
    progress.close()


def test_python_m_cnn_tutor_is_the_program():
    assert cnn_tutor_command("--version").stdout == f"cnn-tutor {__version__}\n"
    assert Path(ROOT, "cnn_tutor", "__main__.py").is_file()


@pytest.mark.parametrize("compiled", [True, False])
def test_the_version_says_when_compiled_files_are_missing(tmp_path, compiled):
    (tmp_path / "textual").mkdir()
    (tmp_path / "textual" / "__init__.py").write_text("")
    if compiled:
        compileall.compile_dir(tmp_path, quiet=2)
    done = cnn_tutor_command("--version", PYTHONPATH=f"{tmp_path}{os.pathsep}{ROOT}", PYTHONDONTWRITEBYTECODE="1")
    assert (done.returncode, done.stdout) == (0, f"cnn-tutor {__version__}\n")
    assert (f"compileall -q {tmp_path}" in done.stderr) != compiled
