"""Every sentence that the engine has for an argument that does not fit is known where it is shown."""

import ast
from pathlib import Path

import pytest

from cnn_tutor import engine
from cnn_tutor.errors import ShapeError
from cnn_tutor.lesson import fitting


def sentences():
    """What the engine may say, with a sign for each thing that it quotes."""
    for file in sorted(Path(engine.__file__).parent.glob("*.py")):
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "ShapeError":
                parts = call.args[0].values if isinstance(call.args[0], ast.JoinedStr) else [call.args[0]]
                yield "".join(one.value if isinstance(one, ast.Constant) else "§" for one in parts)


@pytest.mark.parametrize("sentence", sorted(set(sentences())))
def test_it_is_known(sentence, monkeypatch):
    asked = []
    monkeypatch.setattr(fitting, "_", lambda text: asked.append(text) or text)
    assert fitting.said(ShapeError(sentence)) == sentence
    assert asked


def test_what_it_quotes_stays():
    error = ShapeError(
        "weight covers 6 cells, but x has only 5 with its padding: use a smaller weight or dilation, or more padding"
    )
    assert fitting.said(error) == str(error)
    assert fitting.said(ShapeError("Something new")) == "Something new"
