"""Ideas that change a call, on many sets of numbers at once: what each of them hands to which op."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

import numpy as np

from cnn_tutor.engine import Trace
from cnn_tutor.engine.trace import Array
from cnn_tutor.lesson.network import Call
from cnn_tutor.tutor.counterfactual import Given
from cnn_tutor.tutor.labels import Formed
from cnn_tutor.tutor.misconceptions import Misconception
from cnn_tutor.tutor.remembered import remembered
from cnn_tutor.tutor.stack import Stack
from cnn_tutor.tutor.tape import Tape
from cnn_tutor.tutor.worlds import NOT_FOLLOWED


class Changed(NamedTuple):
    """Changed calls of one form, those of some ideas: the form on one set, and the numbers of all of them together."""

    ideas: Sequence[Misconception]
    call: Call
    trace: Trace
    given: Mapping[str, Array]


class Calls:
    """What some ideas make of calls of one form, found out on the tensors ``given`` for some sets of numbers.

    ``unmoved`` are those that change nothing here. Those that cannot be followed so are left out.
    """

    def __init__(self, call: Call, ideas: Sequence[Misconception], given: Mapping[str, Array]) -> None:
        self.unmoved: list[Misconception] = []
        self._tape = Tape(len(given))
        marks = {name: self._tape.start(number) for number, name in enumerate(given)}
        self._stacks: dict[str, Any] = {name: Stack(each, marks[name]) for name, each in given.items()}
        alike: dict[object, list[tuple[Misconception, Call]]] = {}
        for row in ideas:
            with suppress(*NOT_FOLLOWED):
                assert row.counterfactual.call is not None
                changed = row.counterfactual.call(Given(Call(call.op, self._stacks, call.options)))
                if changed is None:
                    self.unmoved.append(row)
                else:
                    shapes = [(name, np.shape(tensor)) for name, tensor in changed.tensors.items()]
                    alike.setdefault((changed.op, repr(changed.options), *shapes), []).append((row, changed))
        self._forms: list[tuple[list[Misconception], Call, Trace, dict[str, int]]] = []
        for changes in alike.values():
            with suppress(*NOT_FOLLOWED):
                self._forms.append(self._together(changes))
        del self._stacks

    def _together(
        self, changes: Sequence[tuple[Misconception, Call]]
    ) -> tuple[list[Misconception], Call, Trace, dict[str, int]]:
        """Changed calls of one form: the form on the first set of numbers, and where on the tape its tensors are."""
        calls = [changed for _, changed in changes]
        tensors = {name: self._joined([one.tensors[name] for one in calls]) for name in calls[0].tensors}
        one = Call(calls[0].op, {name: each.array[0] for name, each in tensors.items()}, calls[0].options)
        places = {name: each.mark.place for name, each in tensors.items() if each.mark is not None}
        return [row for row, _ in changes], *_model(Formed(one.form, one)), places

    def _joined(self, parts: Sequence[Any]) -> Stack:
        """Tensors of several calls one behind the other. An array that is the same for all sets is repeated."""
        is_many = [isinstance(one, Stack) for one in parts]
        if is_many == [True]:
            return parts[0]  # type: ignore[no-any-return]

        def joined(sets: Array, *each: Array) -> Array:
            count = len(sets)
            whole = zip(each, is_many, strict=True)
            return np.concatenate([one if many else np.broadcast_to(one, (count, *one.shape)) for one, many in whole])

        return Stack.made(joined, next(iter(self._stacks.values())), *parts)

    def on(self, given: Sequence[Array]) -> Iterator[Changed]:
        """The changed calls on these tensors."""
        found = self._tape.play(*given)
        for ideas, call, trace, places in self._forms:
            yield Changed(ideas, call, trace, {name: found[place] for name, place in places.items()})


@remembered(256)
def _model(formed: Formed) -> tuple[Call, Trace]:
    """A call of the same form that has been run, and its trace. Raises ShapeError."""
    return formed.call, formed.call.run()
