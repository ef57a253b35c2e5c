"""The gate before Rasa."""

import asyncio

import pytest

from bot.congestion import Busy, Gate


async def test_so_many_pass_at_a_time_and_the_others_wait_their_turn():
    gate, inside, most = Gate(2, queue=10, patience=5), 0, 0

    async def one():
        nonlocal inside, most
        async with gate.passing():
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.01)
            inside -= 1

    await asyncio.gather(*(one() for _ in range(10)))
    assert (most, inside) == (2, 0)


async def test_when_the_queue_is_full_one_hears_so_at_once():
    gate, leave = Gate(1, queue=1, patience=5), asyncio.Event()

    async def one():
        async with gate.passing():
            await leave.wait()

    tasks = [asyncio.create_task(one()) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(Busy):
        await one()
    leave.set()
    await asyncio.gather(*tasks)
    await asyncio.wait_for(one(), 1)  # places are free again


async def test_nobody_waits_for_ever():
    gate = Gate(1, queue=5, patience=0.01)
    async with gate.passing():
        with pytest.raises(Busy):
            async with gate.passing():
                pass
    async with gate.passing():
        pass


async def test_a_citizen_is_told_politely_when_the_queue_is_full(rasa, wording, monkeypatch):
    from bot import conversation
    from bot.conversation import Conversation, Question
    from bot.rasa_client import RasaClient

    monkeypatch.setattr(conversation, "QUEUE", 0)
    rasa.seconds = 0.3
    client = RasaClient(rasa.url, timeout_seconds=5)
    core = Conversation(client, wording, max_chars=4000, at_once=1)
    asked = [core.answer(Question(f"cuoc-{n}", "phí?", "web")) for n in range(3)]
    outcomes = sorted([replies[0].outcome for replies in await asyncio.gather(*asked)])
    assert outcomes == ["smalltalk", "unavailable", "unavailable"]
    assert len(rasa.messages) == 1
    await client.close()
