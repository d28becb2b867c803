"""Numbers, tensors, and the ways in which students write them."""

import math
from fractions import Fraction

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from cnn_tutor.tutor.numeric import decimals_wanted

integers = st.integers(-9999, 9999)
reals = st.floats(-1e4, 1e4, allow_nan=False).filter(lambda value: value == 0 or abs(value) > 1e-9)
numbers = integers | reals
digits_to_spare = st.integers(0, 5)


def tensors(elements=numbers, *, ranks=(0, 1, 2), max_side=5):
    """Integer or real arrays of the ranks that are asked."""
    shapes = st.sampled_from(ranks).flatmap(lambda rank: st.tuples(*[st.integers(1, max_side)] * rank))
    whole = shapes.flatmap(lambda shape: hnp.arrays(np.int64, shape, elements=integers))
    real = shapes.flatmap(lambda shape: hnp.arrays(np.float64, shape, elements=reals))
    return st.one_of(whole, real) if elements is numbers else whole if elements is integers else real


def _minus(text, draw):
    """The minus signs of keyboards and worksheets."""
    return text.replace("-", draw(st.sampled_from(["-", "−", "–"])))


@st.composite
def whole_number_forms(draw, value):
    """A whole number as digits, with a sign, a point, as a fraction, a root, a sum or a product."""
    other = draw(st.integers(1, 30))
    forms = [
        f"{value}",
        f"{value:+}",
        f"{value}.",
        f"{value}.0",
        f"{value}e0",
        f"({value})",
        f"{value * other}/{other}",
        f"{value}*1 + 0*{other}",
        f"{value - other}+{other}",
        f"{value} - 0·{other}",
        f"2*({value})−({value})",
        f"abs({value})" if value >= 0 else f"-abs({value})",
        f"sqrt({value * value})" if value >= 0 else f"-√({value * value})",
        f"relu({value})" if value >= 0 else f"−relu({-value})",
    ]
    return _minus(draw(st.sampled_from(forms)), draw)


@st.composite
def real_forms(draw, value):
    """A real rounded to at least the decimals that are wanted, or as an expression of the same value."""
    decimals = decimals_wanted([value]) + draw(digits_to_spare)
    rounded = f"{value:.{decimals}f}"
    significant = decimals + max(0, math.floor(math.log10(abs(value)))) + 1 if value else 4
    forms = [
        rounded,
        rounded.replace("0.", ".", 1) if rounded.lstrip("-").startswith("0.") else rounded,
        f"+{rounded}" if value >= 0 else rounded,
        f"({value!r})",
        f"{value:.{significant}e}",
        f"{value!r}*1",
        f"{2 * value!r}/2",
        f"{value!r} + 0",
    ]
    return _minus(draw(st.sampled_from(forms)), draw)


def forms(value):
    """Any accepted way of writing ``value``."""
    whole = isinstance(value, int) or value == round(value)
    return whole_number_forms(int(value)) if whole else real_forms(value)


@st.composite
def vector_forms(draw, values):
    """A vector parted by blanks, commas or line ends, in brackets of any kind or none."""
    cells = [draw(forms(value)) for value in values]
    tight = [cell.replace(" ", "") for cell in cells]
    comma = draw(st.sampled_from([", ", ",", " , "]))
    whole = [
        " ".join(tight),
        "  ".join(tight),
        f"[{' '.join(tight)}]",
        f"[{comma.join(cells)}]",
        f"{{{comma.join(cells)}}}",
        f"({comma.join(cells)})",
        comma.join(cells),
        f"{comma.join(cells)},",
        "\n".join(cells),
        "; ".join(cells),
    ]
    return draw(st.sampled_from(whole if len(values) > 1 else whole[2:5] + whole[:1]))


@st.composite
def matrix_forms(draw, rows):
    """A matrix by rows: lines, semicolons, or brackets in brackets."""
    cells = [[draw(forms(value)).replace(" ", "") for value in row] for row in rows]
    blanks, commas = [" ".join(row) for row in cells], [", ".join(row) for row in cells]
    return draw(
        st.sampled_from(
            [
                "\n".join(blanks),
                "; ".join(blanks),
                ";".join(commas),
                f"[{'; '.join(blanks)}]",
                f"[[{'], ['.join(commas)}]]",
                f"[[{'],['.join(commas)}]]",
                f"[[{'] ['.join(blanks)}]]",
                f"[{']['.join(blanks)}]",
                f"{{{{{'}, {'.join(commas)}}}}}",
                *([f"(({'), ('.join(commas)}))", f"({'),('.join(commas)})"] if len(rows) > 1 < len(rows[0]) else []),
            ]
        )
    )


def tensor_forms(array):
    """Any accepted way of writing an array; the rows of several maps follow one another."""
    if array.ndim == 0:
        return forms(array.item())
    if array.ndim == 1:
        return vector_forms(array.tolist())
    return matrix_forms(array.reshape(-1, array.shape[-1]).tolist())


garbage = st.one_of(
    st.text(),
    st.text(st.characters(categories=["Cc", "Cf", "Cs", "Nd", "Nl", "No", "Zs", "Sm"])),
    st.text("0123456789.,;-+*/^()[]{}eE√σ_?x ×\n", max_size=60),
    st.lists(
        st.sampled_from(
            [
                "1",
                "-1",
                ".5",
                "sqrt",
                "(",
                ")",
                "[",
                "]",
                ";",
                ",",
                "e",
                "^",
                "**",
                "/",
                "*",
                "+",
                "-",
                "√",
                "σ(",
                "1e400",
                "1e-400",
                "ln",
                "_",
                "NaN",
                "inf",
                "9**9**9",
            ]
        )
    ).map(" ".join),
    st.sampled_from(["(", "[", "√", "-", "e^", "2^", "1e", "1,", "0;", "\x00", "\x1b[2J", "sqrt("]).flatmap(
        lambda part: st.integers(1, 3000).map(lambda times: part * times)
    ),
)

fractions = st.fractions(-50, 50, max_denominator=40)


def as_float(value: Fraction) -> float:
    return float(value)
