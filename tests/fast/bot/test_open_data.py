"""/open-data/: what anybody may take away, and how little is sent to whoever has it already."""

import csv
import gzip
import io
import json
import shutil
from datetime import date

import jsonschema
import pytest
from starlette.testclient import TestClient

from bot.app import create_app
from bot.settings import Settings, SettingsError, read
from procedures_db.connection import connect
from procedures_db.exchange import csv_form, publishing
from procedures_db.sync.exported import exported_object, read_exported_object
from procedures_db.sync.spreadsheet_safety import safe_cell
from tests.changing import edit, withdraw
from tests.fast.samples import FULL_RECORD

PAGE = "/open-data/procedures.json"
FILES = ["catalog.jsonld", "schema.json", "procedures.json", "procedures.jsonl", "procedures.csv"]


@pytest.fixture
def engine(tmp_path, migrated_file):
    engine = connect(f"sqlite:///{shutil.copy(migrated_file, tmp_path / 'motcua.db')}")
    yield engine
    engine.dispose()


@pytest.fixture
def settings(tmp_path):
    return {"database_url": f"sqlite:///{tmp_path}/motcua.db", "log_level": "ERROR"}


@pytest.fixture
def site(engine, settings):
    with TestClient(create_app(Settings(**settings)), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def bees(engine, record):
    """Three procedures; the last one uses every field."""
    edit(engine, record(), record(code="1.000009", name="Bán ong"), FULL_RECORD)


def test_the_page_for_people_says_what_there_is_and_where(site, bees):
    page = site.get("/open-data")
    assert page.status_code == 200 and page.headers["content-type"].startswith("text/html")
    assert "3 thủ tục" in page.text and "18/07/2026" in page.text and "chưa khai báo" in page.text
    for name in FILES:
        assert f'href="{name}"' in page.text
        assert site.get(f"/open-data/{name}").status_code == 200


def test_an_empty_database_is_published_as_such(site):
    assert "0 thủ tục" in site.get("/open-data/").text
    assert site.get(PAGE).json()["procedures"] == []
    assert site.get("/open-data/procedures.jsonl").content == b""
    assert len(rows(site)) == 0
    assert "dct:modified" not in site.get("/open-data/catalog.jsonld").json()["dcat:dataset"][0]


def test_pages_lead_through_everything(site, bees):
    first = site.get(PAGE, params={"limit": 2}).json()
    assert first["more"] is True and first["schema_version"] == 1
    second = site.get(PAGE, params={"limit": 2, "changed_since": first["cursor"]}).json()
    assert second["more"] is False
    found = [read_exported_object(obj) for obj in first["procedures"] + second["procedures"]]
    assert [one.code for one in found] == ["1.000001", "1.000009", "1.000002"]
    assert found[2] == FULL_RECORD


def test_later_only_what_changed_comes_and_what_was_withdrawn(site, bees, engine, record):
    cursor = site.get(PAGE).json()["cursor"]
    edit(engine, record(name="Tên mới"))
    withdraw(engine, "1.000009")
    changes = site.get(PAGE, params={"changed_since": cursor}).json()["procedures"]
    assert [(one["code"], "withdrawn_at" in one) for one in changes] == [
        ("1.000001", False),
        ("1.000009", True),
    ]


@pytest.mark.parametrize("limit", ["0", "-1", "501", "x", "", "1e2", "١", "99999999999999999999"])
def test_a_wrong_limit_is_explained(site, bees, limit):
    answer = site.get(PAGE, params={"limit": limit})
    assert answer.status_code == 400
    assert "từ 1 đến 500" in answer.json()["error"] and answer.json()["reason"] == "bad_limit"


@pytest.mark.parametrize(
    "cursor", ["x", "1", "' OR 1=1", "00000000-1\n", "00000000-99999999999999999999"]
)
def test_a_wrong_cursor_is_explained(site, bees, cursor):
    answer = site.get(PAGE, params={"changed_since": cursor})
    assert answer.status_code == 400
    assert "cursor" in answer.json()["error"] and answer.json()["reason"] == "bad_cursor"


def test_a_cursor_of_other_data_is_told_apart(site, bees):
    answer = site.get(PAGE, params={"changed_since": "00000000-1"})
    assert answer.status_code == 400 and answer.json()["reason"] == "unknown_cursor"
    assert "từ đầu" in answer.json()["error"]


def test_the_lines_hold_every_procedure(site, bees):
    answer = site.get("/open-data/procedures.jsonl")
    assert answer.headers["content-type"] == "application/x-ndjson"
    found = [read_exported_object(json.loads(line)) for line in answer.text.splitlines()]
    assert [one.code for one in found] == ["1.000001", "1.000002", "1.000009"]
    assert found[1] == FULL_RECORD


def rows(site):
    text = site.get("/open-data/procedures.csv").content
    assert text.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"), newline="")))


def test_the_table_has_a_row_for_each_procedure_with_its_main_facts(site, bees):
    found = {row["Mã thủ tục"]: row for row in rows(site)}
    assert len(found) == 3
    full = found["1.000002"]
    assert full["Thời hạn giải quyết"].splitlines() == [
        "trực tuyến: 0.5 ngày làm việc", "trực tiếp: 36 giờ", "Cấp mới: 3 tháng", "Cấp lại: 1 năm",
    ]  # fmt: skip
    assert full["Phí, lệ phí"].splitlines() == [
        "trực tuyến: Lệ phí 20000 VND – mỗi đàn; người khuyết tật được miễn",
        "trực tuyến: Phí 12.5 USD",
        "trực tiếp: Giá Theo nghị quyết của Hội đồng nhân dân tỉnh",
    ]
    assert "Ảnh đàn ong (bản chính: 0, bản sao: 2)" in full["Thành phần hồ sơ"]
    assert full["Quyết định công bố"] == "77/QĐ-BNN" and full["Ngày công bố"] == "2026-01-16"
    assert found["1.000001"]["Phí, lệ phí"] == ""  # not stated is not 0


def test_no_cell_can_run_and_none_is_longer_than_a_spreadsheet_takes(site, engine, record):
    edit(engine, record(name='=HYPERLINK("http://x")', conditions="@a" + "b" * 40_000))
    (row,) = rows(site)
    assert row["Tên thủ tục"].startswith("'=")
    assert row["Yêu cầu, điều kiện"].startswith("'@") and "cắt bớt" in row["Yêu cầu, điều kiện"]
    assert max(map(len, row.values())) == 32_767


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", "\r=1", " =1", "＝1"])
def test_a_cell_that_starts_as_a_formula_is_quoted(text):
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Đăng ký", "1.000001", "a=1", "10.000 – 20.000"])
def test_other_cells_stay_as_they_are(text):
    assert safe_cell(text) == text


def test_every_column_can_be_made_of_a_record_that_states_nothing(record):
    assert csv_form.row(record()).count("") > 15


def test_one_procedure_is_found_by_its_code_with_or_without_a_provinces_suffix(site, bees):
    for code in ("1.000002", "1.000002.000.00.00.H17"):
        answer = site.get(f"/open-data/procedures/{code}.json")
        assert read_exported_object(answer.json()) == FULL_RECORD


@pytest.mark.parametrize("code", ["9.999999", "abc", "%00", "..%2f..%2fetc"])
def test_a_code_nobody_has_is_said_in_vietnamese(site, bees, code):
    answer = site.get(f"/open-data/procedures/{code}.json")
    assert answer.status_code == 404 and answer.json()["error"].startswith("Không có")


def test_a_withdrawn_procedure_is_gone_and_says_so(site, bees, engine):
    withdraw(engine, "1.000002")
    answer = site.get("/open-data/procedures/1.000002.json")
    assert answer.status_code == 410
    assert answer.json()["replaced_by"] == ["1.000003", "1.000004"]
    assert "1.000002" not in site.get("/open-data/procedures.jsonl").text


def test_the_schema_fits_what_is_published(site, bees):
    schema = site.get("/open-data/schema.json").json()
    validator = jsonschema.Draft202012Validator(schema)
    for obj in site.get(PAGE).json()["procedures"]:
        validator.validate(obj)


def test_the_catalogue_names_what_the_operator_states_and_guesses_nothing(engine, settings, record):
    edit(engine, record(), record(code="1.000002", as_of=date(2026, 1, 2)))
    stated = {
        **settings,
        "publisher": "UBND tỉnh Mật Ong",
        "open_data_licence": "https://licence.example/by",
    }
    entries = []
    for chosen in (settings, stated):
        with TestClient(create_app(Settings(**chosen))) as site:
            answer = site.get("/open-data/catalog.jsonld")
            assert answer.headers["content-type"] == "application/ld+json"
            entries.append(answer.json()["dcat:dataset"][0])
    silent, full = entries
    assert "dct:publisher" not in silent and "dct:license" not in silent
    assert full["dct:publisher"]["foaf:name"] == "UBND tỉnh Mật Ong"
    assert full["dct:license"] == {"@id": "https://licence.example/by"}
    assert full["dct:temporal"]["dcat:startDate"]["@value"] == "2026-01-02"
    assert full["dct:temporal"]["dcat:endDate"]["@value"] == "2026-07-18"
    assert full["dct:modified"]["@value"].endswith("+00:00")
    for distribution in full["dcat:distribution"]:
        assert distribution["dcat:downloadURL"]["@id"].startswith("http://testserver/open-data/")


def test_a_licence_that_is_no_address_stops_the_start():
    with pytest.raises(SettingsError):
        read({"MOTCUA_OPEN_DATA_LICENCE": "javascript:alert(1)"})


@pytest.mark.parametrize("name", [*FILES, "procedures/1.000002.json"])
def test_what_has_not_changed_is_not_sent_again(site, bees, name):
    first = site.get(f"/open-data/{name}")
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "public, no-cache"
    for known in (tag, tag.removeprefix("W/"), f'"x", {tag}', "*"):
        again = site.get(f"/open-data/{name}", headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert site.get(f"/open-data/{name}", headers={"If-None-Match": '"x"'}).status_code == 200


@pytest.mark.parametrize("name", [*FILES[2:], "procedures/1.000002.json"])
def test_what_has_changed_is_sent_again(site, bees, engine, name):
    tag = site.get(f"/open-data/{name}").headers["etag"]
    edit(engine, FULL_RECORD.model_copy(update={"conditions": "khác"}))
    again = site.get(f"/open-data/{name}", headers={"If-None-Match": tag})
    assert again.status_code == 200 and again.headers["etag"] != tag


@pytest.mark.parametrize("name", [*FILES, "procedures/1.000002.json"])
def test_it_is_packed_for_whoever_takes_it_packed(site, bees, name):
    plain = site.get(f"/open-data/{name}", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers and "Accept-Encoding" in plain.headers["vary"]
    with site.stream(
        "GET", f"/open-data/{name}", headers={"Accept-Encoding": "br, gzip"}
    ) as answer:
        assert answer.headers["content-encoding"] == "gzip"
        assert gzip.decompress(b"".join(answer.iter_raw())) == plain.content


@pytest.mark.parametrize("name", ["", *FILES])
def test_asking_for_the_head_sends_no_body(site, bees, name):
    answer = site.head(f"/open-data/{name}")
    assert answer.status_code == 200 and answer.content == b""


def test_the_last_change_is_dated(site, bees):
    assert site.get(PAGE).headers["last-modified"].endswith("GMT")


def test_any_site_may_read_the_data_and_none_may_write(site, bees):
    assert site.get(PAGE).headers["access-control-allow-origin"] == "*"
    assert site.post(PAGE).status_code == 405


def test_a_failing_database_is_an_error_and_no_broken_file(site, bees, monkeypatch):
    def broken(*_):
        raise RuntimeError

    monkeypatch.setattr(publishing, "_batch", broken)
    answer = site.get("/open-data/procedures.jsonl")
    assert answer.status_code == 500 and "thử lại" in answer.json()["error"]


def test_memory_stays_flat_because_batches_are_small(engine, record, monkeypatch):
    monkeypatch.setattr(publishing, "BATCH", 2)
    edit(engine, *(record(code=f"1.00000{number}") for number in range(1, 6)))
    assert [len(batch) for batch in publishing.every(engine)] == [2, 2, 1]
    assert b"".join(publishing.json_lines(engine)).count(b"\n") == 5
    assert exported_object(record())["schema_version"] == 1
