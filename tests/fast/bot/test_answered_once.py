"""A message sent again because its answer was lost: answered, but not asked a second time."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.testclient import TestClient

from bot.app import create_app
from bot.settings import Settings
from procedures_db.connection import connect, transaction
from procedures_db.migrating import migrate
from procedures_db.models import DeliveredReplyRow
from tests.installation import eventually

HERE, THERE = "conversation-a", "conversation-b"


@pytest.fixture
def settings(rasa, engine):
    return Settings(
        rasa_url=rasa.url,
        actions_url=rasa.url,
        database_url=engine.url.render_as_string(hide_password=False),
        log_level="ERROR",
        rasa_timeout_seconds=2,
    )


@pytest.fixture
def site(settings):
    with TestClient(create_app(settings)) as client:
        yield client


def post(site, message_id, text="đăng ký tạm trú", conversation_id=HERE):
    body = {"conversation_id": conversation_id, "text": text, "message_id": message_id}
    return site.post("/api/chat", json=body)


def test_a_message_sent_again_gets_the_same_answer_and_rasa_hears_it_once(site, rasa):
    message_id = str(uuid.uuid4())
    first = post(site, message_id)
    rasa.answer = [{"text": "khác rồi"}]
    assert post(site, message_id).json() == first.json()
    assert rasa.messages == ["đăng ký tạm trú"]


def test_the_same_words_under_another_id_are_another_message(site, rasa):
    post(site, "message-1")
    post(site, "message-2")
    post(site, "message-1", conversation_id=THERE)
    assert len(rasa.received) == 3


def test_it_holds_after_a_restart_and_in_another_process(site, settings, rasa):
    first = post(site, "message-1").json()
    with TestClient(create_app(settings)) as another:
        assert post(another, "message-1").json() == first
    assert len(rasa.received) == 1


def test_while_it_is_being_answered_the_second_one_waits_for_the_same_answer(site, settings, rasa):
    rasa.may_answer.clear()
    with TestClient(create_app(settings)) as another, ThreadPoolExecutor(2) as pool:
        sent = [pool.submit(post, client, "message-1") for client in (site, another)]
        threading.Timer(0.4, rasa.may_answer.set).start()
        first, second = (one.result() for one in sent)
    assert first.status_code == second.status_code == 200
    assert first.json() == second.json()
    assert len(rasa.received) == 1


def test_who_has_waited_too_long_is_told_when_to_ask_again(site, settings, rasa):
    rasa.may_answer.clear()
    hasty = settings.model_copy(update={"rasa_timeout_seconds": 0.1})
    with TestClient(create_app(hasty)) as another, ThreadPoolExecutor(1) as pool:
        first = pool.submit(post, site, "message-1")
        while not rasa.received:
            pass
        late = post(another, "message-1")
        rasa.may_answer.set()
        assert first.result().status_code == 200
    assert late.status_code == 409
    assert int(late.headers["retry-after"]) >= 1
    assert "đang được trả lời" in late.json()["error"]


def test_an_answer_that_was_none_is_not_kept(site, rasa):
    rasa.status = 500
    assert post(site, "message-1").json()["replies"][0]["outcome"] == "unavailable"
    rasa.status = 200
    assert post(site, "message-1").json()["replies"][0]["outcome"] == "smalltalk"


def test_without_a_message_id_nothing_changes(site, rasa):
    for _ in range(2):
        body = {"conversation_id": HERE, "text": "đăng ký tạm trú"}
        assert set(site.post("/api/chat", json=body).json()) == {"conversation_id", "replies"}
    assert len(rasa.received) == 2


@pytest.mark.parametrize("message_id", ["", "ngắn", "a" * 65, 7, [], True, "a b c d e f g"])
def test_a_wrong_message_id_is_a_4xx_and_reaches_nobody(site, rasa, message_id):
    response = post(site, message_id)
    assert response.status_code == 400
    assert "message_id" in response.json()["error"]
    assert rasa.received == []


def test_a_database_that_is_away_costs_the_repetition_not_the_answer(rasa, tmp_path):
    settings = Settings(
        rasa_url=rasa.url, database_url=f"sqlite:///{tmp_path}/no-tables.db", log_level="ERROR"
    )
    with TestClient(create_app(settings)) as site:
        assert post(site, "message-1").json()["replies"][0]["text"] == "Xin chào!"


def test_what_is_too_old_is_deleted_at_the_start(settings, rasa, monkeypatch):
    from datetime import timedelta

    from bot import housekeeping

    with TestClient(create_app(settings)) as site:
        post(site, "message-1")
    monkeypatch.setattr(housekeeping, "KEEP_REPLIES", timedelta(0))
    with TestClient(create_app(settings)) as site:
        # The deletion runs beside the requests.
        assert eventually(lambda: kept_replies(site.app.state.engine) == 0, within=10)
        post(site, "message-1")
    assert len(rasa.received) == 2


def kept_replies(engine):
    with transaction(engine) as session:
        return session.query(DeliveredReplyRow).count()


def test_migrating_an_empty_database_makes_the_tables(tmp_path):
    engine = connect(f"sqlite:///{tmp_path}/new.db")
    migrate(engine)
    migrate(engine)  # a second start changes nothing
