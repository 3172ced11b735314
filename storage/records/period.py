"""A length of time as agreements state it: 60 days, 10 business days, 3 months, 1 year."""

import re
from enum import StrEnum
from typing import Any, NamedTuple, Self

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema
from sqlalchemy import String
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field


class PeriodUnit(StrEnum):
    DAYS = "d"
    BUSINESS_DAYS = "bd"
    WEEKS = "w"
    MONTHS = "m"
    YEARS = "y"


_UNIT_WORDS = {
    "d": PeriodUnit.DAYS, "day": PeriodUnit.DAYS, "days": PeriodUnit.DAYS,
    "bd": PeriodUnit.BUSINESS_DAYS, "businessday": PeriodUnit.BUSINESS_DAYS, "businessdays": PeriodUnit.BUSINESS_DAYS,
    "workingday": PeriodUnit.BUSINESS_DAYS, "workingdays": PeriodUnit.BUSINESS_DAYS,
    "w": PeriodUnit.WEEKS, "wk": PeriodUnit.WEEKS, "wks": PeriodUnit.WEEKS, "week": PeriodUnit.WEEKS,
    "weeks": PeriodUnit.WEEKS, "m": PeriodUnit.MONTHS, "mo": PeriodUnit.MONTHS, "mos": PeriodUnit.MONTHS,
    "mth": PeriodUnit.MONTHS, "mths": PeriodUnit.MONTHS, "month": PeriodUnit.MONTHS, "months": PeriodUnit.MONTHS,
    "y": PeriodUnit.YEARS, "yr": PeriodUnit.YEARS, "yrs": PeriodUnit.YEARS, "year": PeriodUnit.YEARS,
    "years": PeriodUnit.YEARS,
}  # fmt: skip
_SPELLED = {
    PeriodUnit.DAYS: "day",
    PeriodUnit.BUSINESS_DAYS: "business day",
    PeriodUnit.WEEKS: "week",
    PeriodUnit.MONTHS: "month",
    PeriodUnit.YEARS: "year",
}
_TEXT = re.compile(r"(\d{1,4})\s*([a-z][a-z\s-]*)\.?", re.IGNORECASE)
_PARTS_OF_YEARS = re.compile(r"(\d{1,2})(?:[.,](\d{1,2}))?\s*(?:y|yrs?|years?)\.?", re.IGNORECASE)
_YEARS_AND_MONTHS = re.compile(
    r"(\d{1,2})\s*(?:y|yrs?|years?)\.?[\s,]*(?:and\s|&|\+)?\s*(\d{1,2})\s*(?:m|mos?|mths?|months?)\.?", re.IGNORECASE
)


class Period(NamedTuple):
    """`value` whole units, 0 to 9999. Zero is allowed: a notice period of 0 days is a real term."""

    value: int
    unit: PeriodUnit

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "60d", "10bd", "3m", "1y", "12 months", "10 business days", "1.5 years", "1 year 6 months".

        Raises ValueError with what is accepted.
        """
        if (months := _months_of_years(text.strip())) is not None:
            return cls(months, PeriodUnit.MONTHS)
        match = _TEXT.fullmatch(text.strip())
        unit = _UNIT_WORDS.get(re.sub(r"[\s-]", "", match[2]).lower()) if match else None
        if match is None or unit is None:
            raise ValueError(
                f'"{text[:40]}" is not a length of time. Write for example 60d, 10bd (business days), 3m or 1y.'
            )
        return cls(int(match[1]), unit)

    def __str__(self) -> str:
        """The short form, which `parse` reads back: 60d, 10bd, 3m, 1y."""
        return f"{self.value}{self.unit.value}"

    @property
    def in_words(self) -> str:
        """60 days, 1 month."""
        return f"{self.value} {_SPELLED[self.unit]}{'' if self.value == 1 else 's'}"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def read(value: Any) -> "Period":
            if isinstance(value, Period):
                return value
            if isinstance(value, str):
                return cls.parse(value)
            raise ValueError("expected a period such as 60d")

        return core_schema.no_info_plain_validator_function(
            read, serialization=core_schema.plain_serializer_function_ser_schema(str, when_used="json")
        )


def _months_of_years(text: str) -> int | None:
    """The months of "1.5 years" and of "1 year 6 months"; None for other lengths, and for 1.3 years."""
    if (both := _YEARS_AND_MONTHS.fullmatch(text)) is not None:
        return 12 * int(both[1]) + int(both[2])
    part = _PARTS_OF_YEARS.fullmatch(text)
    if part is None or part[2] is None:
        return None
    hundredths = 12 * (100 * int(part[1]) + int(part[2].ljust(2, "0")))
    return hundredths // 100 if hundredths % 100 == 0 else None


class PeriodText(TypeDecorator[Period]):
    """A period as TEXT in its short form."""

    impl = String(8)
    cache_ok = True

    def process_bind_param(self, value: Period | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Period | None:
        return None if value is None else Period.parse(value)


def period_field(**field: Any) -> Any:
    """An optional period of an agreement."""
    return Field(default=None, sa_type=PeriodText, **field)
