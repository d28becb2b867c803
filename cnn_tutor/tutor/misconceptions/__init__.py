"""The wrong ideas that learners bring to CNN arithmetic: one row each, in the module of its topic.

To add one, add a row. ``on`` are the ops it belongs to, ``at`` the kinds of step where it does its harm (all that the
change names, if left out). ``says`` is one sentence on what seems to have happened and one question; it never gives the
right value away.
"""

from functools import lru_cache

from cnn_tutor.tutor.misconceptions.backward import ROWS as BACKWARD
from cnn_tutor.tutor.misconceptions.channels import ROWS as CHANNELS
from cnn_tutor.tutor.misconceptions.conv import ROWS as CONV
from cnn_tutor.tutor.misconceptions.counting import ROWS as COUNTING
from cnn_tutor.tutor.misconceptions.dense import ROWS as DENSE
from cnn_tutor.tutor.misconceptions.groups import ROWS as GROUPS
from cnn_tutor.tutor.misconceptions.head import ROWS as HEAD
from cnn_tutor.tutor.misconceptions.inference import ROWS as INFERENCE
from cnn_tutor.tutor.misconceptions.length import ROWS as LENGTH
from cnn_tutor.tutor.misconceptions.matrix import ROWS as MATRIX
from cnn_tutor.tutor.misconceptions.norm import ROWS as NORM
from cnn_tutor.tutor.misconceptions.params import ROWS as PARAMS
from cnn_tutor.tutor.misconceptions.pool import ROWS as POOL
from cnn_tutor.tutor.misconceptions.reach import ROWS as REACH
from cnn_tutor.tutor.misconceptions.row import Misconception
from cnn_tutor.tutor.misconceptions.scaling import ROWS as SCALING
from cnn_tutor.tutor.misconceptions.sliding import ROWS as SLIDING
from cnn_tutor.tutor.misconceptions.transpose import ROWS as TRANSPOSE

ALL: tuple[Misconception, ...] = (
    *LENGTH,
    *SLIDING,
    *CONV,
    *CHANNELS,
    *POOL,
    *MATRIX,
    *DENSE,
    *NORM,
    *SCALING,
    *GROUPS,
    *PARAMS,
    *TRANSPOSE,
    *HEAD,
    *REACH,
    *COUNTING,
    *INFERENCE,
    *BACKWARD,
)

BY_ID = {row.id: row for row in ALL}


@lru_cache(None)
def about(op: str) -> tuple[Misconception, ...]:
    """The ideas about an op."""
    return tuple(row for row in ALL if op in row.on)


__all__ = ["ALL", "BY_ID", "Misconception", "about"]
