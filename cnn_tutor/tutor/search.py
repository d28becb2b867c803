"""The first draw of an exercise whose numbers are good for work by hand and tell wrong ideas apart.

Numbers are drawn stage by stage: the tensors that a layer is the first to use, and the layers after it that bring none
of their own. A stage is drawn again until it has no fault. Most draws have one, so that what depends on the form of the
exercise alone (its stages, what is asked, how its layers are called) is worked out once for all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from typing import Any, TypeAlias

import msgspec
import numpy as np

from cnn_tutor.errors import ShapeError
from cnn_tutor.lesson.layer import op_name
from cnn_tutor.lesson.network import LayerTrace, again, run
from cnn_tutor.lesson.schema import Data, Exercise
from cnn_tutor.tutor.diagnostic import Network, Structure, faults
from cnn_tutor.tutor.draw import Stage, Tensors, draw_stage, redrawn, stages
from cnn_tutor.tutor.nice import is_nice
from cnn_tutor.tutor.numbers import Role
from cnn_tutor.tutor.question import asks_for
from cnn_tutor.tutor.stream import Stream

EXERCISES, DRAWS = 16, 100
"""How often an exercise and a stage of one are drawn at most; the best is taken."""

CONTENDERS = 10
"""Of so many draws with faults the best is taken."""

MANY = 1000
"""Faults of numbers that do not fit at all."""

Drawn: TypeAlias = dict[tuple[str, str], Data]


@dataclass(frozen=True, slots=True)
class Fresh:
    """An exercise drawn, the faults that are ``left``, and whether it was ``bound`` by numbers of another one."""

    exercise: Exercise
    left: int
    bound: bool = False


class Form:
    """What all draws of an exercise have in common. ``exercise`` has numbers of the right shapes."""

    def __init__(self, exercise: Exercise) -> None:
        self.exercise = exercise

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
    def following(self) -> tuple[str, ...]:
        """For each layer the op of the next one."""
        return (*(op_name(layer) for layer in self.exercise.layer[1:]), "")


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
    return Structure(partial(_sample, form), partial(asks_for, form.exercise))


def _sample(form: Form, index: int) -> Network:
    """The network on some nice numbers, whatever they tell apart."""
    stream = Stream(f"sample/{index}")
    exercise = form.exercise
    if exercise.track is not None:
        return run(redrawn(exercise, stream))
    tensors: Tensors = exercise.tensors
    network: Network = ()
    for stage in form.stages:
        free = {name: role for name, role in stage.roles.items() if name not in exercise.vary.keep}
        draws = (draw_stage(exercise, tensors, stage, free, stream) for _ in range(DRAWS))
        tensors = next((one for one in draws if one and _nice(form, one, stage, network)), tensors)
        network = (*network, *_done(form, tensors, stage, network))
    return network


def fresh(exercise: Exercise, stream: Stream, drawn: Drawn) -> Fresh:
    """The exercise with other numbers; those of ``drawn`` stay, and new ones are added to it."""
    if exercise.track is not None:
        return _fresh_track(exercise, stream)
    keys = {name: (name, repr(data)) for name, data in exercise.tensors.items()}
    shared = {name: drawn[key] for name, key in keys.items() if key in drawn}
    kept = {name for name in exercise.vary.keep if name in exercise.tensors}
    fixed = {*shared, *kept}
    form = form_of(exercise)
    best: tuple[Tensors, int] = exercise.tensors, MANY
    for _ in range(EXERCISES if set(keys) - fixed else 1):
        tried = _fresh_tensors(form, {**exercise.tensors, **shared}, fixed, stream)
        best = min(best, tried, key=lambda one: one[1])
        if not best[1]:
            break
    drawn.update({keys[name]: data for name, data in best[0].items()})
    return Fresh(msgspec.structs.replace(exercise, tensors=best[0]), best[1], bound=bool(shared))


def _fresh_tensors(form: Form, tensors: Tensors, fixed: set[str], stream: Stream) -> tuple[Tensors, int]:
    """``tensors`` drawn anew stage by stage, but for those that are ``fixed``, and the faults that are left."""
    total = 0
    network: Network = ()
    for stage in form.stages:
        free = {name: role for name, role in stage.roles.items() if name not in fixed}
        found = _best(form, tensors, stage, free, stream, network)
        if found is None:
            return tensors, total + MANY
        tensors, network, left = found
        total += left
    return tensors, total


def _best(
    form: Form, tensors: Tensors, stage: Stage, free: dict[str, Role], stream: Stream, before: Network
) -> tuple[Tensors, Network, int] | None:
    """The first of so many draws of a stage without a fault, or the best of some, and the faults that are left.

    ``before`` are the layers before the stage; with the tensors comes the network up to its end. None where no draw is
    good for work by hand.
    """
    numbers = range(stage.first, stage.last + 1)
    tried: list[tuple[Tensors, Network]] = []
    for _ in range(DRAWS if free else 1):
        candidate = draw_stage(form.exercise, tensors, stage, free, stream)
        network = None if candidate is None else _nice(form, candidate, stage, before)
        if candidate is not None and network is not None:
            if next(faults(network, numbers, form.structure), None) is None:
                return candidate, network, 0
            tried.append((candidate, network))
    left = [sum(1 for _ in faults(network, numbers, form.structure)) for _, network in tried[:CONTENDERS]]
    return (*tried[left.index(min(left))], min(left)) if left else None


def _nice(form: Form, tensors: Tensors, stage: Stage, before: Network) -> Network | None:
    """The layers up to the end of a stage; None where they do not fit together or are not good for work by hand."""
    network = list(before)
    try:
        for source in _done(form, tensors, stage, before):
            if not is_nice(source, network, form.following[len(network)]):
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
    structure, left = form_of(exercise).structure, MANY
    for _ in range(DRAWS):
        candidate = redrawn(exercise, stream)
        left = sum(1 for _ in faults(run(candidate), (0,), structure))
        if not left:
            break
    return Fresh(candidate, left)
