"""Days shifted by periods, and periods compared."""

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from storage.records.period import Period, PeriodUnit

LONGEST = Period(100, PeriodUnit.YEARS)
_MONTHS = {PeriodUnit.MONTHS: 1, PeriodUnit.YEARS: 12}
_DAYS = {PeriodUnit.DAYS: 1, PeriodUnit.WEEKS: 7}


def shift(day: date, period: Period, times: int = 1) -> date:
    """`day` plus `times` periods (minus, if negative), in one step from `day`.

    A day that the month does not have becomes the month's last day; a date beyond the calendar becomes its first or
    last date. Raises ValueError for business days: they need a calendar, see `commands.rules.dates.business_days`.
    """
    if period.unit is PeriodUnit.BUSINESS_DAYS:
        raise ValueError("Business days cannot be added without a calendar.")
    months, days = in_months(period) * times, in_days(period) * times
    try:
        return day + relativedelta(months=months) if months else day + timedelta(days=days)
    except (OverflowError, ValueError):
        return date.max if times > 0 else date.min


def is_longer(one: Period, other: Period) -> bool:
    """Whether `one` is longer than `other` from whichever day they are counted."""
    return _least_days(one) > _most_days(other)


def _least_days(period: Period) -> int:
    return period.value * {PeriodUnit.WEEKS: 7, PeriodUnit.MONTHS: 28, PeriodUnit.YEARS: 365}.get(period.unit, 1)


def _most_days(period: Period) -> int:
    longest = {PeriodUnit.WEEKS: 7, PeriodUnit.MONTHS: 31, PeriodUnit.YEARS: 366, PeriodUnit.BUSINESS_DAYS: 2}
    return period.value * longest.get(period.unit, 1)


def in_months(period: Period) -> int:
    return period.value * _MONTHS.get(period.unit, 0)


def in_days(period: Period) -> int:
    return period.value * _DAYS.get(period.unit, 0)
