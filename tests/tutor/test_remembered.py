"""What was worked out is worked out once, and none of it outlives the lesson it was worked out for."""

import gc
import weakref

from cnn_tutor.tutor.diagnosis import prepare
from cnn_tutor.tutor.question import questions
from cnn_tutor.tutor.remembered import forget, remembered
from tests.course import LESSONS


def test_once_until_it_is_forgotten():
    calls = []

    @remembered(2)
    def double(number: int) -> int:
        calls.append(number)
        return 2 * number

    assert [double(1), double(1)] == [2, 2]
    forget()
    assert double(1) == 2
    assert calls == [1, 1]


def test_a_lesson_that_is_not_open_any_more_takes_no_memory():
    asked = questions(LESSONS["conv1d"])
    traces = [weakref.ref(question.source.trace) for question in asked if question.source is not None]
    for question in asked:
        if question.choice is None:
            prepare(question)
    del asked, question
    forget()
    gc.collect()
    assert [one() for one in traces if one() is not None] == []
