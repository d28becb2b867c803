"""The operations a lesson may use: one record each, whose fields are the arguments of the engine op of its tag.

A new op needs one more record here and nothing else. Fields of type ``Name`` refer to tensors.
"""

from functools import lru_cache
from typing import ClassVar, TypeAlias, get_args

from cnn_tutor.lesson.backward import BackwardLayer
from cnn_tutor.lesson.layer import Layer, Name, Padding, Sizes, tensor_fields

_LENGTH_ASKS = ("size", "kernel_size", "padded_size", "padded.all", "numerator", "moves", "out_size")
_CELL_ASKS = ("starts.all", "window", "products", "channel_sums", "weighted_sum", "output", "output.all")


class Conv1d(Layer, tag="conv1d", frozen=True, kw_only=True):
    asks: ClassVar[tuple[str, ...]] = (*_LENGTH_ASKS[:-1], "out_size.rows", *_CELL_ASKS)
    weight: Name
    bias: Name | None = None
    stride: Sizes = 1
    padding: Padding = 0
    dilation: Sizes = 1
    groups: int = 1


class Conv2d(Conv1d, tag="conv2d", frozen=True, kw_only=True):
    asks: ClassVar[tuple[str, ...]] = (*_LENGTH_ASKS, "out_size.all", *_CELL_ASKS)


_TRANSPOSE_ASKS = ("size", "kernel_size", "shifts", "laid_size")


class ConvTranspose1d(Layer, tag="conv_transpose1d", frozen=True, kw_only=True):
    asks: ClassVar[tuple[str, ...]] = (
        *_TRANSPOSE_ASKS,
        "out_size.rows",
        "scaled_copies",
        "weighted_sum",
        "output",
        "output.all",
    )
    weight: Name
    bias: Name | None = None
    stride: Sizes = 1
    padding: Padding = 0
    output_padding: Sizes = 0
    dilation: Sizes = 1
    groups: int = 1


class ConvTranspose2d(ConvTranspose1d, tag="conv_transpose2d", frozen=True, kw_only=True):
    asks: ClassVar[tuple[str, ...]] = (
        *_TRANSPOSE_ASKS,
        "out_size",
        "out_size.all",
        "scaled_copies",
        "weighted_sum",
        "output",
        "output.all",
    )


class MaxPool1d(Layer, tag="max_pool1d", frozen=True, kw_only=True):
    asks: ClassVar[tuple[str, ...]] = ("out_size.rows", "padded.all", "block", "output", "output.all")
    kernel_size: Sizes
    stride: Sizes | None = None
    padding: Padding = 0
    dilation: Sizes = 1
    ceil_mode: bool = False


class MaxPool2d(MaxPool1d, tag="max_pool2d", frozen=True, kw_only=True):
    asks: ClassVar[tuple[str, ...]] = ("out_size.all", "padded.all", "block", "output", "output.all")


class AvgPool1d(Layer, tag="avg_pool1d", frozen=True, kw_only=True):
    asks: ClassVar[tuple[str, ...]] = ("out_size.rows", "padded.all", "block", "sum", "output", "output.all")
    kernel_size: Sizes
    stride: Sizes | None = None
    padding: Padding = 0
    ceil_mode: bool = False
    count_include_pad: bool = True


class AvgPool2d(AvgPool1d, tag="avg_pool2d", frozen=True, kw_only=True):
    asks: ClassVar[tuple[str, ...]] = ("out_size.all", "padded.all", "block", "sum", "output", "output.all")


class GlobalAvgPool(Layer, tag="global_avg_pool", frozen=True, kw_only=True):
    asks: ClassVar[tuple[str, ...]] = ("sum", "output.all")


class GlobalMaxPool(Layer, tag="global_max_pool", frozen=True, kw_only=True):
    pass


class Flatten(Layer, tag="flatten", frozen=True, kw_only=True):
    asks: ClassVar[tuple[str, ...]] = ("length", "output.all")


class Reshape(Layer, tag="reshape", frozen=True, kw_only=True):
    shape: list[int]


class Linear(Layer, tag="linear", frozen=True, kw_only=True):
    asks: ClassVar[tuple[str, ...]] = ("weighted_sum", "output.all")
    weight: Name
    bias: Name | None = None


class Relu(Layer, tag="relu", frozen=True, kw_only=True):
    pass


class Sigmoid(Layer, tag="sigmoid", frozen=True, kw_only=True):
    asks: ClassVar[tuple[str, ...]] = ("exponential", "output.all")


class Softmax(Layer, tag="softmax", frozen=True, kw_only=True):
    asks: ClassVar[tuple[str, ...]] = ("exponential", "sum", "output.all")
    axis: int = -1


_NORM_ASKS = (
    *("set_size", "sum", "mean", "deviations", "squares", "variance", "denominator", "normalised"),
    *("mean.all", "variance.all", "output.all"),
)


class BatchNorm(Layer, tag="batch_norm", frozen=True, kw_only=True):
    asks: ClassVar[tuple[str, ...]] = _NORM_ASKS
    gamma: Name | None = None
    beta: Name | None = None
    eps: float = 1e-5
    running_mean: Name | None = None
    running_var: Name | None = None


class LayerNorm(Layer, tag="layer_norm", frozen=True, kw_only=True):
    asks: ClassVar[tuple[str, ...]] = _NORM_ASKS
    gamma: Name | None = None
    beta: Name | None = None
    eps: float = 1e-5
    axes: int | list[int] = -1


class GroupNorm(Layer, tag="group_norm", frozen=True, kw_only=True):
    asks: ClassVar[tuple[str, ...]] = ("set_size", "set", *_NORM_ASKS[1:])
    num_groups: int
    gamma: Name | None = None
    beta: Name | None = None
    eps: float = 1e-5


class InstanceNorm(Layer, tag="instance_norm", frozen=True, kw_only=True):
    asks: ClassVar[tuple[str, ...]] = _NORM_ASKS
    gamma: Name | None = None
    beta: Name | None = None
    eps: float = 1e-5


class Im2col(Layer, tag="im2col", frozen=True, kw_only=True):
    asks: ClassVar[tuple[str, ...]] = ("shape.all", "output", "output.all")
    kernel_size: Sizes
    stride: Sizes = 1
    padding: Padding = 0
    dilation: Sizes = 1


class Toeplitz(Layer, tag="toeplitz", frozen=True, kw_only=True):
    asks: ClassVar[tuple[str, ...]] = ("shape.all", "output", "output.all")
    takes_input: ClassVar[bool] = False
    weight: Name
    input_shape: list[int]
    stride: Sizes = 1
    padding: Padding = 0
    dilation: Sizes = 1


class Transpose(Layer, tag="transpose", frozen=True, kw_only=True):
    pass


class Flip(Layer, tag="flip", frozen=True, kw_only=True):
    axes: int | list[int] | None = None


class SamePadding(Layer, tag="same_padding", frozen=True, kw_only=True):
    asks: ClassVar[tuple[str, ...]] = ("out_length", "extent", "reach", "total", "output.all")
    takes_input: ClassVar[bool] = False
    shows: ClassVar[tuple[str, ...]] = ("length", "kernel_size", "stride", "dilation")
    length: Name
    kernel_size: Name
    stride: Name | None = None
    dilation: Name | None = None


class ReceptiveField(Layer, tag="receptive_field", frozen=True, kw_only=True):
    asks: ClassVar[tuple[str, ...]] = ("growth", "output", "jump", "jump.all", "output.all")
    takes_input: ClassVar[bool] = False
    shows: ClassVar[tuple[str, ...]] = ("kernel_size", "stride", "dilation")
    kernel_size: Name
    stride: Name | None = None
    dilation: Name | None = None


class CrossEntropy(Layer, tag="cross_entropy", frozen=True, kw_only=True):
    asks: ClassVar[tuple[str, ...]] = ("exponential", "sum", "probabilities", "losses", "output.all")
    shows: ClassVar[tuple[str, ...]] = ("target",)
    target: Name


class UpdateRunningMean(Layer, tag="update_running_mean", frozen=True, kw_only=True):
    asks: ClassVar[tuple[str, ...]] = ("mean", "kept", "added", "output.all")
    shows: ClassVar[tuple[str, ...]] = ("running_mean",)
    running_mean: Name
    momentum: float = 0.1


class UpdateRunningVar(Layer, tag="update_running_var", frozen=True, kw_only=True):
    asks: ClassVar[tuple[str, ...]] = ("deviations", "squares", "batch_var", "kept", "added", "output.all")
    shows: ClassVar[tuple[str, ...]] = ("running_var",)
    running_var: Name
    momentum: float = 0.1


class FoldWeight(Layer, tag="fold_weight", frozen=True, kw_only=True):
    asks: ClassVar[tuple[str, ...]] = ("denominator", "factor", "output.all")
    shows: ClassVar[tuple[str, ...]] = ("gamma", "running_var")
    gamma: Name
    running_var: Name
    eps: float = 1e-5


class FoldBias(FoldWeight, tag="fold_bias", frozen=True, kw_only=True):
    asks: ClassVar[tuple[str, ...]] = ("shifted_bias", "scaled_bias", "output.all")
    shows: ClassVar[tuple[str, ...]] = ("gamma", "beta", "running_mean", "running_var")
    beta: Name
    running_mean: Name


AnyLayer: TypeAlias = (
    Conv1d
    | Conv2d
    | ConvTranspose1d
    | ConvTranspose2d
    | MaxPool1d
    | MaxPool2d
    | AvgPool1d
    | AvgPool2d
    | GlobalAvgPool
    | GlobalMaxPool
    | Flatten
    | Reshape
    | Linear
    | Relu
    | Sigmoid
    | Softmax
    | BatchNorm
    | LayerNorm
    | GroupNorm
    | InstanceNorm
    | Im2col
    | Toeplitz
    | Transpose
    | Flip
    | SamePadding
    | ReceptiveField
    | CrossEntropy
    | UpdateRunningMean
    | UpdateRunningVar
    | FoldWeight
    | FoldBias
    | BackwardLayer
)

LAYERS: tuple[type[Layer], ...] = get_args(AnyLayer)
"""Every record of an op."""


@lru_cache(maxsize=256)
def tensors_of(op: str) -> tuple[str, ...]:
    """The arguments of an engine op that are tensors."""
    record = next((one for one in LAYERS if one.__struct_config__.tag == op), None)
    return () if record is None else ("x", *tensor_fields(record))
