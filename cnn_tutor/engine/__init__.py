"""The reference engine: every operation of a CNN, forward and backward, as a function that returns a :class:`Trace`.

NumPy only. Names and defaults are those of ``torch.nn.functional``; shapes are ``(N, C, *spatial)``, ``(C, *spatial)``
or the worksheet's bare maps. ``trace.output`` is the result, ``trace.tensors[name]`` any intermediate value and
``trace.steps`` the way a person would get there. An argument that does not fit raises a ShapeError that names it. NaN
and infinities in the data fit: they pass through every op as IEEE 754 and torch have it, and warn of nothing.
"""

from cnn_tutor.engine.activation import relu, sigmoid, softmax
from cnn_tutor.engine.conv import conv1d, conv2d
from cnn_tutor.engine.conv_backward import conv1d_backward, conv2d_backward
from cnn_tutor.engine.inference import fold_bias, fold_weight, update_running_mean, update_running_var
from cnn_tutor.engine.lengths import output_length
from cnn_tutor.engine.linear import flatten, linear, reshape
from cnn_tutor.engine.loss import cross_entropy
from cnn_tutor.engine.matmul import im2col, toeplitz
from cnn_tutor.engine.network import track
from cnn_tutor.engine.norm import batch_norm, group_norm, instance_norm, layer_norm
from cnn_tutor.engine.norm_backward import (
    batch_norm_backward,
    group_norm_backward,
    instance_norm_backward,
    layer_norm_backward,
)
from cnn_tutor.engine.pool import avg_pool1d, avg_pool2d, global_avg_pool, global_max_pool, max_pool1d, max_pool2d
from cnn_tutor.engine.pool_backward import (
    avg_pool1d_backward,
    avg_pool2d_backward,
    max_pool1d_backward,
    max_pool2d_backward,
)
from cnn_tutor.engine.rearrange import flip, transpose
from cnn_tutor.engine.receptive import receptive_field
from cnn_tutor.engine.same import same_padding
from cnn_tutor.engine.trace import Step, Trace, Window, chain
from cnn_tutor.engine.transpose import conv_transpose1d, conv_transpose2d

__all__ = [
    "Step",
    "Trace",
    "Window",
    "avg_pool1d",
    "avg_pool1d_backward",
    "avg_pool2d",
    "avg_pool2d_backward",
    "batch_norm",
    "batch_norm_backward",
    "chain",
    "conv1d",
    "conv1d_backward",
    "conv2d",
    "conv2d_backward",
    "conv_transpose1d",
    "conv_transpose2d",
    "cross_entropy",
    "flatten",
    "flip",
    "fold_bias",
    "fold_weight",
    "global_avg_pool",
    "global_max_pool",
    "group_norm",
    "group_norm_backward",
    "im2col",
    "instance_norm",
    "instance_norm_backward",
    "layer_norm",
    "layer_norm_backward",
    "linear",
    "max_pool1d",
    "max_pool1d_backward",
    "max_pool2d",
    "max_pool2d_backward",
    "output_length",
    "receptive_field",
    "relu",
    "reshape",
    "same_padding",
    "sigmoid",
    "softmax",
    "toeplitz",
    "track",
    "transpose",
    "update_running_mean",
    "update_running_var",
]
