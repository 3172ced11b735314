"""Which dates are plausible: what has happened is not later than today, and no date is further off than it can be."""

from datetime import date, timedelta

EARLIEST = date(1970, 1, 1)
_NEAR_YEARS = 5
_SOON = timedelta(days=60)  # the year is no slip of a day that is so close


def implausible(day: date, today: date, *, has_happened: bool, years_ahead: int) -> str | None:
    """What is wrong with `day`, as the end of a sentence that names it; None where it is plausible.

    What is to happen, or may be, lies at most `years_ahead` years after `today`.
    """
    if day < EARLIEST:
        return f"{day} is before {EARLIEST}, the earliest day that is kept.{_hint(day, today, has_happened)}"
    if has_happened and day > today:
        return f"{day} is in the future, and it is about what has happened: today is {today}.{_hint(day, today, True)}"
    latest = years_after(today, years_ahead)
    if day > latest:
        return f"{day} is more than {years_ahead} years away.{_hint(day, today, has_happened)}"
    return None


def years_after(day: date, years: int) -> date:
    """The same day that many years later; the last day of February where there is no 29th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _hint(day: date, today: date, has_happened: bool) -> str:
    """The date that may have been meant, where one slip in the year explains it."""
    if today < day <= today + _SOON:
        return ""
    for year in sorted(_slips(day.year), key=lambda year: (abs(year - today.year), -year)):
        if abs(year - today.year) > _NEAR_YEARS:
            break
        try:
            meant = day.replace(year=year)
        except ValueError:
            continue
        if not (has_happened and meant > today):
            return f" Did you mean {meant}?"
    return ""


def _slips(year: int) -> set[int]:
    """The years that differ by a missing century, two digits that changed places, or one wrong digit."""
    digits = f"{year:04d}"
    swapped = {digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :] for at in range(3)}
    wrong = {digits[:at] + other + digits[at + 1 :] for at in range(4) for other in "0123456789"}
    centuries = {year + 2000} if year < 100 else set()
    return ({int(each) for each in swapped | wrong if each[0] != "0"} | centuries) - {year}
