"""The lesson that ``cnn-tutor new`` writes: small, sound, and with a word on each of its parts."""

from __future__ import annotations

import re

_TEXT = """\
# A lesson for cnn-tutor. What stands behind a # is for you; students never see it.
#
#   cnn-tutor check {name}            what is wrong, and what might be better
#   cnn-tutor learn {name} --watch    try it while you write: save, and it is shown anew
#   cnn-tutor sheet {name} --key      the same on paper, with the worked solution
#
# The whole format, by example: the author's guide, lessons/README.md.
# For completion in an editor: cnn-tutor check --schema > lesson.schema.json, beside this file.
#:schema ./lesson.schema.json

format_version = 1
id = "{id}"                      # for ever: progress is kept under it; small letters, digits and -
title = "{title}"
section = ""                     # the heading of your sheet that it belongs to, if there is one
needs = []                       # ids of lessons to do before, as in ["conv1d"]
questions = {questions}                   # how many it asks; check tells you the number

# Shown first. Markdown; formulas in Unicode or between dollar signs, as in $y_1 = w_1 x_1 + w_2 x_2$.
intro = '''
Say in two or three sentences what this is about and why it is worth the work.
'''

# A card that stays at hand: how things are counted and written here.
conventions = '''
- Counting starts at **1**: the first entry of x is $x_1$.
- The kernel is laid down as it is written, without turning it round.
'''

# Shown at the end, one line each.
key_ideas = ["Each output looks only at the inputs under its window."]

# One problem. A lesson has as many as you like.
[[exercise]]
id = "sheet"
title = "Two weights over four entries"
prose = "Slide w over x, multiply what lies on top of each other, and add."

# The numbers that are given. A matrix is a list of rows. Never write an answer: it is computed.
[exercise.tensors]
x = [1, 3, -2, 4]
w = [2, -1]

# What is computed: layers, one after the other. The first takes the first tensor, each later one what came before.
[[exercise.layer]]
op = "conv1d"
weight = "w"
stride = 1
output = "y"

# What is asked of each output, in this order. Without this table: what the operation asks by default.
[exercise.ask]
y = ["out_size.rows", "window", "products", "output", "output.all"]

# A multiple-choice question, with a reason for every wrong option, best put as a question.
[[exercise.choice]]
id = "why"
prompt = "Why are there fewer outputs than inputs?"
options = ["The window must fit inside", "The kernel has fewer entries"]
answer = "The window must fit inside"
[exercise.choice.why]
"The kernel has fewer entries" = "And if the kernel had one entry only? What limits the places of the window?"

# More of what a problem can have, each explained in the guide:
#   [exercise.vary]         which numbers and sizes may change with --seed
#   [[exercise.twin]]       the same problem with numbers that tell more mistakes apart
#   [[exercise.erroneous]]  a finished working in which the first wrong line is to be found
#   [exercise.track]        a network without numbers: only its shapes and parameters are asked

# What your sheet prints, to be held against the computed values: check tells you of every misprint.
[[printed]]
question = "sheet/y"
value = [-1, 8, -8]
"""

QUESTIONS = 12
"""What the lesson asks."""


def template(name: str) -> str:
    """The text of a new lesson in a file called ``name``, which gives it its id and title."""
    stem = re.sub(r"^\d+[-_ ]*", "", name.rpartition("/")[2].removesuffix(".toml"))
    own = re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-")[:40].strip("-") or "lesson"
    title = own.replace("-", " ").capitalize()
    return _TEXT.format(name=name, id=own, title=title, questions=QUESTIONS)
