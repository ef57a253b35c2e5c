"""Phrases are found in a row of words, the longest first."""

from procedures_db.text.phrases import Match, Phrases


def phrases(**entries: str) -> Phrases[str]:
    return Phrases((name.split("_"), value) for name, value in entries.items())


def test_the_longest_phrase_wins_where_several_begin():
    known = phrases(giay="giấy", giay_phep="giấy phép", giay_phep_lai_xe="bằng lái")
    assert known.find(["doi", "giay", "phep", "lai", "xe", "may"]) == [Match(1, 5, "bằng lái")]


def test_a_shorter_phrase_is_found_where_the_long_one_breaks_off():
    known = phrases(giay_phep="giấy phép", giay_phep_lai_xe="bằng lái")
    assert known.find(["giay", "phep", "lai"]) == [Match(0, 2, "giấy phép")]


def test_found_phrases_never_overlap_and_the_left_one_goes_first():
    known = phrases(so_do="sổ đỏ", do_dac="đo đạc")
    assert known.find(["so", "do", "dac"]) == [Match(0, 2, "sổ đỏ")]
    assert known.find(["so", "do", "do", "dac"]) == [Match(0, 2, "sổ đỏ"), Match(2, 4, "đo đạc")]


def test_find_all_gives_overlapping_and_nested_phrases_too():
    known = phrases(so="sổ", so_do="sổ đỏ", do_dac="đo đạc")
    found = [(match.start, match.end) for match in known.find_all(["so", "do", "dac"])]
    assert found == [(0, 1), (0, 2), (1, 3)]


def test_a_phrase_at_the_very_end_is_found_and_one_cut_off_there_is_not():
    known = phrases(ho_khau="hộ khẩu")
    assert known.find_all(["nhap", "ho", "khau"]) == known.find(["nhap", "ho", "khau"])
    assert known.find(["nhap", "ho"]) == known.find_all(["nhap", "ho"]) == []


def test_nothing_is_found_in_nothing():
    assert phrases(phi="phí").find([]) == []
    assert Phrases([]).find(["phi"]) == []


def test_an_empty_phrase_is_ignored():
    assert Phrases([((), "trống"), (("phi",), "phí")]).find(["phi"]) == [Match(0, 1, "phí")]


def test_the_last_meaning_given_to_a_phrase_holds():
    assert Phrases([(["bn"], "bạn"), (["bn"], "bao nhiêu")]).find(["bn"])[0].value == "bao nhiêu"
