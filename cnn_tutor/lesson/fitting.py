"""What the engine says of an argument that does not fit, in the language that is spoken.

The engine speaks English and knows no catalogue; its sentences stand here once more, with names for what they quote.
"""

from __future__ import annotations

import re
from functools import cache

from msgspec import ValidationError

from cnn_tutor.language import _
from cnn_tutor.lesson.plainly import record

SENTENCES = (
    "{name} must be true or false, got {got}",
    "{name} must not be empty, got shape {shape}",
    "{name} must be a tensor of real numbers (whole ones of at most 64 bits), got {kind} entries",
    "{name} must be a tensor of numbers: {reason}",
    "{name} must hold whole numbers below 2⁶³, got {got}",
    "{name} is too large: a tensor of {cells} cells, where at most {most} fit",
    "{name} must be a whole number, got {got}",
    "{name} must be at least {least}, got {got}",
    "{name} must be at most {most}, got {got}",
    "{name} must be one number or {count}, one for each spatial axis; got {got}",
    "{name} must be a sequence of whole numbers such as (3, 3), got {got}",
    "{name} must be one of the {count} axes of x, got {got}",
    "padding must have a pair (before, after) for each of {count} axes, got {got}",
    'padding must be a number, "same" or "valid", got {got}',
    "padding {pair} leaves a window of {count} cells with nothing but padding: use less padding or a larger "
    "kernel_size",
    "padding must leave some of the {count} cells laid out, got {got}",
    "bias must have shape {shape}, one number for each filter; got {got}",
    "bias must have shape {shape}, one number for each unit; got {got}",
    "grad must have the shape of the output, {shape}; got {got}",
    "momentum must be a number from 0 to 1, got {got}",
    "x must be a batch (N, F) or (N, C, *spatial), got shape {shape}",
    "x must be a batch (N, F) or (N, C, *spatial) to take batch statistics, got shape {shape}",
    "x must have two values a channel or more: one has no variance",
    "gamma must be one number, or one for each of the filters of x, got shape {shape}",
    "x must be one bias or one for each filter, got shape {shape}",
    "running_var must not be negative, got {got}",
    "running_mean and running_var must be given together or not at all",
    "groups must divide the {inputs} input and {outputs} output channels, got {got}",
    "groups must divide the {inputs} input channels and {filters} filters, got {got}",
    "groups must divide the {inputs} input channels, got {got}",
    "weight must have {count} input channels, its first axis; got shape {shape}",
    "weight must have shape {shape}; got {got}",
    "weight must have {wanted}, got shape {shape}",
    "weight must have {wanted}; got shape {shape}",
    "x must have at least one axis: linear takes vectors",
    "shape must hold the {count} entries of x, got {got}",
    "x must be logits (K,) or (N, K), got shape {shape}",
    "target must be the class of each sample, of shape {shape}, or its probabilities, of shape {other}; got {got}",
    "target must hold whole numbers from 0 to {most}",
    "weight {shape} and input_shape {other} must be bare both, or (F, C, *k) and (C, *spatial)",
    "input_shape must have the {count} channels of weight, got {got}",
    "layers must have different names, got {names}",
    "layers must be a list of layers, each with its name and op; got {got}",
    "input must be an earlier layer, one of {names}; got {got}",
    "name is missing from layer {layer}",
    "op must be one of {names}; got {got}",
    "linear takes a vector, got {got}: flatten it first",
    "add takes two maps of one shape, got {one} and {two}",
    "{op} takes a shape of {count} axes (C, *spatial), got {got}",
    "eps must be a finite number of at least 0, got {got}",
    "axes must name different axes of x, at least one; got {got}",
    "axes must name different axes of x, got {got}",
    "x must have a channel axis: (C,), (N, C) or (N, C, *spatial)",
    "num_groups must divide the {count} channels of x, got {got}",
    "x must have positions to average over, (N, C, *spatial); got shape {shape}",
    "{name} must have shape {shape}, got {got}",
    "x must have 1 to 4 axes, (N, C, H, W) at most, got shape {shape}",
    "x must be a matrix, got shape {shape}",
    "{name} must have {count} entries, one for each kernel_size; got {got}",
    "output_padding must be smaller than stride {stride} or dilation {dilation}, got {got}",
    "{kernel} covers {extent} cells, but {map} has only {count} with its padding: use a smaller {kernel} or dilation, "
    "or more padding",
    "x must have {wanted} (bare, (C, …) or (N, C, …)), got shape {shape}",
)
"""The narrower before the wider of those that begin alike."""


def said(error: Exception) -> str:
    """What ``error`` says, of the engine or of msgspec; a sentence that is not among these stays as it is."""
    message = str(error)
    if isinstance(error, ValidationError):
        return record(message.partition(" - at")[0])
    for sentence, pattern in _patterns():
        found = pattern.fullmatch(message)
        if found:
            return _(sentence).format(**found.groupdict())
    return message


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((sentence, re.compile(_pattern(sentence), re.S)) for sentence in SENTENCES)


def _pattern(sentence: str) -> str:
    """What a sentence looks like: a name that comes again stands for the same text."""
    parts, known = re.split(r"\{(\w+)\}", sentence), set[str]()
    pattern = re.escape(parts[0])
    for name, after in zip(parts[1::2], parts[2::2], strict=True):
        pattern += f"(?P={name})" if name in known else rf"(?P<{name}>.+?)"
        pattern += re.escape(after)
        known.add(name)
    return pattern
