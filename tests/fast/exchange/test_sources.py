"""Sources of other kinds, and sources that are none."""

import json

import httpx
import pytest

from procedures_db.exchange import errors, publishing
from procedures_db.record import portal_url
from procedures_db.sync.exported import exported_object
from tests.changing import edit
from tests.fast.exchange.conftest import (
    BEES,
    SOURCE,
    changed,
    counts,
    everything,
    get,
    many,
    version,
)
from tests.fast.samples import FULL_RECORD, portal_object


@pytest.mark.parametrize("text", ["a\x00b", "\ud83d"])
def test_text_that_no_database_keeps_is_refused(engine, source, record, text):
    for obj in ({**exported_object(record()), "conditions": text}, portal_object(note=text)):
        source.says([obj])
        assert len(source.sync(engine, "https://portal.example/all").refused) == 1
    assert everything(engine) == []


PAGE = {"schema_version": 1, "cursor": "00000007-1", "more": False, "procedures": []}


@pytest.mark.parametrize(
    ("content", "error"),
    [
        ("<!doctype html><html>Trang chủ</html>", errors.NotData),
        ("\ufeff <?xml version='1.0'?><a/>", errors.NotData),
        ("", errors.NotData),
        (" \n\n", errors.NotData),
        ("[]", errors.NotData),
        ("null", errors.NotData),
        ("123", errors.NotData),
        ('{"data": []}', errors.NotData),
        ('{"schema_version": 1, "cursor": "00000007-9", "mo', errors.BrokenJson),
        ("[" * 100_000, errors.BrokenJson),
        ('{"code": "1.000001"}\n{"code": ', errors.BrokenJson),
        ({**PAGE, "schema_version": 2}, errors.WrongSchema),
        ({**PAGE, "procedures": [{"schema_version": 9, "code": "1.000001"}]}, errors.WrongSchema),
        ({**PAGE, "procedures": {}}, errors.NotData),
        ({**PAGE, "cursor": 5}, errors.NotData),
        ({**PAGE, "cursor": "x" * 1000}, errors.NotData),
        ({**PAGE, "more": "no"}, errors.NotData),
        ({**PAGE, "more": True}, errors.StuckSource),
    ],
)
def test_a_bad_source_is_named_and_nothing_is_lost(engine, source, shared_bees, content, error):
    before = everything(engine), version(engine)
    source.says(content)
    with pytest.raises(error):
        source.sync(engine, "https://other.example")
    source.answer = source.page
    assert (everything(engine), version(engine)) == before
    assert counts(source.sync(engine)) == {}  # the good source's cursor is where it was


PORTAL = "https://portal.example/chi-tiet"


def portal_lines(*objects):
    return "".join(json.dumps(one) + "\n" for one in objects)


@pytest.mark.parametrize("as_lines", [True, False])
def test_a_portal_endpoint_is_known_by_what_it_sends(engine, source, as_lines):
    objects = [portal_object(), portal_object(code="1.000002.000.00.00.H17"), {"code": "hỏng"}]
    source.says(portal_lines(*objects) if as_lines else objects)
    outcome = source.sync(engine, PORTAL)
    assert counts(outcome) == {"NEW": 2} and len(outcome.refused) == 1
    assert get(engine, "1.000002").source_url == portal_url("1.000002")
    assert counts(source.sync(engine, PORTAL)) == {"UNCHANGED": 2}


def test_a_portal_endpoint_of_one_procedure_is_taken(engine, source):
    source.says(portal_object())
    assert counts(source.sync(engine, PORTAL)) == {"NEW": 1}


def test_a_document_that_has_not_changed_is_not_sent_again(engine, source):
    def answer(request):
        if request.headers.get("If-None-Match") == '"a"':
            return httpx.Response(304)
        return httpx.Response(200, json=[portal_object()], headers={"ETag": '"a"'})

    source.answer = answer
    assert counts(source.sync(engine, PORTAL)) == {"NEW": 1}
    assert counts(source.sync(engine, PORTAL)) == {}


def test_other_names_written_here_stay_when_a_portal_carries_none(engine, source):
    source.says([portal_object()])
    source.sync(engine, PORTAL)
    changed(engine, aliases=("giấy ong",), summary="Tóm tắt.", replaced_by=("1.000009",))
    source.says([portal_object(name="Tên mới")])
    assert counts(source.sync(engine, PORTAL)) == {"CHANGED": 1}
    now = get(engine, BEES)
    assert (now.name, now.aliases, now.summary) == ("Tên mới", ("giấy ong",), "Tóm tắt.")
    assert now.replaced_by == ("1.000009",)


def test_an_address_with_a_code_is_asked_for_each_procedure_we_have(engine, source, record):
    edit(engine, *many(record, 45), received=True)
    down = True

    def answer(request):
        code = request.url.path.rpartition("/")[2]
        if code == "1.000003":
            return httpx.Response(404)
        if down and code == "1.000030":
            return httpx.Response(503)
        return httpx.Response(200, json=portal_object(code=code, name="Từ cổng"))

    source.answer = answer
    with pytest.raises(errors.SourceUnreachable):
        source.sync(engine, PORTAL + "/{code}")
    assert [one.code for one in everything(engine) if one.name == "Từ cổng"][-1] == "1.000020"
    down, source.asked[:] = False, []
    assert counts(source.sync(engine, PORTAL + "/{code}")) == {"CHANGED": 25}
    assert source.asked[0].path.endswith("1.000021")
    assert get(engine, "1.000003").name == "Đăng ký nuôi ong"


def test_the_lines_of_an_installation_can_be_pulled_as_one_document(engine, theirs, source, record):
    edit(theirs, record(), FULL_RECORD)
    source.says(b"".join(publishing.json_lines(theirs)))
    assert counts(source.sync(engine, SOURCE + "/open-data/procedures.jsonl")) == {"NEW": 2}
    assert everything(engine) == everything(theirs)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://x",
        "file:///etc/passwd",
        "http://",
        "x",
        "",
        "https://a:b@x.example",
        "http://" + "x" * 600,
    ],
)
def test_an_address_that_cannot_be_pulled_from_is_refused_before_it_is_asked(engine, source, url):
    with pytest.raises(errors.BadAddress):
        source.sync(engine, url)
    assert source.asked == []


@pytest.mark.parametrize(
    "home", ["", "/", "/open-data", "/open-data/", "/open-data/procedures.json"]
)
def test_an_installation_is_one_source_under_each_of_its_names(
    engine, theirs, source, record, home
):
    edit(theirs, record())
    source.sync(engine)
    assert counts(source.sync(engine, SOURCE + home)) == {}
