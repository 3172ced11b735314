"""Lengths of time as files write them: whole months are read, what is not whole or has two meanings is not."""

import pytest

from commands.rules.imports.file_periods import read_file_period
from storage.records.period import Period


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("1.5 years", "18m"), ("18 mths", "18m"), ("1 yr 6 mo", "18m"), ("two and a half years", "30m"),
        ("a year and a half", "18m"), ("half a year", "6m"), ("1½ years", "18m"), ("1 1/2 years", "18m"),
        ("one (1) year and six (6) months", "18m"), ("1,5 jaar", "18m"), ("2 ans et 6 mois", "30m"),
        ("0.5 years", "6m"), ("0,5 Jahre", "6m"), ("1 year, six months", "18m"), ("1 year,six months", "18m"),
        ("1 año y 6 meses", "18m"), ("1.25 yr", "15m"), ("3 mo.", "3m"), ("2 yrs", "2y"), ("10 business days", "10bd"),
    ],
)  # fmt: skip
def test_a_length_is_read_in_whole_units(text: str, length: str) -> None:
    assert str(read_file_period(text, None)) == length


@pytest.mark.parametrize(
    "text",
    ["1.3 years", "1.5 months", "1 month 15 days", "thirty (60) days", "two winters", "30-60 days", "1 to 2 years",
     "6 months and 1 year", "ten and a half months", "1.05 years", "2,05 years", "1.055 years", "1.05 yr",
     "1 year 6 months 3 days", "1 year and 6 months and 3 days", "1.000 days", "1,000 days"],
)  # fmt: skip
def test_what_is_not_one_length_in_whole_units_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a length of time"):
        read_file_period(text, None)


@pytest.mark.parametrize("text", ["1,000", "1.000"])
def test_three_zeros_may_be_a_thousand(text: str) -> None:
    with pytest.raises(ValueError, match="is not a length of time"):
        read_file_period(text, "days")


@pytest.mark.parametrize("text", ["1.5 years", "1.5y", "1y6m", "18 mths"])
def test_such_lengths_can_be_typed_too(text: str) -> None:
    assert Period.parse(text) == Period.parse("18m")
