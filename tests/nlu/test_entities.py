"""What the entity extractor finds, with and without diacritics, and what it leaves alone."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

import pytest
import yaml

from procedures_db.record import national_code
from tests.nlu.conftest import PROJECT, Understood, without_diacritics

Read = Callable[[str], Understood]
PLACES = yaml.safe_load((PROJECT / "nlu_data/places.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "text",
    [
        "thủ tục 1.004222 phí bao nhiêu",
        "1.004222.000.00.00.H17 nộp ở đâu",
        "1.004222.H17",
        "(1.004222)",
        "mã: 1.004222.",
    ],
)
def test_a_code_is_found_with_or_without_the_suffix_of_a_province(read: Read, text: str) -> None:
    assert [national_code(value) for value in read(text).values("procedure_code")] == ["1.004222"]


@pytest.mark.parametrize("text", ["1.5 triệu", "phiên bản 1.0042", "12.345678", "11.004222"])
def test_other_numbers_with_a_dot_are_no_code(read: Read, text: str) -> None:
    assert read(text).values("procedure_code") == []


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place["tên"])
def test_every_name_of_a_province_is_found_as_written_and_without_diacritics(
    read: Read, place: dict
) -> None:
    names = [place["tên"], *place.get("tỉnh cũ", ()), *place.get("gọi khác", ())]
    for name in names:
        for written in (name, name.lower(), without_diacritics(name)):
            understood = read(f"em ở {written} thì nộp ở đâu")
            assert understood.values("province") == [place["tên"]], written


@pytest.mark.parametrize(
    ("text", "province", "span"),
    [
        ("nhà em ở Hà Giang", "Tuyên Quang", "Hà Giang"),
        ("nha em o ha giang", "Tuyên Quang", "ha giang"),
        ("TP.HCM có làm không", "Thành phố Hồ Chí Minh", "HCM"),
        ("Hoà Bình hay hoà bình", "Phú Thọ", "Hòa Bình"),
    ],
)
def test_an_old_province_means_the_new_one_and_its_span_is_what_was_typed(
    read: Read, text: str, province: str, span: str
) -> None:
    assert read(text).values("province")[0] == province
    assert read(text).spans("province")[0] == span


def test_a_place_typed_in_nfd_is_found(read: Read) -> None:
    assert read(unicodedata.normalize("NFD", "ở Thừa Thiên Huế")).values("province") == ["Huế"]


@pytest.mark.parametrize("text", ["mua hoa huệ", "bình đương", "năm định kỳ", "hạ giáng"])
def test_a_word_with_other_diacritics_is_no_province(read: Read, text: str) -> None:
    assert read(text).values("province") == []


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("hết 50.000 đồng à", "50.000 đồng"),
        ("het 50000 dong", "50000 dong"),
        ("phạt 50.000đ", "50.000đ"),
        ("phạt 50000đ", "50000đ"),
        ("tốn 50k không", "50k"),
        ("1,5 triệu", "1,5 triệu"),
        ("lương 2tr", "2tr"),
    ],
)
def test_amounts_are_found(read: Read, text: str, span: str) -> None:
    assert read(text).spans("amount") == [span]


@pytest.mark.parametrize("text", ["trên 14 tuổi", "7 ngày", "mẫu CT01", "nghị định 154"])
def test_other_numbers_are_no_amount(read: Read, text: str) -> None:
    assert read(text).values("amount") == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("từ 1/7/2025", "1/7/2025"),
        ("ngày 01-07-2025", "01-07-2025"),
        ("trước 30/6", "30/6"),
    ],
)
def test_dates_are_found(read: Read, text: str, value: str) -> None:
    assert read(text).values("date") == [value]


@pytest.mark.parametrize("text", ["năm 2025", "154/2024/NĐ-CP", "1.004222"])
def test_numbers_of_years_and_decrees_are_no_date(read: Read, text: str) -> None:
    assert read(text).values("date") == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("cái đầu tiên", "1"),
        ("cai thu hai", "2"),
        ("cái thứ 3", "3"),
        ("số 4 nhé", "4"),
        ("chon 5", "5"),
        ("mục 2", "2"),
        ("cái cuối cùng", "last"),
        ("cai chot", "last"),
    ],
)
def test_ordinals_are_found(read: Read, text: str, value: str) -> None:
    assert read(text).values("ordinal") == [value]


@pytest.mark.parametrize("text", ["cái 12", "số 45", "hai người con", "lần hai"])
def test_other_counts_are_no_ordinal(read: Read, text: str) -> None:
    assert read(text).values("ordinal") == []


@pytest.mark.parametrize(
    ("phrase", "value"),
    [
        ("nộp online", "online"),
        ("nộp trực tuyến", "online"),
        ("làm qua mạng", "online"),
        ("trên VNeID", "online"),
        ("gửi bưu điện", "postal"),
        ("qua đường bưu điện", "postal"),
        ("nộp trực tiếp", "direct"),
        ("tại quầy", "direct"),
    ],
)
def test_the_way_to_submit_is_found_with_and_without_diacritics(
    read: Read, phrase: str, value: str
) -> None:
    assert read(phrase).values("submission_method") == [value]
    assert read(without_diacritics(phrase)).values("submission_method") == [value]


@pytest.mark.parametrize(
    ("phrase", "value"),
    [("toàn trình", "full"), ("mức độ 4", "full"), ("một phần", "partial"), ("mức 3", "partial")],
)
def test_online_levels_old_and_new_are_found_with_and_without_diacritics(
    read: Read, phrase: str, value: str
) -> None:
    assert read(phrase).values("online_level") == [value]
    assert read(without_diacritics(phrase)).values("online_level") == [value]


def test_several_entities_of_one_question_do_not_hide_each_other(read: Read) -> None:
    found = read("cái thứ nhất nộp online ở Long An từ 1/7/2025 hết 20k à")
    assert found.values("ordinal") == ["1"]
    assert found.values("submission_method") == ["online"]
    assert found.values("province") == ["Tây Ninh"]
    assert found.values("date") == ["1/7/2025"]
    assert found.values("amount") == ["20k"]


@pytest.mark.parametrize(
    ("text", "entity", "value"),
    [
        ("tôi ở huyện Củ Chi thì nộp ở đâu", "district", "huyện Củ Chi"),
        ("nhà ở quận 1 làm ở chỗ nào", "district", "quận 1"),
        ("dạ em ở thị xã Sơn Tây", "district", "thị xã Sơn Tây"),
        ("nộp ở phường Bến Nghé được không", "commune", "phường Bến Nghé"),
        ("xã Tân Phú Trung có làm không", "commune", "xã Tân Phú Trung"),
        ("em ở phường 5", "commune", "phường 5"),
    ],
)
def test_old_districts_and_communes_are_found_by_their_capitals(
    read: Read, text: str, entity: str, value: str
) -> None:
    assert read(text).values(entity) == [value]


@pytest.mark.parametrize(
    "text",
    [
        "lên huyện làm giấy gì",
        "xã xác nhận giúp",
        "phường có làm thứ bảy không",
        "cấp huyện còn không",
    ],
)
def test_a_level_without_a_name_is_no_place(read: Read, text: str) -> None:
    assert read(text).values("district") == [] and read(text).values("commune") == []


@pytest.mark.parametrize(
    ("text", "paper"),
    [
        ("mất sổ đỏ thì làm sao", "Giấy chứng nhận quyền sử dụng đất"),
        ("can ca vet xe khong a", "Giấy chứng nhận đăng ký xe"),
        ("photo CCCD mấy bản", "Thẻ căn cước"),
        ("có cần giấy độc thân không", "Giấy xác nhận tình trạng hôn nhân"),
    ],
)
def test_a_paper_is_found_by_what_citizens_call_it(read: Read, text: str, paper: str) -> None:
    assert paper in read(text).values("document")


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("em mới sinh bé giờ làm gì", "đăng ký khai sinh"),
        ("xin giấy độc thân ở đâu", "Giấy xác nhận tình trạng hôn nhân"),
    ],
)
def test_a_procedure_is_found_by_what_citizens_call_it(read: Read, text: str, term: str) -> None:
    assert term in read(text).values("procedure_phrase")


def test_a_procedures_phrase_hides_no_other_entity(read: Read) -> None:
    found = read("làm lại khai sinh qua mạng được không")
    assert found.values("procedure_phrase") and found.values("submission_method") == ["online"]


def test_a_word_with_other_accents_is_no_paper(read: Read) -> None:
    assert read("hỗ khẩu nghĩa là gì").values("document") == []
