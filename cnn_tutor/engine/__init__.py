"""The reference engine: every operation of a CNN's forward pass as a function that returns a :class:`Trace`.

NumPy only. Names and defaults are those of ``torch.nn.functional``; shapes are ``(N, C, *spatial)``, ``(C, *spatial)``
or the worksheet's bare maps. ``trace.output`` is the result, ``trace.tensors[name]`` any intermediate value and
``trace.steps`` the way a person would get there. An argument that does not fit raises a ShapeError that names it. NaN
and infinities in the data fit: they pass through every op as IEEE 754 and torch have it, and warn of nothing.
"""

from cnn_tutor.engine.activation import relu, sigmoid, softmax
from cnn_tutor.engine.conv import conv1d, conv2d
from cnn_tutor.engine.lengths import output_length
from cnn_tutor.engine.linear import flatten, linear, reshape
from cnn_tutor.engine.matmul import im2col, toeplitz
from cnn_tutor.engine.network import track
from cnn_tutor.engine.norm import batch_norm, group_norm, instance_norm, layer_norm
from cnn_tutor.engine.pool import avg_pool1d, avg_pool2d, global_avg_pool, global_max_pool, max_pool1d, max_pool2d
from cnn_tutor.engine.trace import Step, Trace, Window, chain
from cnn_tutor.engine.transpose import conv_transpose1d, conv_transpose2d

__all__ = [
    "Step",
    "Trace",
    "Window",
    "avg_pool1d",
    "avg_pool2d",
    "batch_norm",
    "chain",
    "conv1d",
    "conv2d",
    "conv_transpose1d",
    "conv_transpose2d",
    "flatten",
    "global_avg_pool",
    "global_max_pool",
    "group_norm",
    "im2col",
    "instance_norm",
    "layer_norm",
    "linear",
    "max_pool1d",
    "max_pool2d",
    "output_length",
    "relu",
    "reshape",
    "sigmoid",
    "softmax",
    "toeplitz",
    "track",
]
