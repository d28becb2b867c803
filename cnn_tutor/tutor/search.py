"""The first draw of an exercise whose numbers are good for work by hand and tell wrong ideas apart.

Numbers are drawn stage by stage: the tensors that a layer is the first to use, and the layers after it that bring none
of their own. A stage is drawn again until it has no fault. Most draws have one, so that what depends on the form of the
exercise alone (its stages, what is asked, how its layers are called) is worked out once for all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from itertools import pairwise
from typing import Any, TypeAlias

import msgspec
import numpy as np

from cnn_tutor.errors import ShapeError
from cnn_tutor.lesson.layer import op_name
from cnn_tutor.lesson.network import LayerTrace, again, run
from cnn_tutor.lesson.schema import Data, Exercise
from cnn_tutor.tutor.ahead import Ahead, Outlook
from cnn_tutor.tutor.diagnostic import Network, faults, is_good
from cnn_tutor.tutor.draw import Stage, Start, Tensors, stages
from cnn_tutor.tutor.drawing import Draw, Drawing, Draws, best
from cnn_tutor.tutor.experience import GROWTH, Experience
from cnn_tutor.tutor.nice import is_nice
from cnn_tutor.tutor.numbers import Role
from cnn_tutor.tutor.parts import asked_of
from cnn_tutor.tutor.resized import redrawn
from cnn_tutor.tutor.sizing import Sizing
from cnn_tutor.tutor.stream import Stream
from cnn_tutor.tutor.structure import Structure

EXERCISES, DRAWS = 16, 100
"""How often an exercise and a stage of one are drawn at most; the best is taken."""

MANY = 1000
"""Faults of numbers that do not fit at all."""

Drawn: TypeAlias = dict[tuple[str, str], Data]


@dataclass(frozen=True)
class Fresh:
    """An exercise drawn. ``is_good`` where no fault is left; ``is_bound`` where numbers of another exercise stayed."""

    exercise: Exercise
    is_good: bool
    is_bound: bool
    count: Callable[[], int]

    @cached_property
    def left(self) -> int:
        """The faults that are left: counted only where all numbers have some and the least bad ones are taken."""
        return self.count()


class Form:
    """What all draws of an exercise have in common. ``exercise`` has numbers of the right shapes."""

    def __init__(self, exercise: Exercise) -> None:
        self.exercise = exercise
        self.experience = Experience()

    @cached_property
    def network(self) -> Network:
        """The layers on the numbers at hand. Raises ShapeError where they do not fit together."""
        return run(self.exercise)

    @cached_property
    def stages(self) -> tuple[Stage, ...]:
        """The stages in which the exercise is drawn."""
        return tuple(stages(self.exercise))

    @cached_property
    def structure(self) -> Structure:
        """What no numbers can tell apart in an exercise of this form."""
        return _structure(_Keyed(_structural(self.exercise), self))

    @cached_property
    def sizing(self) -> Sizing:
        """What is known of the sizes that a tracked network of this form may have."""
        return Sizing(self.structure)

    @cached_property
    def following(self) -> tuple[str, ...]:
        """For each layer the op of the next one, if it takes its output."""
        pairs = pairwise(self.exercise.layer)
        return (*(op_name(after) if after.input in (None, one.output) else "" for one, after in pairs), "")


@dataclass(frozen=True, slots=True)
class _Keyed:
    """A form, or an exercise, that is told from others by its ``key`` alone."""

    key: bytes
    what: Any = field(compare=False)


def form_of(exercise: Exercise) -> Form:
    """The form of an exercise; the same one whenever it is asked for."""
    vary = (exercise.vary.low, exercise.vary.high, exercise.vary.keep)
    key = msgspec.json.encode((exercise.layer, exercise.track, exercise.tensors, exercise.ask, vary))
    return _form(_Keyed(key, exercise))


@lru_cache(maxsize=256)
def _form(keyed: _Keyed) -> Form:
    return Form(keyed.what)


def structure_of(exercise: Exercise) -> Structure:
    """What no numbers can tell apart in an exercise of this form; worked out once, whatever its numbers."""
    return _structure(_Keyed(_structural(exercise), Form(exercise)))


def _structural(exercise: Exercise) -> bytes:
    """The same for exercises that differ in numbers alone."""
    shapes = {name: np.shape(data) for name, data in exercise.tensors.items()}
    kept = {name: exercise.tensors[name] for name in exercise.vary.keep if name in exercise.tensors}
    return msgspec.json.encode((exercise.layer, exercise.track, shapes, kept, exercise.ask))


@lru_cache(maxsize=256)
def _structure(keyed: _Keyed) -> Structure:
    form: Form = keyed.what
    return Structure(partial(_samples, form), partial(asked_of, form.exercise))


def _samples(form: Form, indices: Sequence[int]) -> Iterator[Sequence[LayerTrace]]:
    """The layers on several sets of nice numbers, whatever they tell apart; a stage is drawn when it is asked for."""
    streams = [Stream(f"sample/{index}") for index in indices]
    exercise = form.exercise
    if exercise.track is not None:
        yield [run(redrawn(exercise, stream))[0] for stream in streams]
        return
    starts = [Start(exercise.tensors, stream) for stream in streams]
    for stage in form.stages:
        free = {name: role for name, role in stage.roles.items() if name not in exercise.vary.keep}
        found = _first_nice(form, stage, free, starts)
        starts = [found.get(number) or _as_it_is(form, stage, start) for number, start in enumerate(starts)]
        yield from zip(*(start.before[stage.first :] for start in starts), strict=True)


def _first_nice(form: Form, stage: Stage, free: dict[str, Role], starts: Sequence[Start]) -> dict[int, Start]:
    """The first draw of a stage from each start that is good for work by hand, as what the next is drawn from."""
    found: dict[Start, Start] = {}
    waiting = list(starts)
    for draws, outlook in _batches(form, stage, free, waiting, form.experience.enough(stage.first)):
        for number in outlook.nice:
            start = draws.start(number)
            candidate = {} if start in found else draws.tensors(number)
            network = None if start in found else _nice(form, candidate, stage, start.before, outlook.sure)
            if network is not None:
                start.stream.place = draws.places[number]
                found[start] = Start(candidate, start.stream, network)
        waiting[:] = [start for start in waiting if start not in found]
    return {number: found[start] for number, start in enumerate(starts) if start in found}


def _as_it_is(form: Form, stage: Stage, start: Start) -> Start:
    """A stage on the numbers that are there."""
    done = tuple(_done(form, start.tensors, stage, start.before))
    return Start(start.tensors, start.stream, (*start.before, *done))


def fresh(exercise: Exercise, stream: Stream, drawn: Drawn) -> Fresh:
    """The exercise with other numbers; those of ``drawn`` stay, and new ones are added to it."""
    if exercise.track is not None:
        return _fresh_track(exercise, stream)
    keys = {name: (name, repr(data)) for name, data in exercise.tensors.items()}
    shared = {name: drawn[key] for name, key in keys.items() if key in drawn}
    fixed = {*shared, *(name for name in exercise.vary.keep if name in exercise.tensors)}
    form, attempts = form_of(exercise), list[Drawing]()
    for _ in range(EXERCISES if set(keys) - fixed else 1):
        attempts.append(_attempt(form, {**exercise.tensors, **shared}, fixed, stream))
        if attempts[-1].is_good:
            break
    found = best([one for one in attempts if not one.is_stuck])
    tensors = exercise.tensors if found is None else found.tensors
    drawn.update({keys[name]: data for name, data in tensors.items()})
    chosen = msgspec.structs.replace(exercise, tensors=tensors)
    if found is None:
        return Fresh(chosen, is_good=False, is_bound=bool(shared), count=lambda: MANY)
    return Fresh(chosen, found.is_good, bool(shared), lambda: found.left)


def _attempt(form: Form, tensors: Tensors, fixed: set[str], stream: Stream) -> Drawing:
    """``tensors`` drawn anew stage by stage, but for those that are ``fixed``."""
    attempt = Drawing(tensors, [])
    network: Network = ()
    for stage in form.stages:
        free = {name: role for name, role in stage.roles.items() if name not in fixed}
        found = _draws(form, tensors, stage, free, stream, network)
        if found.is_empty:
            return Drawing(tensors, attempt.stages, is_stuck=True)
        attempt = Drawing(tensors, [*attempt.stages, found])
        if stage is not form.stages[-1]:
            tensors, network, _ = found.best
    return attempt


def _draws(form: Form, tensors: Tensors, stage: Stage, free: dict[str, Role], stream: Stream, before: Network) -> Draws:
    """The first of so many draws of a stage without a fault, or those with some; ``before`` are the earlier layers."""
    numbers = range(stage.first, stage.last + 1)
    tried: list[tuple[Ahead, Outlook, int, Network | None]] = []
    drawn = 0
    start = Start(tensors, stream, before)
    for draws, outlook in _batches(form, stage, free, [start], form.experience.usual(stage.first)):
        for chance in outlook.sifted(form.structure):
            if chance.is_faulty:
                tried.append((draws, outlook, chance.number, None))
                continue
            candidate = draws.tensors(chance.number)
            network = _nice(form, candidate, stage, before, outlook.sure)
            if network is not None and is_good(network, numbers, form.structure, chance.views):
                stream.place = draws.places[chance.number]
                form.experience.remember(stage.first, drawn + draws.count * (chance.number + 1) / len(draws.places))
                return Draws(iter([Draw(candidate, network, lambda: 0)]), is_good=True)
            if network is not None:
                tried.append((draws, outlook, chance.number, network))
        drawn += draws.count
    if drawn > 1:
        form.experience.remember(stage.first, drawn)

    def nice() -> Iterator[Draw]:
        for draws, outlook, number, known in tried:
            candidate = draws.tensors(number)
            network = known or _nice(form, candidate, stage, before, ())
            if network is not None:
                yield Draw(candidate, network, partial(_count, network, numbers, form.structure, outlook, number))

    return Draws(nice(), is_good=False)


def _count(network: Network, numbers: Sequence[int], structure: Structure, outlook: Outlook, number: int) -> int:
    """The faults of a draw of a stage."""
    return sum(1 for _ in faults(network, numbers, structure, outlook.views(number)))


def _batches(
    form: Form, stage: Stage, free: dict[str, Role], starts: list[Start], some: int
) -> Iterator[tuple[Ahead, Outlook]]:
    """So many draws of a stage from each start, ``some`` at a time and then more, so that they are looked at together.

    Who takes one of them sets its stream back to its place, and takes its start away from the others.
    """
    left = DRAWS if free else 1
    while left and starts:
        draws = Ahead(form.exercise, starts, stage, free, min(left, some))
        outlook = Outlook(form.network, form.following, stage, draws)
        form.experience.seen(stage.first, draws.count * len(starts), len(outlook.nice))
        yield draws, outlook
        left, some = max(left - some, 0), some * GROWTH


def _nice(form: Form, tensors: Tensors, stage: Stage, before: Network, sure: Collection[int]) -> Network | None:
    """The layers up to the end of a stage; None where they do not fit together or are not good for work by hand.

    Of those that are ``sure`` it is known.
    """
    network = list(before)
    try:
        for source in _done(form, tensors, stage, before):
            number = len(network)
            if number not in sure and not is_nice(source, network, form.following[number]):
                return None
            network.append(source)
    except ShapeError:
        return None
    return tuple(network)


def _done(form: Form, tensors: Tensors, stage: Stage, before: Network) -> Iterator[LayerTrace]:
    """The layers of a stage, one after the other."""
    known = {**tensors, **{one.output: one.own.output for one in before}}
    for source in form.network[stage.first : stage.last + 1]:
        done = again(source, known)
        yield done
        known[done.output] = done.own.output


def _fresh_track(exercise: Exercise, stream: Stream) -> Fresh:
    """A tracked network with other sizes: the first of so many draws without a fault, else the last."""
    form = form_of(exercise)
    chosen, is_good = form.sizing.first_good(exercise, stream, DRAWS)
    return Fresh(chosen, is_good, is_bound=False, count=lambda: len(list(faults(run(chosen), (0,), form.structure))))
