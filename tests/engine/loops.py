"""The engine's ops, and the definitions of :mod:`tests.engine.oracles`, behind one set of names: data of full shape."""

import math

import numpy as np

from cnn_tutor import engine
from tests.engine import oracles


class Engine:
    """The engine; every method gives an array."""

    @staticmethod
    def conv(x, w, b=None, *, stride, pads, dilation, groups):
        op = getattr(engine, f"conv{x.ndim - 2}d")
        return op(x, w, b, stride=stride, padding=pads, dilation=dilation, groups=groups).output

    @staticmethod
    def conv_transpose(x, w, *, stride, padding):
        return getattr(engine, f"conv_transpose{x.ndim - 2}d")(x, w, stride=stride, padding=padding).output

    @staticmethod
    def max_pool(x, kernel, *, stride, pads, dilation, ceil_mode):
        op = getattr(engine, f"max_pool{x.ndim - 2}d")
        return op(x, kernel, stride=stride, padding=pads, dilation=dilation, ceil_mode=ceil_mode).output

    @staticmethod
    def avg_pool(x, kernel, *, stride, pads, ceil_mode, include):
        op = getattr(engine, f"avg_pool{x.ndim - 2}d")
        return op(x, kernel, stride=stride, padding=pads, ceil_mode=ceil_mode, count_include_pad=include).output

    @staticmethod
    def linear(x, w, b=None):
        return engine.linear(x, w, b).output

    @staticmethod
    def relu(x):
        return engine.relu(x).output

    @staticmethod
    def sigmoid(x):
        return engine.sigmoid(x).output

    @staticmethod
    def softmax(x, axis):
        return engine.softmax(x, axis).output

    @staticmethod
    def batch_norm(x, gamma=None, beta=None, *, eps, mean=None, var=None):
        return engine.batch_norm(x, gamma, beta, eps=eps, running_mean=mean, running_var=var).output

    @staticmethod
    def layer_norm(x, gamma=None, beta=None, *, eps, axes):
        return engine.layer_norm(x, gamma, beta, eps=eps, axes=axes).output

    @staticmethod
    def group_norm(x, groups, gamma=None, beta=None, *, eps):
        return engine.group_norm(x, groups, gamma, beta, eps=eps).output

    @staticmethod
    def instance_norm(x, gamma=None, beta=None, *, eps):
        return engine.instance_norm(x, gamma, beta, eps=eps).output

    @staticmethod
    def patches(x, kernel, *, stride=1, padding=0, dilation=1):
        return engine.im2col(x, kernel, stride=stride, padding=padding, dilation=dilation).output

    @staticmethod
    def toeplitz(w, shape, *, pads):
        return engine.toeplitz(w, shape, padding=pads).output

    @staticmethod
    def statistics(x):
        trace = engine.batch_norm(x)
        return trace.tensors["mean"], trace.tensors["variance"]


class Loops:
    """The definitions, in loops; every method gives an array."""

    @staticmethod
    def conv(x, w, b=None, *, stride, pads, dilation, groups):
        y = oracles.convolution(x, w, stride, pads, dilation, groups)
        return y if b is None else y + b.reshape(-1, *[1] * (x.ndim - 2))

    @staticmethod
    def conv_transpose(x, w, *, stride, padding):
        rank = x.ndim - 2
        return oracles.transposed_convolution(x, w, stride, padding, (0,) * rank, (1,) * rank, 1)

    @staticmethod
    def max_pool(x, kernel, *, stride, pads, dilation, ceil_mode):
        return oracles.pool(x, kernel, stride, pads, dilation, ceil_mode)

    @staticmethod
    def avg_pool(x, kernel, *, stride, pads, ceil_mode, include):
        return oracles.pool(x, kernel, stride, pads, (1,) * (x.ndim - 2), ceil_mode, include)

    @staticmethod
    def linear(x, w, b=None):
        rows = x.reshape(-1, x.shape[-1])
        y = np.array([[math.fsum(p * q for p, q in zip(row, one, strict=True)) for row in w] for one in rows])
        return (y if b is None else y + b).reshape(*x.shape[:-1], len(w))

    @staticmethod
    def relu(x):
        return np.where(x > 0, x, 0)

    @staticmethod
    def sigmoid(x):
        return np.array([1 / (1 + math.exp(-z)) for z in x.ravel().tolist()]).reshape(x.shape)

    @staticmethod
    def softmax(x, axis):
        return np.apply_along_axis(oracles.softmax, axis, x)

    @staticmethod
    def batch_norm(x, gamma=None, beta=None, *, eps, mean=None, var=None):
        if mean is None:
            z = np.stack([oracles.normalise(x[:, c], eps) for c in range(x.shape[1])], axis=1)
        else:
            spread = (-1, *[1] * (x.ndim - 2))
            z = (x - mean.reshape(spread)) / np.sqrt(var.reshape(spread) + eps)
        return _affine(z, gamma, beta)

    @staticmethod
    def layer_norm(x, gamma=None, beta=None, *, eps, axes):
        assert axes == (x.ndim - 1,)
        z = np.apply_along_axis(oracles.normalise, -1, x, eps)
        return z if gamma is None else z * gamma + beta

    @staticmethod
    def group_norm(x, groups, gamma=None, beta=None, *, eps):
        sets = [oracles.normalise(part, eps) for one in x for part in np.split(one, groups)]
        return _affine(np.concatenate(sets).reshape(x.shape), gamma, beta)

    @staticmethod
    def instance_norm(x, gamma=None, beta=None, *, eps):
        return Loops.group_norm(x, x.shape[1], gamma, beta, eps=eps)

    @staticmethod
    def patches(x, kernel, *, stride=1, padding=0, dilation=1):
        full = x.reshape((1,) * (4 - x.ndim) + x.shape) if np.ndim(x) > 1 else x.reshape(1, 1, 1, -1)
        kernel = (1,) * (2 - len(kernel)) + tuple(kernel)
        stride, dilation, padding = (
            (default,) * (2 - len(oracles.each(value, len(kernel)))) + oracles.each(value, len(kernel))
            for value, default in ((stride, 1), (dilation, 1), (padding, 0))
        )
        units = np.eye(full.shape[1] * math.prod(kernel)).reshape(-1, full.shape[1], *kernel)
        y = oracles.convolution(full, units, stride, [(p, p) for p in padding], dilation, 1)
        rows = y.reshape(len(y), len(units), -1).swapaxes(1, 2)
        return rows if x.ndim == 4 else rows[0]

    @staticmethod
    def toeplitz(w, shape, *, pads):
        rank, columns = w.ndim, []
        for cell in np.ndindex(*shape):
            unit = np.zeros(shape)
            unit[cell] = 1
            one = (1,) * rank
            columns.append(oracles.convolution(unit[None, None], w[None, None], one, pads, one, 1).ravel())
        return np.array(columns).T

    @staticmethod
    def statistics(x):
        sets = [[float(z) for z in x[:, c].ravel()] for c in range(x.shape[1])]
        means = [math.fsum(one) / len(one) for one in sets]
        return np.array(means), np.array(
            [math.fsum((z - mean) ** 2 for z in one) / len(one) for one, mean in zip(sets, means, strict=True)]
        )


def _affine(z, gamma, beta):
    """γ and β, one number a channel."""
    spread = (-1, *[1] * (z.ndim - 2))
    return z if gamma is None else z * gamma.reshape(spread) + beta.reshape(spread)
