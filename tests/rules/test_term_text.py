"""Renewal terms as people and contracts write them: what is read, what is declined, and how often that is right."""

import ast
import csv
import re
import time
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commands.rules.dates.periods import shift
from commands.rules.term_text.amounts import amounts, same_length
from commands.rules.term_text.amounts import number as spelled_number
from commands.rules.term_text.reading import LONGEST_TEXT, Asked, TermReading, read_terms
from storage.records.agreement import TermKind
from storage.records.period import Period

CUAD = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "contracts" / "cuad_renewal_terms.csv"


def stated(reading: TermReading) -> dict[str, Any]:
    values = reading.stated()
    both = values.pop("client_notice", None) if values.get("notice") == values.get("client_notice") else None
    found = {name: str(value) if isinstance(value, Period) else value for name, value in values.items()}
    return found if both is None else {**found, "notice": f"{both} each"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "auto-renews for successive 1 year terms unless 60 days' notice",
            {"renewal": "auto", "renewal_term": "1y", "notice": "60d each"},
        ),
        ("12 months", {"renewal_term": "12m"}),
        ("succesive 2 year", {"renewal_term": "2y"}),
        ("(6) months", {"renewal_term": "6m"}),
        ("one (1) year", {"renewal_term": "1y"}),
        ("perpetual", {"term_kind": "evergreen"}),
        ("evergreen, 30 days either side", {"term_kind": "evergreen", "notice": "30d each"}),
        ("within 90 but no fewer than 60 days", {"notice": "60d each", "notice_window": "90d"}),
        ("between 90 and 60 days before the end", {"notice": "60d each", "notice_window": "90d"}),
        (
            "not earlier than 90 days nor later than 60 days before expiry",
            {"notice": "60d each", "notice_window": "90d"},
        ),
        (
            "no less than ninety (90) days' and no more than one hundred twenty (120) days' prior written notice",
            {"notice": "90d each", "notice_window": "120d"},
        ),
        ("month to month", {"term_kind": "month_to_month", "renewal_term": "1m"}),
        (
            "12 months, then month-to-month, 30 days notice",
            {"term_kind": "month_to_month", "initial_term": "12m", "renewal_term": "1m", "notice": "30d each"},
        ),
        (
            "3 years, auto-renews annually, 60 days notice",
            {"initial_term": "3y", "renewal": "auto", "renewal_term": "1y", "notice": "60d each"},
        ),
        (
            "Term: 3 years. Renewal: automatic, 1 year. Notice: 60 days.",
            {"initial_term": "3y", "renewal": "auto", "renewal_term": "1y", "notice": "60d each"},
        ),
        (
            "initial term 36m, renewal term 12m, notice 60d",
            {"initial_term": "36m", "renewal_term": "12m", "notice": "60d each"},
        ),
        (
            "auto-renew max 3 renewals of 12 months, notice 45 days before the end",
            {"renewal": "auto", "renewal_term": "12m", "max_renewals": 3, "notice": "45d each"},
        ),
        ("auto-renews once for 1 year", {"renewal": "auto", "renewal_term": "1y", "max_renewals": 1}),
        ("two 1-year renewals", {"renewal_term": "1y", "max_renewals": 2}),
        ("renews by mutual written agreement for 1 year", {"renewal": "manual", "renewal_term": "1y"}),
        (
            "contract is for 3 years with an option to extend for 2 further years",
            {"initial_term": "3y", "renewal": "manual", "renewal_term": "2y"},
        ),
        ("12 month term, no renewal", {"initial_term": "12m", "renewal": "none"}),
        ("does not auto-renew", {"renewal": "none"}),
        ("auto-renewal: no", {"renewal": "none"}),
        ("shall automatically terminate unless renewed", {"renewal": "manual"}),
        (
            "2 year initial term, auto-renews for successive terms of the same length",
            {"initial_term": "2y", "renewal": "auto", "renewal_term": "2y"},
        ),
        (
            "5 years and continues thereafter until terminated on 6 months' notice",
            {"term_kind": "evergreen", "initial_term": "5y", "notice": "6m each"},
        ),
        ("auto-renews 1yr, 10 business days notice", {"renewal": "auto", "renewal_term": "1y", "notice": "10bd each"}),
        ("client may cancel on 30 days notice; we may cancel on 90 days notice",
         {"notice": "90d", "client_notice": "30d"}),
        ("Client notice 30 days; MSP notice 90 days", {"notice": "90d", "client_notice": "30d"}),
        ("auto renews yearly unless client gives 30 days' notice",
         {"renewal": "auto", "renewal_term": "1y", "client_notice": "30d"}),
        ("60-day renewal notice", {"notice": "60d each"}),
    ],
)  # fmt: skip
def test_what_is_understood_whole(text: str, expected: dict[str, Any]) -> None:
    reading = read_terms(text)
    assert stated(reading) == expected
    assert reading.is_complete


@pytest.mark.parametrize(
    ("text", "expected", "left"),
    [
        ("auto-renews for 12-month terms for a maximum of 36 months",
         {"renewal": "auto", "renewal_term": "12m"}, ("maximum of 36 months",)),
        ("90 days written notice prior to the end of the term, sent by certified mail",
         {"notice": "90d each"}, ("sent by certified mail",)),
        ("30 days' notice to cure a breach, 60 days' notice of non-renewal",
         {"notice": "60d each"}, ("30 days' notice to cure a breach",)),
        ("12 months auto-renew", {"renewal": "auto"}, ("12 months",)),
        ("1 year, auto-renews, data is kept for 90 days after termination",
         {"renewal": "auto"}, ("1 year", "data is kept for 90 days after")),
        ("the term may be extended by up to 6 months", {"renewal": "manual"}, ("up to 6 months",)),
        ("will renew for the same period unless 30 days notice is given",
         {"renewal": "auto", "notice": "30d each"}, ("same",)),
        ("30 day notice from client only", {"client_notice": "30d"}, ("only",)),
    ],
)  # fmt: skip
def test_what_is_left_over_is_given_back(text: str, expected: dict[str, Any], left: tuple[str, ...]) -> None:
    reading = read_terms(text)
    assert stated(reading) == expected
    assert reading.not_understood == left


@pytest.mark.parametrize(
    "text",
    [
        "thirty (30) days",  # the term, or the notice?
        "thirty (60) days' notice",
        "sixty 90 days' notice",
        "30-60 days notice",
        "[***] days' prior written notice",
        "48 hours notice",
        "1.5 years",
        "renews for 1 year and 6 months",
        "renews each year for 3 years",
        "successive 12 months; successive 6 months",
        "perpetual, 11/15/2014",
        "evergreen, 1 year terms",
        "is not evergreen",
        "ninety days' notice or 30 days' notice",
        "notice within 90 days prior to the end",
        "cancel within 30 days",
        "no more than 90 days' notice",
        "60 days' notice to terminate for cause",
        "90 days' notice of any price increase",
        "Fees are fixed for 12 months",
        "Payment term of 30 days",
        "if not renewed, the Client shall pay for 3 months",
        "no notice required",
        "yearly notice",
        "up to 12 months",
        "12 months or until terminated",
        "until 31 December 2027",
        "three years with two one year options",
        "3 + 1 + 1",
        "12",
        "does not renew unless extended automatically",
        "this agreement may be terminated by mutual agreement",
    ],
)
def test_what_is_declined_is_asked_and_given_back(text: str) -> None:
    reading = read_terms(text)
    assert stated(reading) == {}
    assert reading.not_understood
    assert reading.questions


HOURS = [
    "Unused hours do not roll over.",
    "Unused hours, if any, will not be rolled over.",
    "Hours not used in a month do not roll over to the next month.",
    "Prepaid time shall not roll over from month to month.",
    "There is no roll-over of unused hours.",
    "The block of hours rolls over for 3 months.",
    "Credits expire after 90 days and never roll over.",
    "Client may not roll over any unused support hours.",
    "The remaining balance rolls over.",
    "Rollover hours: none.",
    "Hours rollover: no.",
    "Unused minutes will not renew or roll over.",
    "Leftover funds may be rolled over once.",
]


@pytest.mark.parametrize("about_hours", HOURS)
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Initial term of 3 years. This agreement renews automatically for successive 12-month terms.",
            {"initial_term": "3y", "renewal": "auto", "renewal_term": "12m"},
        ),
        ("Initial term: 12 months.", {"initial_term": "12m"}),
    ],
)
def test_hours_that_roll_over_are_no_renewal(about_hours: str, text: str, expected: dict[str, Any]) -> None:
    for both in (f"{text} {about_hours}", f"{about_hours} {text}"):
        reading = read_terms(both)
        assert stated(reading) == expected, both
        assert reading.not_understood, both


@pytest.mark.parametrize(
    ("text", "renewal"),
    [
        ("prepaid hours will not roll over. auto-renews yearly", "auto"),
        ("unused hours do not roll over while the agreement renews automatically for 1 year", "auto"),
        ("unused hours roll over and the agreement does not roll over", "none"),
        ("12 months, unused hours will not roll over", None),
        ("includes 20 hours a month; rolls over for successive 1 year terms", "auto"),
        ("includes 20 hours a month, rolls over for successive 1 year terms", "auto"),
        ("rolls over for successive 1 year terms unless 24 hours notice", "auto"),
        ("At that time the agreement rolls over for successive 1 year terms", "auto"),
        ("Without 48 hours notice rolls over for 1 year", "auto"),
        ("does not roll over", "none"),
        ("Rollover: no", "none"),
        ("Auto-renew?: no", "none"),
    ],
)
def test_what_rolls_over_is_told_apart(text: str, renewal: str | None) -> None:
    assert read_terms(text).renewal == renewal


def test_the_question_decides_what_a_length_alone_means() -> None:
    assert stated(read_terms("60 days", Asked.NOTICE)) == {"notice": "60d each"}
    assert stated(read_terms("60 days", Asked.RENEWAL_TERM)) == {"renewal_term": "60d"}
    assert stated(read_terms("60 days", Asked.INITIAL_TERM)) == {"initial_term": "60d"}
    assert stated(read_terms("60 days; 90 days", Asked.NOTICE)) == {}
    assert stated(read_terms("within 60 days", Asked.NOTICE)) == {}
    assert stated(read_terms("3 years", Asked.INITIAL_TERM)) == {"initial_term": "3y"}


def test_once_or_again_is_asked() -> None:
    reading = read_terms("auto-renews for an additional 1 year")
    assert reading.renewal_term == Period.parse("1y")
    assert reading.questions == ("Does it renew once, or again at the end of each renewal?",)


def test_an_empty_text_says_nothing() -> None:
    assert read_terms("  ") == TermReading("  ")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("sixty", 60), ("twenty-one", 21), ("one hundred eighty", 180), ("one hundred and eighty (180)", 180),
        ("a hundred twenty", 120), ("(6)", 6), ("60 (sixty)", 60), ("thirty (60)", None), ("one two", None),
        ("sixty sixty", None), ("ten hundred", None), ("", None), ("10000", None),
    ],
)  # fmt: skip
def test_numbers(text: str, value: int | None) -> None:
    assert spelled_number(text) == value


@pytest.mark.parametrize(
    ("text", "lengths"),
    [
        ("two-year", ["2y"]), ("five (5)-year terms", ["5y"]), ("one further year", ["1y"]), ("a quarter", ["3m"]),
        ("one (1) additional twelve month period", ["12m"]), ("two 1-year terms", ["1y"]), ("10 1 years", [None]),
        ("year to year", ["1y"]), ("half a year", [None]), ("15th Contract Year", []), ("$30 days", []),
        ("1 year, 60 days", ["1y", "60d"]), ("two weeks", ["2w"]), ("30 calendar days", ["30d"]),
        ("1,000 days", [None]),
    ],
)  # fmt: skip
def test_lengths(text: str, lengths: list[str | None]) -> None:
    assert [amount.period and str(amount.period) for amount in amounts(text)] == lengths


@pytest.mark.parametrize(
    "text", ["1 year 6 months 3 days", "1 year and 6 months and 3 days", "2 years 1 month 1 week 1 day"]
)
def test_a_length_of_many_parts_is_one_that_cannot_be_read(text: str) -> None:
    [one] = amounts(text)
    assert (one.period, one.start, one.end) == (None, 0, len(text))
    assert read_terms(f"Initial term: {text}").questions == ("How long is the initial term?",)


def test_same_length() -> None:
    assert same_length(Period.parse("12m"), Period.parse("1y"))
    assert not same_length(Period.parse("90d"), Period.parse("3m"))
    assert not same_length(None, None)


# --- anything at all -----------------------------------------------------------------------------------------------

_PIECES = (
    "1", "2", "60", "(30)", "thirty", "ninety", "days", "year", "years", "months", "business", "notice", "prior",
    "renew", "renews", "auto-renew", "automatically", "not", "unless", "within", "at least", "no more than", "31 May",
    "perpetual", "month to month", "successive", "additional", "term", "initial", "for", "of", "client", "we", "may",
    "either party", ";", ".", "until terminated", "[***]", "2027", "before the end", "evergreen", ",",
)  # fmt: skip
WORDS = st.lists(st.sampled_from(_PIECES), max_size=25).map(" ".join)


@pytest.mark.slow
@settings(derandomize=True, max_examples=300, deadline=None)
@given(text=WORDS | st.text(max_size=60))
def test_whatever_is_written_it_is_read_the_same_and_only_lengths_in_the_text(text: str) -> None:
    reading = read_terms(text)
    assert reading == read_terms(text)
    assert reading.text == text
    for period in (reading.initial_term, reading.renewal_term, reading.notice, reading.client_notice):
        if period is not None and period.value > 9:
            assert re.search(rf"\b{period.value}\b|thirty|ninety", text)
    if reading.notice_window:
        assert reading.notice or reading.client_notice


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece", ["renewal ", "one ", "(", "1 year ", "renew unless ", "for one (1) ", "notice ", "[ "]
)
def test_long_nonsense_is_read_in_no_time(piece: str) -> None:
    text = (piece * (LONGEST_TEXT // len(piece)))[: LONGEST_TEXT - 8] + " 1 year"
    started = time.process_time()
    read_terms(text)
    assert time.process_time() - started < 5


def test_too_long_a_text_is_not_read() -> None:
    reading = read_terms("1 year " * LONGEST_TEXT)
    assert stated(reading) == {}
    assert reading.questions


# --- real contracts: the answer columns, filled in by lawyers, are the truth ---------------------------------------

_ANSWER = re.compile(r"(?:(?P<count>\d+) )?(?P<follows>succ?ess?ive )?(?P<length>\d+ (?:day|month|year)s?)")


def cuad() -> list[dict[str, str]]:
    if not CUAD.exists():
        pytest.skip("the CUAD contracts are not in ../shared/data/contracts")
    with CUAD.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def clause(column: str) -> str:
    return " ".join(part.rstrip(".") + "." for part in ast.literal_eval(column)) if column.strip() else ""


def renewal_is(reading: TermReading, answer: str, expires: str) -> bool:
    """The length must be equal; so must the number of renewals, and its being one or several, where it is answered.

    An answer of several different lengths is one that nothing but declining is right for.
    """
    answer = answer.strip().lower()
    if answer == "perpetual":
        return reading.term_kind is TermKind.EVERGREEN
    if reading.renewal_term is None:
        return False
    dates = re.findall(r"\d+/\d+/\d+", answer)
    if dates and re.fullmatch(r"[\d/; ]+", answer):
        first = datetime.strptime(expires, "%m/%d/%Y").date()  # noqa: DTZ007 - a date without a time has no zone
        ends = [shift(first, reading.renewal_term, times) for times in range(1, len(dates) + 1)]
        return [f"{end.month}/{end.day}/{end.year}" for end in ends] == dates
    match = _ANSWER.fullmatch(answer)
    if match is None or not same_length(Period.parse(match["length"]), reading.renewal_term):
        return False
    if match["count"]:
        return reading.max_renewals == int(match["count"])
    return not (match["follows"] and reading.max_renewals == 1)


def notice_is(reading: TermReading, answer: str) -> bool:
    """Either of two lengths that the answer gives for the same notice will do; of several notices none will."""
    length = reading.notice or reading.client_notice
    try:
        return any(same_length(length, Period.parse(each)) for each in answer.split("/"))
    except ValueError:
        return False


def judged() -> dict[str, Counter[str]]:
    figures: dict[str, Counter[str]] = {}

    def judge(name: str, is_read: bool, is_right: bool) -> None:
        outcome = ("correct" if is_right else "wrong") if is_read else "declined"
        figures.setdefault(name, Counter()).update([outcome])

    for row in cuad():
        answer, expires = row["renewal_term"], row["expiration_date"]
        if answer.strip():
            texts = {
                "renewal, clause": read_terms(clause(row["renewal_clause"])),
                "renewal, answer": read_terms(answer, Asked.RENEWAL_TERM),
            }
            for name, reading in texts.items():
                is_read = reading.renewal_term is not None or reading.term_kind is TermKind.EVERGREEN
                judge(name, is_read, renewal_is(reading, answer, expires))
        answer = row["notice_to_terminate_renewal"]
        if answer.strip():
            texts = {
                "notice, clause": read_terms(clause(row["notice_clause"])),
                "notice, answer": read_terms(answer, Asked.NOTICE),
            }
            for name, reading in texts.items():
                judge(name, bool(reading.notice or reading.client_notice), notice_is(reading, answer))
    return figures


def test_real_contracts_are_read_rightly_or_declined() -> None:
    figures = judged()
    assert {name: counts.total() for name, counts in figures.items()} == {
        "renewal, clause": 70,
        "renewal, answer": 70,
        "notice, clause": 40,
        "notice, answer": 40,
    }
    for name, counts in figures.items():
        assert counts["wrong"] <= 0.01 * counts.total(), (name, counts)
    least = {"renewal, clause": 59, "renewal, answer": 65, "notice, clause": 33, "notice, answer": 36}
    for name, floor in least.items():
        assert figures[name]["correct"] >= floor, figures


def test_where_no_notice_was_answered_none_is_made_up() -> None:
    """One clause does say ninety days although its answer was left blank; that one is read."""
    blank = [row for row in cuad() if not row["notice_to_terminate_renewal"].strip()]
    readings = [read_terms(clause(row["notice_clause"])) for row in blank]
    assert [str(reading.notice) for reading in readings if reading.notice or reading.client_notice] == ["90d"]
