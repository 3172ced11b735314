"""Values of several words that follow one another without quotes: regulations, answers, decisions, days."""

import pytest

from commands.errors import UsageError
from tests.commands.conftest import Desk


@pytest.mark.parametrize("channel", [None, "C0CALDER"])
@pytest.mark.parametrize(
    ("typed", "headline"),
    [
        ("nis 2 applies", "NIS2 applies"),
        ("gdpr does not apply", "GDPR does not apply"),
        ("nis 2 does not apply", "NIS2 does not apply"),
        ("gdpr doesn't apply", "GDPR does not apply"),
        ("gdpr doesn’t apply", "GDPR does not apply"),
        ("gdpr not applicable", "GDPR does not apply"),
        ("gdpr n/a", "GDPR does not apply"),
        ("pci dss applies", "PCI DSS applies"),
        ("hipaa not sure", "HIPAA: the client does not know"),
        ("hipaa declined to say", "HIPAA: the client declined to say"),
        ("hipaa applies", "HIPAA applies"),
    ],
)
def test_a_disclosure_is_read_as_it_is_said(calder: Desk, typed: str, headline: str, channel: str | None) -> None:
    client = "" if channel else "calder "
    reply = calder.type(f'/disclose {client}{typed} by:"Lee Marsh, COO"', channel=channel)
    assert reply.headline.startswith("Calder Ridge: ")
    said = reply.headline.removeprefix("Calder Ridge: ").rstrip(".")
    assert said.split(" ")[-2:] == headline.split(" ")[-2:]
    assert reply.data["disclosure"]["attested_by"] == "Lee Marsh, COO"


def test_other_choices_may_have_several_words_too(calder: Desk) -> None:
    calder.type('/engagement matrix set calder SOW-A "Fax line" out of scope clause:9.9 as-signed:yes')
    assert "Out of scope" in calder.type("/scope calder fax line?").headline
    assert "needs to be" not in calder.refused("/engagement renewal decide calder SOW-A give notice").message


def test_what_is_left_over_is_still_said(calder: Desk) -> None:
    assert isinstance(calder.refused("/disclose calder gdpr applies maybe"), UsageError)


@pytest.mark.parametrize(
    ("typed", "is_listed"),
    [  # today is 2 March 2026; notice goes out by 30 October, the deadline is 1 November, the term ends 31 December
        ("90", False), ("300", True), ("300 days", True), ("9 months", True), ("next quarter", False),
        ("q4", True), ("this week", False), ("this year", True), ("next year", False), ("december", True),
        ("calder next quarter", False), ("q4 calder", True), ("calder", False), ("", False), ("overdue", False),
        ("Calder Ridge in the next 12 months", True), ("october 2026", True), ("days:300", True),
    ],
)  # fmt: skip
def test_renewals_are_listed_for_the_days_that_are_named(calder: Desk, typed: str, is_listed: bool) -> None:
    assert (calder.type(f"/renewals {typed}".strip()).table is not None) is is_listed
