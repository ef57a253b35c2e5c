"""Which sites may embed the assistant, and what the others are told."""

import pytest
from starlette.testclient import TestClient

from bot.app import create_app
from bot.embedding import OriginError, Origins
from bot.settings import Settings, SettingsError, read

COMMUNE = "https://binhan.example.vn"
ALLOWED = f"{COMMUNE}, https://*.halong.example.vn http://127.0.0.1:9001"
PREFLIGHT = {
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "content-type",
}


@pytest.fixture
def site(rasa, tmp_path):
    settings = Settings(
        rasa_url=rasa.url,
        database_url=f"sqlite:///{tmp_path}/motcua.db",
        log_level="ERROR",
        allowed_origins=ALLOWED,
    )
    with TestClient(create_app(settings)) as client:
        yield client


def ask(site, origin):
    return site.post("/api/chat", json={"text": "xin chào"}, headers={"Origin": origin})


@pytest.mark.parametrize(
    "origin",
    [
        COMMUNE,
        "https://phuong1.halong.example.vn",
        "https://a.b.halong.example.vn",
        "http://127.0.0.1:9001",
    ],
)
def test_an_allowed_site_asks_and_reads_the_answer(site, origin):
    before = site.options("/api/chat", headers={"Origin": origin, **PREFLIGHT})
    assert before.status_code == 204
    assert before.headers["access-control-allow-origin"] == origin
    assert "POST" in before.headers["access-control-allow-methods"]
    assert "content-type" in before.headers["access-control-allow-headers"].lower()
    answer = ask(site, origin)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == origin
    assert "origin" in answer.headers["vary"].lower()


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://binhan.example.vn",  # the other scheme
        f"{COMMUNE}:8443",
        f"{COMMUNE}.evil.example",
        "https://halong.example.vn",  # the star stands for a sub-domain
        "https://evil.example/.halong.example.vn",
        "https://evil.example?.halong.example.vn",
        "https://user@x.halong.example.vn",
        "null",
        "",
    ],
)
def test_another_site_is_refused_and_reaches_nobody(site, rasa, origin):
    before = site.options("/api/chat", headers={"Origin": origin, **PREFLIGHT})
    answer = ask(site, origin)
    for response in (before, answer):
        assert response.status_code == 403
        assert "access-control-allow-origin" not in response.headers
        assert "MOTCUA_ALLOWED_ORIGINS" in response.json()["error"]
    assert rasa.received == []


def test_our_own_pages_and_programs_need_no_permission(site):
    assert ask(site, "http://testserver").status_code == 200
    assert ask(site, "https://testserver").status_code == 200  # behind a proxy that ends TLS
    assert site.post("/api/chat", json={"text": "xin chào"}).status_code == 200


def test_errors_can_be_read_by_an_allowed_site_too(site):
    response = site.post("/api/chat", content=b"{", headers={"Origin": COMMUNE})
    assert response.status_code == 400
    assert response.headers["access-control-allow-origin"] == COMMUNE


def test_the_script_is_for_everyone_and_needs_no_permission(site):
    response = site.get("/widget.js", headers={"Origin": "https://evil.example"})
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/javascript")


def test_late_messages_are_refused_to_other_sites(site):
    headers = {"Origin": "https://evil.example"}
    assert site.get("/api/chat/conversation-a/events", headers=headers).status_code == 403


def test_a_refused_page_can_learn_why_and_an_allowed_one_that_it_is(site):
    refused = site.get("/embedding", headers={"Origin": "https://evil.example"})
    assert refused.headers["access-control-allow-origin"] == "*"
    assert refused.json()["allowed"] is False
    assert "https://evil.example" in refused.json()["error"]
    for origin in (COMMUNE, "http://testserver"):
        assert site.get("/embedding", headers={"Origin": origin}).json() == {"allowed": True}


@pytest.mark.parametrize(
    "wrong",
    ["*", "binhan.example.vn", "https://binhan.example.vn/tin-tuc", "ftp://a.vn", "https://*."],
)
def test_what_is_no_origin_stops_the_start_with_a_reason(wrong):
    with pytest.raises(OriginError):
        Origins.read(wrong)
    with pytest.raises(SettingsError, match=r"MOTCUA_ALLOWED_ORIGINS: .*không phải địa chỉ gốc"):
        read({"MOTCUA_ALLOWED_ORIGINS": f"{COMMUNE} {wrong}"})


def test_case_and_a_slash_at_the_end_do_not_matter():
    assert Origins.read("HTTPS://BinhAn.example.vn/").allow(COMMUNE)
