"""Results in a shared database: pushed once, however often; late, where the server was away; read by a report."""

import json
import shutil
import subprocess
import sys
import threading
import time
from dataclasses import replace

import psycopg
import pytest

from cnn_tutor.errors import ProgressError, UsageError
from cnn_tutor.lesson.catalog import Catalog
from cnn_tutor.tutor.progress import Progress
from cnn_tutor.tutor.report.build import build
from cnn_tutor.tutor.shared import hidden, push, reading
from tests.classroom import Scripted
from tests.conftest import find_program
from tests.course import LESSONS, cnn_tutor_command
from tests.database import Server
from tests.host.hosting import hosting, sitting
from tests.tutor.test_progress import ONE

CATALOG = Catalog(tuple(LESSONS.values()))
COUNT = "SELECT count(*) FROM cnn_tutor_row"


@pytest.fixture(scope="module")
def running():
    """One server for all tests of this file."""
    server = Server(find_program("initdb").resolve().parent)
    server.start()
    yield server
    server.close()


@pytest.fixture
def server(running):
    """The server, with a database in which is nothing."""
    running.query("DROP TABLE IF EXISTS cnn_tutor_row")
    return running


def log(folder, *texts):
    opened = Progress(folder)
    opened.add([replace(ONE, text=text) for text in texts], 1.0)
    return opened


def reported(server):
    with reading(server.address) as sources:
        return build([], CATALOG, more=sources)


def eventually(condition):
    """Wait for what another process does."""
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError("it did not happen")


class TestPushing:
    def test_twice_is_as_good_as_once_and_the_table_is_made_on_first_use(self, server, tmp_path):
        opened = log(tmp_path, "1", "2", 'a\x00"\\\u2028')
        assert push(server.address, opened.rows(), "ann") == 3
        assert push(server.address, opened.rows(), "ann") == 0
        opened.add([ONE], 2.0)
        assert push(server.address, opened.rows(), "ann") == 1
        assert server.query(COUNT) == [(4,)]

    def test_nothing_is_nothing(self, server, tmp_path):
        assert push(server.address, [], "ann") == 0

    def test_many_hosts_at_once_lose_nothing(self, server, tmp_path):
        logs = [log(tmp_path / str(number), *map(str, range(20))).rows() for number in range(8)]
        pushed = []
        threads = [
            threading.Thread(target=lambda rows=rows: pushed.append(push(server.address, rows, "ann")))
            for rows in (*logs, *logs)
        ]
        for one in threads:
            one.start()
        for one in threads:
            one.join()
        assert len(pushed) == 16
        assert server.query(COUNT) == [(160,)]

    def test_machines_made_from_one_image_do_not_hide_one_another(self, server, tmp_path):
        log(tmp_path / "image", "1").close()
        for name in ("ann", "bo"):
            shutil.copytree(tmp_path / "image", tmp_path / name)
            push(server.address, log(tmp_path / name, name).rows(), name)
        assert server.query(COUNT) == [(3,)]
        assert {one.name for one in reported(server).students} == {"ann", "bo"}

    def test_what_goes_wrong_is_one_sentence_without_the_password(self, server):
        away = server.address.replace(str(server.port), "1")
        with pytest.raises(ProgressError) as caught:
            push(away, [], "ann")
        assert str(caught.value).startswith("postgresql://tutor@127.0.0.1:1/")
        assert "secret" not in str(caught.value) and "\n" not in str(caught.value)
        assert hidden("postgresql://h/db?user=u&password=secret&x=1") == "postgresql://h/db?user=u&password=…&x=1"

    def test_without_the_package_one_is_told_what_to_install(self, monkeypatch):
        monkeypatch.setitem(sys.modules, "psycopg", None)
        with pytest.raises(UsageError, match=r"cnn-tutor\[postgres\]"):
            push("postgresql://x/y", [], "ann")

    def test_a_statement_that_hangs_is_given_up_and_nothing_is_half_pushed(self, server, tmp_path, monkeypatch):
        monkeypatch.setattr("cnn_tutor.tutor.shared.PATIENCE", 1)
        rows = log(tmp_path, "1", "2").rows()
        push(server.address, rows[:1], "ann")
        with psycopg.connect(server.address) as other:
            other.execute("LOCK TABLE cnn_tutor_row IN ACCESS EXCLUSIVE MODE")
            with pytest.raises(ProgressError, match="timeout"):
                push(server.address, rows, "ann")
        assert server.query(COUNT) == [(1,)]
        assert push(server.address, rows, "ann") == 1


class TestReport:
    def test_it_equals_the_report_on_the_logs_themselves(self, server, tmp_path):
        for number, name in enumerate(("ann", "bo", "cem")):
            student = Scripted(name, number, tmp_path / "homes" / name, "CONV.FLIP" if number else "")
            student.learn(LESSONS["conv1d"], 8)
            rows = student.progress.rows()
            push(server.address, rows[:9], name)
            push(server.address, rows, name)
            student.progress.close()
        assert reported(server) == replace(build([tmp_path / "homes"], CATALOG), sources=3)

    def test_one_student_on_two_hosts_is_one(self, server, tmp_path):
        for host in ("a", "b"):
            student = Scripted("ann", ord(host), tmp_path / host)
            student.learn(LESSONS["conv1d"], 5)
            push(server.address, student.progress.rows(), "ann")
        (one,) = reported(server).students
        assert one.met == len({*student.diary.first}) > 0

    def test_the_command_reads_from_the_database(self, server, tmp_path):
        push(server.address, log(tmp_path, "1").rows(), "ann")
        done = cnn_tutor_command("report", server.address, "--json")
        assert (done.returncode, done.stderr) == (0, "")
        assert [one["student"] for one in json.loads(done.stdout)["students"]] == ["ann"]
        assert cnn_tutor_command("report", server.address.replace(str(server.port), "1")).returncode == 2


class TestAStudent:
    @pytest.fixture(autouse=True)
    def _own(self, running):
        """A database of its own: nobody waits for a push, which may come after the test."""
        running.renew()

    def learn(self, server, tmp_path, typed, **more):
        where = {"CNN_TUTOR_RESULTS": server.address, "CNN_TUTOR_DATA": str(tmp_path), "LOGNAME": "Ann", **more}
        return cnn_tutor_command("learn", "conv1d", "--plain", typed=typed, **where)

    def test_what_was_answered_arrives_by_itself(self, server, tmp_path):
        done = self.learn(server, tmp_path, "5\n3\n")
        assert (done.returncode, done.stderr) == (0, "")
        found = eventually(lambda: self.rows(server))
        assert found == [("ann", 2)]

    @staticmethod
    def rows(server):
        try:
            return server.query("SELECT student, count(*) FROM cnn_tutor_row GROUP BY student")
        except psycopg.errors.UndefinedTable:
            return []

    def test_a_server_that_is_away_delays_nothing_and_gets_everything_later(self, server, tmp_path):
        server.stop()
        try:
            done = self.learn(server, tmp_path, "5\n3\n")
            assert (done.returncode, done.stderr) == (0, "")
            failed = cnn_tutor_command(
                "push", CNN_TUTOR_RESULTS=server.address, CNN_TUTOR_DATA=str(tmp_path), LOGNAME="Ann"
            )
            assert failed.returncode == 1
            assert "cannot be used" in failed.stderr
        finally:
            server.start()
        self.learn(server, tmp_path, "")
        assert eventually(lambda: self.rows(server)) == [("ann", 2)]

    def test_push_without_an_address_is_wrong_usage(self):
        done = cnn_tutor_command("push")
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.count("\n") == 1

    def test_a_folder_of_students_is_pushed_at_once(self, server, tmp_path):
        for name in ("ann", "bo"):
            log(tmp_path / name, name).close()
        done = cnn_tutor_command("push", str(tmp_path), CNN_TUTOR_RESULTS=server.address)
        assert done.stdout == "ann: 1 of 1 rows are new.\nbo: 1 of 1 rows are new.\n"
        assert sorted(self.rows(server)) == [("ann", 1), ("bo", 1)]


def test_the_package_is_loaded_only_where_it_is_needed(tmp_path):
    code = "import sys; from cnn_tutor.cli import main; main(['list']); assert 'psycopg' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


class TestAHost:
    @pytest.fixture(autouse=True)
    def _own(self, running):
        running.renew()

    async def test_the_students_of_a_host_arrive_when_it_closes(self, server, tmp_path, monkeypatch):
        monkeypatch.setenv("CNN_TUTOR_RESULTS", server.address)
        with hosting(tmp_path / "data", ["ada", "bo"]) as host:
            for name in ("ada", "bo"):
                async with sitting(host, name) as student:
                    await student.sees("Question 1 of 2")
                    student.type("5\n")
                    await student.sees("Question 2 of 2")
        assert sorted(TestAStudent.rows(server)) == [("ada", 3), ("bo", 3)]
        for folder in (host.data, host.premises.folder):
            assert build([folder], CATALOG).students == reported(server).students
        assert build([host.premises.folder], CATALOG).left_out == ()

    async def test_a_server_that_is_away_is_noted_and_does_not_stop_a_host(self, tmp_path, monkeypatch):
        monkeypatch.setenv("CNN_TUTOR_RESULTS", "postgresql://tutor:secret@127.0.0.1:1/x")
        with hosting(tmp_path / "data", ["ada"]) as host:
            async with sitting(host, "ada") as student:
                await student.sees("Question 1 of 2")
        said = "".join(host.said)
        assert "results not pushed, it is tried again" in said
        assert "secret" not in said
