"""Agreements with the terms of the tests of renewals, notice and what is in force."""

from datetime import date
from typing import Any

from commands.rules.agreements.renewals import Standing, standing
from storage.records.agreement import Agreement, AgreementStatus, RenewalMode

AUTO, MANUAL, NONE = RenewalMode.AUTO, RenewalMode.MANUAL, RenewalMode.NONE


def agreement(**terms: Any) -> Agreement:
    return Agreement(**{"client_id": 1, "reference": "MSA-1", "status": AgreementStatus.EXECUTED, **terms})


def day(text: str) -> date:
    return date.fromisoformat(text)


def yearly(**terms: Any) -> Agreement:
    """1 April 2026 for a year, renews by the year, 60 days' notice: ends 31 March, notice by 30 January."""
    return agreement(
        **{
            "effective_on": day("2026-04-01"),
            "initial_term": "12m",
            "renewal": AUTO,
            "renewal_term": "1y",
            "notice": "60d",
            **terms,
        }
    )


def on(terms: Agreement, today: str, **options: Any) -> Standing:
    return standing(terms, day(today), **options)
