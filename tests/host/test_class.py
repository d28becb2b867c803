"""A small class at once, as ``python -m tests.bench.classroom`` has a large one: what was done is what is reported."""

import asyncio
import json
import random

from cnn_tutor.cli import main
from cnn_tutor.tutor.drill import Drill
from tests.host.class_ import check, script, work
from tests.host.hosting import MANY, hosting

TASK = ("drill", "conv1d", "--seed", "7")


async def test_a_class_at_once_of_whom_some_are_cut_off(tmp_path, capsys):
    chance, names = random.Random(3), [f"student{number}" for number in range(6)]
    scripts = [
        script(name, Drill(("conv1d",), 7, 1, name=name), chance, cut=number < 2) for number, name in enumerate(names)
    ]
    gate = asyncio.Event()
    gate.set()
    with hosting(tmp_path, names, TASK, options=["--own-numbers", *MANY]) as host:
        await asyncio.gather(*(work(host, one, 0.02, gate) for one in scripts))
        assert [fault for one in scripts for fault in check(host, one)] == []
        assert [one.resumed for one in scripts] == [True] * 2 + [False] * 4
        assert main(["report", "--json", str(host.premises.students)]) == 0
    reported = json.loads(capsys.readouterr().out)
    scores = {one["student"]: (one["score"], one["total"]) for one in reported["scores"]}
    assert scores == {one.name: (one.score, len(one.answers)) for one in scripts}
