"""Text for terminals that cannot show everything: control characters never get through, and ``ascii`` spells the rest.

Numbers and formulas stay typeable: ``−1`` becomes ``-1``, ``√`` becomes ``sqrt``, ``σ`` becomes ``sigma``.
"""

from __future__ import annotations

import re
import unicodedata


def _pairs(text: str) -> dict[str, str]:
    """``"a b c d"`` → ``{"a": "b", "c": "d"}``."""
    words = text.split()
    return dict(zip(words[::2], words[1::2], strict=True))


_GREEK = _pairs("""
    α alpha  β beta  γ gamma  δ delta  ε eps  η eta  θ theta  λ lambda  μ mu  π pi  ρ rho  σ sigma  τ tau  φ phi
    ω omega  Γ Gamma  Δ Delta  Θ Theta  Λ Lambda  Π Pi  Σ Sum  Φ Phi  Ω Omega
""")
_SIGNS = _pairs("""
    − -  – -  — -  ‑ -  ‐ -  · *  × x  ⊙ (*)  ⊗ (x)  ÷ /  √ sqrt  ∞ inf  ∑ Sum  ∏ Prod  ∂ d  ∇ grad  ± +-
    ≤ <=  ≥ >=  ≠ !=  ≈ ~  ≡ ==  ∈ in  ⌊ floor(  ⌋ )  ⌈ ceil(  ⌉ )  ½ 1/2  ¼ 1/4  ¾ 3/4  … ...  • *
    → ->  ← <-  ↑ up  ↓ down  ↔ <->  ⇒ =>  ⇔ <=>  “ "  ” "  „ "  « "  » "  ‘ '  ’ '  ′ '  ″ "
    ∗ *  ⋆ *  ∘ o  ∓ -+  ∼ ~  ∝ ~  ⊤ T  ∫ Int  ⋯ ...  ⋮ :  ⋱ ..  ↦ ->  ⟨ <  ⟩ >  ‖ ||  ℓ l  ∉ not-in  ⊂ in  ∪ |  ∩ &
    ⊕ (+)  ∀ all  ∃ some  ⊤ T  ✓ +  ✔ +  ▸ >  ► >  ▾ v  ★ *  ☆ *
""")
_SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₗₘₙₐₑₕₒₚᵣₛₜᵤᵥₓ₊₋₌", "0123456789ijklmnaehoprstuvx+-=", strict=True))
_SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿⁱᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂ", "0123456789+-niABDEGHIJKLMNOPRTUVW", strict=True))
_LONG = re.compile("[₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₗₘₙₐₑₕₒₚᵣₛₜᵤᵥₓ]*[₊₋₌][₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₗₘₙₐₑₕₒₚᵣₛₜᵤᵥₓ₊₋₌]*")
"""A subscript that is a sum, which needs brackets."""
_BOX = {
    **dict.fromkeys("─━╌╍┄┅═▁", "-"),
    **dict.fromkeys("│┃║▏▎▍▌▋▊▉▐", "|"),
    **dict.fromkeys("┌┐└┘├┤┬┴┼╭╮╯╰╔╗╚╝┏┓┗┛", "+"),
    **dict.fromkeys("█▓▇▆▅▄▃▂▀■", "#"),
    **dict.fromkeys("░▒□", "."),
    **dict.fromkeys("⎡⎢⎣", "["),
    **dict.fromkeys("⎤⎥⎦", "]"),
    **dict.fromkeys("⎛⎜⎝", "("),
    **dict.fromkeys("⎞⎟⎠", ")"),
    **dict.fromkeys("⎧⎪⎩", "{"),
}
_UNPRINTABLE = ("Cc", "Cf", "Cn", "Co", "Cs")
_TABLE = {**_GREEK, **_SIGNS, **_BOX}
_HATS = (("x̂", "xhat"), ("ŷ", "yhat"), ("ẑ", "zhat"))


def clean(text: str) -> str:
    """``text`` without characters that would move the cursor or reach the terminal as commands."""
    if text.isascii() and text.isprintable():
        return text
    text = text.expandtabs(4)
    return "".join(one for one in text if one == "\n" or unicodedata.category(one) not in _UNPRINTABLE)


def to_ascii(text: str) -> str:
    """``text`` in ASCII: signs by their look, Greek letters by name, subscripts as ``_1``, other letters bare."""
    out: list[str] = []
    run = ""
    text = unicodedata.normalize("NFC", clean(text))
    text = _LONG.sub(lambda found: f"_({''.join(_SUBSCRIPTS[one] for one in found[0])})", text)
    for hat, name in _HATS:
        text = text.replace(hat, name)
    for one in text:
        if one in _SUBSCRIPTS:
            out.append(("" if run == "_" else "_") + _SUBSCRIPTS[one])
            run = "_"
            continue
        if one in _SUPERSCRIPTS:
            power = "^" if run != "^" and not (out and out[-1] == "(") else ""
            out.append(power + _SUPERSCRIPTS[one])
            run = "^"
            continue
        run = ""
        out.append(one if one.isascii() else _spell(one))
    return "".join(out)


def _spell(one: str) -> str:
    if one in "⁽⁾":
        return "(" if one == "⁽" else ")"
    if one in _TABLE:
        return _TABLE[one]
    bare = "".join(_TABLE.get(part, part) for part in unicodedata.normalize("NFKD", one))
    return bare.encode("ascii", "ignore").decode() or ("" if unicodedata.combining(one) else "?")
