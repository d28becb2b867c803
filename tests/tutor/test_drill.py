"""A drill: the same for its seed and name, silent until its end, and judged from the log alone."""

import io
import itertools
import re
from dataclasses import replace
from itertools import zip_longest

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from cnn_tutor.cli import main
from cnn_tutor.errors import QuestionError, UsageError
from cnn_tutor.plain import drill as plain
from cnn_tutor.plain.streams import Streams
from cnn_tutor.render.standing import lines
from cnn_tutor.tutor import moves
from cnn_tutor.tutor.again import best, command, is_again, notice
from cnn_tutor.tutor.desk import Desk
from cnn_tutor.tutor.drill import ID, MOST_PROBLEMS, Drill, begin, compose, marker, plain_name, take
from cnn_tutor.tutor.feedback import Unreadable
from cnn_tutor.tutor.keeper import Keeper
from cnn_tutor.tutor.log import log
from cnn_tutor.tutor.mastery import mastery
from cnn_tutor.tutor.overview import report
from cnn_tutor.tutor.progress import Progress, Row
from cnn_tutor.tutor.question import steps_before
from cnn_tutor.tutor.report.scores import Judge
from cnn_tutor.tutor.report.student import work
from cnn_tutor.tutor.result import answers, judge, recompute, resume, sitting, unfinished
from cnn_tutor.tutor.result_page import page
from cnn_tutor.tutor.review import schedule
from cnn_tutor.tutor.scene import scene
from cnn_tutor.tutor.session import start
from tests.course import LESSONS, Typist

get = LESSONS.__getitem__
NAMES = ("conv1d", "baseline", "pooling", "mini-cnn")
drills = st.builds(
    lambda lessons, seed, count, name: Drill(tuple(lessons), seed, count, 0, name),
    st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True),
    st.integers(-(2**63), 2**63 - 1),
    st.integers(1, 3),
    st.sampled_from(["", "ann", "bo"]),
)
SMALL = Drill(("conv1d", "baseline"), 5, 2)


def numbers(drill):
    return [exercise.tensors or exercise.track for exercise in compose(drill, get).exercise]


def rows_of(drill, texts, at=100.0):
    """The log of a student who types ``texts``, one for each question (None leaves it open)."""
    session, attempts = begin(drill, get), [marker(drill, "begin", drill.text)]
    for place, text in zip(session.asked, texts, strict=False):
        session = replace(session, position=place)
        if text is not None:
            after, feedback = take(session, text)
            if not isinstance(feedback, Unreadable):
                attempts += log(session, after, "answer", text, feedback)
                session = after
    return [Row(at + number, one) for number, one in enumerate(attempts)]


def right(drill):
    session = begin(drill, get)
    return [session.questions[place].text for place in session.asked]


class TestTheSheet:
    @given(drills)
    @settings(max_examples=25)
    def test_the_same_drill_is_the_same_for_everybody_and_reads_back(self, drill):
        assert numbers(drill) == numbers(Drill.read(drill.text))
        assert len(numbers(drill)) == drill.count

    def test_another_seed_and_another_name_have_other_numbers(self):
        sheets = [numbers(replace(SMALL, **how)) for how in ({}, {"seed": 6}, {"name": "ann"}, {"name": "bo"})]
        assert all(one != other for i, one in enumerate(sheets) for other in sheets[:i])

    @pytest.mark.parametrize(
        ("one", "other"), [("Ann  Lee ", "ann lee"), ("José", "Jose\u0301"), ("Groß", "GROSS"), ("", "  ")]
    )
    def test_names_differ_by_more_than_case_blanks_and_encoding(self, one, other):
        assert plain_name(one) == plain_name(other)

    @pytest.mark.parametrize("name", ["", "  ", "\u3000"])
    def test_an_empty_name_is_refused_since_all_without_one_would_share_a_drill(self, name, capsys):
        with pytest.raises(SystemExit, match="2"):
            main(["drill", "conv1d", "--seed", "7", f"--name={name}", "--plain"])
        assert "the name after --name is missing" in capsys.readouterr().err

    @pytest.mark.parametrize("name", ["\udcff", "n" * 81])
    def test_a_name_that_cannot_be_written_is_refused(self, name):
        with pytest.raises(UsageError, match="a name has"):
            plain_name(name)

    def test_a_lesson_named_twice_counts_once(self):
        once, twice = (Drill.of([LESSONS["conv1d"]] * n, 1, count=None, minutes=None, name="") for n in (1, 2))
        assert once == twice

    def test_it_asks_wholes_and_no_choices(self):
        session = begin(Drill(("batchnorm",), 1, 1), get)
        asked = [session.questions[place] for place in session.asked]
        assert all(one.fast and one.choice is None for one in asked)
        assert {one.exercise.id for one in asked} == {"batchnorm-sheet-1"}
        assert session.lesson.id == ID

    def test_an_exercise_without_a_whole_is_asked_step_by_step(self):
        session = begin(Drill(("counting",), 1, 3), get)
        asked = [session.questions[place].key.rpartition("/")[2] for place in session.asked]
        assert asked[:5] == ["conv.dense_weights", "conv.shape", "conv.weights_per_filter", "conv.macs", "conv.flops"]

    @pytest.mark.parametrize(
        ("lessons", "how"),
        [
            (["conv1d"], {"count": 0}),
            (["conv1d"], {"count": 10**9}),
            (["conv1d"], {"count": -1}),
            (["conv1d"], {"minutes": 0}),
            (["conv1d"], {"minutes": 10**9}),
            (["summary"], {}),
            ([], {}),
        ],
    )
    def test_what_cannot_be_drilled_is_said(self, lessons, how):
        with pytest.raises(UsageError):
            Drill.of([LESSONS[one] for one in lessons], 1, **{"count": None, "minutes": None, "name": "", **how})

    def test_any_count_that_is_promised_can_be_drilled(self):
        """What a drill asks counts, and not the steps that it leaves out."""
        drill = Drill.of([LESSONS["conv1d"]], 1, count=60, minutes=None, name="")
        assert len(begin(drill, get).asked) == 120
        with pytest.raises(UsageError, match=f"1 to {MOST_PROBLEMS} problems"):
            Drill.of([LESSONS["conv1d"]], 1, count=MOST_PROBLEMS + 1, minutes=None, name="")

    def test_more_than_anybody_could_answer_is_refused_by_name(self, monkeypatch):
        monkeypatch.setattr("cnn_tutor.tutor.question.MOST_IN_DRILL", 5)
        with pytest.raises(QuestionError, match="a drill of so many problems asks more than 5 questions; choose fewer"):
            begin(Drill(("conv1d",), 1, 3), get)

    @given(drills)
    @settings(max_examples=10)
    def test_it_asks_what_fast_mode_asks_of_the_same_lesson(self, drill):
        sheet = compose(drill, get)
        whole = start(sheet, fast=True)
        lean = begin(drill, get)
        assert [lean.questions[place].key for place in lean.asked] == [
            whole.questions[place].key for place in whole.asked
        ]
        last = lean.questions[-1]
        before = [one.key for one in whole.questions if one.exercise.id == last.exercise.id]
        assert [one.key for one in steps_before(sheet, last)] == before[: before.index(last.key)]

    @pytest.mark.parametrize("text", ["", "{}", '{"lessons":["conv1d"],"seed":1,"count":1000000000}', "[1]"])
    def test_a_foreign_drill_is_refused(self, text):
        with pytest.raises(UsageError):
            Drill.read(text)


class TestTheResult:
    @given(drills)
    @settings(max_examples=25)
    def test_a_perfect_student_gets_every_point(self, drill):
        result = judge(drill, begin(drill, get), answers(rows_of(drill, right(drill)), drill.run))
        assert result.score == len(result.outcomes) > 0
        assert result.ideas == {}

    @given(drills, st.data())
    @settings(max_examples=25)
    def test_it_follows_from_the_rows_alone(self, drill, data):
        options = st.sampled_from(["right", "0", "1 2", "banana", None])
        texts = [text if (choice := data.draw(options)) == "right" else choice for text in right(drill)]
        rows = rows_of(drill, texts)
        session = begin(drill, get)
        seen = judge(drill, session, answers(rows, drill.run))
        again = recompute(rows, drill.run, get)
        assert again.code == seen.code
        assert list(page(again, None)) == list(page(seen, None))

    def test_the_code_changes_with_any_answer(self):
        texts = right(SMALL)
        codes = set()
        for number in range(len(texts) + 1):
            changed = [("9" if i == number else text) for i, text in enumerate(texts)]
            codes.add(judge(SMALL, begin(SMALL, get), answers(rows_of(SMALL, changed), SMALL.run)).code)
        assert len(codes) >= 3

    def test_what_follows_from_a_wrong_answer_counts(self):
        drill = Drill(("baseline",), 5, 1)
        session = begin(drill, get)
        texts = right(drill)
        texts[0], texts[1] = "3 -2", "3 0"
        result = judge(drill, session, answers(rows_of(drill, texts), drill.run))
        words = [line.partition(":")[0] for line in page(result, None)]
        assert result.outcomes[1].credit
        assert words.count("Consistent") == 1

    def test_after_the_end_nothing_counts_that_is_answered(self):
        rows = rows_of(SMALL, ["9"] * 6)
        code = recompute(rows, SMALL.run, get).code
        rows += [Row(200.0, marker(SMALL, "end", code)), *rows_of(SMALL, right(SMALL), at=300.0)]
        assert recompute(rows, SMALL.run, get).code == code

    @given(drills, drills)
    @settings(max_examples=10)
    def test_two_drills_in_one_log_do_not_mix(self, one, other):
        alone = rows_of(one, right(one))
        mixed = [row for pair in zip_longest(alone, rows_of(other, [])) for row in pair if row is not None]
        assert recompute(mixed, one.run, get).code == recompute(alone, one.run, get).code

    def test_too_few_digits_count_and_are_named_so(self):
        drill = Drill(("baseline",), 5, 1)
        texts = right(drill)
        texts[-1] = f"{float(texts[-1]):.2f}"
        result = judge(drill, begin(drill, get), answers(rows_of(drill, texts), drill.run))
        assert result.score == len(texts)
        assert any(line.startswith("More digits: ŷ; you gave ") for line in page(result, None))

    def test_the_counts_stand_apart_and_add_up(self):
        drill = Drill(("baseline",), 5, 1)
        texts = [*right(drill)[:3], None]
        texts[0], texts[1], texts[2] = "3 -2", "3 0", "77"
        result = judge(drill, begin(drill, get), answers(rows_of(drill, texts), drill.run))
        assert "\n1 of 4 count. 1 right for an earlier answer, 2 not yet, 1 open." in list(page(result, None))

    def test_an_idea_behind_two_slips_is_named_the_second_time(self):
        """In each of two poolings one maximum is taken of the sizes without their signs."""
        drill = Drill(("pooling",), 5, 5)
        session = begin(drill, get)
        slips = {}
        for question in (session.questions[place] for place in session.asked):
            if "-max-" not in question.exercise.id or question.kind != "matrix":
                continue
            (data,) = question.exercise.tensors.values()
            blocks = np.abs(np.array(data)).reshape(2, 2, 2, 2).max(axis=(1, 3))
            if np.count_nonzero(blocks != question.wanted.exact) == 1:
                slips[question.key] = "; ".join(" ".join(map(str, row)) for row in blocks.tolist())
        assert len(slips) > 1
        alone = judge(drill, session, dict(list(slips.items())[:1]))
        assert alone.ideas == {}
        assert judge(drill, session, slips).ideas == {"POOL.ABSMAX": len(slips) - 1}

    def test_the_step_that_tells_two_ideas_apart_is_named_though_a_drill_does_not_ask_it(self):
        session = begin(Drill(("conv1d-padding",), 5, 1), get)
        length = next(one for one in session.questions if one.key.endswith("out_size"))
        _, feedback = take(replace(session, position=session.questions.index(length)), "6")
        assert feedback.diagnosis.leads_to.endswith("/y[1].padded_size")
        assert feedback.diagnosis.text.endswith("How many entries does x have after padding?")

    def test_an_idea_is_named(self):
        drill = Drill(("conv1d",), 5, 1)
        question = begin(drill, get).questions
        x, w = (begin(drill, get).lesson.exercise[0].tensors[name] for name in "xw")
        flipped = [sum(a * b for a, b in zip(x[i:], reversed(w), strict=False)) for i in range(len(x) - len(w) + 1)]
        wanted = [one.text for one in question if one.fast]
        wanted[1] = " ".join(map(str, flipped))
        result = judge(drill, begin(drill, get), answers(rows_of(drill, wanted), drill.run))
        assert result.ideas == {"CONV.FLIP": 1}
        assert any("[CONV.FLIP]" in line for line in page(result, None))

    def test_the_best_is_that_of_drills_of_the_same_kind(self):
        def ended(drill, code):
            return [Row(1, marker(drill, "begin", drill.text)), Row(2, marker(drill, "end", code))]

        seal = "0" * 12
        rows = [
            *ended(replace(SMALL, seed=1), f"CT1-1-3of6-{seal}"),
            *ended(replace(SMALL, seed=2), f"CT1-2-5of6-{seal}"),
            *ended(replace(SMALL, seed=3, count=1), f"CT1-3-6of6-{seal}"),
            *ended(replace(SMALL, seed=4), "nonsense"),
        ]
        assert best(rows, SMALL) == (5, 6)
        assert best(rows, replace(SMALL, seed=2)) == (3, 6)
        assert best([], SMALL) is None

    def test_a_result_that_is_shown_again_is_held_against_what_came_before_it(self):
        rows = [*ended(SMALL, 5), *ended(replace(SMALL, seed=8), 0)]
        assert best(rows, SMALL) is None
        assert best(rows, replace(SMALL, seed=8)) == (5, 6)


def ended(drill, score, at=1.0):
    """The rows of a drill that was begun, and ended with such a score."""
    code = f"CT1-{drill.seed}-{score}of6-{'0' * 12}"
    return [Row(at, marker(drill, "begin", drill.text)), Row(at + 1, marker(drill, "end", code))]


class TestTheSameNumbersAgain:
    """Another clock, another count: the numbers are those whose answers were shown."""

    ONCE, TWICE = replace(SMALL, name="zoë", minutes=5), replace(SMALL, name="zoë", minutes=6)

    def test_a_second_sitting_makes_no_personal_best(self):
        rows = [*ended(self.ONCE, 1), *ended(self.TWICE, 6, at=5.0)]
        assert not is_again(rows, self.ONCE)
        assert is_again(rows, self.TWICE)
        assert best(rows, replace(SMALL, seed=9)) == (1, 6)
        session = begin(self.TWICE, get)
        lines = list(page(judge(self.TWICE, session, {}), (1, 6), again=True))
        assert "You had drilled these numbers before, so this is no personal best." in lines
        assert not any("best so far" in line for line in lines)

    def test_who_begins_is_told_when_it_was_ended_or_how_to_go_on(self):
        begun = ended(self.ONCE, 1)[:1]
        how = "cnn-tutor drill conv1d baseline --seed=5 --count=2 --minutes=5 --name='zoë'"
        assert notice(begun, self.TWICE, str).endswith(f"To go on with that one: {how}")
        assert "(2.0)" in notice(ended(self.ONCE, 1), self.TWICE, str)
        for other in ({"seed": 6}, {"name": "bo"}, {"lessons": ("conv1d",)}):
            assert notice(begun, replace(self.TWICE, **other), str) == ""
        assert notice(begun, self.ONCE, str) == ""
        assert "lab-4" in command(replace(SMALL, assignment="lab-4"))

    def test_the_report_tells_sittings_apart(self):
        rows = [*ended(self.ONCE, 1), *ended(self.TWICE, 6, at=5.0), *ended(SMALL, 2, at=9.0)]
        scored = [Judge(get)("zoë", sat) for sat in work("zoë", rows).drills]
        assert [(one.seed, one.minutes, one.sitting) for one in scored] == [(5, 5, 1), (5, 6, 2), (5, None, 1)]


def test_two_terminals_in_one_drill_end_with_the_code_of_what_both_answered(tmp_path):
    """What the second one answers after the first has ended the drill no longer counts, and it says so."""
    drill, clock = SMALL, itertools.count(100.0)
    first, second = (Keeper(Progress(tmp_path), lambda: next(clock)) for _ in range(2))
    here, there = (Desk(drill, begin(drill, get), {}, lambda: None, kept=one.everything) for one in (first, second))
    first((marker(drill, "begin", drill.text),))
    texts = right(drill)
    for keep, desk, places in ((first, here, (0,)), (second, there, range(1, len(texts)))):
        for place in places:
            session = replace(desk.session, position=desk.session.asked[place])
            after, feedback = take(session, texts[place])
            keep(log(session, after, "answer", texts[place], feedback))
            desk.answers[session.current.key] = texts[place]
    assert here.result.score == there.result.score == len(texts)
    first((here.ending,))
    late = replace(there.session, position=there.session.asked[0])
    second(log(late, late, "answer", "99", take(late, "99")[1]))
    assert there.result.code == here.result.code == recompute(Progress(tmp_path).rows(), drill.run, get).code


class TestSilence:
    """Nothing says whether an answer is right before the end."""

    def transcript(self, drill, texts):
        out = io.StringIO()
        console = Console(file=out, width=80, markup=False, highlight=False, emoji=False, color_system=None)
        desk = Desk(drill, begin(drill, get), {}, lambda: None)
        plain.run(desk, Streams(Typist(texts), console), Keeper(None, lambda: 1.0))
        return out.getvalue()

    def test_right_and_wrong_answers_of_one_form_sound_the_same(self):
        drill = Drill(("baseline",), 5, 1)
        texts = right(drill)
        wrong = [" ".join("9" for _ in text.split()) for text in texts]
        said = []
        for typed in (texts, wrong):
            out = self.transcript(drill, typed).partition("Every question has an answer")[0]
            for text in typed:
                out = out.replace(f"= {text}", "= …").replace(f"gave: {text}", "gave: …")
            said.append(out)
        assert said[0] == said[1]

    def test_a_student_who_looks_back_from_the_end_sees_what_is_changed(self):
        drill = Drill(("conv1d",), 5, 1)
        length, whole = right(drill)
        nines = " ".join("9" for _ in whole.split())
        typed = [length, whole, "77", "<", nines, "<", "<", "", "", "."]
        out = self.transcript(drill, typed)
        prompts = re.findall(r"^Question (\d) of 2", out, re.M)
        assert prompts == ["1", "2", "2", "2", "1", "2"]
        assert out.count("Every question has an answer") == 4
        assert f"you gave {nines}, right is" in out
        assert out.count("Noted.") == 3

    def test_the_end_of_input_pauses_even_after_the_last_answer(self):
        drill = Drill(("conv1d",), 5, 1)
        out = self.transcript(drill, right(drill))
        assert out.endswith("Paused: 2 of 2 questions. The same command goes on.\n")
        assert "Result code" not in out

    def test_an_answer_after_the_end_in_another_terminal_is_not_noted(self, tmp_path):
        drill = Drill(("conv1d",), 5, 1)
        here, there = (Keeper(Progress(tmp_path), lambda: 1.0) for _ in range(2))
        here((marker(drill, "begin", drill.text),))
        desk = Desk(drill, begin(drill, get), {}, lambda: None, kept=here.everything)

        class Interrupted(Typist):
            def readline(self, size=-1, /):
                there((desk.ending,))
                return super().readline(size)

        out = io.StringIO()
        plain.run(desk, Streams(Interrupted(right(drill)), Console(file=out, width=80)), here)
        assert "This drill was ended in another terminal, so that answer does not count." in out.getvalue()
        assert "Noted" not in out.getvalue()
        assert "0 of 2 count." in out.getvalue()

    def test_two_terminals_cannot_both_answer_what_is_answered_once(self, tmp_path):
        drill = Drill(("conv1d",), 5, 1)
        here, there = (Keeper(Progress(tmp_path), lambda: 1.0) for _ in range(2))
        here((marker(drill, "begin", drill.text),))
        session = begin(drill, get)
        for keep, text, fate in ((there, "9", "counts"), (here, "4", "settled")):
            desk = Desk(drill, session, {}, lambda: None, kept=keep.everything)
            after, feedback = take(session, text)
            keep(moves.rows(session, after, text, feedback))
            assert desk.fate(session.current.key, text) == fate
            assert desk.answers == {session.current.key: "9"}

    def test_skipping_the_only_open_question_is_answered(self):
        drill = Drill(("conv1d",), 5, 1)
        assert "This is the only one still open." in self.transcript(drill, [right(drill)[0], ">"])

    def test_from_the_last_question_enter_leads_to_what_was_skipped(self):
        drill = Drill(("baseline",), 5, 1)
        out = self.transcript(drill, [">", *right(drill)[1:], ">", "<", ""])
        assert re.findall(r"^Question (\d) of 4", out, re.M)[-1] == "1"

    def test_hints_are_kindly_refused_and_nothing_unreadable_is_taken(self):
        out = self.transcript(Drill(("conv1d",), 5, 1), ["?", "!", "banana", "1 2 3 4 5 6 7"])
        assert out.count("A drill has no hints") == 2
        assert out.count("Unreadable:") == 2
        assert "Noted" not in out

    @given(st.lists(st.sampled_from(["9 9", "0.5", "1 0"]), max_size=4))
    @settings(max_examples=20)
    def test_no_scene_shows_a_computed_value(self, texts):
        drill = Drill(("baseline",), 5, 1)
        session = begin(drill, get)
        for text in texts:
            session, _ = take(session, text)
        shown = {cell.text for panel in scene(session) for row in panel.rows for cell in row}
        given_ = {
            str(number).replace("-", "−")
            for data in session.lesson.exercise[0].tensors.values()
            for number in np.ravel(data).tolist()
        }
        assert shown <= given_ | {"?", "·"}


class TestProgress:
    """What is said of skills while a drill runs would say which of its answers are right."""

    def test_a_drill_counts_for_skills_reviews_and_ideas_once_it_is_ended(self, tmp_path):
        rows, sheets = [], [Drill(("conv1d",), seed, 1) for seed in (1, 2, 3)]
        for drill in sheets:
            rows += rows_of(drill, right(drill))
        running = [row.attempt for row in rows]
        assert mastery(running) == {}
        assert schedule(rows) == []
        ends = [marker(drill, "end", "x") for drill in sheets]
        assert mastery([*running, *ends[:2]])["out_size"].clean == 2
        assert mastery([*running, *ends])["out_size"].mastered
        assert {one.skill for one in schedule([*rows, *(Row(900.0, one) for one in ends)])} == {
            "out_size",
            "conv1d output",
        }

    @pytest.mark.parametrize("texts", [right(SMALL), ["9"] * 6])
    def test_progress_says_the_same_after_right_and_wrong_answers_and_that_a_drill_runs(self, tmp_path, texts):
        progress = Progress(tmp_path)
        progress.add([row.attempt for row in rows_of(SMALL, texts)], 100.0)
        known = report([], progress, 200.0)
        assert (known["skills"], known["misconceptions"], known["due"]) == ([], [], [])
        assert "A drill is not ended yet; it counts here once it is." in list(lines([], known))
        progress.add([marker(SMALL, "end", "x")], 300.0)
        ended = report([], progress, 400.0)
        assert ended["skills"]
        assert ended["drills_under_way"] == 0


class TestTime:
    TIMED = replace(SMALL, minutes=10)

    def at(self, *times):
        return [Row(time, marker(self.TIMED, "begin", self.TIMED.text)) for time in times]

    def test_the_clock_runs_from_the_first_row_however_often_one_comes_back(self):
        now = sitting(self.at(100.0, 300.0), self.TIMED)
        assert now.left(self.TIMED, 400.0) == 300.0
        assert now.left(self.TIMED, 10**9) == 0.0

    def test_a_clock_that_jumps_back_gives_no_time_back(self):
        assert sitting(self.at(100.0, 300.0), self.TIMED).left(self.TIMED, 0.0) == 400.0

    def test_without_a_limit_there_is_no_clock(self):
        assert sitting(self.at(1.0), replace(self.TIMED, minutes=0)).left(replace(self.TIMED, minutes=0), 5.0) is None

    def test_what_was_left_is_found_again_until_it_is_ended(self):
        rows = self.at(100.0)
        assert unfinished(rows, replace(self.TIMED, seed=99)) == self.TIMED
        for other in ({"count": 1}, {"minutes": 9}, {"name": "bo"}, {"lessons": ("conv1d",)}):
            assert unfinished(rows, replace(self.TIMED, **other)) is None
        ended = [*rows, Row(150.0, marker(self.TIMED, "end", "x"))]
        assert unfinished(ended, self.TIMED) is None

    @given(st.integers(0, 6))
    @settings(max_examples=7)
    def test_coming_back_at_any_point_ends_the_same(self, stop):
        texts = ["9" if number % 2 else text for number, text in enumerate(right(SMALL))]
        rows = rows_of(SMALL, texts[:stop])
        session = resume(begin(SMALL, get), answers(rows, SMALL.run))
        assert session.done == sum(1 for one in rows if one.attempt.action == "answer")
        whole = rows_of(SMALL, texts)
        assert recompute(whole, SMALL.run, get).code == judge(SMALL, session, answers(whole, SMALL.run)).code
