"""When the office answers, days on which it is closed, and who of the staff is away."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from sqlalchemy.orm import Session
from starlette.responses import Response

from bot.consoles.permissions import Action
from bot.consoles.routing import ConsoleRoute, Refused
from bot.consoles.visit import Visit
from procedures_db import accounts, staff_absences, working_hours
from procedures_db.models.base import now
from procedures_db.staff_absences import AbsenceNotFound, BadAbsence
from procedures_db.working_hours import (
    Absence,
    BadWorkingHours,
    ClosureNotFound,
    Period,
    today,
)

_PAGE = "/staff/calendar"
WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ nhật")
_SHIFTS = 2  # of a day: morning and afternoon


def calendar_page(visit: Visit) -> Response:
    return _page(visit)


def set_hours(visit: Visit) -> Response:
    """Two periods a day; a day without any is a day off."""
    try:
        periods = [
            period
            for weekday in range(7)
            for shift in range(_SHIFTS)
            if (period := _period(visit, weekday, shift))
        ]
        if not periods:
            raise BadWorkingHours("cần ít nhất một buổi làm việc")
        with visit.changing() as session:
            working_hours.set_periods(session, periods)
            visit.note(session, "hours.set", periods=len(periods))
    except BadWorkingHours as error:
        return _page(visit, wrong=f"Chưa lưu giờ làm việc: {error}.", status=422)
    return visit.go(_PAGE, "Đã lưu giờ làm việc.")


def close_office(visit: Visit) -> Response:
    """Announce days off: citizens who ask for a person are told when the office answers again."""
    try:
        days = _days(visit)
        with visit.changing() as session:
            working_hours.add_absence(session, Absence(*days, visit.text("reason")[:200]))
            visit.note(session, "hours.close", f"{days[0]} {days[1]}")
    except (BadWorkingHours, BadAbsence) as error:
        return _page(visit, wrong=f"Chưa lưu ngày nghỉ: {error}.", status=422)
    return visit.go(_PAGE, "Đã lưu ngày nghỉ của đơn vị.")


def open_again(visit: Visit) -> Response:
    number = int(visit.request.path_params["number"])
    try:
        with visit.changing() as session:
            working_hours.remove_absence(session, number)
            visit.note(session, "hours.open", str(number))
    except ClosureNotFound:
        raise Refused(404, "Không có ngày nghỉ này.", "no such closure") from None
    return visit.go(_PAGE, "Đã bỏ ngày nghỉ của đơn vị.")


def be_away(visit: Visit) -> Response:
    """One's own absence: colleagues may take over what one owns meanwhile."""
    staff = visit.account.username
    try:
        days = _days(visit)
        with visit.changing() as session:
            staff_absences.add(session, staff, *days, reason=visit.text("reason"))
            visit.note(session, "absence.add", staff)
    except BadAbsence as error:
        return _page(visit, wrong=f"Chưa lưu ngày vắng: {error}.", status=422)
    return visit.go(_PAGE, "Đã báo vắng. Đồng nghiệp có thể nhận việc của bạn trong những ngày đó.")


def be_back(visit: Visit) -> Response:
    number = int(visit.request.path_params["number"])
    try:
        with visit.changing() as session:
            staff_absences.remove(session, number, staff=visit.account.username)
            visit.note(session, "absence.remove", visit.account.username)
    except AbsenceNotFound:
        raise Refused(404, "Không có ngày vắng này của bạn.", "no such absence") from None
    return visit.go(_PAGE, "Đã bỏ ngày vắng.")


def _page(visit: Visit, *, wrong: str = "", status: int = 200) -> Response:
    with visit.reading() as session:
        content = _content(session)
    return visit.page("staff/calendar.html", status=status, wrong=wrong, **content)


def _content(session: Session) -> dict[str, Any]:
    hours = working_hours.load(session)
    by_day: dict[int, list[Period]] = {weekday: [] for weekday in range(7)}
    for period in sorted(hours.periods, key=lambda p: p.opens):
        by_day[period.weekday].append(period)
    return {
        "weekdays": WEEKDAYS,
        "by_day": by_day,
        "is_open": hours.is_open(now()),
        "opening": hours.next_opening(now()),
        "closures": working_hours.closures(session, since=today()),
        "away": staff_absences.since(session, today()),
        "people": accounts.names(session),
        "today": today(),
    }


def _period(visit: Visit, weekday: int, shift: int) -> Period | None:
    opens, closes = (visit.text(f"{edge}-{weekday}-{shift}") for edge in ("opens", "closes"))
    if not opens and not closes:
        return None
    try:
        return Period(weekday, time.fromisoformat(opens), time.fromisoformat(closes))
    except ValueError as error:
        raise BadWorkingHours(f"{WEEKDAYS[weekday]}: giờ cần dạng 07:30") from error


def _days(visit: Visit) -> tuple[date, date]:
    first = visit.text("first_day")
    last = visit.text("last_day") or first
    try:
        return (
            datetime.strptime(first, "%Y-%m-%d").date(),
            datetime.strptime(last, "%Y-%m-%d").date(),
        )
    except ValueError as error:
        raise BadAbsence("ngày cần có ngày, tháng, năm") from error


routes = [
    ConsoleRoute(_PAGE, calendar_page, action=Action.USE_COUNTER),
    ConsoleRoute(f"{_PAGE}/hours", set_hours, action=Action.SET_WORKING_HOURS, methods=["POST"]),
    ConsoleRoute(f"{_PAGE}/closed", close_office, action=Action.SET_WORKING_HOURS, methods=["POST"]),
    ConsoleRoute(
        f"{_PAGE}/closed/{{number:int}}/remove", open_again,
        action=Action.SET_WORKING_HOURS, methods=["POST"],
    ),
    ConsoleRoute(f"{_PAGE}/away", be_away, action=Action.ANSWER_ENQUIRIES, methods=["POST"]),
    ConsoleRoute(
        f"{_PAGE}/away/{{number:int}}/remove", be_back,
        action=Action.ANSWER_ENQUIRIES, methods=["POST"],
    ),
]  # fmt: skip
