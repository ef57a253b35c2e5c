"""Which questions a figure is about: a period, a field, a commune."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Integer, func, literal_column, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import ColumnElement
from sqlalchemy.sql.functions import FunctionElement

from procedures_db.models import ProcedureRow, QuestionRow
from procedures_db.question_log import NOT_CITIZENS
from procedures_db.working_hours import LOCAL

LONGEST_DAYS = 3_660


class BadPeriod(ValueError):
    """The period cannot be counted; the message says why, in Vietnamese."""


@dataclass(frozen=True)
class Scope:
    """Days in Viet Nam, first and last included; empty field or commune: all of them."""

    first_day: date
    last_day: date
    field: str = ""
    commune: str = ""

    def __post_init__(self) -> None:
        if self.last_day < self.first_day:
            raise BadPeriod("ngày cuối phải từ ngày đầu trở đi")
        if self.days > LONGEST_DAYS:
            raise BadPeriod(f"kỳ thống kê dài nhất là {LONGEST_DAYS} ngày")

    @property
    def days(self) -> int:
        return (self.last_day - self.first_day).days + 1

    def every_day(self) -> list[date]:
        return [self.first_day + timedelta(days=number) for number in range(self.days)]


def conditions(scope: Scope) -> list[Any]:
    """What a row of the question log must fulfil."""
    wanted: list[Any] = [
        QuestionRow.day >= scope.first_day,
        QuestionRow.day <= scope.last_day,
        QuestionRow.channel.not_in(NOT_CITIZENS),
    ]
    if scope.field:
        of_field = select(ProcedureRow.code).where(ProcedureRow.field == scope.field)
        wanted.append(QuestionRow.code.in_(of_field))
    if scope.commune:
        wanted.append(QuestionRow.commune == scope.commune)
    return wanted


def bounds(scope: Scope) -> tuple[datetime, datetime]:
    """The first moment of the scope, and the first one after it."""
    return _start(scope.first_day), _start(scope.last_day + timedelta(days=1))


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), LOCAL)


class floor(FunctionElement):
    """The whole part of a number that is not negative; a cast would round it on PostgreSQL."""

    inherit_cache = True
    type = Integer()


@compiles(floor, "sqlite")
def _floor_on_sqlite(element: FunctionElement, compiler: Any, **named: Any) -> str:
    return f"CAST({compiler.process(element.clauses, **named)} AS INTEGER)"


@compiles(floor, "postgresql")
def _floor_on_postgresql(element: FunctionElement, compiler: Any, **named: Any) -> str:
    return f"CAST(floor({compiler.process(element.clauses, **named)}) AS integer)"


def counted() -> ColumnElement:
    """``count(*)``; naming a column would make PostgreSQL look at each."""
    return func.count(literal_column("*"))
