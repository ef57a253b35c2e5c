"""Telegram with a real web process: nothing is lost, nothing said twice, whatever happens in between.

The Bot API and Rasa are fakes on loopback, the transport between them is what is tested.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from procedures_db.connection import connect
from procedures_db.migrating import migrate
from tests.fake_rasa import FakeRasa
from tests.fake_telegram import TOKEN, FakeTelegram, Refusal, Sent
from tests.installation import eventually, free_ports
from tests.web_process import WebProcess

CHATS = range(5001, 5051)
QUESTIONS_A_CHAT = 20
_SECONDS = 400  # for a thousand answers with four restarts, on a busy machine
SENDERS = 16  # chats served at a time: bot.channels.telegram.lanes.LANES


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    fake = FakeTelegram()
    yield fake
    fake.stop()


@pytest.fixture
def rasa() -> Iterator[FakeRasa]:
    """Answers every question with its own words, after the time a real one takes."""
    fake = FakeRasa()
    fake.reply = lambda message: [{"text": f"Trả lời {message}"}]
    fake.seconds = 0.01
    yield fake
    fake.stop()


@pytest.fixture
def web(
    tmp_path: Path, telegram: FakeTelegram, rasa: FakeRasa
) -> Iterator[Callable[..., WebProcess]]:
    """Start a web process that polls the fake Telegram; several share one database."""
    database = f"sqlite:///{tmp_path}/motcua.db"
    migrate(connect(database))
    started: list[WebProcess] = []

    def start(**settings: object) -> WebProcess:
        port = free_ports(1)[0]
        given = {
            "database_url": database, "rasa_url": rasa.url, "telegram_token": TOKEN,
            "telegram_api_url": telegram.url, "telegram_messages_per_second": 100, **settings,
        }  # fmt: skip
        if given.get("telegram_webhook_url") == "own":
            given["telegram_webhook_url"] = f"http://127.0.0.1:{port}/telegram/webhook"
        process = WebProcess(tmp_path, port, **given)
        process.start()
        started.append(process)
        return process

    yield start
    for process in started:
        process.stop()


def burst(telegram: FakeTelegram) -> list[dict]:
    """A thousand questions, chats mixed; one in ten comes again later. The fake mixes up their order."""
    chance = random.Random(20261122)
    left = dict.fromkeys(CHATS, QUESTIONS_A_CHAT)
    updates: list[dict] = []
    while left:
        chat = chance.choice(list(left))
        number = QUESTIONS_A_CHAT - left[chat] + 1
        updates.append(telegram.message(chat, f"câu {number} của {chat}"))
        left[chat] -= 1
        if not left[chat]:
            del left[chat]
        if chance.random() < 0.1:
            updates.append(chance.choice(updates))
    return updates


def flood_limits(chance: random.Random) -> Callable[[Sent], None]:
    """Refuse one message in twelve with 429, as Telegram does when a chat gets too much."""

    def refuse(sent: Sent) -> None:
        if chance.random() < 1 / 12:
            raise Refusal(429, "Too Many Requests: retry after 1", {"retry_after": 1})

    return refuse


def numbers(texts: list[str]) -> list[int]:
    return [int(re.search(r"câu (\d+) của", text)[1]) for text in texts]


# What ends the web process when so much of the burst is answered: each of them twice.
RESTARTS = [
    (0.2, WebProcess.stop), (0.4, WebProcess.kill), (0.6, WebProcess.stop), (0.8, WebProcess.kill),
]  # fmt: skip


def test_a_thousand_updates_are_answered_once_each_and_in_order_through_restarts(
    telegram: FakeTelegram, web: Callable[..., WebProcess]
) -> None:
    telegram.refuse = flood_limits(random.Random(7))
    telegram.disorder = random.Random(11)
    telegram.send_seconds = 0.01
    process = web()
    telegram.deliver(*burst(telegram))
    wanted = QUESTIONS_A_CHAT * len(CHATS)
    kills: list[tuple[float, float]] = []  # from, until
    for share, end in RESTARTS:
        assert eventually(lambda s=share: len(telegram.sent) > wanted * s, within=_SECONDS)
        ended = time.monotonic()
        end(process)
        process.start()
        if end is WebProcess.kill:
            kills.append((ended, time.monotonic()))
    everybody = {chat: list(range(1, QUESTIONS_A_CHAT + 1)) for chat in CHATS}

    def heard() -> dict[int, list[int]]:
        return {chat: sorted(set(numbers(telegram.texts(chat)))) for chat in CHATS}

    assert eventually(lambda: heard() == everybody, within=_SECONDS, every=0.5), heard()
    time.sleep(2)  # for anything that would be said twice
    for chat in CHATS:
        said = numbers(telegram.texts(chat))
        assert said == sorted(said), chat
    # A stop repeats nothing. A bot cannot ask whether a message that a kill cut off has arrived, and a lost
    # answer is worse than one that comes twice: those being sent at that moment, and no others, may come
    # again, the second time after the kill.
    repeated = repetitions(telegram.sent)
    for first, again in repeated:
        assert any(first.at < until and again.at > ended for ended, until in kills), first.text
    assert len(repeated) <= SENDERS * len(kills)
    print(f"answers {wanted}, stopped twice, killed twice, repeated {len(repeated)}")
    assert TOKEN not in process.log


def repetitions(sent: list[Sent]) -> list[tuple[Sent, Sent]]:
    """Messages that a chat got twice: the first copy and the other."""
    seen: dict[tuple[int, str], Sent] = {}
    found = []
    for one in sent:
        if (one.chat_id, one.text) in seen:
            found.append((seen[one.chat_id, one.text], one))
        seen.setdefault((one.chat_id, one.text), one)
    return found


def test_of_two_web_processes_one_polls_and_the_other_takes_over_when_it_dies(
    telegram: FakeTelegram, web: Callable[..., WebProcess]
) -> None:
    processes = [web(), web()]
    telegram.say(CHATS[0], "câu 1")
    assert eventually(lambda: telegram.texts(CHATS[0]), within=60)
    working = [process for process in processes if "telegram_working" in process.log]
    assert len(working) == 1
    assert telegram.most_polls_at_once == 1
    working[0].kill()
    telegram.say(CHATS[0], "câu 2")
    assert eventually(lambda: len(telegram.texts(CHATS[0])) == 2, within=120)
    assert all("telegram_working" in process.log for process in processes)


def test_by_webhook_any_process_takes_updates_and_each_is_answered_once(
    telegram: FakeTelegram, web: Callable[..., WebProcess]
) -> None:
    processes = [web(telegram_webhook_url="own") for _ in range(2)]
    assert eventually(lambda: telegram.webhook, within=60)
    secret = telegram.webhook["secret_token"]
    updates = [telegram.message(chat, f"câu {n} của {chat}") for n in (1, 2, 3) for chat in CHATS]
    for number, update in enumerate([*updates, *updates]):
        url = f"{processes[number % 2].url}/telegram/webhook"
        assert eventually(lambda u=update, a=url: telegram.push(u, secret, a) == 200, within=60)
    assert telegram.push(updates[0], "sai", processes[0].url + "/telegram/webhook") == 403
    assert eventually(lambda: len(telegram.sent) == len(updates), within=_SECONDS)
    time.sleep(1)
    assert {chat: numbers(telegram.texts(chat)) for chat in CHATS} == {
        chat: [1, 2, 3] for chat in CHATS
    }
    assert telegram.count("getUpdates") == 0
