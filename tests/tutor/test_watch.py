"""Watching: a film never leaves its ends, a step back undoes a step, and no open answer is ever played."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnn_tutor.lesson.catalog import catalog
from cnn_tutor.tutor.examples import example
from cnn_tutor.tutor.film import film
from cnn_tutor.tutor.session import start, submit
from cnn_tutor.tutor.watch import (
    PACES,
    Reel,
    Watch,
    faster,
    next_cell,
    other_exercise,
    other_numbers,
    play,
    reel,
    step,
    to,
)

FILM = film(example("conv1d"))
moves = st.sampled_from(
    [
        lambda watch: step(watch, 1),
        lambda watch: step(watch, -1),
        lambda watch: next_cell(watch, 1),
        lambda watch: next_cell(watch, -1),
        lambda watch: to(watch, 10**9),
        lambda watch: to(watch, -1),
        lambda watch: faster(watch, 1),
        lambda watch: faster(watch, -1),
        play,
    ]
)


@given(st.lists(moves, max_size=30))
def test_it_stays_within_its_ends(done):
    watch = Watch(FILM)
    for move in done:
        watch = move(watch)
        assert 0 <= watch.position < len(FILM)
        assert 0 < watch.seconds <= 3
        assert not (watch.playing and watch.at_end)


@given(st.integers(0, len(FILM) - 2))
def test_a_step_back_undoes_a_step(position):
    assert step(step(Watch(FILM, position), 1), -1) == Watch(FILM, position)


def test_playing_goes_on_to_the_end_and_begins_again():
    watch = play(Watch(FILM))
    for _ in range(len(FILM) - 1):
        assert watch.playing
        watch = step(watch, 1)
    assert (watch.at_end, watch.playing) == (True, False)
    assert (play(watch).position, play(watch).playing) == (0, True)
    assert len({faster(watch, by).seconds for by in range(-len(PACES), len(PACES))}) == len(PACES)


def test_from_cell_to_cell():
    first = next(i for i in range(len(FILM)) if FILM.step(i).op == "window")
    second = next_cell(Watch(FILM, first), 1)
    assert FILM.step(second.position).op == "window"
    assert second.position > first
    assert next_cell(second, -1).position == first
    assert next_cell(Watch(FILM, first + 1), -1).position == first


@pytest.mark.parametrize("lesson", catalog().lessons, ids=lambda lesson: lesson.id)
def test_other_numbers_are_played_than_those_that_are_open(lesson):
    found = reel(lesson, frozenset())
    if found is None:
        assert all(not exercise.layer and exercise.track is None for exercise in lesson.exercise)
        return
    for number in range(len(found.exercises)):
        now = other_exercise(Reel(lesson, found.exercises), number)
        shown = now.shown()
        assert (shown.tensors, shown.track) != (now.exercise.tensors, now.exercise.track)
        assert [layer.output for layer in shown.layer] == [layer.output for layer in now.exercise.layer]


def test_own_numbers_are_played_once_every_question_about_them_is_settled():
    lesson = catalog().get("conv1d")
    session = start(lesson)
    assert session.settled_exercises == frozenset()
    while not session.finished:
        session, _ = submit(session, session.current.text)
    assert session.settled_exercises == {exercise.id for exercise in lesson.exercise}
    found = reel(lesson, session.settled_exercises)
    assert found is not None
    assert found.own
    assert found.shown() is found.exercise
    again = other_numbers(found)
    assert not again.own
    assert again.shown().tensors != found.exercise.tensors
    assert again.shown() == again.shown()
