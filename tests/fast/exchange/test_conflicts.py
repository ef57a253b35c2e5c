"""Edited here and changed at the source: what is kept, and what is left to a person."""

from datetime import date

import pytest

from procedures_db.exchange import conflicts
from procedures_db.exchange.conflicts import Side
from tests.changing import ACTOR, edit, withdraw
from tests.fast.exchange.conftest import BEES, SOURCE, changed, counts, get, kept, version
from tests.fast.samples import FULL_RECORD


def test_what_both_changed_is_kept_with_both_values_until_a_person_decides(
    engine, theirs, source, shared_bees
):
    changed(engine, conditions="Có vườn.")
    changed(theirs, conditions="Có rừng.")
    outcome = source.sync(engine)
    assert counts(outcome) == {"CONFLICT": 1}
    conflict = kept(engine)[BEES]
    assert conflict.differences == [("conditions", "Có vườn.", "Có rừng.")]
    assert conflict.url.startswith(SOURCE) and "conditions" in conflict.reason
    assert get(engine, BEES).conditions == "Có vườn."


def test_ours_holds_until_the_source_changes_it_once_more(engine, theirs, source, shared_bees):
    changed(engine, conditions="Có vườn.")
    changed(theirs, conditions="Có rừng.")
    source.sync(engine)
    conflicts.resolve(engine, BEES, Side.OURS, actor=ACTOR)
    assert kept(engine) == {} and get(engine, BEES).conditions == "Có vườn."
    assert counts(source.sync(engine, SOURCE + "/open-data/procedures.json?")) == {"UNCHANGED": 1}
    changed(theirs, conditions="Có biển.")
    assert counts(source.sync(engine)) == {"CONFLICT": 1}


def test_theirs_replaces_ours_and_later_changes_come_by_themselves(
    engine, theirs, source, shared_bees
):
    changed(engine, conditions="Có vườn.", aliases=("giấy ong",))
    changed(theirs, conditions="Có rừng.")
    source.sync(engine)
    before = version(engine)
    conflicts.resolve(engine, BEES, Side.THEIRS, actor=ACTOR)
    assert version(engine) > before
    assert get(engine, BEES).conditions == "Có rừng."
    assert get(engine, BEES).aliases == ("giấy ong",)
    changed(theirs, conditions="Có biển.")
    assert counts(source.sync(engine)) == {"CHANGED": 1}
    assert get(engine, BEES).conditions == "Có biển."


def test_other_names_added_here_outlive_the_choice_of_theirs(engine, theirs, source, record):
    edit(theirs, record(aliases=("giấy tổ ong",)), received=True)
    source.sync(engine)
    changed(engine, conditions="Có vườn.", aliases=("giấy tổ ong", "giấy ong"))
    changed(theirs, conditions="Có rừng.")
    source.sync(engine)
    conflicts.resolve(engine, BEES, Side.THEIRS, actor=ACTOR)
    assert get(engine, BEES).conditions == "Có rừng."
    assert get(engine, BEES).aliases == ("giấy tổ ong", "giấy ong")
    changed(theirs, conditions="Có biển.")
    assert counts(source.sync(engine)) == {"CHANGED": 1}
    assert get(engine, BEES).aliases == ("giấy tổ ong", "giấy ong")


def test_other_names_changed_on_both_sides_are_a_conflict_of_their_own(
    engine, theirs, source, record
):
    edit(theirs, record(aliases=("giấy tổ ong",)), received=True)
    source.sync(engine)
    changed(engine, aliases=("giấy ong",))
    changed(theirs, aliases=("tờ ong",), conditions="Có rừng.")
    assert counts(source.sync(engine)) == {"CONFLICT": 1}
    conflicts.resolve(engine, BEES, Side.THEIRS, actor=ACTOR)
    assert get(engine, BEES) == get(theirs, BEES)


def test_the_same_edit_on_both_sides_is_no_conflict(engine, theirs, source, shared_bees):
    changed(engine, conditions="Có vườn.")
    changed(theirs, conditions="Có vườn.")
    assert counts(source.sync(engine)) == {"UNCHANGED": 1}
    changed(theirs, conditions="Có biển.")
    assert counts(source.sync(engine)) == {"CHANGED": 1}


def test_a_kept_conflict_goes_when_the_sides_agree_again(engine, theirs, source, shared_bees):
    changed(engine, conditions="Có vườn.")
    changed(theirs, conditions="Có rừng.")
    source.sync(engine)
    changed(theirs, conditions="Có vườn.")
    source.sync(engine)
    assert kept(engine) == {}


def test_an_edit_after_the_conflict_is_not_overwritten_unseen(engine, theirs, source, shared_bees):
    changed(engine, conditions="Có vườn.")
    changed(theirs, conditions="Có rừng.")
    source.sync(engine)
    changed(engine, conditions="Có ao.")
    with pytest.raises(conflicts.OursMoved):
        conflicts.resolve(engine, BEES, Side.THEIRS, actor=ACTOR)
    assert kept(engine)[BEES].differences == [("conditions", "Có ao.", "Có rừng.")]
    conflicts.resolve(engine, BEES, Side.THEIRS, actor=ACTOR)  # now it was seen
    assert get(engine, BEES).conditions == "Có rừng."


def test_other_names_and_summary_written_here_stay_while_facts_travel(
    engine, theirs, source, shared_bees
):
    changed(engine, aliases=("giấy ong",), summary="Cho người nuôi ong.")
    changed(theirs, conditions="Có rừng.", as_of=date(2026, 9, 1))
    assert counts(source.sync(engine)) == {"CHANGED": 1}
    now = get(engine, BEES)
    assert (now.aliases, now.summary) == (("giấy ong",), "Cho người nuôi ong.")
    assert (now.conditions, now.as_of) == ("Có rừng.", date(2026, 9, 1))
    assert kept(engine) == {}


def test_facts_are_never_mixed_from_two_decisions(engine, theirs, source, shared_bees):
    """Our conditions under their decision would be a statement that nobody made."""
    changed(engine, conditions="Có vườn.")
    changed(theirs, decision=FULL_RECORD.decision)
    assert counts(source.sync(engine)) == {"CONFLICT": 1}
    assert get(engine, BEES).decision.number == ""


def test_a_source_that_withdraws_what_was_edited_here_leaves_it_to_a_person(
    engine, theirs, source, shared_bees
):
    changed(engine, conditions="Có vườn.")
    withdraw(theirs, BEES)
    assert counts(source.sync(engine)) == {"CONFLICT": 1}
    assert get(engine, BEES) is not None and kept(engine)[BEES].theirs is None
    conflicts.resolve(engine, BEES, Side.THEIRS, actor=ACTOR)
    assert get(engine, BEES) is None and kept(engine) == {}


def test_what_was_withdrawn_here_does_not_come_back_by_itself(engine, theirs, source, shared_bees):
    withdraw(engine, BEES)
    assert counts(source.sync(engine, SOURCE + "/open-data/procedures.json?")) == {"UNCHANGED": 1}
    assert get(engine, BEES) is None
    changed(theirs, conditions="Có rừng.")
    assert counts(source.sync(engine)) == {"CONFLICT": 1}
    assert get(engine, BEES) is None and kept(engine)[BEES].ours is None
    conflicts.resolve(engine, BEES, Side.OURS, actor=ACTOR)
    assert counts(source.sync(engine, SOURCE + "/open-data/procedures.json?a")) == {"UNCHANGED": 1}
    changed(theirs, conditions="Có biển.")
    source.sync(engine)
    conflicts.resolve(engine, BEES, Side.THEIRS, actor=ACTOR)
    assert get(engine, BEES).conditions == "Có biển."


def test_a_procedure_made_here_is_not_overwritten_by_one_of_the_same_code(
    engine, theirs, source, record
):
    edit(engine, record(name="Của ta"))
    edit(theirs, record(name="Của họ"))
    assert counts(source.sync(engine)) == {"CONFLICT": 1}
    assert get(engine, BEES).name == "Của ta"


def test_nothing_to_resolve_is_said(engine):
    for code in (BEES, "không phải mã"):
        with pytest.raises(conflicts.NoConflict):
            conflicts.resolve(engine, code, Side.OURS, actor=ACTOR)
