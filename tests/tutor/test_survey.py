"""Many sets of numbers looked at together: as each of them alone, and never a good one given up."""

import itertools
from collections import Counter

import msgspec
import numpy as np
import pytest

from cnn_tutor.engine import Window
from cnn_tutor.lesson.load import parse
from cnn_tutor.lesson.network import run
from cnn_tutor.tutor import search
from cnn_tutor.tutor.ahead import Ahead, Outlook
from cnn_tutor.tutor.counterfactual import Counterfactual, value_at
from cnn_tutor.tutor.diagnostic import faults, is_good
from cnn_tutor.tutor.draw import Start
from cnn_tutor.tutor.every import Every
from cnn_tutor.tutor.ideas import Layer, reaching
from cnn_tutor.tutor.misconceptions import ALL, about
from cnn_tutor.tutor.misconceptions.row import reaches_output
from cnn_tutor.tutor.nice import is_nice
from cnn_tutor.tutor.resized import redrawn
from cnn_tutor.tutor.search import form_of
from cnn_tutor.tutor.sizing import Sizing
from cnn_tutor.tutor.stack import Divided, Stack, Unstackable
from cnn_tutor.tutor.stream import Stream
from cnn_tutor.tutor.survey import UNSTEADY, Survey, View
from cnn_tutor.tutor.terrain import terrain_of
from cnn_tutor.tutor.tracking import Tracker
from cnn_tutor.tutor.variant import variant
from cnn_tutor.tutor.whole import FAR, nice_sets, places_of_sets, sets_at
from tests.course import DATA, LESSONS

EACH = parse((DATA / "each-op.toml").read_text(encoding="utf-8")).exercise
SOME = [LESSONS[one].exercise[0] for one in ("same", "baseline", "bn-inference", "folding", "mini-cnn")]
SOME += [one for lesson in ("same", "norm-maps") for one in LESSONS[lesson].exercise if one.id in ("rest", "means")]


def values(row, traces):
    """What an idea gives on each set of numbers alone."""
    worlds = [row.world(one.call, one.own) for one in traces]
    found = [
        None if world is None else value_at(one, Window(one.output), world)
        for one, world in zip(traces, worlds, strict=True)
    ]
    return [None if one is None or not np.isfinite(one).all() else one for one in found]


def answers_are_those_alone(found, asked, source):
    """The ideas whose answers to all that is asked are known, which are those that each of them gives by itself."""
    rights = [np.asarray(source.own.tensors.read(window), dtype=float).ravel() for window in asked.windows]
    assert found is None or np.allclose(found.right, np.concatenate(rights))
    for row, line in ({} if found is None else found.known).items():
        world, wanted = row.world(source.call, source.own), [right.copy() for right in rights]
        assert world is not None, row.id
        for number in asked.showing(row):
            value = value_at(source, asked.parts[number].target, world)
            if value is not None:
                wanted[number][:] = value.ravel()
        assert np.allclose(line, np.concatenate(wanted)), row.id
        yield row.id


def test_ideas_give_for_many_sets_what_they_give_for_each():
    """On the first sets of numbers, when it is found out what they do, and on others, when it is done again."""
    followed, answered = set(), set()
    for exercise, (name, count) in itertools.product((*EACH, *SOME), (("first", 6), ("others", 4), ("one", 1))):
        form = form_of(exercise)
        draws = Ahead(exercise, [Start(exercise.tensors, Stream(name))], form.stages[0], form.stages[0].roles, count)
        made = [draws.tensors(number) for number in range(len(draws.places))]
        networks = [run(msgspec.structs.replace(exercise, tensors=tensors)) for tensors in made]
        for number, model in enumerate(form.network):
            traces = [network[number] for network in networks]
            if model.call.op in UNSTEADY or len({one.call.form for one in traces}) != 1:
                continue
            given = {name: np.array([one.call.tensors[name] for one in traces]) for name in model.call.tensors}
            survey = Survey(terrain_of(model.call, model.own), given)
            assert np.allclose(survey.right, [one.own.output for one in traces]), model.call.op
            views = [View(survey, number) for number in range(survey.count)]
            for row in filter(views[0].knows, reaching(model.call.op)):
                followed.add(row.id)
                for view, alone in zip(views, values(row, traces), strict=True):
                    found = view.output(row)
                    assert (found is None) == (alone is None), row.id
                    if found is not None:
                        assert found.shape == alone.shape, row.id
                        assert np.allclose(found, alone, rtol=0, atol=1e-9), row.id
            for row in filter(views[0].shows, about(model.call.op)):
                for view, one in zip(views, traces, strict=True):
                    found, alone = view.world(row, one.own), row.world(one.call, one.own)
                    assert (found is None) == (alone is None), row.id
                    for name in () if alone is None else alone.written:
                        assert np.allclose(found.written[name], alone.written[name], equal_nan=True), (row.id, name)
            asked = form.structure.asked(number, model)
            for view, one in zip(views, traces, strict=True) if asked.parts else ():
                answered.update(answers_are_those_alone(view.answers(asked), asked, one))
    assert len(answered) > 60
    assert followed >= {row.id for row in ALL if {"conv1d", "linear", "batch_norm"} & {*row.on} and reaches_output(row)}


@pytest.mark.parametrize("exercise", [*EACH, *SOME], ids=lambda one: one.id)
def test_no_draw_is_given_up_that_is_good(exercise):
    form = form_of(exercise)
    stage = form.stages[0]
    draws = Ahead(exercise, [Start(exercise.tensors, Stream("survey"))], stage, stage.roles, 24)
    numbers = range(stage.first, stage.last + 1)
    exact = []
    for number in range(len(draws.places)):
        network = run(msgspec.structs.replace(exercise, tensors=draws.tensors(number)))[: stage.last + 1]
        nice = all(is_nice(one, network[:n], form.following[n]) for n, one in enumerate(network))
        exact.append((nice, next(faults(network, numbers, form.structure), None) is not None))
    view = Outlook(form.network, form.following, stage, draws)
    assert {*view.nice} >= {number for number, (nice, _) in enumerate(exact) if nice}
    for _ in range(2):  # what hides an idea on every set of numbers is known the second time
        for chance in view.sifted(form.structure):
            nice, has_fault = exact[chance.number]
            assert has_fault or not chance.is_faulty
            if nice and not chance.is_faulty:
                network = run(msgspec.structs.replace(exercise, tensors=draws.tensors(chance.number)))
                assert is_good(network, numbers, form.structure, chance.views) is not has_fault


@pytest.mark.parametrize("exercise", [*EACH, *SOME], ids=lambda one: one.id)
def test_draws_ahead_are_those_that_come_one_after_the_other(exercise):
    for stage in form_of(exercise).stages:
        ahead, alone = ([Start(exercise.tensors, Stream(f"ahead/{one}")) for one in range(3)] for _ in range(2))
        draws = Ahead(exercise, ahead, stage, stage.roles, 20)
        each = [Ahead(exercise, [start], stage, stage.roles, 1) for start in alone for _ in range(20)]
        made = [(one.tensors(0), *one.places) for one in each if one.places]
        assert made == [(draws.tensors(number), place) for number, place in enumerate(draws.places)]
        assert [one.stream.place for one in ahead] == [one.stream.place for one in alone]
        for name in stage.roles:
            assert np.array_equal(draws.all(name), [tensors[name] for tensors, _ in made])


@pytest.mark.parametrize("exercise", [one for one in (*EACH, *SOME) if one.id in ("conv1d", "group-norm", "means")])
def test_what_holds_of_several_sets_together_holds_of_each(exercise):
    form, answered = form_of(exercise), Counter()
    stage = form.stages[0]
    draws = Ahead(exercise, [Start(exercise.tensors, Stream("every"))], stage, stage.roles, 5)
    made = [draws.tensors(number) for number in range(len(draws.places))]
    for number, sources in enumerate(
        zip(*(run(msgspec.structs.replace(exercise, tensors=one)) for one in made), strict=True)
    ):
        call = sources[0].call
        given = {name: np.array([one.call.tensors[name] for one in sources]) for name in call.tensors}
        survey = Survey(terrain_of(call, sources[0].own), given)
        alone = Every([form.structure.layer(number, one) for one in sources], None)
        together = Every([form.structure.layer(number, one) for one in sources], survey)
        ideas = reaching(call.op)
        for what, rows in (
            *((Layer.is_hidden, (row,)) for row in ideas),
            *((Layer.passes_for_slip, (row,)) for row in ideas),
            *((Layer.are_untold, (row, None)) for row in ideas),
            *(
                (what, pair)
                for what in (Layer.are_alike, Layer.are_untold)
                for pair in itertools.combinations(ideas, 2)
            ),
        ):
            found = together.holds(what, rows)
            assert found == alone.holds(what, rows), (what.__name__, rows)
            answered[found] += 1
    assert len(answered) == 2


@pytest.mark.parametrize("size", [1, 2, 3, 5, 9, 18, 27, 49])
def test_sets_of_any_size_have_different_whole_means_and_small_numbers(size):
    for number in range(50):
        sets = np.array(nice_sets(3, size, 1, Stream(f"sets/{number}")))
        means = sets.mean(axis=1)
        assert (means == np.rint(means)).all()
        assert len(set(means)) == 3
        assert 0 not in means
        assert np.abs(sets - means[:, None]).max() <= 2 * FAR
        assert size == 1 or (sets.std(axis=1) > 0).all()


@pytest.mark.parametrize(("count", "size", "eps"), [(2, 4, 1), (3, 8, 0), (2, 12, 1), (9, 3, 0), (2, 1, 0)])
def test_nice_sets_are_the_same_many_at_once(count, size, eps):
    stream, again = Stream("sets"), Stream("sets")
    places = [places_of_sets(count, size, eps, stream) for _ in range(20)]
    found = sets_at(np.array(places), size, eps, stream.used(0))
    assert found.tolist() == [nice_sets(count, size, eps, again) for _ in range(20)]
    assert stream.place == again.place


@pytest.mark.parametrize(
    ("lesson", "exercise", "most_looks", "most_ideas"),
    [("same", "stride", 5, 8), ("folding", "fold", 5, 4), ("batchnorm", "sheet", 5, 2), ("conv2d", "sheet", 2, 4)],
)
def test_draws_are_looked_at_together(monkeypatch, lesson, exercise, most_looks, most_ideas):
    """For each variant few draws are run by themselves, and few ideas followed on one: it costs many times as much."""
    own = [one for one in LESSONS[lesson].exercise if one.id == exercise]
    one = msgspec.structs.replace(LESSONS[lesson], exercise=own)
    search._form.cache_clear()
    search._structure.cache_clear()
    for seed in range(10):
        variant(one, seed)
    counts = Counter()
    monkeypatch.setattr(search, "_nice", lambda *given, look=search._nice: counts.update(["look"]) or look(*given))
    follow = Counterfactual.world
    monkeypatch.setattr(Counterfactual, "world", lambda *given: counts.update(["idea"]) or follow(*given))
    seeds = range(10, 40)
    for seed in seeds:
        variant(one, seed)
    assert 0 < counts["look"] < most_looks * len(seeds)
    assert counts["idea"] < most_ideas * len(seeds)


@pytest.mark.parametrize(("lesson", "exercise"), [("batchnorm", "sheet"), ("extra", "bn-affine")])
def test_a_draw_after_which_none_can_be_good_is_given_up_at_once(monkeypatch, lesson, exercise):
    """Two samples alike after ReLU spoil the layer behind: it is not drawn a hundred times to find that out."""
    one = msgspec.structs.replace(
        LESSONS[lesson], exercise=[one for one in LESSONS[lesson].exercise if one.id == exercise]
    )
    drawn = []
    monkeypatch.setattr(search, "_draws", lambda *given, draws=search._draws: drawn.append(draws(*given)) or drawn[-1])
    for seed in range(40):
        variant(one, seed)
    assert len(drawn) < 3 * 40
    assert sum(one.is_good for one in drawn) > 0.8 * len(drawn)


@pytest.mark.parametrize("lesson", ["residual-networks", "classic-networks", "mini-cnn"])
def test_counts_of_a_tracked_network_are_those_of_each_idea(lesson):
    known = set()
    for exercise in (one for one in LESSONS[lesson].exercise if one.track is not None):
        stream = Stream("tracking")
        sources = [run(exercise)[0], *(run(redrawn(exercise, stream))[0] for _ in range(6))]
        tracker = Tracker(terrain_of(sources[0].call, sources[0].own).pattern)
        together = list(tracker.follow(sources)), list(tracker.follow(sources[:1]))
        assert sorted(number for _, numbers in together[0] for number in numbers) == list(range(len(sources)))
        for tracks, place, source in (
            (tracks, place, sources[number])
            for follow in together
            for tracks, numbers in follow
            for place, number in enumerate(numbers)
        ):
            for row in filter(tracks.follows, about("track")):
                known.add(row.id)
                alone, found = row.world(source.call, source.own), tracks.world(row, place, source.own)
                assert (alone is None) == (found is None), row.id
                for name in () if alone is None else alone.written:
                    assert np.allclose(found[name], np.asarray(alone.written[name], dtype=float)), (row.id, name)
    assert known >= {row.id for row in about("track")} - {"FLAT.NO_CHANNELS", "FLAT.ADD", "FLAT.PREPOOL"}


def test_an_idea_about_a_tracked_layer_reads_what_is_of_that_layer():
    """The network has a total of that name too, which is of no layer."""
    (exercise,) = (one for one in LESSONS["counting"].exercise if one.id == "network")
    (source,) = run(exercise)
    (idea,) = (row for row in about("track") if row.id == "FLOP.EQ_MAC")
    tracker = Tracker(terrain_of(source.call, source.own).pattern)
    ((tracks, _),) = tracker.follow([source])
    for world in (idea.world(source.call, source.own).written, tracks.world(idea, 0, source.own)):
        for layer in ("conv", "dense"):
            assert world[f"{layer}.flops"] == source.own.tensors[f"{layer}.macs"] < source.own.tensors["macs"]


@pytest.mark.parametrize("lesson", ["grouped", "residual-networks", "mini-cnn"])
def test_sizes_are_looked_at_together_as_each_by_itself(lesson):
    verdicts = Counter()
    for exercise in (one for one in LESSONS[lesson].exercise if one.track is not None):
        stream, structure = Stream("judge"), form_of(exercise).structure
        candidates, sizing = [redrawn(exercise, stream) for _ in range(12)], Sizing(structure)
        found = [*sizing.are_good(candidates[:1]), *sizing.are_good(candidates[1:6]), *sizing.are_good(candidates[2:])]
        wanted = [is_good(run(one), (0,), structure) for one in candidates]
        assert found == wanted[:6] + wanted[2:]
        verdicts.update(wanted)
    assert len(verdicts) == 2 or lesson != "grouped"


class TestStack:
    """What is done to a stack is done to each array."""

    def test_arithmetic_meets_along_the_last_axes(self):
        a, b = np.arange(12).reshape(2, 3, 2), np.array([[1, 2], [3, 4]])
        found = Stack(a) * Stack(b) + np.array([10, 20])
        assert np.array_equal(found.array, [a[n] * b[n] + np.array([10, 20]) for n in range(2)])
        assert (found.shape, found.ndim, found.size, len(found)) == ((3, 2), 2, 6, 3)

    @pytest.mark.parametrize(
        "work",
        [
            np.sum,
            np.max,
            np.ptp,
            np.argmax,
            np.ravel,
            np.count_nonzero,
            lambda x: np.add.reduce(x, axis=None),
            lambda x: np.maximum.reduce(x),
            lambda x: x.sum(axis=-1),
            lambda x: (x < 1).any(axis=1, keepdims=True),
            lambda x: x.T,
            lambda x: x[..., ::-1],
            lambda x: x[1, :2],
            lambda x: np.flip(x, (-2, -1)),
            lambda x: np.swapaxes(x, -1, -2),
            lambda x: x.reshape(-1, 2),
            lambda x: np.where(x < 0, -x, 2 * x),
            lambda x: np.stack([x[0], 0 * x[1]]),
            lambda x: np.broadcast_to(x[0], (3, 4)),
            lambda x: np.pad(x[0], (1, 2), constant_values=7),
        ],
    )
    def test_it_is_as_with_one(self, work):
        many = np.random.default_rng(1).integers(-5, 5, (3, 2, 4))
        assert np.array_equal(work(Stack(many)).array, [work(one) for one in many])

    def test_arrays_that_answer_differently_part_ways(self):
        with pytest.raises(Divided) as divided:
            bool(Stack(np.array([1, 0, 2])) > 0)
        assert divided.value.yes.tolist() == [True, False, True]
        assert bool(Stack(np.array([1, 2])) > 0)

    @pytest.mark.parametrize("work", [np.asarray, np.linalg.inv, lambda x: bool(x > 0)])
    def test_what_is_not_known_is_refused(self, work):
        with pytest.raises(Unstackable):
            work(Stack(np.ones((2, 2, 2))))
