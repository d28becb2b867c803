"""What every layer record has: an output, perhaps an input, and fields that name tensors or hold hyper-parameters."""

from functools import lru_cache
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from msgspec import Meta, Struct

Name: TypeAlias = Annotated[str, Meta(pattern=r"^[A-Za-z][A-Za-z0-9_]*$", max_length=20)]
Sizes: TypeAlias = int | list[int]
Padding: TypeAlias = int | Literal["same", "valid"] | list[Any]


class Record(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Base of all records: unknown keys are refused, values cannot change."""


class Layer(Record, tag_field="op", frozen=True, kw_only=True):
    """One engine op. ``input`` is a tensor or an earlier output; without one it is the previous layer's output.

    ``asks`` are the kinds of step asked unless the exercise says otherwise (see :mod:`cnn_tutor.tutor.ask`).
    """

    asks: ClassVar[tuple[str, ...]] = ("output.all",)
    takes_input: ClassVar[bool] = True
    """Whether the op reads the previous layer's output at all."""
    shows: ClassVar[tuple[str, ...]] = ("weight",)
    """The tensors, by field, that stay in sight at every question, beside the input."""

    output: Name
    input: Name | None = None


@lru_cache(maxsize=256)
def tensor_fields(layer: type[Layer]) -> tuple[str, ...]:
    """The fields of a record that name a tensor, apart from its input and output."""
    records = reversed(layer.__mro__)
    types = {field: hint for one in records for field, hint in getattr(one, "__annotations__", {}).items()}
    names = (field for field in layer.__struct_fields__ if types[field] in (Name, Name | None))
    return tuple(field for field in names if field not in ("input", "output"))


def references(layer: Layer) -> dict[str, str]:
    """The fields of ``layer`` that name a tensor, apart from its input and output, with the name they give."""
    values = ((field, getattr(layer, field)) for field in tensor_fields(type(layer)))
    return {field: value for field, value in values if value is not None}


def op_name(layer: Layer) -> str:
    """The engine op of a layer."""
    return str(layer.__struct_config__.tag)


def arguments(layer: Layer) -> dict[str, Any]:
    """The hyper-parameters of ``layer``: its fields that are neither tensors nor unset."""
    skipped = {"input", "output", *tensor_fields(type(layer))}
    fields = ((field, getattr(layer, field)) for field in layer.__struct_fields__ if field not in skipped)
    return {field: value for field, value in fields if value is not None}
