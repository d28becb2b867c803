"""What is asked and hinted for each kind of step, in the worksheet's words: one table a topic.

A row has the label of the value (the left side of ``label = ?``), the prompt for one step, the prompt for a whole
object, a hint that points at the place and a hint that teaches the rule. Rows are found by op family and kind, then by
kind alone; a kind without a row is asked by its label.

Fields: ``{o}`` output, ``{x}`` input, ``{w}`` weights, ``{row}`` which row of them, ``{b}`` bias, ``{wx}`` the product
of weights and input; ``{i}`` subscript and ``{at}`` plain index of what is written; ``{range}`` the cells read; ``{D}``
the name of the axis's length, ``{axis}`` its cells, ``{along}`` its direction; ``{set}`` the numbers that share a mean;
``{s}`` stride, ``{p}`` padding; every tensor field of the op by its own name, as ``{grad}``.
"""

from cnn_tutor.tutor.words.backward import WORDS as BACKWARD
from cnn_tutor.tutor.words.conv import WORDS as CONV
from cnn_tutor.tutor.words.dense import WORDS as DENSE
from cnn_tutor.tutor.words.head import WORDS as HEAD
from cnn_tutor.tutor.words.inference import WORDS as INFERENCE
from cnn_tutor.tutor.words.length import WORDS as LENGTH
from cnn_tutor.tutor.words.matrix import WORDS as MATRIX
from cnn_tutor.tutor.words.norm import WORDS as NORM
from cnn_tutor.tutor.words.pool import WORDS as POOL
from cnn_tutor.tutor.words.reach import WORDS as REACH
from cnn_tutor.tutor.words.row import Wording
from cnn_tutor.tutor.words.track import WORDS as TRACK
from cnn_tutor.tutor.words.transpose import WORDS as TRANSPOSE

WORDS: dict[tuple[str, str], Wording] = {
    **LENGTH,
    **CONV,
    **POOL,
    **DENSE,
    **NORM,
    **MATRIX,
    **TRACK,
    **TRANSPOSE,
    **HEAD,
    **REACH,
    **INFERENCE,
    **BACKWARD,
}

__all__ = ["WORDS", "Wording"]
