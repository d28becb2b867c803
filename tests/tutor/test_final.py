"""What a later question of a drill shows can no longer be answered, and waits until it is."""

from dataclasses import replace

import pytest

from cnn_tutor.tutor.drill import Drill, begin, marker, take
from cnn_tutor.tutor.final import is_final, waiting
from cnn_tutor.tutor.keeper import Keeper
from cnn_tutor.tutor.moves import back, left_out, onward, rows, skip
from cnn_tutor.tutor.panel import Mark
from cnn_tutor.tutor.progress import Progress, Row
from cnn_tutor.tutor.report.student import work
from cnn_tutor.tutor.result import answers, recompute, resume
from cnn_tutor.tutor.scene import formula, scene
from tests.course import LESSONS

get = LESSONS.__getitem__
COMPUTED = [name for name in LESSONS if any(one.layer for one in LESSONS[name].exercise)]
SIZES = ("out_size", "shape")


def sizes(session, question):
    """The numbers of places in the tables beside a question whose numbers are not known."""
    panels = scene(replace(session, position=session.questions.index(question)))
    return [
        (panel.title, len(panel.rows), len(panel.rows[0]))
        for panel in panels
        if any(cell.mark in (Mark.ASKED, Mark.HIDDEN) for row in panel.rows for cell in row)
    ]


@pytest.mark.parametrize("lesson", COMPUTED)
def test_no_size_is_to_be_seen_while_it_is_open(lesson):
    """Whoever leaves everything for later, forth and back, meets no table that a size still open can be read off."""
    session = begin(Drill((lesson,), 8, len(LESSONS[lesson].exercise)), get)
    met = {}
    for step in (skip, onward, back):
        for _ in session.asked:
            met[session.current.key] = session.current
            session = step(session)
    for question in met.values():
        layer = None if question.source is None else question.source.layer
        if layer is None or question.part is None or question.part.ask.kind not in SIZES:
            continue
        own = question.key.rpartition("/")[2].partition(".")[0].partition("[")[0]
        later = [one for one in met.values() if one.exercise.id == question.exercise.id]
        later = [one for one in later if session.questions.index(one) >= session.questions.index(question)]
        assert all(title.partition("[")[0] != own for one in later for title, *_ in sizes(session, one))


def test_the_length_is_answered_once_and_the_output_any_number_of_times():
    session = begin(Drill(("conv1d",), 8, 1), get)
    length, whole = (session.questions[place] for place in session.asked)
    assert is_final(session, length)
    assert not is_final(session, whole)
    assert waiting(session) == {session.asked[1]}
    after, feedback = take(session, "9")
    assert after.current is whole
    assert waiting(after) == frozenset()
    assert [row.action for row in rows(session, after, "9", feedback)] == ["answer", "given"]


def test_where_all_that_is_left_would_show_the_answer_that_is_said():
    session = begin(Drill(("conv1d",), 8, 1), get)
    after = skip(session)
    assert after.current is session.current
    assert "A guess will do" in left_out(session, after)


def test_a_drill_says_how_its_layers_are_set():
    """Nothing else does: the steps that name stride and padding are not asked."""
    session = begin(Drill(("conv1d-padding",), 8, 1), get)
    assert formula(session) == "x padded = ?   (stride 2, padding 2)"
    assert formula(begin(Drill(("conv1d",), 8, 1), get)) == "L_out = ?"


class TestTheLog:
    DRILL = Drill(("conv1d",), 8, 1)

    def kept(self, *texts):
        """The rows of one who answers the length with each of ``texts``, whatever the screen would let happen."""
        session = begin(self.DRILL, get)
        attempts = [marker(self.DRILL, "begin", self.DRILL.text)]
        for text in texts:
            after, feedback = take(session, text)
            attempts += rows(session, after, text, feedback)
        return [Row(100.0 + at, one) for at, one in enumerate(attempts)]

    def test_the_first_answer_counts_for_student_and_instructor(self):
        kept = self.kept("9", "5")
        key = begin(self.DRILL, get).current.key
        assert answers(kept, self.DRILL.run) == {key: "9"}
        assert recompute(kept, self.DRILL.run, get).score == 0
        (sat,) = work("ann", kept).drills
        assert (sat.score, [text for text, _verdict in sat.answers.values()]) == (0, ["9"])

    def test_a_log_of_before_counts_the_last_answer_as_it_did(self):
        kept = [row for row in self.kept("9", "5") if row.attempt.action != "given"]
        assert recompute(kept, self.DRILL.run, get).score == 1
        (sat,) = work("ann", kept).drills
        assert sat.score == 1

    def test_a_dropped_connection_goes_on_at_the_question_that_shows_it(self, tmp_path):
        keep = Keeper(Progress(tmp_path), lambda: 1.0)
        keep(tuple(row.attempt for row in self.kept("9")))
        session = resume(begin(self.DRILL, get), answers(Progress(tmp_path).rows(), self.DRILL.run))
        assert session.current.key.endswith("/y")
        assert is_final(session, session.questions[session.asked[0]])
