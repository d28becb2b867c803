"""``drill --assignment``: the sheet that was set, within its window of time, and no more shown than the file allows."""

import io
import sys
from datetime import UTC, datetime

import pytest

from cnn_tutor.cli import main
from cnn_tutor.lesson.assignment import parse
from cnn_tutor.surroundings import Surroundings
from cnn_tutor.tutor.assignment import drill_of, spell_wait
from cnn_tutor.tutor.drill import begin
from tests.course import LESSONS

OPENS = datetime(2026, 11, 26, 14, tzinfo=UTC).timestamp()
HEAD = 'format_version = 1\nid = "lab"\ntitle = "Lab 4"\nlessons = ["conv1d", "baseline"]\ncount = 2\n'
WINDOW = "opens = 2026-11-26T14:00:00Z\ncloses = 2026-11-26T16:00:00Z\n"


@pytest.fixture
def lab(tmp_path, capsys, monkeypatch):
    """Write an assignment, then come to it at a time and type."""
    clock = [OPENS]
    monkeypatch.setattr(Surroundings, "now", lambda self: clock[0])

    def visit(text, at=0.0, typed="", *more):
        file = tmp_path / "lab.toml"
        file.write_text(HEAD + text)
        clock[0] = OPENS + 60 * at
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        code = main(["drill", "--assignment", str(file), "--plain", *more])
        return code, *capsys.readouterr()

    return visit


def drill(text, name=""):
    return drill_of(parse(HEAD + text), name, LESSONS.__getitem__)


def sheet(drill):
    return [exercise.tensors for exercise in begin(drill, LESSONS.__getitem__).lesson.exercise]


def right(drill):
    session = begin(drill, LESSONS.__getitem__)
    return [session.questions[place].text for place in session.asked]


class TestTheDrill:
    def test_one_seed_gives_everybody_the_same_numbers_and_a_drill_of_their_own(self):
        ann, bo = drill("seed = 7", "Ann"), drill("seed = 7", "Bo")
        assert sheet(ann) == sheet(bo) == sheet(drill("seed = 7"))
        assert len({ann.run, bo.run, drill("seed = 7").run}) == 3

    def test_own_numbers_differ_by_name(self):
        assert sheet(drill('seed = 7\nnumbers = "own"', "Ann")) != sheet(drill('seed = 7\nnumbers = "own"', "Bo"))

    def test_a_seed_can_be_given_to_a_name(self):
        text = 'seed = 7\n[seeds]\n"Ann Lee" = 9'
        assert drill(text, "ann  lee").seed == 9
        assert drill(text, "Bo").seed == drill(text).seed == 7

    def test_more_time_leaves_the_drill_as_it_is(self):
        assert drill("seed = 7\nminutes = 10", "Ann") == drill(f"seed = 7\nminutes = 90\n{WINDOW}", "Ann")

    @pytest.mark.parametrize(
        ("text", "name"), [("[seeds]\nAnn = 1", "Bo"), ("[seeds]\nAnn = 1", ""), ("seed = 1\nnumbers = 'own'", "")]
    )
    def test_who_has_no_numbers_is_told(self, lab, text, name):
        code, out, err = lab(text, 0, "", *(["--name", name] if name else []))
        assert (code, out) == (2, "")
        assert err.startswith("cnn-tutor: Lab 4 ")

    @pytest.mark.parametrize("more", [("conv1d",), ("--seed", "1"), ("--count", "2"), ("--minutes", "9")])
    def test_nothing_the_file_says_can_be_said_otherwise(self, lab, more):
        assert lab("seed = 1", 0, "", *more)[0] == 2


class TestTheWindow:
    def test_before_it_opens_nothing_is_shown_but_when_it_does(self, lab):
        code, out, _ = lab(f"seed = 1\n{WINDOW}", -61.5)
        assert (code, out) == (0, "Lab 4 opens at 2026-11-26 14:00 (UTC), in 1 h 2 min.\n")

    def test_after_it_closed_it_says_so(self, lab):
        code, out, _ = lab(f"seed = 1\n{WINDOW}", 120)
        assert (code, out) == (0, "Lab 4 closed at 2026-11-26 16:00 (UTC). No answers are taken any more.\n")

    def test_who_was_at_it_when_it_closed_sees_the_result(self, lab):
        first, *_ = right(drill("seed = 1"))
        assert "Paused: 1 of 6" in lab(f"seed = 1\n{WINDOW}", 5, f"{first}\n")[1]
        out = lab(f"seed = 1\n{WINDOW}", 121, "")[1]
        assert "1 of 6 count" in out
        assert out.startswith("The time is over.\n")
        assert lab(f"seed = 1\n{WINDOW}", 150, "")[1] == out.removeprefix("The time is over.\n")

    def test_the_closing_time_and_the_minutes_both_limit(self, lab):
        assert "(30 min left)" in lab(f"seed = 1\nminutes = 30\n{WINDOW}", 5, "q\n")[1]
        assert "(11 min left)" in lab(f"seed = 1\nminutes = 30\n{WINDOW}", 24, "q\n")[1]
        assert "(20 min left)" in lab(f"seed = 2\nminutes = 30\n{WINDOW}", 100, "q\n")[1]

    def test_a_closing_time_far_off_is_no_clock(self, lab):
        assert "left)" not in lab("seed = 1\ncloses = 2027-01-01T00:00:00Z", 0, "q\n")[1]

    @pytest.mark.parametrize(
        ("seconds", "words"), [(1, "1 min"), (60, "1 min"), (3600, "1 h"), (5000, "1 h 24 min"), (100000, "1 d 3 h")]
    )
    def test_waiting_is_said_in_two_units(self, seconds, words):
        assert spell_wait(seconds) == words


class TestWhatIsShown:
    WRONG = "99\n" + ">\n" * 4 + ".\n.\n"

    @staticmethod
    def after(out):
        return out.partition("again to end the drill, or go on.")[2]

    def test_nothing_but_that_it_is_handed_in(self, lab):
        out = lab('seed = 1\nshow = "nothing"', 0, self.WRONG)[1]
        assert "Your answers are handed in: 1 of 6 questions." in out
        assert "You hear what is right at the end" not in out
        assert not any(word in self.after(out) for word in ("count.", "Not yet:", "CT1-", "Maybe:", "right is"))

    def test_the_result_without_the_right_answers(self, lab):
        out = lab("seed = 1", 0, self.WRONG)[1]
        assert "\nNot yet: L_out; you gave 99\n" in out
        assert "0 of 6 count" in out and "CT1-1-0of6-" in out
        assert "right is" not in self.after(out)

    def test_the_result_with_the_right_answers(self, lab):
        out = lab('seed = 1\nshow = "answers"', 0, self.WRONG)[1]
        assert f"\nNot yet: L_out; you gave 99, right is {right(drill('seed = 1'))[0]}\n" in out
