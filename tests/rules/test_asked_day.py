"""Date words inside questions."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commands.rules.questions.asked_day import asked_day

TODAY = date(2026, 6, 17)  # a Wednesday


@pytest.mark.parametrize(
    ("question", "day", "rest"),
    [
        ("who owned backup testing in March?", "2026-03-31", "who owned backup testing?"),
        ("in march who owned backup testing", "2026-03-31", "who owned backup testing"),
        ("who patched servers in September", "2025-09-30", "who patched servers"),
        ("who patched servers in September 2024", "2024-09-30", "who patched servers"),
        ("who patches servers in next September", "2026-09-01", "who patches servers"),
        ("who patched servers last September", "2025-09-30", "who patched servers"),
        ("who patched servers in June", "2026-06-17", "who patched servers"),
        ("who patched servers last year?", "2025-12-31", "who patched servers?"),
        ("who patched servers last month", "2026-05-31", "who patched servers"),
        ("who patched servers last week", "2026-06-14", "who patched servers"),
        ("who patches servers next year", "2027-01-01", "who patches servers"),
        ("who patches servers next month", "2026-07-01", "who patches servers"),
        ("who patched servers in 2024", "2024-12-31", "who patched servers"),
        ("who patched servers on 3 March", "2026-03-03", "who patched servers"),
        ("who patched servers on the 3rd of March 2025", "2025-03-03", "who patched servers"),
        ("who patched servers on March 3, 2025", "2025-03-03", "who patched servers"),
        ("who patched servers on 3 December", "2025-12-03", "who patched servers"),
        ("who patched servers as of 2026-02-01?", "2026-02-01", "who patched servers?"),
        ("were server backups ours two years ago", "2024-06-17", "were server backups ours"),
        ("were server backups ours 6 months ago", "2025-12-17", "were server backups ours"),
        ("did we patch yesterday", "2026-06-16", "did we patch"),
        ("were backups ours before the renewal", "2026-03-31", "were backups ours"),
        ("were backups ours before their last renewal?", "2026-03-31", "were backups ours?"),
    ],
)
def test_the_day_that_the_words_name(question: str, day: str, rest: str) -> None:
    found = asked_day(question, TODAY, renewed_on=[date(2026, 4, 1), date(2025, 4, 1)])
    assert found is not None
    assert (found.day.isoformat(), found.rest) == (day, rest)


@pytest.mark.parametrize(
    "question",
    [
        "who sends the March newsletter",
        "may we restart the server",
        "who runs the end of year backups",
        "monthly windows updates on the servers",
        "who patches the 2019 servers",
        "who runs Windows Server 2019",
        "is the Q2 2025 report ours",
        "who renews the licences by the end",
        "who handles the 24-month retention",
        "on 31 February who patched",
        "",
    ],
)
def test_words_that_name_no_day(question: str) -> None:
    assert asked_day(question, TODAY) is None


def test_before_the_renewal_needs_a_renewal() -> None:
    assert asked_day("were backups ours before the renewal", TODAY) is None


@given(st.text(max_size=80), st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_any_text_is_read_or_left(question: str, today: date) -> None:
    found = asked_day(question, today)
    assert found is None or len(found.rest) <= len(question)
