"""Procedures in the console: found, edited with all their rows, reviewed, published, taken back."""

from __future__ import annotations

import html
import re
from datetime import date

import pytest

from procedures_db import audit, editing, history, procedures
from procedures_db.account import Role
from procedures_db.changes import State
from procedures_db.connection import transaction
from procedures_db.procedures import ProcedureNotFound
from procedures_db.record import (
    Document,
    DossierCase,
    Fee,
    FeeKind,
    Method,
    SubmissionMethod,
)
from tests.changing import edit as publish
from tests.consoles import make_account, send, sign_in

CODE = "1.000001"
PAGE = f"/admin/procedures/{CODE}"
EDIT = f"{PAGE}/edit"
FEE = "methods.0.fees.0.amount"


@pytest.fixture
def bees(consoles, record):
    """A procedure with a fee and two papers."""
    fee = Fee(kind=FeeKind.FEE, amount=20000, text="mỗi tổ")
    papers = (Document(name="Đơn", originals=1), Document(name="Ảnh tổ ong", copies=2))
    made = record(
        field="Chăn nuôi", results=("Giấy chứng nhận",), remarks=("một\nhai",),
        methods=(Method(method=SubmissionMethod.DIRECT, fees=(fee,)),),
        dossier=(DossierCase(documents=papers),),
    )  # fmt: skip
    publish(consoles.app.state.engine, made)
    return made


def fields_of(page) -> dict[str, str]:
    """What a browser would send of the page's form, except for its buttons."""
    form = page.text[page.text.index('<form id="form"') :]
    found = {}
    for tag in re.findall(r"<input[^>]*>", form):
        given = {k: html.unescape(v) for k, v in re.findall(r'([\w-]+)="([^"]*)"', tag)}
        if given.get("type") == "checkbox" and " checked" not in tag:
            continue
        if "name" in given:
            found[given["name"]] = given.get("value", "")
    for name, text in re.findall(
        r'<textarea[^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', form, re.S
    ):
        found[name] = html.unescape(text).replace("\n", "\r\n")
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.S):
        found[name] = html.unescape(re.search(r'value="([^"]*)" selected', options)[1])
    return found


def save(client, fields, path=EDIT, **more):
    return client.post(path, data={**fields, **more}, follow_redirects=False)


def stored(client, code=CODE):
    with transaction(client.app.state.engine) as session:
        return procedures.get(session, code)


def opened(client, code=CODE):
    with transaction(client.app.state.engine, write=True) as session:
        return editing.open_procedure(session, code)


def said(page):
    return html.unescape(" ".join(re.findall(r'role="alert".*?</div>', page.text, re.S)))


def test_the_list_finds_by_words_and_links_to_the_page(signed_in, bees):
    client = signed_in(Role.AUDITOR)
    assert f'href="{PAGE}"' in client.get("/admin/procedures?words=nuoi+ong&level=bad").text
    nothing = client.get("/admin/procedures?words=tau+bien&page=0")
    assert "0 thủ tục" in nothing.text and PAGE not in nothing.text
    assert client.get("/admin", follow_redirects=False).headers["location"] == "/admin/procedures"


def test_the_page_shows_what_is_stated_and_offers_only_what_is_allowed(signed_in, bees):
    page = signed_in(Role.AUDITOR).get(PAGE)
    assert "20.000 đồng (mỗi tổ)" in page.text and "Ảnh tổ ong" in page.text
    assert "/edit" not in page.text and "/withdraw" not in page.text


def test_a_code_that_nobody_knows_is_a_404(signed_in):
    client = signed_in(Role.EDITOR)
    assert client.get("/admin/procedures/1.999999").status_code == 404
    assert client.get("/admin/procedures/1.999999/edit").status_code == 404


def test_opening_and_saving_changes_nothing(signed_in, bees):
    client = signed_in(Role.EDITOR)
    page = client.get(EDIT)
    assert "Macro" not in page.text
    assert save(client, fields_of(page)).status_code == 303
    assert opened(client).draft is None and opened(client).version == 1


def test_a_fee_is_drafted_reviewed_and_published_by_two_people(consoles, signed_in, bees):
    client = signed_in(Role.EDITOR)
    fields = {**fields_of(client.get(EDIT)), FEE: "25.000"}
    assert save(client, fields, then="submit", note="Nghị quyết mới").status_code == 303
    assert stored(client).methods[0].fees[0].amount == 20000
    assert opened(client).draft.state is State.IN_REVIEW

    sign_in(client, make_account(client.app.state.engine, "minh", [Role.APPROVER]))
    page = client.get(PAGE)
    assert "20.000" in page.text and "25.000" in page.text and "Duyệt và công bố" in page.text
    done = send(client, f"{PAGE}/publish", {"version": "3"}, page=PAGE)
    assert done.status_code == 303
    assert "Đã công bố" in client.get(PAGE).text
    assert stored(client).methods[0].fees[0].amount == 25000
    with transaction(client.app.state.engine) as session:
        events = audit.events(session, audit.Filter(subject=CODE)).items
        assert [(e.actor, e.action) for e in events] == [
            ("minh", "procedure.publish"), ("lan", "procedure.submit"),
        ]  # fmt: skip
        notes = {one.change_set.note for one in history.revisions(session, CODE)}
    assert "Nghị quyết mới" in notes


def test_an_approver_publishes_at_once_and_a_plain_editor_cannot(consoles, signed_in, bees):
    client = signed_in(Role.EDITOR)
    fields = {**fields_of(client.get(EDIT)), FEE: "25.000"}
    assert save(client, fields, then="publish").status_code == 403
    assert stored(client).methods[0].fees[0].amount == 20000 and opened(client).draft is None

    sign_in(client, make_account(client.app.state.engine, "minh", [Role.APPROVER]))
    fields = {**fields_of(client.get(EDIT)), FEE: "25.000"}
    assert save(client, fields, then="publish").status_code == 303
    assert stored(client).methods[0].fees[0].amount == 25000
    assert opened(client).draft is None


def test_rows_are_added_moved_and_removed_without_losing_what_was_typed(signed_in, bees):
    client = signed_in(Role.EDITOR)
    fields = {**fields_of(client.get(EDIT)), "name": "Đang gõ dở"}
    page = save(client, fields, add="dossier.0.documents")
    assert page.status_code == 200 and 'id="at-dossier.0.documents.2" tabindex="-1" autofocus' in page.text  # fmt: skip
    fields = {**fields_of(page), "dossier.0.documents.2.name": "Bản đồ"}
    assert fields["name"] == "Đang gõ dở"
    page = save(client, fields, up="dossier.0.documents.2")
    page = save(client, fields_of(page), remove="dossier.0.documents.0")
    page = save(client, fields_of(page), add="remarks")
    page = save(client, {**fields_of(page), "remarks.1": "ba"}, add="methods.0.fees")
    assert opened(client).version == 1, "rows are no saving"
    fields = {**fields_of(page), "methods.0.fees.1.text": "Miễn phí cho hộ nghèo"}
    assert save(client, fields).status_code == 303
    draft = opened(client).draft.record
    assert [one.name for one in draft.dossier[0].documents] == ["Bản đồ", "Ảnh tổ ong"]
    assert draft.remarks == ("một\nhai", "ba")
    assert [(fee.amount, fee.text) for fee in draft.methods[0].fees] == [
        (20000, "mỗi tổ"), (None, "Miễn phí cho hộ nghèo"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("deed", "path"),
    [
        ("add", "nothing"),
        ("remove", "steps.99"),
        ("up", "name"),
        ("remove", "steps.x"),
        ("add", ""),
    ],
)
def test_a_row_that_is_not_there_changes_nothing(signed_in, bees, deed, path):
    client = signed_in(Role.EDITOR)
    answer = save(client, fields_of(client.get(EDIT)), **{deed: path})
    assert answer.status_code in (200, 303) and opened(client).version == 1


def test_what_is_wrong_is_said_at_its_place_and_nothing_typed_is_lost(signed_in, bees):
    client = signed_in(Role.EDITOR)
    fields = {**fields_of(client.get(EDIT)), FEE: "hai mươi nghìn", "name": ""}
    page = save(client, fields)
    assert page.status_code == 422
    assert f'href="#f-{FEE}"' in page.text and "phải là số" in page.text
    assert re.search(rf'id="f-{FEE}"[^>]*aria-invalid="true"[^>]*aria-describedby="problem-{FEE}"', page.text)  # fmt: skip
    assert fields_of(page)[FEE] == "hai mươi nghìn"
    assert opened(client).draft is None


def test_the_second_editor_is_told_and_loses_nothing_he_typed(consoles, signed_in, bees):
    client = signed_in(Role.EDITOR)
    slow = {**fields_of(client.get(EDIT)), FEE: "30.000", "conditions": "Có vườn"}
    fast = {**fields_of(client.get(EDIT)), FEE: "25.000", "field": "Ong"}
    assert save(client, fast).status_code == 303

    page = save(client, slow)
    assert page.status_code == 409
    assert "lan vừa sửa thủ tục này" in said(page)
    kept = fields_of(page)
    assert (kept[FEE], kept["conditions"], kept["field"]) == ("30.000", "Có vườn", "Ong")
    assert "25.000 đồng" in page.text, "what the other one wrote where both wrote"
    assert opened(client).draft.record.conditions == "", "nothing is saved before he has seen it"

    assert save(client, kept).status_code == 303
    draft = opened(client).draft.record
    assert draft.methods[0].fees[0].amount == 30000
    assert (draft.field, draft.conditions) == ("Ong", "Có vườn")


def test_a_draft_that_was_discarded_meanwhile_can_still_be_saved(signed_in, bees):
    client = signed_in(Role.EDITOR)
    save(client, {**fields_of(client.get(EDIT)), "field": "Ong"})
    typing = {**fields_of(client.get(EDIT)), "conditions": "Có vườn"}
    assert send(client, f"{PAGE}/discard", {"version": "2"}, page=PAGE).status_code == 303
    page = save(client, typing)
    assert page.status_code == 409 and fields_of(page)["conditions"] == "Có vườn"
    assert save(client, fields_of(page)).status_code == 303
    assert opened(client).draft.record.conditions == "Có vườn"


def test_a_new_procedure_is_drafted_and_published(signed_in):
    client = signed_in(Role.APPROVER)
    fields = fields_of(client.get("/admin/procedures/new"))
    bad = save(client, {**fields, "code": "abc", "name": "Nuôi dế"}, "/admin/procedures/new")
    assert bad.status_code == 422 and fields_of(bad)["name"] == "Nuôi dế"
    fields |= {"code": " 1.000777.000.00.00.H17 ", "name": "Nuôi dế"}
    assert save(client, fields, "/admin/procedures/new", then="publish").status_code == 303
    made = stored(client, "1.000777")
    assert made.name == "Nuôi dế" and made.source_url.endswith("1.000777") and made.methods == ()


def test_a_code_in_use_is_no_new_procedure(signed_in, bees):
    client = signed_in(Role.EDITOR)
    fields = {**fields_of(client.get("/admin/procedures/new")), "code": CODE, "name": "Khác"}
    page = save(client, fields, "/admin/procedures/new")
    assert page.status_code == 409 and "vừa sửa" in said(page)
    assert opened(client).draft is None


def test_an_edit_is_taken_back_by_restoring_an_earlier_revision(signed_in, bees):
    client = signed_in(Role.APPROVER)
    save(client, {**fields_of(client.get(EDIT)), FEE: "25.000"}, then="publish")
    page = client.get(PAGE)
    assert "Khôi phục phiên bản 1" in page.text and "Khôi phục phiên bản 2" not in page.text
    old = send(client, f"{PAGE}/revisions/1/restore", {"version": "1"}, page=PAGE)
    assert old.status_code == 409 and "Chưa có gì bị ghi đè" in said(old)
    done = send(client, f"{PAGE}/revisions/1/restore", {"version": "2"}, page=PAGE)
    assert done.status_code == 303
    assert stored(client).methods[0].fees[0].amount == 20000
    assert send(client, f"{PAGE}/revisions/9/restore", {"version": "3"}, page=PAGE).status_code == 422  # fmt: skip


def test_the_first_edit_of_what_is_older_than_the_history_can_be_undone(signed_in, record):
    client = signed_in(Role.APPROVER)
    with transaction(client.app.state.engine, write=True) as session:
        procedures.save(session, record(conditions="cũ"))
    assert "Hoàn tác lần sửa này" not in client.get(PAGE).text
    save(client, {**fields_of(client.get(EDIT)), "conditions": "mới"}, then="publish")
    page = client.get(PAGE).text
    assert "Hoàn tác lần sửa này" in page and "Khôi phục phiên bản" not in page
    change = re.search(r'action="(/admin/changes/\d+/undo)"', page)[1]
    assert send(client, change).status_code == 303
    assert stored(client).conditions == "cũ"


def test_a_draft_is_sent_back_with_a_reason(signed_in, bees):
    client = signed_in(Role.APPROVER)
    save(client, {**fields_of(client.get(EDIT)), FEE: "25.000"}, then="submit")
    assert send(client, f"{PAGE}/reject", {"version": "3"}, page=PAGE).status_code == 422
    done = send(client, f"{PAGE}/reject", {"version": "3", "note": "Sai mức"}, page=PAGE)
    assert done.status_code == 303
    assert opened(client).draft.state is State.DRAFT
    assert "Sai mức" in client.get(PAGE).text and "lan" in client.get("/admin/drafts").text


def test_what_no_longer_fits_the_state_is_refused(signed_in, bees):
    client = signed_in(Role.APPROVER)
    for deed in ("publish", "submit", "discard", "rebase"):
        answer = send(client, f"{PAGE}/{deed}", {"version": "1"}, page=PAGE)
        assert answer.status_code == 409 and "Không làm được" in said(answer), deed
    assert send(client, f"{PAGE}/withdraw", {"version": "x", "note": "a"}, page=PAGE).status_code == 409  # fmt: skip


def test_a_draft_is_brought_up_to_date_with_what_was_published_meanwhile(signed_in, bees):
    client = signed_in(Role.APPROVER)
    engine = client.app.state.engine
    save(client, {**fields_of(client.get(EDIT)), "conditions": "Có vườn"})
    with transaction(engine, write=True) as session:
        editing.correct(session, CODE, {"conditions": "Có ao", "field": "Ong"}, expected_version=2, actor="Hoa")  # fmt: skip
    page = client.get(PAGE)
    assert "đã thay đổi từ lúc bắt đầu bản nháp" in page.text and 'name="keep" value="conditions"' in page.text  # fmt: skip
    refused = send(client, f"{PAGE}/rebase", {"version": "3"}, page=PAGE)
    assert refused.status_code == 409
    done = send(client, f"{PAGE}/rebase", {"version": "3", "keep": "conditions"}, page=PAGE)
    assert done.status_code == 303
    draft = opened(client).draft.record
    assert (draft.conditions, draft.field) == ("Có vườn", "Ong")


def test_a_procedure_is_abolished_with_its_successors(signed_in, bees):
    client = signed_in(Role.APPROVER)
    bad = {"version": "1", "effective_to": "hôm nay"}
    assert send(client, f"{PAGE}/abolish", bad, page=PAGE).status_code == 422
    fields = {"version": "1", "effective_to": "2026-01-31", "replaced_by": "1.000002 1.000003"}
    assert send(client, f"{PAGE}/abolish", fields, page=PAGE).status_code == 303
    made = stored(client)
    assert (made.effective_to, made.replaced_by) == (date(2026, 1, 31), ("1.000002", "1.000003"))
    assert "bãi bỏ" in client.get(PAGE).text


def test_a_procedure_is_withdrawn_with_a_reason(signed_in, bees):
    client = signed_in(Role.APPROVER)
    done = send(client, f"{PAGE}/withdraw", {"version": "1", "note": "Công bố nhầm"}, page=PAGE)
    assert done.status_code == 303
    with pytest.raises(ProcedureNotFound):
        stored(client)


def test_what_others_wrote_is_text_and_never_markup(signed_in, bees, record):
    client = signed_in(Role.APPROVER)
    evil = "<script>alert(1)</script>{{ 7*7 }}"
    publish(client.app.state.engine, record(code="1.000666", name=evil, conditions=evil))
    for path in (
        "/admin/procedures",
        "/admin/procedures/1.000666",
        "/admin/procedures/1.000666/edit",
    ):
        page = client.get(path).text
        assert "<script>alert" not in page and "49" not in re.sub(r'value="[^"]*"|X-CSRF-Token[^>]*', "", page)  # fmt: skip
