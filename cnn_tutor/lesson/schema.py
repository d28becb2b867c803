"""What a lesson file may say: frozen records, one for each table of the TOML.

A lesson names tensors and layers; it holds no computed answer.
"""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, TypeAlias

from msgspec import Meta
from msgspec.structs import force_setattr, replace

from cnn_tutor.lesson.layer import Name, Padding, Record, Sizes
from cnn_tutor.lesson.layers import AnyLayer

Id: TypeAlias = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=40)]
Text: TypeAlias = Annotated[str, Meta(min_length=1)]
Data: TypeAlias = int | float | list[Any]

FORMAT_VERSION = 1

MOST_EXERCISES, MOST_LAYERS, MOST_TWINS, MOST_CHOICES = 40, 40, 10, 40
"""Of a lesson; of an exercise."""

MOST_TRACKED = 400
"""Layers of a network whose shapes are followed, when its stacks are written out."""


def written_out(layers: Sequence["TrackedLayer"]) -> list["TrackedLayer"]:
    """The layers in a row, those of a stack under the stack's name: ``stage_conv``, or ``stage_2_conv`` of the second.

    ``start`` is what went into the stack. At the end of each stack stands one that sums it up.
    """
    flat: list[TrackedLayer] = []
    for layer in layers:
        if not layer.layers:
            flat.append(layer)
            continue
        members: list[str] = []
        for number in range(1, (layer.repeat or 1) + 1):
            prefix = layer.name if layer.repeat in (None, 1) else f"{layer.name}_{number}"
            names = {one.name: f"{prefix}_{one.name}" for one in layer.layers}
            names["start"] = flat[-1].name if flat else "in"
            for one in layer.layers:
                source, other = (None if name is None else names.get(name, name) for name in (one.input, one.other))
                flat.append(replace(one, name=names[one.name], input=source, other=other))
            members += [names[one.name] for one in layer.layers]
        flat.append(TrackedLayer(name=layer.name, op="stack", of=members, repeat=layer.repeat))
    return flat


class TrackedLayer(Record, frozen=True, kw_only=True):
    """One layer of a network whose shapes and parameters are counted; its sizes are those of ``engine.track``."""

    name: Name
    op: str
    filters: int | None = None
    units: int | None = None
    kernel_size: Sizes | None = None
    stride: Sizes | None = None
    padding: Padding | None = None
    dilation: Sizes | None = None
    groups: int | None = None
    bias: bool | None = None
    ceil_mode: bool | None = None
    input: Name | None = None
    other: Name | None = None
    of: list[Name] | None = None
    layers: Annotated[list["TrackedLayer"], Meta(max_length=MOST_TRACKED)] | None = None
    repeat: Annotated[int, Meta(ge=1, le=50)] | None = None


class Track(Record, frozen=True, kw_only=True):
    """A network without data: the shape that goes in and its layers.

    A ``stack`` with ``layers`` of its own, done ``repeat`` times, is written out when it is read, unless that would be
    too many.
    """

    input: list[int]
    layers: Annotated[list[TrackedLayer], Meta(max_length=MOST_TRACKED)]

    def __post_init__(self) -> None:
        count = sum((layer.repeat or 1) * len(layer.layers) + 1 if layer.layers else 1 for layer in self.layers)
        if len(self.layers) < count <= MOST_TRACKED:
            force_setattr(self, "layers", written_out(self.layers))


class Choice(Record, frozen=True, kw_only=True):
    """A multiple-choice question; ``why`` gives a reason for each wrong option. ``place`` is where it is asked."""

    id: Id
    prompt: Text
    options: Annotated[list[str], Meta(min_length=2, max_length=9)]
    answer: str
    why: dict[str, str]
    place: Literal["start", "end"] = "end"


class Vary(Record, frozen=True, kw_only=True):
    """How fresh numbers are drawn: integers from ``low`` to ``high`` (by default what suits the op).

    Tensors named in ``keep`` stay as they are. ``like = "twin"`` draws in the form of the first twin, where the printed
    sizes cannot tell ideas apart. ``options`` are the values that hyper-parameters may take, by the layer's output, and
    ``shapes`` those that tensors may have. ``title`` and ``prose`` stand in the place of the exercise's.
    """

    low: int | None = None
    high: int | None = None
    keep: list[Name] = []
    like: Literal["", "twin"] = ""
    options: dict[Name, dict[Name, Annotated[list[Any], Meta(min_length=1)]]] = {}
    shapes: dict[Name, Annotated[list[list[int]], Meta(min_length=1)]] = {}
    title: str = ""
    prose: str = ""


class Twin(Record, frozen=True, kw_only=True):
    """The same exercise with numbers that tell more wrong ideas apart: what it has instead of the exercise's own."""

    tensors: dict[Name, Data] = {}
    layer: Annotated[list[AnyLayer], Meta(max_length=MOST_LAYERS)] = []
    track: Track | None = None
    ask: dict[str, list[str]] = {}
    prose: str = ""


class Erroneous(Record, frozen=True, kw_only=True):
    """A finished working with a mistake, made by a misconception (``rule``) or a wrong value (``tensor``, ``value``).

    ``steps`` are the questions of the exercise, by key without the lesson and exercise, whose values are shown; the
    student finds the first wrong one.
    """

    id: Id
    prompt: Text
    steps: Annotated[list[str], Meta(min_length=2, max_length=9)]
    rule: str = ""
    tensor: str = ""
    value: Data = 0
    why: Text


class Exercise(Record, frozen=True, kw_only=True):
    """One problem: its data, the layers it goes through, what is asked. ``added`` marks what the sheet lacks."""

    id: Id
    title: Text
    prose: str = ""
    added: bool = False
    tensors: dict[Name, Data] = {}
    layer: Annotated[list[AnyLayer], Meta(max_length=MOST_LAYERS)] = []
    track: Track | None = None
    ask: dict[str, list[str]] = {}
    vary: Vary = Vary()
    choice: Annotated[list[Choice], Meta(max_length=MOST_CHOICES)] = []
    twin: Annotated[list[Twin], Meta(max_length=MOST_TWINS)] = []
    erroneous: Annotated[list[Erroneous], Meta(max_length=MOST_CHOICES)] = []


class Erratum(Record, frozen=True, kw_only=True):
    """Where the printed sheet differs from the engine: the question, what is printed there, and why it is wrong."""

    question: Text
    printed: Data
    note: Text


class Printed(Record, frozen=True, kw_only=True):
    """What a sheet prints for a question, so that ``check`` can hold it against the engine. Students never see it."""

    question: Text
    value: Data | str
    note: str = ""


class Lesson(Record, frozen=True, kw_only=True):
    """One lesson file. ``questions`` is how many the guided lesson asks, so that a list need not compute it."""

    format_version: int
    id: Id
    title: Text
    section: str
    intro: Text
    conventions: Text
    key_ideas: list[str]
    notes: str = ""
    needs: list[Id] = []
    questions: int | None = None
    exercise: Annotated[list[Exercise], Meta(min_length=1, max_length=MOST_EXERCISES)]
    erratum: list[Erratum] = []
    printed: list[Printed] = []
