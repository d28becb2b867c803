"""Does an exercise mean something? The second pass over a file that is well formed: every name and shape must fit."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from msgspec import ValidationError, convert, to_builtins
from msgspec.structs import fields, replace

from cnn_tutor.errors import ShapeError
from cnn_tutor.language import _
from cnn_tutor.lesson import limits
from cnn_tutor.lesson.finding import Note
from cnn_tutor.lesson.fitting import said
from cnn_tutor.lesson.layer import Layer, arguments, op_name, references
from cnn_tutor.lesson.locate import Path
from cnn_tutor.lesson.network import LayerTrace, run
from cnn_tutor.lesson.schema import Choice, Erroneous, Exercise, Twin, Vary
from cnn_tutor.lesson.twin import as_exercise


def exercise_faults(exercise: Exercise, path: Path) -> Iterator[Note]:
    """What is wrong in ``exercise``, which stands at ``path``."""
    if exercise.layer and exercise.track is not None:
        yield Note((*path, "track"), _("an exercise has layers or a track, not both"))
        return
    if not (exercise.layer or exercise.choice or exercise.track is not None):
        yield Note(path, _("asks nothing: an exercise needs a [[exercise.layer]], a track or a [[exercise.choice]]"))
    spoilt = list(_network_faults(exercise, path))
    yield from spoilt
    yield from _ask_names(exercise, path)
    yield from _vary_faults(exercise, (*path, "vary"), runs=not spoilt)
    for number, twin in enumerate(exercise.twin):
        yield from _twin_faults(exercise, twin, (*path, "twin", number), runs=not spoilt)
    for number, choice in enumerate(exercise.choice):
        yield from _choice_faults(choice, (*path, "choice", number))
    yield from _doubled_ids(exercise, path)
    yield from _blank_texts(exercise, path)


def _network_faults(exercise: Exercise, path: Path) -> Iterator[Note]:
    """Tensors that are none, and layers that do not fit; a layer that reads what a faulty one writes is left out."""
    if exercise.track is not None:
        try:
            run(exercise)
        except ShapeError as error:
            yield Note((*path, "track"), said(error))
        return
    spoilt = set()
    for name, data in exercise.tensors.items():
        problem = _data_fault(data)
        if problem:
            spoilt.add(name)
            yield Note((*path, "tensors", name), problem)
    sound = {name: data for name, data in exercise.tensors.items() if name not in spoilt}
    done: tuple[LayerTrace, ...] = ()
    previous = next(iter(exercise.tensors), "")
    for number, layer in enumerate(exercise.layer):
        at: Path = (*path, "layer", number)
        given = replace(layer, input=layer.input or previous) if layer.takes_input else layer
        previous = layer.output
        known = [*exercise.tensors, *(one.output for one in exercise.layer[:number])]
        missing = [(field, name) for field, name in _reads(given) if name not in known]
        for field, name in missing:
            yield Note(
                (*at, field),
                _("{op} needs a tensor {name}; {known}").format(
                    op=op_name(layer), name=repr(name), known=there_are(name, known)
                ),
            )
        if not missing and not spoilt.intersection(name for _, name in _reads(given)):
            try:
                done = run(replace(exercise, tensors=sound, layer=[*_layers(done), given]), after=done)
                if np.all(np.abs(done[-1].own.output) < limits.LARGEST_NUMBER):
                    continue
                yield Note(at, _("{op} gives numbers too large to work with").format(op=op_name(layer)))
            except ShapeError as error:
                yield Note((*at, *_argument(str(error), layer)), said(error))
        spoilt.add(layer.output)


def _layers(done: Sequence[LayerTrace]) -> list[Any]:
    return [one.layer for one in done]


def _reads(layer: Layer) -> list[tuple[str, str]]:
    """The fields of a layer that name a tensor, with the name."""
    own = [("input", layer.input)] if layer.takes_input and layer.input else []
    return [*own, *references(layer).items()]


def _argument(message: str, layer: Layer) -> Path:
    """The key of a layer that a complaint begins with, if it is one the file may have."""
    first = message.partition(" ")[0]
    first = "input" if first == "x" and layer.input else first
    return (first,) if first in layer.__struct_fields__ and getattr(layer, first) is not None else ()


def there_are(name: str, known: Sequence[str]) -> str:
    """What there is in the place of an unknown name, with the nearest one."""
    close = difflib.get_close_matches(name, known, 1)
    listed = (
        _("there are {listed}{which}").format(listed=", ".join(known[:20]), which=", …" if len(known) > 20 else "")
        if known
        else _("there are none")
    )
    return listed + (_("; did you mean {value}?").format(value=repr(close[0])) if close else "")


def _ask_names(exercise: Exercise, path: Path) -> Iterator[Note]:
    known = outputs(exercise)
    for name in exercise.ask:
        if name not in known:
            yield Note(
                (*path, "ask", name),
                _("no layer has the output {name}; {known}").format(
                    name=repr(name), known=there_are(name, sorted(known))
                ),
            )


def outputs(exercise: Exercise) -> set[str]:
    """What an exercise may have a list of asks for."""
    if exercise.track is not None:
        return {"in", "total", "rest", *(layer.name for layer in exercise.track.layers)}
    return {layer.output for layer in exercise.layer}


def _vary_faults(exercise: Exercise, path: Path, *, runs: bool) -> Iterator[Note]:
    """What names a tensor, a layer or a hyper-parameter that is not there, or gives it what it cannot be."""
    vary, layers = exercise.vary, {layer.output: layer for layer in exercise.layer}
    if vary.like and not exercise.twin:
        yield Note((*path, "like"), _("this exercise has no twin"))
    if vary.low is not None and vary.high is not None and vary.low > vary.high:
        yield Note((*path, "low"), _("is {low}, above high = {high}").format(low=vary.low, high=vary.high))
    for key, names in (("keep", vary.keep), ("shapes", vary.shapes)):
        for name in names:
            if name not in exercise.tensors:
                yield Note((*path, key), _("there is no tensor {name}").format(name=repr(name)))
    yield from _shape_faults(vary, path)
    for output, chosen in vary.options.items():
        for field, values in chosen.items():
            at = (*path, "options", output)
            if output not in layers:
                yield Note(at, _("no layer has the output {output}").format(output=repr(output)))
            elif field not in arguments(layers[output]) and field not in _arguments(layers[output]):
                yield Note(
                    at, _("{op} has no hyper-parameter {field}").format(op=op_name(layers[output]), field=repr(field))
                )
            elif runs:
                yield from _option_faults(exercise, layers[output], field, values, at)


def _arguments(layer: Layer) -> set[str]:
    """The hyper-parameters that a layer may have."""
    return {one.name for one in fields(layer)} - {"input", "output", *references(layer)}


def _shape_faults(vary: Vary, path: Path) -> Iterator[Note]:
    for name, shapes in vary.shapes.items():
        for shape in shapes:
            if not shape or min(shape) < 1 or np.prod(shape, dtype=float) > limits.MOST_NUMBERS:
                yield Note(
                    (*path, "shapes", name),
                    _("{shape} is not the shape of a tensor for work by hand").format(shape=shape),
                )


def _option_faults(exercise: Exercise, layer: Layer, field: str, values: Sequence[Any], path: Path) -> Iterator[Note]:
    """Values that the hyper-parameter cannot have, or that do not fit the printed sizes."""
    layers: list[Any] = list(exercise.layer)
    place = layers.index(layer)
    for value in values:
        try:
            layers[place] = convert({**to_builtins(layer), field: value}, type(layer))
            run(replace(exercise, layer=layers[: place + 1]))
        except (ValidationError, ShapeError) as error:
            text = _("{field} = {value} does not fit: {error}")
            yield Note(path, text.format(field=field, value=value, error=said(error)))


def _twin_faults(exercise: Exercise, twin: Twin, path: Path, *, runs: bool) -> Iterator[Note]:
    for name in twin.tensors:
        known = list(exercise.tensors)
        if name not in known and not twin.layer:
            yield Note(
                (*path, "tensors", name),
                _("the exercise has no tensor {name}; {known}").format(name=repr(name), known=there_are(name, known)),
            )
    changed = as_exercise(exercise, twin)
    spoilt = [
        Note(at, problem)
        for name, data in twin.tensors.items()
        for at, problem in [((*path, "tensors", name), _data_fault(data))]
        if problem
    ]
    yield from spoilt
    if runs and not spoilt:
        try:
            run(changed)
        except ShapeError as error:
            yield Note(path, said(error))
    for name in twin.ask:
        if name not in outputs(changed):
            yield Note((*path, "ask", name), _("no layer has the output {name}").format(name=repr(name)))


def _choice_faults(choice: Choice, path: Path) -> Iterator[Note]:
    if choice.answer not in choice.options:
        yield Note((*path, "answer"), _("{answer} is not one of the options").format(answer=repr(choice.answer)))
    read = [" ".join(option.split()).casefold() for option in choice.options]
    for number, option in enumerate(read):
        if not option:
            yield Note((*path, "options"), _("option {number} is empty").format(number=number + 1))
        elif option in read[:number]:
            yield Note(
                (*path, "options"), _("two options read the same: {value}").format(value=repr(choice.options[number]))
            )
    for option in choice.options:
        if option != choice.answer and not choice.why.get(option, "").strip():
            yield Note(
                (*path, "why"), _("there is no reason for the wrong option {option}").format(option=repr(option))
            )
    for option in choice.why:
        if option not in choice.options:
            yield Note(
                (*path, "why", option),
                _("{option} is no option; {known}").format(
                    option=repr(option), known=there_are(option, choice.options)
                ),
            )


def _doubled_ids(exercise: Exercise, path: Path) -> Iterator[Note]:
    """Choices and finished workings share their names with outputs, since keys are made of them."""
    seen = outputs(exercise)
    for at, one in _asking(exercise, path):
        if one.id in seen:
            yield Note((*at, "id"), _("another question of this exercise has the id {id}").format(id=repr(one.id)))
        seen.add(one.id)


def _asking(exercise: Exercise, path: Path) -> Iterator[tuple[Path, Choice | Erroneous]]:
    """The questions that are written out, each with its path."""
    yield from (((*path, "choice", number), one) for number, one in enumerate(exercise.choice))
    yield from (((*path, "erroneous", number), one) for number, one in enumerate(exercise.erroneous))


def _blank_texts(exercise: Exercise, path: Path) -> Iterator[Note]:
    """Texts that are there and say nothing."""
    texts: dict[Path, str] = {(*path, "title"): exercise.title}
    for at, one in _asking(exercise, path):
        texts[(*at, "prompt")] = one.prompt
        if isinstance(one, Erroneous):
            texts[(*at, "why")] = one.why
    yield from blanks(texts)


def blanks(texts: Mapping[Path, str]) -> Iterator[Note]:
    """Those of ``texts`` that hold blanks only."""
    for path, text in texts.items():
        if not text.strip():
            yield Note(path, _("is empty; a student would see nothing"))


def _data_fault(data: object) -> str:
    if limits.count(data) > limits.MOST_NUMBERS:
        return _("a tensor of a lesson has at most {most} entries").format(most=limits.MOST_NUMBERS)
    try:
        array = np.array(data)
    except (ValueError, OverflowError):
        return _("the rows must all have the same length")
    if array.dtype.kind not in "if" or array.size == 0:
        return _("a tensor holds numbers, as in [1, 2] or [[1, 2], [3, 4]]")
    if not np.all(np.isfinite(array)):
        return _("a tensor holds finite numbers only")
    return "" if np.all(np.abs(array) < limits.LARGEST_NUMBER) else _("the numbers are too large to work with")
