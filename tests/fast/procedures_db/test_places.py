"""Provinces of today and yesterday."""

import pytest

from procedures_db.places import places


@pytest.mark.parametrize(
    ("agency", "province"),
    [
        ("UBND tỉnh Bắc Ninh", "Bắc Ninh"),
        ("UBND Thành phố Đà Nẵng", "Đà Nẵng"),
        ("UBND Thành phố Hồ Chí Minh", "Thành phố Hồ Chí Minh"),
        ("Trung tâm phục vụ hành chính công Thành phố Hà Nội", "Hà Nội"),
        ("Sở Xây dựng - tỉnh Quảng Ngãi", "Quảng Ngãi"),
        ("Bộ Tư pháp", ""),
        ("", ""),
    ],
)
def test_the_province_is_told_by_the_name_of_its_agency(agency, province):
    assert places().province_of(agency) == province


@pytest.mark.parametrize(
    ("text", "merged"),
    [
        ("tôi ở Hà Giang thì nộp đâu", ("Hà Giang", "Tuyên Quang")),
        ("toi o binh duong", ("Bình Dương", "Thành phố Hồ Chí Minh")),
        ("tôi ở Tuyên Quang", None),
        ("đăng ký khai sinh", None),
    ],
)
def test_a_merged_province_is_known_with_what_it_belongs_to_now(text, merged):
    assert places().merged(text) == merged
