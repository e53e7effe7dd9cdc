"""Eight viewers at once, and a ninth who floods: each a client of the app's socket in a process beside.

    python -m benchmarks.live.viewers ADDRESS MODEL        prints frames a second of eight viewers
    python -m benchmarks.live.viewers ADDRESS MODEL flood  asks as fast as it can until it is stopped

A viewer does what a tab does: one question in flight, the next one as soon as
the answer is there. Whoever floods sends without waiting, and reads what comes.
"""

from __future__ import annotations

import asyncio
import json
import struct
import sys
from asyncio.subprocess import PIPE

import numpy as np
from websockets.asyncio.client import ClientConnection, connect

import playground
from benchmarks.live.line import Line
from benchmarks.live.server import ROOT

NUM_VIEWERS = 8
SECONDS = 5.0
SETTLE_SECONDS = 1.0
MIN_FRAMES_A_SECOND = 20
MAX_CHANGE = 0.2


async def measure_viewers(address: str, model: str) -> list[Line]:
    """Eight viewers without and with a ninth who floods; then without again."""
    alone = [await _rates(address, model)]
    flood = await asyncio.create_subprocess_exec(*_command(address, model, "flood"), cwd=ROOT, stdout=PIPE)
    try:
        await flood.stdout.readline()
        flooded = await _rates(address, model)
    finally:
        flood.terminate()
        await flood.wait()
    alone.append(await _rates(address, model))
    slowest, fastest = (sum(choose(rates) for rates in alone) / 2 for choose in (min, max))
    usual = sum(map(sum, alone)) / 2
    changes = {"in all": sum(flooded) / usual - 1, "of the slowest": min(flooded) / slowest - 1}
    return [
        Line(
            "eight viewers on the server",
            f"slowest {slowest:.1f}, fastest {fastest:.1f} fps",
            f"at least {MIN_FRAMES_A_SECOND} fps, slowest at least half the fastest",
            slowest >= max(MIN_FRAMES_A_SECOND, fastest / 2),
        ),
        Line(
            "the same, while a ninth floods",
            ", ".join(f"{words} {100 * change:+.0f} %" for words, change in changes.items()),
            "less than 20 % lost",
            all(change > -MAX_CHANGE for change in changes.values()),
        ),
    ]


def _command(address: str, model: str, *more: str) -> list[str]:
    return [sys.executable, "-m", "benchmarks.live.viewers", address, model, *more]


async def _rates(address: str, model: str) -> list[float]:
    viewers = await asyncio.create_subprocess_exec(*_command(address, model), cwd=ROOT, stdout=PIPE)
    said, _ = await viewers.communicate()
    return json.loads(said)


def _question(model: playground.LoadedModel, number: int) -> bytes:
    codes = np.random.default_rng(number).standard_normal(model.latent_dim, dtype="<f4")
    classes = np.eye(max(1, len(model.class_names)), dtype="<f4")[number % max(1, len(model.class_names))]
    return struct.pack("<2I", number, 1) + codes.tobytes() + (classes.tobytes() if model.class_names else b"")


async def _enter(address: str, model: playground.LoadedModel) -> ClientConnection:
    """A connection with the model open, from a page of the app's own."""
    socket = f"ws{address.removeprefix('http')}/live/socket"
    connection = await connect(socket, origin=address, compression=None)
    await connection.send(json.dumps({"model": model.name, "fingerprint": model.fingerprint}))
    assert json.loads(await connection.recv()) == {"ready": model.name}
    return connection


async def _watch(connection: ClientConnection, questions: list[bytes]) -> float:
    """Frames a second of one viewer, after a second to settle."""
    clock = asyncio.get_running_loop().time
    start = clock() + SETTLE_SECONDS
    num_frames, now, number = 0, clock(), 0
    while now < start + SECONDS:
        question = questions[number % len(questions)]
        number += 1
        await connection.send(question)
        answer = await connection.recv()
        assert answer[:4] == question[:4]
        now = clock()
        num_frames += now >= start
    return num_frames / SECONDS


async def _watch_all(address: str, model: playground.LoadedModel) -> list[float]:
    connections = [await _enter(address, model) for _ in range(NUM_VIEWERS)]
    questions = [_question(model, number) for number in range(64)]
    rates = await asyncio.gather(*(_watch(connection, questions) for connection in connections))
    await asyncio.gather(*(connection.close() for connection in connections))
    return rates


async def _flood(address: str, model: playground.LoadedModel) -> None:
    connection = await _enter(address, model)
    questions = [_question(model, number) for number in range(64)]

    async def read() -> None:
        async for _ in connection:
            pass

    reading = asyncio.ensure_future(read())
    print("flooding", flush=True)
    while not reading.done():
        for question in questions:
            await connection.send(question)
        await asyncio.sleep(0)


if __name__ == "__main__":
    where, name, *flooding = sys.argv[1:]
    if flooding:
        asyncio.run(_flood(where, playground.load(name)))
    else:
        print(json.dumps(asyncio.run(_watch_all(where, playground.load(name)))))
