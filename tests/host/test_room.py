"""What the instructor sees of the room: folds over logs, one student's or two hundred's."""

import random
import sqlite3

from rich.console import Console

from cnn_tutor.cli import main
from cnn_tutor.host.board import plain, table, title
from cnn_tutor.host.lookout import Lookout
from cnn_tutor.host.premises import Premises
from cnn_tutor.host.room import Room, write
from cnn_tutor.host.seen import LONG, Seen, fold, spreading, state, usual
from cnn_tutor.tutor.attempt import Attempt
from cnn_tutor.tutor.progress import FILE, Progress, Row
from tests.host.hosting import DRILL, hosting, sitting, until

OWN = 4194304 - 1
"""A process number that no process has."""


def row(at, key="drill/a/y[1]", action="answer", verdict="Correct", **rest):
    return Row(at, Attempt("drill", key, "d", action, verdict=verdict, **{"mode": "drill", "run": "r", **rest}))


def learning(at, verdict, **rest):
    return row(at, verdict=verdict, mode="learn", run="", charged=verdict == "Not yet", **rest)


def test_a_fold_says_where_a_student_is_and_since_when():
    seen = fold(
        Seen(), [learning(10, "Correct", key="a"), learning(20, "Not yet", key="b"), learning(30, "Not yet", key="b")]
    )
    assert (seen.key, seen.at, seen.since, seen.answered, seen.at_once, seen.misses) == ("b", 30, 10, 1, 1, 2)
    seen = fold(seen, [learning(40, "Correct", key="b", misses=2)])
    assert (seen.since, seen.answered, seen.at_once, seen.misses) == (40, 2, 1, 0)


def test_an_answer_in_a_drill_leads_on_whatever_it_is_and_counts_once():
    seen = fold(Seen(), [row(1, action="begin", verdict=""), row(5, verdict="Not yet"), row(9, misses=1)])
    assert (seen.since, seen.answered, seen.at_once, seen.misses, seen.gaps) == (9, 1, 0, 0, (4, 4))
    assert not seen.finished
    assert fold(seen, [row(12, action="end", verdict="")]).finished


def test_it_does_not_matter_in_which_pieces_the_rows_come():
    chance = random.Random(5)
    rows = [learning(at, chance.choice(["Correct", "Not yet"]), key=chance.choice("abc")) for at in range(1, 60)]
    for cut in range(0, 60, 7):
        assert fold(fold(Seen(), rows[:cut]), rows[cut:]) == fold(Seen(), rows)


def test_only_an_idea_that_alone_explains_an_answer_counts():
    ideas = ["CONV.FLIP", "CONV.FLIP, PAD.ONE", "SLIP", "SHEET.TYPO", ""]
    seen = fold(Seen(), [row(at, verdict="Not yet", diagnosis=idea) for at, idea in enumerate(ideas, 1)])
    assert seen.ideas == {"CONV.FLIP": 1}


def test_who_waits_long_or_misses_often_is_stuck_but_not_who_has_gone_or_ended():
    at_work = Seen(key="a", at=1000, since=1000)
    assert state(at_work, 0, 1000 + LONG - 1, 0) == "at work"
    assert state(at_work, 0, 1000 + LONG + 1, 0) == "stuck"
    assert state(at_work, 0, 1000 + LONG + 1, LONG) == "at work"
    assert state(at_work, 1000 + LONG, 1000 + LONG + 1, 0) == "at work"
    assert state(Seen(key="a", at=1000, since=1000, misses=3), 0, 1001, 0) == "stuck"
    assert state(at_work, None, 9999, 0) == "away"
    assert state(Seen(at=1, finished=True), 0, 9999, 0) == "finished"
    assert state(None, 5, 9999, 0) == "at work"


def test_what_is_usual_is_the_median_of_the_class_and_a_rest_is_none():
    assert usual([]) == 0.0
    slow = fold(Seen(), [row(0, action="begin"), row(10), row(20), row(5000)])
    assert usual([slow, fold(Seen(), [row(0, action="begin"), row(40)])]) == 10


def test_ideas_that_spread_now_come_first():
    class_ = [Seen(ideas={"OLD": 0.0}), Seen(ideas={"OLD": 0.0, "NEW": 990.0}), Seen(ideas={"OLD": 1.0})]
    assert spreading(class_, 1000.0) == [("NEW", 1, 1), ("OLD", 3, 0)]


def fill(premises, name, rows):
    progress = Progress(premises.student(name))
    for one in rows:
        progress.add([one.attempt], one.at)
    progress.close()


def test_the_lookout_reads_only_what_is_new_and_bears_what_it_cannot_read(tmp_path):
    premises = Premises(tmp_path / "host")
    premises.make()
    lookout = Lookout(premises)
    assert title(lookout.look(0.0)) == "No host has run here yet."
    fill(premises, "ada", [row(1, action="begin"), row(2)])
    fill(premises, "bob", [row(1, action="begin")])
    write(premises.room, Room(OWN, 1, "drill", {"ada": 1.0}))
    assert [seen.answered for seen, _ in lookout.look(10.0).class_.values()] == [1, 0]
    fill(premises, "ada", [row(3, key="drill/a/y[2]")])
    (premises.students / "eve").mkdir()
    (premises.students / "eve" / FILE).write_bytes(b"not a log")
    look = lookout.look(10.0)
    assert look.class_["ada"][0].answered == 2
    assert [one for _, one in look.class_.values()] == ["away", "away"]
    assert "drill (closed): 2 away" in title(look)
    locked = sqlite3.connect(premises.student("ada") / FILE)
    locked.execute("BEGIN EXCLUSIVE")
    fresh = Lookout(premises).look(10.0)
    assert list(fresh.class_) == ["bob"]
    locked.close()


def test_two_hundred_students_fit_on_any_screen_and_no_name_is_a_command(tmp_path):
    premises = Premises(tmp_path / "host")
    premises.make()
    for number in range(30):
        fill(
            premises,
            f"student{number}",
            [row(1, action="begin"), row(2, key="drill/\x1b[2Ja/[bold]y", diagnosis="CONV.FLIP")],
        )
    look = Lookout(premises).look(100.0)
    console = Console(width=80, height=24, record=True, force_terminal=True)
    with console.capture() as shown:
        console.print(table(look, 24))
    assert len(shown.get().splitlines()) <= 24
    assert "\x1b[2J" not in shown.get()
    assert "[bold]y" in shown.get()
    assert "more" in shown.get()
    assert "CONV.FLIP" in "\n".join(plain(look))


async def test_the_room_is_seen_from_a_second_terminal(room, capsys):
    name = room.enrol("watched")
    async with sitting(room, name) as student:
        await student.sees("Question 1 of 2")
        await student.answer("5", 2)
        await until(lambda: name in room.premises.room.read_text())
        assert main(["--data", str(room.data), "host", "--progress"]) == 0
        (line,) = [one for one in capsys.readouterr().out.splitlines() if one.startswith(name)]
        assert line.split()[1:3] == ["at", "work"]
    await until(lambda: name not in room.premises.room.read_text())
    assert main(["--data", str(room.data), "host", "--progress"]) == 0
    assert f"{name}  away" in capsys.readouterr().out


async def test_a_host_shows_its_room_itself_when_it_is_asked_to(tmp_path):
    with hosting(tmp_path, task=DRILL, options=["--progress"]) as host:
        await until(lambda: "drill conv1d --seed 7 --minutes 600: nobody yet\n" in host.said)
        assert host.stop() == 0
