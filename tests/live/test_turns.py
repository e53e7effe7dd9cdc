"""Fairness by counting turns: nothing here depends on how fast the machine is."""

import asyncio
from collections import Counter

import pytest

from playground.live.pace import Pace
from playground.live.turns import Place, Turns
from tests.own_loop import run_soon


async def take_turns(turns, name, log, num_turns, pictures_a_turn=1):
    """A viewer who always wants the next turn at once."""
    place = Place()
    for _ in range(num_turns):
        async with turns.turn(place):
            log.append(name)
            await asyncio.sleep(0)
            turns.charge(place, pictures_a_turn)


async def all_of(*viewers):
    async with asyncio.TaskGroup() as tasks:
        for viewer in viewers:
            tasks.create_task(viewer)


def test_one_turn_at_a_time():
    async def run():
        turns, inside = Turns(), []

        async def viewer():
            place = Place()
            for _ in range(20):
                async with turns.turn(place):
                    inside.append("in")
                    await asyncio.sleep(0)
                    inside.append("out")

        await all_of(*[viewer() for _ in range(5)])
        assert inside == ["in", "out"] * 100

    run_soon(run())


def test_viewers_of_single_pictures_go_round():
    log = []
    turns = Turns()
    run_soon(all_of(*[take_turns(turns, name, log, 10) for name in "abcdefgh"]))
    assert log == list("abcdefgh") * 10


def test_whoever_asks_for_many_pictures_gets_as_many_as_the_others():
    log = []
    turns = Turns()
    run_soon(all_of(take_turns(turns, "many", log, 20, 8), *[take_turns(turns, name, log, 80) for name in "ab"]))
    first = Counter(log[:170])  # while all three are there
    assert abs(first["a"] - first["b"]) <= 1
    assert abs(first["many"] * 8 - first["a"]) <= 8


def test_a_flood_takes_less_than_a_fifth_from_the_others():
    async def flood(turns, log, gone):
        place = Place()
        while not gone.is_set():
            async with turns.turn(place):
                log.append("flood")
                await asyncio.sleep(0)
                turns.charge(place, 1)
            turns.charge(place, 10)  # what it asked and had replaced meanwhile

    async def run(num_viewers):
        turns, log, gone = Turns(), [], asyncio.Event()
        flooding = asyncio.create_task(flood(turns, log, gone))
        await all_of(*[take_turns(turns, str(index), log, 200) for index in range(num_viewers)])
        gone.set()
        await flooding
        return Counter(log)

    for num_viewers in (2, 8):
        counted = run_soon(run(num_viewers))
        assert 0 < counted["flood"] < 0.2 * 200


def test_a_flood_that_ends_is_soon_forgiven():
    async def run():
        turns, log, flooder = Turns(), [], Place()
        turns.charge(flooder, 1_000_000)
        others = [asyncio.create_task(take_turns(turns, name, log, 500)) for name in "ab"]
        await asyncio.sleep(0)
        async with turns.turn(flooder):
            waited = len(log)
        await asyncio.gather(*others)
        return waited

    assert 2 * 63 <= run_soon(run()) <= 2 * 65


def test_whoever_was_away_has_no_right_to_what_it_missed():
    async def run():
        turns, log = Turns(), []
        late = Place()
        async with turns.turn(late):
            pass
        stay = [asyncio.create_task(take_turns(turns, name, log, 200)) for name in "ab"]
        while len(log) < 100:
            await asyncio.sleep(0)
        for _ in range(50):
            async with turns.turn(late):
                log.append("late")
                await asyncio.sleep(0)
                turns.charge(late, 1)
        await asyncio.gather(*stay)
        return log

    log = run_soon(run())
    together = Counter(log[log.index("late") : len(log) - log[::-1].index("late")])
    assert together["late"] == 50
    assert abs(together["a"] - 50) <= 2
    assert abs(together["b"] - 50) <= 2


def test_whoever_leaves_while_it_waits_takes_no_turn():
    async def run():
        turns, log = Turns(), []
        async with turns.turn(Place()):
            waiting = [asyncio.create_task(take_turns(turns, name, log, 1)) for name in "abc"]
            await asyncio.sleep(0)
            waiting[1].cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        return log

    assert run_soon(run()) == ["a", "c"]


def test_whoever_leaves_in_the_moment_it_is_called_passes_the_turn_on():
    async def run():
        turns, log = Turns(), []
        async with turns.turn(Place()):
            called = asyncio.create_task(take_turns(turns, "called", log, 1))
            after = asyncio.create_task(take_turns(turns, "after", log, 1))
            await asyncio.sleep(0)
        called.cancel()  # its turn was given, and it has not run since
        await asyncio.gather(called, after, return_exceptions=True)
        return log

    assert run_soon(run()) == ["after"]


def test_a_long_turn_lets_those_go_first_who_had_less():
    async def run():
        turns, log, long = Turns(), [], Place()
        async with turns.turn(long):
            others = [asyncio.create_task(take_turns(turns, name, log, 5)) for name in "ab"]
            await asyncio.sleep(0)
            for _ in range(4):
                log.append("long")
                turns.charge(long, 2)
                await turns.step_aside(long)
            log.append("end")
        await asyncio.gather(*others)
        return "".join(name[0] for name in log)

    assert run_soon(run()) == "labablabablable"


def test_whoever_leaves_while_it_stands_aside_takes_no_turn_with_it():
    async def run():
        turns, inside = Turns(), []

        async def long():
            place = Place()
            async with turns.turn(place):
                await asyncio.sleep(0)
                turns.charge(place, 5)
                await turns.step_aside(place)

        async def other():
            place = Place()
            for _ in range(3):
                async with turns.turn(place):
                    inside.append("in")
                    await asyncio.sleep(0)
                    inside.append("out")

        leaving, *others = (asyncio.create_task(work()) for work in (long, other, other))
        while not inside:
            await asyncio.sleep(0)
        leaving.cancel()
        await asyncio.gather(leaving, *others, return_exceptions=True)
        return inside

    assert run_soon(run()) == ["in", "out"] * 6


def test_an_error_inside_a_turn_passes_it_on():
    async def run():
        turns, log = Turns(), []
        with pytest.raises(ZeroDivisionError):
            async with turns.turn(Place()):
                raise ZeroDivisionError
        await take_turns(turns, "next", log, 1)
        return log

    assert run_soon(run()) == ["next"]


def test_a_hand_is_never_slowed_down():
    pace = Pace(credit_seconds=1.0)
    assert {pace.seconds_to_wait(frame / 120, 1 / 250) for frame in range(10_000)} == {0.0}


def test_a_flood_is_read_at_its_pace():
    pace, now, num_messages = Pace(credit_seconds=1.0), 0.0, 0
    while now < 10:
        now += 1e-4 + pace.seconds_to_wait(now, 1 / 250)
        num_messages += 1
    assert 10 * 250 <= num_messages <= 11 * 250 + 1
