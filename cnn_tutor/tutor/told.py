"""A step in words: what is done, by which rule, and the numbers it is done with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from cnn_tutor.engine import Step
from cnn_tutor.language import _
from cnn_tutor.lesson.layer import op_name, references
from cnn_tutor.lesson.network import LayerTrace
from cnn_tutor.tutor.ask import Ask, Part
from cnn_tutor.tutor.fields import fields_of
from cnn_tutor.tutor.film import Film
from cnn_tutor.tutor.symbols import number, operand, sentence_case, symbol
from cnn_tutor.tutor.wording import wording

LONGEST = 36
"""Numbers in a formula; of a step with more the result alone is written."""

_AS_THEY_ARE = {"window", "block", "set", "padded", "starts", "offsets"}
"""Kinds of step that write down what they read: the result says it all."""


@dataclass(frozen=True, slots=True)
class Told:
    """One step: the layer it belongs to, the rule in a sentence, the formula with its numbers and the result."""

    layer: str
    sentence: str
    formula: str


def tell(film: Film, position: int) -> Told:
    """The step at ``position`` of a film."""
    source, local = film.locate(position)
    step = source.trace.steps[local]
    op = "track" if source.layer is None else op_name(source.layer)
    words = wording(op, step.op, biased=source.layer is not None and "bias" in references(source.layer))
    fields = fields_of(film.exercise, source, op, Part(Ask(step.op), (local,), step.target))
    fields["label"] = label = _(words.label).format(**fields)
    return Told(_layer(source, fields), sentence_case(_(words.rule).format(**fields)), _formula(label, step, op))


def _layer(source: LayerTrace, fields: dict[str, str]) -> str:
    """``Y = conv2d``; of a tracked network the layer's own name."""
    if source.layer is None:
        return fields["layer"]
    return f"{symbol(source.output)} = {op_name(source.layer)}"


def _formula(label: str, step: Step, op: str) -> str:
    """``label = formula with numbers = result``, as far as that is not the same twice."""
    result = written(step.value, "×" if op == "track" and step.op == "shape" else " ")
    spelled = _spelled(step)
    parts = [label, *([spelled] if spelled and spelled.strip("[]") != result else []), result]
    return " = ".join(parts)


def _spelled(step: Step) -> str:
    if not step.reads or step.op in _AS_THEY_ARE or sum(np.size(one) for one in step.operands) > LONGEST:
        return ""
    if step.op == "products":
        return " ⊙ ".join(written(one) for one in step.operands)
    return step.formula.spell(*([operand(value) for value in np.ravel(one)] for one in step.operands))


def written(value: Any, between: str = " ") -> str:
    """A value in one line: rows end with ``;``, and of many numbers the first and the last are written."""
    array = np.asarray(value)
    if array.ndim == 0:
        return number(array.item(), 4)
    if between != " ":
        return between.join(number(one, 4) for one in array.tolist())
    if array.size > LONGEST:
        flat = array.reshape(-1)
        first, last = " ".join(number(one, 4) for one in flat[:4].tolist()), number(flat[-1].item(), 4)
        return _("[{first} … {last}], {count} numbers").format(first=first, last=last, count=array.size)
    if array.ndim == 1:
        return "[" + " ".join(number(one, 4) for one in array.tolist()) + "]"
    rows = array.reshape(-1, array.shape[-1])
    return "[" + "; ".join(" ".join(number(one, 4) for one in row) for row in rows.tolist()) + "]"
