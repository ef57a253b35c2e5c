"""The form of a procedure loses nothing: what is in a record comes back out of the browser."""

from __future__ import annotations

from decimal import Decimal

import pytest
from starlette.datastructures import FormData

from bot.consoles.admin import form_fields
from bot.consoles.admin.form_fields import FIELDS, Field, posted, raw_of, values_of
from procedures_db.checking import InvalidRecord, completed
from procedures_db.record import Fee, FeeKind, Method, ProcedureRecord, SubmissionMethod


def sent(raw, fields=FIELDS, before=""):
    """What a browser sends of a form: (name, value) pairs; line ends as browsers write them."""
    for field in fields:
        yield from _sent(field, f"{before}{field.name}", raw[field.name])


def _sent(field: Field, path: str, raw):
    if field.kind == "rows":
        for position, row in enumerate(raw):
            yield f"{path}.{position}.{form_fields.ROW}", "1"
            yield from sent(row, field.parts, f"{path}.{position}.")
    elif field.kind == "group":
        yield from sent(raw, field.parts, f"{path}.")
    elif field.kind == "texts":
        yield from ((f"{path}.{position}", text) for position, text in enumerate(raw))
    elif field.kind == "choices":
        yield from ((path, value) for value in raw)
    elif field.kind != "flag" or raw:
        yield path, raw.replace("\n", "\r\n")


def browsed(record):
    raw = raw_of(record)
    seen = [(f"seen.{name}", "x") for name in raw]
    return posted(FormData([*seen, *sent(raw)]))


def test_every_field_of_a_procedure_but_its_code_is_in_the_form():
    assert [f.name for f in FIELDS if f.name not in ProcedureRecord.model_fields] == []
    assert set(ProcedureRecord.model_fields) - {f.name for f in FIELDS} == {"code"}

    def parts(field, model):
        assert {part.name for part in field.parts} == set(model.model_fields)

    from procedures_db import record as r

    by_name = {field.name: field for field in FIELDS}
    methods, dossier = by_name["methods"], by_name["dossier"]
    for field, model in (
        (methods, r.Method), (methods.parts[3], r.Fee), (methods.parts[1], r.TimeLimit),
        (dossier, r.DossierCase), (dossier.parts[1], r.Document), (by_name["steps"], r.Step),
        (by_name["agencies"], r.Agency), (by_name["legal_bases"], r.LegalBasis),
        (by_name["decision"], r.Decision), (by_name["case_time_limits"], r.CaseTimeLimit),
    ):  # fmt: skip
        parts(field, model)


def test_the_built_in_procedures_come_back_unchanged(built_in):
    for code, record in built_in.items():
        raw = browsed(record)
        assert raw == raw_of(record), code
        assert completed(code, None, values_of(raw)) == record, code


@pytest.mark.parametrize(
    ("typed", "amount"),
    [("10.000", 10000), ("10000", 10000), ("1.234.567,5", "1234567.5"), ("0,5", "0.5"), ("0.5", "0.5"),
     ("10.000 đồng", 10000), ("8000đ", 8000), ("", None), ("1 000", 1000)],
)  # fmt: skip
def test_amounts_are_read_as_vietnamese_write_them(record, typed, amount):
    fee = {"kind": "Phí", "amount": typed, "currency": "VND", "text": ""}
    method = {"method": "trực tiếp", "time_limit": {"amount": "", "unit": "giờ"}, "note": "", "fees": [fee]}  # fmt: skip
    made = completed("1.000001", record(), values_of({"methods": [method]}))
    assert made.methods[0].fees[0].amount == (None if amount is None else Decimal(amount))


@pytest.mark.parametrize("typed", ["mười", "1.2.3", "-5", "10,000,000"])
def test_what_is_no_amount_is_refused_at_its_place(record, typed):
    fee = {"kind": "Phí", "amount": typed, "currency": "VND", "text": ""}
    method = {"method": "trực tiếp", "time_limit": {"amount": "", "unit": "giờ"}, "note": "", "fees": [fee]}  # fmt: skip
    with pytest.raises(InvalidRecord) as wrong:
        completed("1.000001", record(), values_of({"methods": [method]}))
    assert [problem.path for problem in wrong.value.problems] == ["methods.0.fees.0.amount"]


def test_rows_are_taken_in_their_order_and_gaps_closed():
    form = FormData([("seen.steps", "x"), ("steps.10.row", "1"), ("steps.10.name", "b"),
                     ("steps.2.row", "1"), ("steps.2.name", "a"), ("steps.x.name", "?")])  # fmt: skip
    assert posted(form) == {"steps": [{"name": "a", "text": ""}, {"name": "b", "text": ""}]}


def test_a_field_that_was_not_sent_is_no_empty_field():
    assert posted(FormData([("name", "x")])) == {}


@pytest.mark.parametrize(
    "pairs",
    [[("steps", "x")], [("steps.0", "x")], [("steps.0.name.deep", "x")], [("name.0.x", "y"), ("name", "z")],
     [("methods.0.fees.99999999999999999999.row", "1")], [("..", ""), ("", "")]],
)  # fmt: skip
def test_names_of_another_form_break_nothing(pairs):
    seen = [(f"seen.{field.name}", "x") for field in FIELDS]
    values_of(posted(FormData([*seen, *pairs])))


def test_a_path_names_its_field_and_rows(record):
    fee = Fee(kind=FeeKind.FEE, text="x")
    raw = raw_of(record(methods=(Method(method=SubmissionMethod.DIRECT, fees=(fee,)),)))
    assert form_fields.field_at("methods.0.fees").name == "fees"
    assert len(form_fields.rows_at(raw, "methods.0.fees")) == 1
    for wrong in ("methods.5.fees", "name", "nothing", "methods.0.method", ""):
        with pytest.raises(KeyError):
            form_fields.rows_at(raw, wrong)
    with pytest.raises(KeyError):
        form_fields.field_at("nothing.0")
