"""Rests: what is wanted is done once nothing happens any more, without any thread, and not while something is done."""

import asyncio
import threading

import pytest

from cnn_tutor.tui import rest


@pytest.fixture
def wanted(monkeypatch):
    done = []
    monkeypatch.setattr(rest, "_wanted", [])
    monkeypatch.setattr(rest, "SOON", 0.0)
    monkeypatch.setattr(rest, "CALM", 0.0)
    rest.want(lambda: done.append(hands()))
    return done


def hands():
    return [one.name for one in threading.enumerate() if one.name.startswith("hand")]


async def until(condition):
    while not condition():
        await asyncio.sleep(0.001)


async def test_a_rest_comes_when_all_is_done_and_ends_the_threads(wanted):
    gate, tidied = threading.Event(), []
    one = rest.Rest(lambda: tidied.append(1))
    one.put_off()
    working = asyncio.ensure_future(asyncio.to_thread(gate.wait))
    await until(hands)
    one.put_off()
    for _ in range(20):
        await asyncio.sleep(0)
    assert not wanted and not tidied
    gate.set()
    await working
    await until(lambda: wanted)
    assert wanted == [[]] and tidied == [1]
    assert await asyncio.to_thread(int, "7") == 7
    one.put_off()
    await until(lambda: len(wanted) == 2)
    assert wanted[1] == []


async def test_nothing_wakes_up_where_nothing_is_wanted(monkeypatch):
    monkeypatch.setattr(rest, "_wanted", [])
    one = rest.Rest(lambda: None)
    one.put_off()
    assert one._timer is None
