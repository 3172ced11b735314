"""An agreement whose days or lengths contradict each other."""

from datetime import date
from typing import Any

import pytest

from commands.rules.agreements.plausible_terms import term_cautions
from storage.records import Agreement

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, ()),
        ({"signed": FIRST, "effective_on": FIRST, "initial_end_on": LAST}, ()),
        ({"signed": date(2025, 12, 1), "effective_on": FIRST}, ()),
        ({"signed": date(2026, 3, 1), "effective_on": FIRST}, ()),
        ({"signed": date(2027, 1, 1), "effective_on": FIRST, "initial_end_on": LAST}, ("after the term's last day",)),
        ({"signed": date(2024, 12, 31), "effective_on": FIRST}, ("more than a year apart",)),
        ({"signed": date(2027, 1, 2), "effective_on": FIRST}, ("more than a year apart",)),
        ({"terminated_on": date(2025, 6, 30), "effective_on": FIRST}, ("before its first day",)),
        ({"initial_term": "12m", "client_notice": "12m", "notice_window": "1y"}, ()),
        ({"initial_term": "12m", "client_notice": "24m"}, ("client's notice, 24 months, is longer",)),
        ({"initial_term": "36m", "renewal_term": "1m", "notice_window": "90d"}, ("notice window, 90 days, is longer",)),
        ({"initial_term": "1m", "client_notice": "23bd"}, ()),
        ({"initial_term": "1200m"}, ("initial term of 1200 months is longer than 25 years. Check it.",)),
        ({"initial_term": "25y", "notice": "24m"}, ()),
        ({"initial_term": "12m", "review_every": "60y"}, ("review interval of 60 years is longer than 25 years",)),
        ({"initial_term": "1m", "client_notice": "90d", "term_kind": "month_to_month"}, ()),
    ],
)
def test_what_contradicts_itself_is_said(fields: dict[str, Any], words: tuple[str, ...]) -> None:
    signed = fields.pop("signed", None)
    paper = Agreement(client_id=1, reference="A", msp_signed_on=signed, client_signed_on=signed, **fields)
    said = term_cautions(paper)
    assert len(said) == len(words)
    assert all(word in sentence for word, sentence in zip(words, said, strict=True))
