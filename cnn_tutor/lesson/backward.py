"""The backward passes that a lesson may use: one record each, as in :mod:`cnn_tutor.lesson.layers`.

The input is that of the forward pass; ``grad`` is the gradient of what came out of it.
"""

from typing import ClassVar, TypeAlias

from cnn_tutor.lesson.layer import Layer, Name, Padding, Sizes


class Backward(Layer, frozen=True, kw_only=True):
    """What every backward pass takes."""

    shows: ClassVar[tuple[str, ...]] = ("weight", "grad")
    grad: Name


class Conv1dBackward(Backward, tag="conv1d_backward", frozen=True, kw_only=True):
    asks: ClassVar[tuple[str, ...]] = (
        "weight_grad",
        "weight_grad.all",
        "bias_grad",
        "scaled_copies",
        "output",
        "output.all",
    )
    weight: Name
    stride: Sizes = 1
    padding: Padding = 0
    dilation: Sizes = 1
    groups: int = 1


class Conv2dBackward(Conv1dBackward, tag="conv2d_backward", frozen=True, kw_only=True):
    pass


class MaxPool1dBackward(Backward, tag="max_pool1d_backward", frozen=True, kw_only=True):
    asks: ClassVar[tuple[str, ...]] = ("block", "shares", "output.all")
    kernel_size: Sizes
    stride: Sizes | None = None
    padding: Padding = 0
    dilation: Sizes = 1
    ceil_mode: bool = False


class MaxPool2dBackward(MaxPool1dBackward, tag="max_pool2d_backward", frozen=True, kw_only=True):
    pass


class AvgPool1dBackward(Backward, tag="avg_pool1d_backward", frozen=True, kw_only=True):
    asks: ClassVar[tuple[str, ...]] = ("shares", "output.all")
    kernel_size: Sizes
    stride: Sizes | None = None
    padding: Padding = 0
    ceil_mode: bool = False
    count_include_pad: bool = True


class AvgPool2dBackward(AvgPool1dBackward, tag="avg_pool2d_backward", frozen=True, kw_only=True):
    pass


class NormBackward(Backward, frozen=True, kw_only=True):
    """What every backward pass of a normalisation takes."""

    asks: ClassVar[tuple[str, ...]] = (
        *("mean", "denominator", "normalised", "scaled_grad", "grad_mean", "grad_products", "grad_share"),
        *("centred_grad", "output", "gamma_grad.all", "beta_grad.all", "output.all"),
    )
    gamma: Name | None = None
    eps: float = 1e-5


class BatchNormBackward(NormBackward, tag="batch_norm_backward", frozen=True, kw_only=True):
    pass


class LayerNormBackward(NormBackward, tag="layer_norm_backward", frozen=True, kw_only=True):
    axes: int | list[int] = -1


class GroupNormBackward(NormBackward, tag="group_norm_backward", frozen=True, kw_only=True):
    num_groups: int


class InstanceNormBackward(NormBackward, tag="instance_norm_backward", frozen=True, kw_only=True):
    pass


BackwardLayer: TypeAlias = (
    Conv1dBackward
    | Conv2dBackward
    | MaxPool1dBackward
    | MaxPool2dBackward
    | AvgPool1dBackward
    | AvgPool2dBackward
    | BatchNormBackward
    | LayerNormBackward
    | GroupNormBackward
    | InstanceNormBackward
)
