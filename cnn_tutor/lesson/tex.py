r"""Formulas in a small set of TeX, as Unicode: ``$x_1$`` is x₁, ``$\frac{a}{b}$`` a/b, ``$\sum_{i=1}^n$`` ∑ᵢ₌₁ⁿ.

A formula stands between dollar signs, as in Markdown elsewhere; between two of them it has lines of its own, and a
matrix in it is drawn. What is not known here is left as it is typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

_FORMULA = re.compile(
    r"(?P<code>```.*?(?:```|\Z)|`[^`\n]+`)"
    r"|(?P<dollar>\\\$)"
    r"|\$\$(?P<display>[^$]+)\$\$"
    r"|(?<!\$)\$(?P<inline>(?! )[^$\n]{1,400}?(?<![ \\]))\$(?![\d$])",
    re.S,
)
_TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|\s+|.", re.S)


def _pairs(text: str) -> dict[str, str]:
    """``"a b c d"`` → ``{"a": "b", "c": "d"}``."""
    words = text.split()
    return dict(zip(words[::2], words[1::2], strict=True))


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SIGNS = _pairs("""
    alpha α  beta β  gamma γ  delta δ  epsilon ε  varepsilon ε  zeta ζ  eta η  theta θ  iota ι  kappa κ  lambda λ  mu μ
    nu ν  xi ξ  pi π  rho ρ  sigma σ  tau τ  upsilon υ  phi φ  varphi φ  chi χ  psi ψ  omega ω  Gamma Γ  Delta Δ
    Theta Θ  Lambda Λ  Xi Ξ  Pi Π  Sigma Σ  Phi Φ  Psi Ψ  Omega Ω
    cdot ·  times ×  div ÷  pm ±  mp ∓  odot ⊙  otimes ⊗  oplus ⊕  ast ∗  star ⋆  circ ∘  le ≤  leq ≤  ge ≥  geq ≥
    ne ≠  neq ≠  approx ≈  equiv ≡  sim ∼  propto ∝  in ∈  notin ∉  subset ⊂  cup ∪  cap ∩  to →  rightarrow →
    leftarrow ←  mapsto ↦  Rightarrow ⇒  infty ∞  partial ∂  nabla ∇  sum ∑  prod ∏  int ∫  lfloor ⌊  rfloor ⌋
    lceil ⌈  rceil ⌉  ldots …  dots …  cdots ⋯  vdots ⋮  ddots ⋱  mid |  vert |  lVert ‖  rVert ‖  top ⊤  prime ′
    ell ℓ  forall ∀  exists ∃  langle ⟨  rangle ⟩
""")
_NAMES = _words("max min log ln exp sin cos tanh softmax ReLU relu arg argmax argmin dim det var")
_ACCENTS = _pairs("hat \u0302 widehat \u0302 bar \u0304 overline \u0304 tilde \u0303 dot \u0307 vec \u20d7")
_FONTS = _words("text mathrm mathbf mathit mathsf mathtt mathcal mathbb boldsymbol operatorname textbf textit")
_SPACES = {"\\,": " ", "\\;": " ", "\\:": " ", "\\ ": " ", "\\!": "", "\\quad": "  ", "\\qquad": "    "}
_SKIPPED = frozenset(("\\left", "\\right", "\\big", "\\Big", "\\bigl", "\\bigr", "\\displaystyle", "\\limits"))
_MATRICES = {"matrix": "  ", "pmatrix": "()", "bmatrix": "[]", "vmatrix": "||", "cases": "{ "}
_SUB = dict(zip("0123456789+-−=()aehijklmnoprstuvxβγρφχ,", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ,", strict=True))
_SUPER = dict(
    zip(
        "0123456789+-−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW⊤′",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵀ′",
        strict=True,
    )
)
_DEEPEST = 12
MOST = 1000
"""Dollar signs of a text in which formulas are still looked for."""


class _Unbalanced(Exception):
    """A brace or an environment that is not closed."""


def written(text: str) -> str:
    """``text`` with every formula in Unicode; without a dollar sign it is returned as it is."""
    return _FORMULA.sub(_replaced, text) if 0 < text.count("$") < MOST else text


def unknown(text: str) -> list[str]:
    """What the formulas of ``text`` have that is left as it is typed."""
    found: list[str] = []
    for one in _FORMULA.finditer(text) if 0 < text.count("$") < MOST else ():
        source = one["display"] or one["inline"]
        if source:
            reader = _Reader(source)
            try:
                reader.lines()
            except _Unbalanced:
                found.append("a brace or an environment without its end")
            found += reader.unknown
    return list(dict.fromkeys(found))


def everywhere(data: Any) -> Any:
    """Parsed TOML with every formula in its texts, and in names made of texts, in Unicode."""
    if isinstance(data, str):
        return written(data)
    if isinstance(data, dict):
        return {written(key): everywhere(value) for key, value in data.items()}
    return [everywhere(one) for one in data] if isinstance(data, list) else data


def _replaced(found: re.Match[str]) -> str:
    if found["code"]:
        return found[0]
    if found["dollar"]:
        return "$"
    try:
        lines = _Reader(found["display"] or found["inline"]).lines()
    except _Unbalanced:
        return found[0]
    if found["inline"]:
        return lines[0] if len(lines) == 1 else _Reader(found["inline"], inline=True).lines()[0]
    return "\n\n" + "\n".join(f"    {line}" for line in lines) + "\n\n"


class _Reader:
    """One formula, read from left to right. A block of several lines stands in the middle of its line."""

    def __init__(self, source: str, *, inline: bool = False) -> None:
        self._tokens = _TOKEN.findall(source.strip())
        self._at = 0
        self._inline = inline
        self.unknown: list[str] = []

    def lines(self) -> list[str]:
        """The formula, on as many lines as its tallest matrix needs."""
        blocks: list[list[str]] = [[]]
        text = ""
        while self._at < len(self._tokens):
            if self._peek() == "}":
                raise _Unbalanced
            part = self._item(0)
            if isinstance(part, list):
                blocks += [[text], part, []]
                text = ""
            else:
                text += part
        return _beside([*blocks, [text]])

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _next(self) -> str:
        token = self._peek()
        self._at += 1
        return token

    def _item(self, depth: int) -> str | list[str]:
        """One thing with what stands below and above it."""
        if depth > _DEEPEST:
            raise _Unbalanced
        token = self._next()
        if token in ("_", "^"):
            return self._script(token, depth)
        if token == "{":
            return self._group(depth)
        if token.isspace():
            return " "
        if not token.startswith("\\"):
            return "∗" if token == "*" else "−" if token == "-" else token
        return self._command(token, depth)

    def _command(self, token: str, depth: int) -> str | list[str]:
        name = token[1:]
        if token == "\\begin":
            return self._matrix(depth)
        if name == "frac" or name in ("tfrac", "dfrac"):
            fraction = f"{_bracketed(self._argument(depth))}/{_bracketed(self._argument(depth))}"
            return f"{fraction} " if re.match(r"[\w\\({]", self._peek()) else fraction
        if name == "sqrt":
            inside = self._argument(depth)
            return f"√{inside}" if len(inside) == 1 or inside.isdecimal() else f"√({inside})"
        if name in _ACCENTS and self._peek().strip():
            inside = self._argument(depth)
            return unicodedata.normalize("NFC", inside[:1] + _ACCENTS[name]) + inside[1:]
        if name in _FONTS:
            return self._argument(depth)
        if token in _SKIPPED:
            return ""
        if token in _SPACES:
            return _SPACES[token]
        if name in _SIGNS:
            return _SIGNS[name]
        if name in _NAMES:
            return name
        if len(name) == 1 and not name.isalpha():
            return " ; " if name == "\\" else name
        self.unknown.append(token)
        return token

    def _argument(self, depth: int) -> str:
        while self._peek().isspace():
            self._at += 1
        if not self._peek():
            raise _Unbalanced
        part = self._item(depth + 1)
        return part if isinstance(part, str) else "; ".join(part)

    def _group(self, depth: int) -> str:
        parts: list[str] = []
        while self._peek() != "}":
            if not self._peek():
                raise _Unbalanced
            part = self._item(depth + 1)
            parts.append(part if isinstance(part, str) else "; ".join(part))
        self._at += 1
        return "".join(parts)

    def _script(self, sign: str, depth: int) -> str:
        inside = self._argument(depth).strip()
        table = _SUB if sign == "_" else _SUPER
        packed = inside.replace(" ", "")
        if packed and all(one in table for one in packed):
            return "".join(table[one] for one in packed)
        return f"{sign}{inside}" if len(inside) == 1 else f"{sign}({inside})"

    def _matrix(self, depth: int) -> str | list[str]:
        name = self._argument(depth)
        if name not in _MATRICES:
            self.unknown.append(f"\\begin{{{name}}}")
            return f"\\begin{{{name}}}"
        rows: list[list[str]] = [[""]]
        while self._peek() != "\\end":
            if not self._peek():
                raise _Unbalanced
            if self._peek() == "&":
                self._at += 1
                rows[-1].append("")
            elif self._peek() == "\\\\":
                self._at += 1
                rows.append([""])
            else:
                part = self._item(depth + 1)
                rows[-1][-1] += part if isinstance(part, str) else "; ".join(part)
        self._at += 1
        self._argument(depth)
        cells = [[cell.strip() for cell in row] for row in rows if any(cell.strip() for cell in row)]
        return _drawn(cells, _MATRICES[name], inline=self._inline)


def _bracketed(text: str) -> str:
    """A numerator or denominator, in brackets where it is more than one thing."""
    if re.fullmatch(r"√?\([^()]*\)", text):
        return text
    return f"({text})" if re.search(r"[ +−·×/=]", text.strip()) else text


_TALL = {"[": "⎡⎢⎣", "]": "⎤⎥⎦", "(": "⎛⎜⎝", ")": "⎞⎟⎠", "{": "⎧⎪⎩"}


def _drawn(rows: list[list[str]], around: str, *, inline: bool) -> str | list[str]:
    """A matrix on lines of its own; on one line ``[a b; c d]``."""
    opens, closes = around[0], around[1]
    if inline or len(rows) < 2:
        return f"{opens}{'; '.join(' '.join(row) for row in rows)}{closes}".strip()
    columns = max(len(row) for row in rows)
    full = [row + [""] * (columns - len(row)) for row in rows]
    widths = [max(_width(row[column]) for row in full) for column in range(columns)]
    lines = []
    for number, row in enumerate(full):
        part = 0 if number == 0 else 2 if number == len(full) - 1 else 1
        left, right = (_TALL[one][part] if one in _TALL else one for one in (opens, closes))
        cells = "  ".join(" " * (width - _width(cell)) + cell for cell, width in zip(row, widths, strict=True))
        lines.append(f"{left} {cells} {right}".rstrip())
    return lines


def _width(text: str) -> int:
    return sum(not unicodedata.combining(one) for one in text)


def _beside(blocks: list[list[str]]) -> list[str]:
    """Blocks of lines next to each other, each in the middle of the tallest."""
    shown = [block for block in blocks if any(block)]
    height = max((len(block) for block in shown), default=1)
    lines = [""] * height
    for block in shown:
        width = max(_width(line) for line in block)
        above = (height - len(block)) // 2
        for number in range(height):
            line = block[number - above] if 0 <= number - above < len(block) else ""
            lines[number] += line + " " * (width - _width(line))
    return [re.sub(r"(?<=\S) {3,}(?=\S)", "  ", line.rstrip()) if height == 1 else line.rstrip() for line in lines]


def commands() -> Iterator[str]:
    """Every command that is known, for the author's guide."""
    yield from sorted({*_SIGNS, *_NAMES, *_ACCENTS, *_FONTS, "frac", "sqrt"})
