"""A drill: the same for its seed and name, silent until its end, and judged from the log alone."""

import io
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from cnn_tutor.errors import UsageError
from cnn_tutor.plain import drill as plain
from cnn_tutor.plain.streams import Streams
from cnn_tutor.tutor.drill import ID, Drill, begin, compose, marker, take
from cnn_tutor.tutor.feedback import Unreadable
from cnn_tutor.tutor.keeper import Keeper
from cnn_tutor.tutor.log import log
from cnn_tutor.tutor.progress import Row
from cnn_tutor.tutor.result import Desk, answers, best, judge, page, recompute, resume, sitting, unfinished
from cnn_tutor.tutor.scene import scene
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

    def test_names_differ_by_more_than_case_and_blanks(self):
        lessons = [LESSONS["conv1d"]]
        one, other = (Drill.of(lessons, 1, count=None, minutes=None, name=name) for name in ("Ann  Lee ", "ann lee"))
        assert one == other

    def test_it_asks_wholes_and_no_choices(self):
        session = begin(Drill(("batchnorm",), 1, 1), get)
        asked = [session.questions[place] for place in session.asked]
        assert all(one.fast and one.choice is None for one in asked)
        assert {one.exercise.id for one in asked} == {"batchnorm-sheet-1"}
        assert session.lesson.id == ID

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

    def test_what_was_left_is_found_again_while_its_time_runs(self):
        rows = self.at(100.0)
        assert unfinished(rows, replace(self.TIMED, seed=99), 200.0) == self.TIMED
        assert unfinished(rows, replace(self.TIMED, seed=99), 10_000.0) is None
        ended = [*rows, Row(150.0, marker(self.TIMED, "end", "x"))]
        assert unfinished(ended, self.TIMED, 200.0) is None

    @given(st.integers(0, 6))
    @settings(max_examples=7)
    def test_coming_back_at_any_point_ends_the_same(self, stop):
        texts = ["9" if number % 2 else text for number, text in enumerate(right(SMALL))]
        rows = rows_of(SMALL, texts[:stop])
        session = resume(begin(SMALL, get), answers(rows, SMALL.run))
        assert session.done == sum(1 for one in rows if one.attempt.action == "answer")
        whole = rows_of(SMALL, texts)
        assert recompute(whole, SMALL.run, get).code == judge(SMALL, session, answers(whole, SMALL.run)).code
