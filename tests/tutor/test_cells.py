"""Questions about cells: where a window stands, which numbers share a mean, which row is used."""

import contextlib

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnn_tutor.tutor.answer import Unreadable as Unread
from cnn_tutor.tutor.candidate import candidates, is_right
from cnn_tutor.tutor.explain import document
from cnn_tutor.tutor.feedback import Correct, Incorrect, Unreadable
from cnn_tutor.tutor.hint import hint
from cnn_tutor.tutor.judgement import check
from cnn_tutor.tutor.log import log, replay
from cnn_tutor.tutor.place import cells, places, read, write
from cnn_tutor.tutor.pointer import pointer
from cnn_tutor.tutor.question import questions
from cnn_tutor.tutor.scene import Pointed, scene
from cnn_tutor.tutor.session import start, submit
from cnn_tutor.tutor.variant import variant
from tests.course import IDS, LESSONS, asked, at, question

ALL = [one for lesson in IDS for one in asked(lesson) if one.kind == "cells"]
KEYS = [one.key for one in ALL]
WINDOW = "conv1d-padding/sheet/y[2].windows.cells"
PATCH = "conv2d/sheet/Y[1,2].windows.cells"
COLUMN = "batchnorm/sheet/Y[1].sum.cells"
GROUP = "groupnorm/sheet/zhat[2].sets.cells"
ROW = "matrix/toeplitz/vecY[3].cells"

shapes = st.lists(st.integers(1, 5), min_size=1, max_size=3).map(tuple)


@st.composite
def chosen(draw):
    """A tensor's shape and some of its cells."""
    shape = draw(shapes)
    every = sorted(places(cells((), shape)))
    return shape, frozenset(draw(st.lists(st.sampled_from(every), min_size=1)))


class TestTypedForm:
    @given(chosen())
    def test_what_is_written_is_read_again(self, case):
        shape, some = case
        assert read(write(some), shape) == some

    @given(chosen(), st.sampled_from([";", " ; ", "\n", "  "]), st.sampled_from(["-", "–", "−"]))
    def test_cells_one_by_one_and_in_brackets_are_read_too(self, case, between, dash):
        shape, some = case
        listed = between.join(",".join(map(str, cell)) for cell in sorted(some))
        assert read(listed, shape) == some
        assert read(", ".join(f"({','.join(map(str, cell))})" for cell in sorted(some)), shape) == some
        assert read(write(some).replace("-", f" {dash} "), shape) == some

    @pytest.mark.parametrize(
        ("text", "shape", "same"),
        [
            ("row 2", (3, 4), "2,1-4"),
            ("column 1", (3, 4), "1-3,1"),
            ("Rows 1–2", (3, 4), "1-2,1-4"),
            ("entries 2-3", (5,), "2-3"),
            ("2, 3", (5,), "2-3"),
            ("[1, 1] [1, 2]", (2, 2), "1,1-2"),
            ("channel 2", (2, 1, 2), "2,1,1-2"),
        ],
    )
    def test_other_ways_to_name_cells(self, text, shape, same):
        assert write(read(text, shape)) == same

    @pytest.mark.parametrize(
        "text", ["", "  ", "banana", "0", "6", "3-2", "1-", "-1", "1.5", "row 1", "1-9", "⁵", "9" * 9000]
    )
    def test_what_names_no_cells_of_a_vector_of_five_is_refused(self, text):
        with pytest.raises(Unread):
            read(text, (5,))

    @given(st.text(max_size=30), shapes)
    def test_any_text_is_cells_or_unreadable(self, text, shape):
        with contextlib.suppress(Unread):
            assert read(text, shape) <= places(cells((), shape))


class TestJudgement:
    @pytest.mark.parametrize("key", KEYS)
    def test_the_right_cells_are_right_in_any_order(self, key):
        one = question(key)
        assert check(one, one.text) == Correct()
        backwards = " ".join(",".join(map(str, cell)) for cell in reversed(one.wanted.exact.tolist()))
        assert check(one, backwards) == Correct()

    @pytest.mark.parametrize(
        ("key", "text", "idea"),
        [
            (WINDOW, "2-4", "CONV.STRIDE1"),
            (WINDOW, "4-6", "CONV.START1"),
            (WINDOW, "4–6", "PAD.NONE"),
            (WINDOW, "2-4", "PAD.TWICE"),
            (COLUMN, "row 1", "NORM.AXIS_SWAP"),
            (COLUMN, "rows 1-2", "NORM.GLOBAL"),
            (GROUP, "2 4", "GN.INTERLEAVED"),
        ],
    )
    def test_an_idea_that_reads_just_these_cells_is_named(self, key, text, idea):
        feedback = check(question(key), text)
        assert isinstance(feedback, Incorrect)
        assert idea in feedback.diagnosis.ids

    def test_blocks_that_overlap_are_named(self):
        pooling = msgspec.to_builtins(LESSONS["pooling"])
        pooling["exercise"][0]["ask"] = {"P": ["block[1,2].cells"]}
        lesson = msgspec.convert(
            {**pooling, "exercise": pooling["exercise"][:1], "questions": None}, type(LESSONS["pooling"])
        )
        (one,) = questions(lesson)
        assert one.text == "1-2,3-4"
        assert check(one, "1-2,2-3").diagnosis.ids == ("POOL.STRIDE1",)

    @pytest.mark.parametrize("key", KEYS)
    def test_other_cells_are_not_right_yet_and_no_idea_is_invented(self, key):
        one = question(key)
        ideas = {write(places(found.value)) for found in candidates(one)}
        every = sorted(places(cells((), one.extent)))
        for cell in every:
            feedback = check(one, write(frozenset({cell})))
            assert isinstance(feedback, Incorrect)
            assert (feedback.diagnosis is None) is (write(frozenset({cell})) not in ideas)

    def test_it_is_told_how_many_cells_are_right_and_never_which(self):
        feedback = check(question(PATCH), "1-2,1-2")
        assert feedback.note == "2 of your 4 are right; 4 in all are wanted."
        assert check(question(WINDOW), "1").note == "None of these cells is right yet."

    @pytest.mark.parametrize("key", KEYS)
    @pytest.mark.parametrize("text", ["", "banana", "99", "1-", "_", "?"])
    def test_what_cannot_be_read_is_not_wrong(self, key, text):
        session, feedback = submit(at(key), text)
        assert isinstance(feedback, Unreadable)
        assert session.record(session.current).misses == 0

    @pytest.mark.parametrize("key", KEYS)
    def test_only_the_last_hint_names_the_cells(self, key):
        one = question(key)
        assert one.text not in hint(one, 1) + hint(one, 2)
        assert one.text in hint(one, 3)
        assert one.formula == ""

    def test_a_learner_with_an_idea_is_told_it_wherever_it_shows(self):
        for seed in range(3):
            for lesson in ("conv1d-padding", "batchnorm", "groupnorm"):
                for one in questions(variant(LESSONS[lesson], seed)):
                    for found in candidates(one) if one.kind == "cells" else ():
                        if not is_right(one, found.value):
                            assert found.row.id in check(one, write(places(found.value))).diagnosis.ids


class TestInTheCourse:
    def test_it_is_asked_in_guided_lessons_only_and_before_the_values(self):
        assert KEYS
        assert not any(one.fast for one in ALL)
        keys = [one.key for one in asked("conv1d-padding")]
        assert keys.index(WINDOW) + 1 == keys.index(WINDOW.removesuffix(".cells"))

    def test_the_worked_lesson_lists_the_cells_from_one(self):
        worked = {one["key"]: one for one in document(LESSONS["conv2d"])["exercises"][0]["questions"]}[PATCH]
        assert worked["kind"] == "cells"
        assert worked["answer"] == [[1, 2], [1, 3], [2, 2], [2, 3]]
        assert worked["text"] == "1-2,2-3"

    def test_the_log_leads_back_to_the_same_session(self):
        session, rows = at(GROUP), []
        first = session
        for text in ("2 4", "banana", "3", "3-4"):
            after, feedback = submit(session, text)
            rows += log(session, after, "answer", text, feedback)
            session = after
        again = replay(first, rows)
        assert again.records == session.records
        assert again.position == session.position

    @pytest.mark.parametrize("key", KEYS)
    def test_the_picture_marks_no_cell_before_the_answer_and_the_right_ones_after(self, key):
        session = at(key)
        assert not _marked(scene(session))
        after, _ = submit(session, session.current.text)
        assert _marked(scene(after, session.current)) == len(session.current.wanted.exact)

    def test_cells_pointed_at_are_marked_and_nothing_unknown_is_shown(self):
        session = start(LESSONS["batchnorm"])
        panels = scene(session, question(COLUMN), Pointed(frozenset({(1, 1)}), (0, 1)))
        assert _marked(panels) == 1
        assert {cell.text for cell in panels[0].rows[0]} == {"·"}

    def test_a_step_without_axes_cannot_be_asked_for_its_cells(self):
        summary = msgspec.to_builtins(LESSONS["conv1d"])
        summary["exercise"][0] |= {"ask": {"y": ["parameters.cells"]}, "erroneous": []}
        with pytest.raises(ValueError, match="could be asked"):
            questions(msgspec.convert(summary, type(LESSONS["conv1d"])))


class TestPointer:
    def test_a_box_begins_at_the_window_before_and_never_leaves_the_tensor(self):
        start_at = pointer(question(WINDOW))
        assert write(start_at.chosen) == "1-3"
        moved = start_at
        for _ in range(9):
            moved = moved.steered("right")
        assert write(moved.chosen) == "5-7"
        assert moved.steered("left").steered("right") == moved

    @pytest.mark.parametrize("key", KEYS)
    def test_the_right_cells_can_be_pointed_at_with_the_keys_alone(self, key):
        one = question(key)
        now = pointer(one)
        wanted = places(one.wanted.exact)
        for cell in sorted(wanted) if not now.box else [min(wanted)]:
            now = _go(now, tuple(i - 1 for i in cell))
            now = now if now.box else now.steered("space")
        assert now.chosen == wanted

    def test_space_marks_and_unmarks(self):
        now = pointer(question(GROUP))
        assert now.steered("space").chosen == {(1,)}
        assert now.steered("space").steered("space") == now


def _go(now, cell):
    for axis, key in ((-1, "right"), (-2, "down"))[: len(cell)]:
        back = {"right": "left", "down": "up"}[key]
        for _ in range(30):
            now = now.steered(back)
        for _ in range(cell[axis]):
            now = now.steered(key)
    return now


def _marked(panels):
    return sum(
        "in the window" in cell.mark.value or cell.mark.value == "read"
        for panel in panels
        for row in panel.rows
        for cell in row
    )


def test_asks_for_cells_are_written_like_other_asks():
    from cnn_tutor.tutor.ask import Ask

    assert Ask.parse("window[1,2].cells") == Ask("window", (0, 1), "cells")
    assert np.array_equal(cells((slice(1, 3),), (4,)), [[2], [3]])
