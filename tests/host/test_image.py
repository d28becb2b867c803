"""Memory that a session gives back: what equals the warm process's is shared again, and nothing is lost."""

import subprocess
import sys

import pytest

from cnn_tutor.host.image import SPOILT
from tests.course import ROOT

BEGIN = """
import gc, os, sys, threading
from cnn_tutor.host import image, memory

class Node:
    def __init__(self, value):
        self.value = value

nodes = [Node(str(number)) for number in range(20000)]
blob = bytearray(2**20)
table = {node.value: node for node in nodes}
gc.collect(); gc.disable(); gc.freeze()
assert image.take() and image.take(), "no image"

def copies():
    return sum(stop - start for start, stop, _ in image._copies(image._image, image._mapped())) // memory.PAGESIZE
"""


def said(code: str) -> list[str]:
    """What a fresh interpreter prints that runs ``BEGIN`` and then ``code`` in a fork; its exit code last."""
    forked = "pid = os.fork()\nif pid: os._exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))\n"
    done = subprocess.run(
        [sys.executable, "-c", f"{BEGIN}{forked}{code}\nsys.stdout.flush(); os._exit(0)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.stderr
    return [*done.stdout.split(), str(done.returncode)]


@pytest.mark.skipif(sys.platform != "linux", reason="memory is given back on Linux only")
class TestImage:
    def test_pages_that_are_as_they_were_are_shared_again(self):
        code = (
            "held = list(nodes); before = copies(); del held; given = image.give_back(); print(before, copies(), given)"
        )
        before, after, given, ended = map(int, said(code))
        assert ended == 0
        assert before > 200
        assert after < before / 2
        assert given >= (before - after - 50) * 4096

    def test_what_was_changed_stays_changed_however_often_memory_is_given_back(self):
        code = (
            "gc.enable(); wanted = [str(number) for number in range(20000)]\n"
            "for turn in range(1, 30):\n"
            "    made = [Node(node.value) for node in nodes[turn::7]]\n"
            "    for place in range(turn, len(nodes), 31):\n"
            "        nodes[place].value = wanted[place] = f'{wanted[place]}.{turn}'\n"
            "    last = nodes.pop(); assert table.pop(last.value.split('.')[0]) is last; wanted.pop(); del last\n"
            "    assert image.give_back() > 0\n"
            "    assert [node.value for node in nodes] == wanted and list(table.values()) == nodes\n"
            "    assert sum(one.value.split('.')[0] in table for one in made) >= len(made) - 1\n"
            "print(len(nodes))"
        )
        assert said(code) == [str(20000 - 29), "0"]

    def test_nothing_is_given_back_while_there_is_another_thread(self):
        code = (
            "held = list(nodes); del held; gate = threading.Event(); one = threading.Thread(target=gate.wait)\n"
            "one.start(); print(image.give_back()); gate.set(); one.join(); print(image.give_back() > 0)"
        )
        assert said(code) == ["0", "True", "0"]

    def test_a_session_whose_memory_would_be_spoilt_ends_at_once(self):
        code = (
            "import ctypes; calls = image._image.calls; move = calls.move\n"
            "start = ctypes.addressof((ctypes.c_char * len(blob)).from_buffer(blob))\n"
            "for place in range(0, len(blob), 4096): blob[place] = 1; blob[place] = 0\n"
            "def late(address, size, *rest):\n"
            "    if address <= start + 9000 < address + size: blob[9000] = 1\n"
            "    return move(address, size, *rest)\n"
            "calls.move = late; image.give_back(); print('went on')"
        )
        assert said(code) == [str(SPOILT)]
