"""The parts of the host that need no process: who may come in, what is believed, how much."""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnn_tutor.errors import UsageError
from cnn_tutor.host import visit
from cnn_tutor.host.bridge import Bridge
from cnn_tutor.host.door import LETTERS, Door, fresh
from cnn_tutor.host.gate import REMEMBERED, Bucket, Gate
from cnn_tutor.host.limits import Limits
from cnn_tutor.host.premises import Premises
from cnn_tutor.host.roster import LARGEST_FILE, parse, plain, read
from cnn_tutor.host.settings import Settings, environment, size
from cnn_tutor.host.wire import Ended, Kill, Seat, receive, send
from tests.course import ROOT

KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOPlmbmoAmxwfQ6R4hAxrw2PN5hfwliJjMAgEK4v0vba"


def others() -> list[str]:
    """Newer interpreters that this machine has: what is shared is laid out in each as it likes."""
    named = [shutil.which(f"python3.{minor}") for minor in (12, 13, 14)]
    built = Path.home().glob(".pyenv/versions/3.1[2-4].*/bin/python")
    found = [str(one) for one in (*named, *built) if one]
    return [one for one in found if subprocess.run([one, "-c", ""], capture_output=True, check=False).returncode == 0]


PYTHONS = [sys.executable, *others()]


class TestRoster:
    def test_names_keys_and_remarks(self):
        roster = parse(["# class", "", f"Ada {KEY} ada@home", f"ada {KEY}x", "grace"])
        assert roster.keys == {"ada": (KEY, f"{KEY}x"), "grace": ()}
        assert roster.allows("ada", KEY)
        assert not roster.allows("grace", KEY)
        assert not roster.allows("eve", KEY)

    @pytest.mark.parametrize(
        ("line", "message"),
        [
            ("../x", "2: a name has up to 40"),
            ("a b", "2: after a name comes nothing"),
            ("a ssh-ed25519", "2: after a name comes nothing"),
            ("\x1b[2J", r"'\\x1b\[2J'"),
        ],
    )
    def test_a_line_that_is_none_is_named(self, line, message):
        with pytest.raises(UsageError, match=message):
            parse(["good", line])

    def test_files_that_are_none(self, tmp_path):
        path = tmp_path / "roster"
        for content, message in ((b"", "names nobody"), (b"\xff", "UTF-8"), (b"#" * (LARGEST_FILE + 1), "too large")):
            path.write_bytes(content)
            with pytest.raises(UsageError, match=message):
                read(path)
        path.write_bytes(b"\xef\xbb\xbfada\r\n")
        assert "ada" in read(path)

    @given(st.text())
    def test_a_name_is_one_folder_below_the_students(self, name):
        folder = plain(name)
        if folder:
            path = Premises(Path("/x")).student(folder)
            assert Path(os.path.normpath(path)) == path
            assert path.parent == Path("/x/students")
            assert folder.isprintable()
            assert plain(folder) == folder


class TestDoor:
    def test_codes_are_long_and_easy_to_read(self):
        codes = {fresh() for _ in range(200)}
        assert len(codes) == 200
        assert all(set(code) <= {*LETTERS, "-"} and len(code.replace("-", "")) == 16 for code in codes)

    def test_a_code_fits_until_it_is_used(self, tmp_path):
        door = Door(tmp_path / "door", lambda: 1.0)
        code = door.invite("ada")
        assert door.fits("ada", code)
        assert door.fits("ada", f" {code.upper().replace('-', ' ')} ")
        assert not door.fits("ada", code[:-1])
        assert not door.fits("ada", "")
        assert not door.fits("bob", code)
        assert door.turn("ada", code, following := fresh())
        assert not door.turn("ada", code, fresh())
        assert not door.fits("ada", code)
        assert door.fits("ada", following)
        assert door.names() == {"ada"}
        assert not Door(tmp_path / "door", lambda: 1.0).fits("ada", code)

    def test_a_new_invitation_ends_the_old_one(self, tmp_path):
        door = Door(tmp_path / "door", lambda: 1.0)
        first = door.invite("ada")
        door.invite("ada")
        assert not door.fits("ada", first)

    @given(st.text(max_size=300))
    def test_nothing_else_fits(self, tmp_path_factory, text):
        door = Door(tmp_path_factory.getbasetemp() / "any-door", lambda: 1.0)
        if not door.names():
            door.invite("ada")
        assert not door.fits("ada", text)
        assert not door.fits(text.replace("\ud800", ""), "x")


class TestGate:
    def test_counts_by_address_and_in_all(self):
        gate = Gate(Limits(strangers=3, strangers_each=2))
        assert [gate.arrive("a", 0.0) for _ in range(3)] == [True, True, False]
        assert [gate.arrive("b", 0.0) for _ in range(2)] == [True, False]
        gate.give_up("a")
        assert gate.arrive("b", 0.0)

    def test_a_pace_that_is_too_fast_is_slowed_and_forgiven(self):
        gate = Gate(Limits(strangers_each=2, arrivals_each=1.0))
        for _ in range(2):
            assert gate.arrive("a", 0.0)
            gate.give_up("a")
        assert not gate.arrive("a", 0.1)
        assert gate.arrive("b", 0.1)
        assert gate.arrive("a", 1.1)

    def test_a_student_has_so_many_connections(self):
        gate = Gate(Limits(connections_each=1))
        assert gate.arrive("a", 0.0) and gate.enter("a", "ada")
        assert gate.arrive("a", 0.0) and not gate.enter("a", "ada")
        gate.leave("ada")
        assert gate.arrive("a", 0.0) and gate.enter("a", "ada")
        assert gate.strangers.total() == 0

    def test_no_more_addresses_are_remembered_than_there_is_room_for(self):
        gate = Gate(Limits())
        for number in range(REMEMBERED + 100):
            gate.arrive(str(number), 0.0)
            gate.give_up(str(number))
        assert len(gate._paces) <= REMEMBERED

    @given(st.lists(st.tuples(st.floats(0, 1e4), st.floats(0, 10)), max_size=30))
    def test_a_bucket_gives_no_more_than_its_rate(self, takes):
        now, taken, bucket = 0.0, 0.0, Bucket.full(100.0, 500.0, 0.0)
        for amount, pause in takes:
            wait = bucket.take(amount, now)
            taken += amount
            now += wait + pause
        assert taken <= 500.0 + 100.0 * now + 1e-3


class TestSettings:
    def test_what_is_wanted_and_sound_is_kept(self):
        sent = Settings()
        for name, value in (
            (b"LANG", b"de_DE.UTF-8"),
            (b"LD_PRELOAD", b"x"),
            (b"NO_COLOR", b"1"),
            (b"LC_ALL", b"$(id)"),
        ):
            sent[name] = value
        assert b"LD_PRELOAD" not in sent
        assert environment("xterm", sent) == {"TERM": "xterm", "LANG": "de_DE.UTF-8", "NO_COLOR": "1"}

    @given(
        st.text(), st.dictionaries(st.sampled_from([b"LANG", b"LC_ALL", b"COLORTERM", b"PATH", b"HOME"]), st.binary())
    )
    def test_no_setting_is_more_than_a_word(self, term, sent):
        kept = Settings()
        for name, value in sent.items():
            kept[name] = value
        for name, value in environment(term, kept).items():
            assert name in ("TERM", "LANG", "LC_ALL", "COLORTERM")
            assert value.isascii() and value.isprintable() and "/" not in value and len(value) < 100

    @given(st.integers(-(2**40), 2**40), st.integers(-(2**40), 2**40))
    def test_a_terminal_has_a_sound_size(self, columns, lines):
        width, height = size(columns, lines, Limits())
        assert 1 <= width <= 400
        assert 1 <= height <= 150


class TestWire:
    def test_a_message_arrives_with_its_terminal(self):
        here, there = socket.socketpair()
        with here, there:
            reading, writing = os.pipe()
            for message in (Seat(1, "ada", "/x", {"TERM": "é" * 5000}), Kill(3), Ended(2, -9)):
                send(here, message, writing if isinstance(message, Seat) else None)
            received = [receive(there) for _ in range(3)]
            assert [one[0] for one in received] == [Seat(1, "ada", "/x", {"TERM": "é" * 5000}), Kill(3), Ended(2, -9)]
            os.write(received[0][1], b"x")
            assert os.read(reading, 1) == b"x"
            for one in (reading, writing, received[0][1]):
                os.close(one)
            here.close()
            assert receive(there) is None

    @pytest.mark.parametrize("junk", [b"\x00", b"\x00\x00\x00\x02[]", b"\xff\xff\xff\xff", b"\x00\x00\x00\x09{}"])
    def test_what_is_no_message_is_an_end(self, junk):
        here, there = socket.socketpair()
        with here, there:
            here.sendall(junk)
            here.shutdown(socket.SHUT_WR)
            assert receive(there) is None


class TestSharedMemory:
    @pytest.mark.parametrize("python", PYTHONS)
    def test_a_process_that_has_settled_works_on(self, python):
        code = (
            "import gc, sys; from cnn_tutor.host.shared import can_be_immortal, settle; import asyncio, json\n"
            "async def wait(): await asyncio.gather(*(asyncio.sleep(0.001) for _ in range(99)))\n"
            "asyncio.run(wait())\n"  # it puts by what the next one uses
            "settle(); gc.enable()\n"
            "asyncio.run(wait())\n"
            "assert can_be_immortal() == (sys.version_info[:2] in ((3, 12), (3, 13), (3, 14)))\n"
            "for _ in range(3): made = [json.loads('{\"a\": [1, 2]}') for _ in range(9999)]; gc.collect()\n"
            "assert made[5] == {'a': [1, 2]}\n"
            "import decimal, difflib; print(decimal.Decimal('0.1') + 1)"
        )
        assert self.run(python, code) == ("1.1\n", "", 0)

    def test_arrays_go_on_as_well(self):
        code = (
            "import gc, numpy; from cnn_tutor.host.shared import settle; made = numpy.arange(9); settle()\n"
            "print(made.reshape(3, 3).sum() + numpy.arange(9).sum())"
        )
        assert self.run(sys.executable, code) == ("72\n", "", 0)

    @pytest.mark.parametrize("python", PYTHONS)
    def test_what_has_grown_old_and_is_let_go_is_collected_soon(self, python):
        code = (
            "import gc, weakref; from cnn_tutor.host.shared import settle; settle(); gc.enable()\n"
            "class Page: pass\n"
            "page = Page(); page.itself = page; left = weakref.ref(page)\n"
            "kept = [[] for _ in range(20_000)]; del page\n"
            "more = [[] for _ in range(20_000)]; print(left())"
        )
        assert self.run(python, code) == ("None\n", "", 0)

    @pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux merges pages")
    def test_equal_pages_may_be_merged_where_the_system_can(self):
        code = (
            "import ctypes; from cnn_tutor.host.shared import settle\n"
            "prctl = ctypes.CDLL(None).prctl; before = prctl(68, 0, 0, 0, 0); settle()\n"
            "print(before, prctl(68, 0, 0, 0, 0))"
        )
        said = self.run(sys.executable, code)
        assert said in (("0 1\n", "", 0), ("-1 -1\n", "", 0))

    @staticmethod
    def run(python, code):
        done = subprocess.run([python, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
        return done.stdout, done.stderr, done.returncode


class TestTogether:
    def test_what_was_noted_is_brought_together_and_works_as_before(self, tmp_path):
        program = tmp_path / "noted_program.py"
        program.write_text(
            "import decimal\n"
            "def outer(x, *, y=2):\n"
            "    'What it does, in words.'\n"
            "    def inner(z):\n"
            "        return f'{x} and {z}'\n"
            "    return inner(y), inner.__qualname__, decimal.Decimal('0.1') + x\n"
            "def never():\n"
            "    return 0\n"
        )
        code = (
            "import sys; from pathlib import Path; from cnn_tutor.host import together; file = Path(sys.argv[1])\n"
            "import noted_program as one\n"
            "with together.noted(file): before = one.outer(1)\n"
            "used = together.read(str(file)); codes = one.outer.__code__, one.never.__code__\n"
            "assert 'decimal' in used.modules and 'Decimal' in used.names, used\n"
            "assert (one.__file__, 'outer', 2) in used.code and 'never' not in [name for _, name, _ in used.code]\n"
            "together.make_names(used); together.bring(used)\n"
            "assert one.outer.__code__ is not codes[0] and one.never.__code__ is codes[1]\n"
            "assert one.outer(1) == before and one.outer.__doc__ == 'What it does, in words.'\n"
            "together.bring(together.read('nowhere')); print(one.outer(1, y=3)[:2])"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, tmp_path / "used"],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.stdout, done.stderr, done.returncode) == ("('1 and 3', 'outer.<locals>.inner')\n", "", 0)


class TestVisit:
    async def test_a_session_waits_for_a_client_that_takes_nothing(self, monkeypatch):
        monkeypatch.setattr(visit, "MOMENT", 0.001)
        unsent, written = [10**9], bytearray()
        transport = SimpleNamespace(get_write_buffer_size=lambda: unsent[0])
        connection = SimpleNamespace(_transport=transport)
        channel = SimpleNamespace(write=written.extend, get_connection=lambda: connection)
        one = visit.Visit(SimpleNamespace(limits=Limits()), "ada", "", "")
        one._channel, one._bridge = channel, Bridge(80, 24, 1000)
        one._bridge.begin(one._show, lambda: None)
        try:
            os.write(one._bridge.terminal, b"x" * 100)
            while not written:
                await asyncio.sleep(0.002)
            for _ in range(49):
                os.write(one._bridge.terminal, b"x" * 100)
                await asyncio.sleep(0.002)
            assert written == b"x" * 100
            unsent[0] = 0
            one.pause()
            await asyncio.sleep(0.01)
            assert written == b"x" * 100
            one.resume()
            while len(written) < 5000:
                await asyncio.sleep(0.002)
        finally:
            os.close(one._bridge.terminal)
            one._bridge.close()
