"""What all surveys of calls of one form have in common: which ideas act on them, and the work that these make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from cnn_tutor.engine import Trace
from cnn_tutor.engine.trace import Array
from cnn_tutor.lesson.network import Call
from cnn_tutor.tutor.answered import Places
from cnn_tutor.tutor.calls import Calls
from cnn_tutor.tutor.counterfactual import Change, Given
from cnn_tutor.tutor.ideas import reaching
from cnn_tutor.tutor.labels import labelled
from cnn_tutor.tutor.misconceptions import Misconception, about
from cnn_tutor.tutor.pattern import Pattern
from cnn_tutor.tutor.relaid import Relaid, relaid_of
from cnn_tutor.tutor.remembered import remembered
from cnn_tutor.tutor.script import outline
from cnn_tutor.tutor.stack import Divided, Stack
from cnn_tutor.tutor.worlds import NOT_FOLLOWED, Work, Worlds

if TYPE_CHECKING:
    from cnn_tutor.tutor.ideas import Asked

Changes = Mapping[str, Change]


class Terrain:
    """``call`` and ``trace`` are a call of this form on one set of numbers, whichever."""

    def __init__(self, call: Call, trace: Trace) -> None:
        self.call = call
        self.trace = trace
        self.ideas = reaching(call.op)
        """The ideas that may show in the output."""
        self.wholes = [row for row in self.ideas if row.counterfactual.wholes is not None]
        """Those of them that change a whole tensor."""
        self._calls: Calls | None = None
        self._places: dict[Asked, Places] = {}
        self._works: dict[tuple[Sequence[Misconception], bool], Work] = {}

    @property
    def pattern(self) -> Pattern:
        """The steps of such calls. Raises TypeError where there can be no pattern."""
        if self._pattern is None:
            raise TypeError("steps of this form cannot be done at once")
        return self._pattern

    @cached_property
    def _pattern(self) -> Pattern | None:
        try:
            return Pattern(self.call, self.trace)
        except (TypeError, ValueError):
            return None

    def places(self, asked: Asked) -> Places:
        """Where the answers to what is ``asked`` stand. Raises TypeError, or KeyError, where some stand nowhere."""
        if asked not in self._places:
            self._places[asked] = Places(self.pattern, asked)
        return self._places[asked]

    @cached_property
    def relaid(self) -> Relaid | None:
        """The ideas that lay out numbers otherwise."""
        return relaid_of(self.call)

    def calls(self, given: Mapping[str, Array]) -> Calls:
        """The other ideas that change the call, which are found out on the first numbers ``given``."""
        if self._calls is None:
            known = () if self.relaid is None else self.relaid.known
            others = [row for row in self.ideas if row.counterfactual.call is not None and row not in known]
            self._calls = Calls(self.call, others, given)
        return self._calls

    def changes(
        self, given: Mapping[str, Array]
    ) -> tuple[Mapping[Misconception, Changes], Mapping[Misconception, Array]]:
        """What the ideas about steps do otherwise on the numbers ``given``, and in which sets some do nothing."""
        if not self._unsettled:
            return self._settled, {}
        found, idle = {**self._settled, **_changes(self._unsettled, self.asked(given))}, {}
        for row in self._unsettled:
            if row not in found:
                with suppress(*NOT_FOLLOWED):
                    found[row], idle[row] = self._divided(row, given)
        return found, idle

    def _divided(self, row: Misconception, given: Mapping[str, Array]) -> tuple[Changes, Array]:
        """What an idea does in some of the sets, and in which it does nothing."""
        assert row.counterfactual.steps is not None
        try:
            row.counterfactual.steps(self.asked(given))
        except Divided as divided:
            parts = [{name: each[which] for name, each in given.items()} for which in (divided.yes, ~divided.yes)]
            yes, no = [row.counterfactual.steps(self.asked(part)) for part in parts]
            if yes and not no:
                return yes, ~divided.yes
        raise TypeError("sets are divided otherwise")

    def asked(self, given: Mapping[str, Array]) -> Given:
        """The arguments of the call on many sets of numbers, as an idea sees them."""
        tensors: dict[str, Any] = {name: Stack(each) for name, each in given.items()}
        return Given(Call(self.call.op, tensors, self.call.options))

    @cached_property
    def _settled(self) -> Mapping[Misconception, Changes]:
        """The same for those that do so whatever the numbers."""
        return _changes(about(self.call.op), Given(labelled(self.call)))

    @cached_property
    def _unsettled(self) -> Sequence[Misconception]:
        """The ideas about steps of which the numbers decide whether they do something."""
        return [row for row in about(self.call.op) if row.counterfactual.steps and row not in self._settled]

    def worlds(self, given: Sequence[Array], changes: Mapping[Misconception, Changes]) -> Worlds:
        """All numbers in the worlds of some ideas. Raises what is in ``NOT_FOLLOWED``."""
        key = tuple(changes), self.pattern.has_large and all(one.dtype.kind == "i" for one in given)
        if key not in self._works:
            self._works[key] = Work(self.pattern, list(changes.values()), is_whole=key[1])
        return Worlds(self._works[key], given)


def _changes(rows: Sequence[Misconception], given: Given) -> Mapping[Misconception, Changes]:
    found = {}
    for row in rows:
        if row.counterfactual.steps is not None:
            with suppress(*NOT_FOLLOWED):
                found[row] = row.counterfactual.steps(given)
    return found


@remembered(256)
def terrain_of(call: Call, trace: Trace) -> Terrain:
    """What all surveys of a call have in common; the same for all calls of a form."""
    return _terrain(_Traced((call.form, outline(trace), *trace.tensors), call, trace))


@dataclass(frozen=True, slots=True)
class _Traced:
    """A call with its trace, told from others by its ``form`` alone."""

    form: tuple[object, ...]
    call: Call = field(compare=False)
    trace: Trace = field(compare=False)


@remembered(128)
def _terrain(traced: _Traced) -> Terrain:
    return Terrain(traced.call, traced.trace)
