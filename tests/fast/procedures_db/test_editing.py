"""Officials at work: drafts, review, publishing, corrections, two people on one procedure."""

from datetime import date
from threading import Barrier, Thread

import pytest

from procedures_db import connection, editing, procedures
from procedures_db.changes import State
from procedures_db.connection import DatabaseBusy, connect, transaction
from procedures_db.editing import EditedMeanwhile, InvalidRecord, WrongState
from procedures_db.history import RevisionNotFound, revisions
from procedures_db.record import Fee, Method
from procedures_db.search.catalogue import load_entries

CODE = "1.000001"
LAN, HOA = "Lan", "Hoà"


@pytest.fixture
def do(engine):
    """Run one action of ``editing`` in a transaction of its own; the version defaults to the latest."""

    def do(action, *arguments, **options):
        with transaction(engine, write=True) as session:
            if "expected_version" not in options:
                options["expected_version"] = editing.open_procedure(session, CODE).version
            return action(session, CODE, *arguments, **{"actor": LAN, **options})

    return do


@pytest.fixture
def opened(engine):
    def opened():
        with transaction(engine) as session:
            return editing.open_procedure(session, CODE)

    return opened


@pytest.fixture
def answered(engine):
    """The name under which citizens are answered; None: not at all."""

    def answered():
        with transaction(engine) as session:
            listed = [entry.code for entry in load_entries(session)]
            assert listed == [one.code for one in procedures.every(session)]
            assert set(procedures.hashes(session, [CODE])) == set(listed)
            try:
                return procedures.get(session, CODE).name
            except procedures.ProcedureNotFound:
                assert CODE not in listed
                return None

    return answered


@pytest.fixture
def published(engine, record, do):
    """A procedure that somebody wrote, reviewed and published: version 3."""
    do(editing.save_draft, {"name": "Đăng ký nuôi ong", "as_of": date(2026, 7, 18)})
    do(editing.submit_for_review)
    return do(editing.publish, actor=HOA)


def test_a_new_procedure_is_answered_from_once_it_is_published(do, answered, opened):
    do(editing.save_draft, {"name": "Đăng ký nuôi ong", "as_of": date(2026, 7, 18)})
    assert (answered(), opened().state, opened().draft.state) == (None, State.ABSENT, State.DRAFT)
    do(editing.submit_for_review)
    assert (answered(), opened().draft.state) == (None, State.IN_REVIEW)
    version = do(editing.publish, actor=HOA)
    assert (answered(), opened().draft) == ("Đăng ký nuôi ong", None)
    assert opened().version == version == 3


def test_the_published_version_is_answered_from_while_the_next_is_written(
    do, answered, opened, published
):
    do(editing.save_draft, {"name": "Đăng ký nuôi ong mật"})
    do(editing.submit_for_review)
    assert answered() == "Đăng ký nuôi ong"
    assert opened().current.name == "Đăng ký nuôi ong"
    assert opened().draft.record.name == "Đăng ký nuôi ong mật"
    do(editing.publish, actor=HOA)
    assert answered() == "Đăng ký nuôi ong mật"


def test_a_draft_grows_with_each_save_and_keeps_what_it_is_not_given(do, opened, published):
    do(editing.save_draft, {"name": "tên mới"})
    do(editing.save_draft, {"summary": "tóm tắt"})
    assert (opened().draft.record.name, opened().draft.record.summary) == ("tên mới", "tóm tắt")
    assert opened().draft.base == opened().current


def test_a_rejected_draft_goes_back_with_the_reason(do, engine, opened, published):
    do(editing.save_draft, {"name": "tên mới"})
    do(editing.submit_for_review)
    do(editing.reject, actor=HOA, note="Thiếu căn cứ")
    assert opened().draft.state is State.DRAFT
    with transaction(engine) as session:
        last = revisions(session, CODE, limit=1)[0]
    assert (last.change_set.note, last.change_set.actor) == ("Thiếu căn cứ", HOA)
    assert (last.before, last.after) == (State.IN_REVIEW, State.DRAFT)


def test_a_draft_saved_in_review_has_to_be_reviewed_again(do, opened, published):
    do(editing.save_draft, {"name": "tên mới"})
    do(editing.submit_for_review)
    do(editing.save_draft, {"name": "tên mới hơn"})
    assert opened().draft.state is State.DRAFT
    with pytest.raises(WrongState):
        do(editing.publish)


def test_a_discarded_draft_leaves_what_is_published(do, answered, opened, published):
    do(editing.save_draft, {"name": "tên mới"})
    do(editing.discard_draft)
    assert opened().draft is None
    assert answered() == "Đăng ký nuôi ong"


def test_drafts_are_listed_by_state(do, engine, published):
    do(editing.save_draft, {"name": "tên mới"})
    with transaction(engine) as session:
        assert [draft.code for draft in editing.drafts(session)] == [CODE]
        assert [draft.author for draft in editing.drafts(session, state=State.DRAFT)] == [LAN]
        assert editing.drafts(session, state=State.IN_REVIEW) == []


STEPS = {
    "publish": (editing.publish, ()),
    "submit": (editing.submit_for_review, ()),
    "reject": (editing.reject, ()),
    "discard": (editing.discard_draft, ()),
    "rebase": (editing.rebase_draft, ()),
}


@pytest.mark.parametrize("step", STEPS)
def test_nothing_can_be_done_with_a_draft_that_is_not_there(do, published, opened, step):
    action, arguments = STEPS[step]
    options = {"note": "không"} if step == "reject" else {}
    with pytest.raises(WrongState) as error:
        do(action, *arguments, **options)
    assert CODE in str(error.value) and "đã công bố" in str(error.value)
    assert opened().version == published


def test_a_correction_is_answered_from_at_once_and_leaves_the_draft_alone(
    do, answered, opened, published
):
    do(editing.save_draft, {"summary": "tóm tắt"})
    do(editing.correct, {"name": "tên đúng"}, actor=HOA)
    assert answered() == "tên đúng"
    assert opened().draft.record.name == "Đăng ký nuôi ong"


def test_only_what_is_published_can_be_corrected(do, engine):
    with pytest.raises(WrongState):
        do(editing.correct, {"name": "tên"})


def test_saving_what_is_there_already_writes_nothing(do, opened, published):
    do(editing.correct, {"name": "Đăng ký nuôi ong"})
    do(editing.save_draft, {"name": "Đăng ký nuôi ong"})
    assert (opened().version, opened().draft) == (published, None)


def test_bad_values_are_told_field_by_field_in_vietnamese(do, opened, published):
    fee = {"kind": "Thuế", "amount": "hai mươi"}
    values = {"name": "", "methods": [{"method": "trực tiếp", "fees": [fee]}]}
    with pytest.raises(InvalidRecord) as error:
        do(editing.save_draft, values)
    told = {problem.path: f"{problem.label} {problem.reason}" for problem in error.value.problems}
    assert told["name"] == "Tên thủ tục không được để trống"
    assert told["methods.0.fees.0.amount"] == (
        "Cách thức thực hiện › dòng 1 › phí, lệ phí › dòng 1 › mức phải là số"
    )
    assert "Lệ phí" in told["methods.0.fees.0.kind"]
    assert opened().version == published


def test_a_nul_character_is_refused(do, published):
    with pytest.raises(InvalidRecord, match=r"Lưu ý.*NUL"):
        do(editing.correct, {"remarks": ["a\x00b"]})


def test_the_second_of_two_editors_is_told_who_changed_what(do, opened, published):
    seen = opened().version
    fees = (Method(method="trực tiếp", fees=(Fee(kind="Phí", amount=20000),)),)
    do(editing.correct, {"methods": fees, "summary": "mới"}, actor=HOA, expected_version=seen)
    with pytest.raises(EditedMeanwhile) as error:
        do(editing.correct, {"name": "tên khác"}, expected_version=seen)
    assert error.value.by == HOA
    assert error.value.fields == ["Tóm tắt", "Cách thức thực hiện"]
    assert error.value.at.tzinfo is not None
    assert "Hoà" in str(error.value)
    assert opened().current.name == "Đăng ký nuôi ong"


@pytest.mark.parametrize("second", ["draft", "submit", "withdraw", "roll back"])
def test_every_action_on_an_old_version_is_refused(do, opened, published, second):
    do(editing.save_draft, {"name": "của Hoà"}, actor=HOA)
    actions = {
        "draft": lambda: do(editing.save_draft, {"name": "của Lan"}, expected_version=published),
        "submit": lambda: do(editing.submit_for_review, expected_version=published),
        "withdraw": lambda: do(editing.withdraw, expected_version=published),
        "roll back": lambda: do(editing.roll_back, 3, expected_version=published),
    }
    with pytest.raises(EditedMeanwhile) as error:
        actions[second]()
    assert (error.value.by, error.value.fields) == (HOA, ["Tên thủ tục"])
    assert opened().draft.record.name == "của Hoà"


def test_of_two_people_saving_at_the_same_moment_one_is_told(engine, opened, published):
    start, outcomes = Barrier(2), []

    def save(actor):
        start.wait()
        try:
            with transaction(engine, write=True) as session:
                editing.correct(
                    session, CODE, {"name": actor}, expected_version=published, actor=actor
                )
            outcomes.append(actor)
        except EditedMeanwhile as told:
            outcomes.append(told)

    people = [Thread(target=save, args=(name,)) for name in (LAN, HOA)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    (winner,) = [one for one in outcomes if isinstance(one, str)]
    (told,) = [one for one in outcomes if isinstance(one, EditedMeanwhile)]
    assert opened().current.name == told.by == winner


def test_an_outdated_draft_is_not_published_over_newer_data(do, answered, opened, published):
    do(editing.save_draft, {"summary": "tóm tắt của Lan"})
    do(editing.submit_for_review)
    do(editing.correct, {"name": "tên từ tệp mới"}, actor=HOA)
    assert opened().is_outdated
    with pytest.raises(EditedMeanwhile) as error:
        do(editing.publish)
    assert (error.value.by, error.value.fields) == (HOA, ["Tên thủ tục"])
    do(editing.rebase_draft)
    do(editing.submit_for_review)
    do(editing.publish)
    assert (answered(), opened().current.summary) == ("tên từ tệp mới", "tóm tắt của Lan")


def test_a_field_that_both_changed_stays_only_on_purpose(do, opened, published):
    do(editing.save_draft, {"name": "tên của Lan"})
    do(editing.correct, {"name": "tên của Hoà"}, actor=HOA)
    with pytest.raises(EditedMeanwhile) as error:
        do(editing.rebase_draft)
    assert error.value.fields == ["Tên thủ tục"]
    do(editing.rebase_draft, keep=["name"])
    assert opened().draft.record.name == "tên của Lan"
    assert not opened().is_outdated


def test_a_withdrawn_procedure_is_not_answered_from_until_it_is_brought_back(
    do, answered, opened, published
):
    do(editing.withdraw, note="công bố nhầm")
    assert (answered(), opened().state) == (None, State.WITHDRAWN)
    with pytest.raises(WrongState):
        do(editing.correct, {"name": "tên"})
    do(editing.roll_back, published)
    assert answered() == "Đăng ký nuôi ong"


def test_an_abolished_procedure_is_answered_as_abolished(do, answered, opened, published):
    do(editing.abolish, effective_to=date(2026, 8, 17), replaced_by=["1.000009"])
    assert answered() == "Đăng ký nuôi ong"
    assert opened().current.replaced_by == ("1.000009",)
    assert opened().current.is_abolished(date(2026, 8, 18))
    assert not opened().current.is_abolished(date(2026, 8, 17))


def test_rolling_back_publishes_an_earlier_version_again(do, answered, engine, published):
    do(editing.correct, {"name": "sai"})
    do(editing.correct, {"name": "sai nữa"})
    assert do(editing.roll_back, published) == 6
    assert answered() == "Đăng ký nuôi ong"
    assert do(editing.roll_back, published) == 6
    with transaction(engine) as session:
        assert revisions(session, CODE, limit=1)[0].change_set.note == "khôi phục phiên bản 3"


def test_only_a_published_version_can_be_rolled_back_to(do, opened, published):
    with pytest.raises(WrongState):
        do(editing.roll_back, 1)
    with pytest.raises(RevisionNotFound):
        do(editing.roll_back, 99)


@pytest.mark.parametrize("actor", ["", "  ", "x" * 201])
def test_a_change_needs_the_name_of_who_made_it(do, opened, published, actor):
    with pytest.raises(ValueError):
        do(editing.correct, {"name": "tên"}, actor=actor)
    assert opened().version == published


def test_only_public_changes_make_searchers_reload(do, engine, published):
    def version():
        with transaction(engine) as session:
            return procedures.data_version(session)

    before = version()
    do(editing.save_draft, {"name": "tên mới"})
    do(editing.submit_for_review)
    assert version() == before
    do(editing.publish)
    assert version() == before + 1


def test_somebody_who_writes_for_too_long_makes_the_others_give_up(engine, monkeypatch):
    monkeypatch.setattr(connection, "BUSY_TIMEOUT_MS", 50)
    impatient = connect(engine.url.render_as_string(hide_password=False))
    busy = pytest.raises(DatabaseBusy)
    with transaction(engine, write=True), busy, transaction(impatient, write=True):
        pass
    impatient.dispose()
