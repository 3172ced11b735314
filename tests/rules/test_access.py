"""What to keep in mind before touching a system that an access grant speaks about."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from commands.rules.conduct.access import access_cautions, access_limits, is_active, touched_grants
from storage.records import AccessGrant, AccessLevel

TODAY = date(2026, 3, 2)


def grant(**changes: Any) -> AccessGrant:
    known: dict[str, Any] = {
        "client_id": 1, "system": "Payroll server", "level": AccessLevel.VIEW, "data": "payroll records",
        "limit": "only while a clerk watches.", "basis": "SOW-A 9.2", "granted_on": date(2026, 1, 1),
        "aliases": ("HR box",), "recorded_at": datetime(2026, 1, 1, tzinfo=UTC), "recorded_by": "U0DANA",
    }  # fmt: skip
    return AccessGrant(**known | changes)


@pytest.mark.parametrize(
    ("text", "is_touched"),
    [
        ("can we reboot the payroll server?", True),
        ("Payroll-Server patching", True),
        ("who owns the HR box", True),
        ("who patches the servers", False),
        ("payroll servers", False),
        (None, False),
    ],
)
def test_a_system_is_touched_when_it_is_named(text: str | None, is_touched: bool) -> None:
    assert bool(touched_grants([grant()], [text])) is is_touched


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, ["holds payroll records", "viewing only", "only while a clerk watches. Basis: SOW-A 9.2."]),
        ({"limit": None}, ["no limit is recorded: ask first"]),
        ({"basis": None}, ["No clause is recorded"]),
        ({"level": AccessLevel.NONE}, ["we have no access to it"]),
        ({"revoked_on": TODAY}, ["was revoked on 2026-03-02: do not use it"]),
        ({"granted_on": date(2026, 4, 1)}, ["granted only from 2026-04-01"]),
    ],
)
def test_the_caution_says_how_far_it_goes(changes: dict[str, Any], words: list[str]) -> None:
    [caution] = access_cautions([grant(**changes)], ["payroll server"], TODAY)
    assert all(each in caution for each in words), caution


@pytest.mark.parametrize(
    ("changes", "caution"),
    [
        ({"basis": "SOW-A"},
         "Payroll server holds payroll records: viewing only, limited: only while a clerk watches. Basis: SOW-A."),
        ({"data": None}, "Payroll server: viewing only, limited: only while a clerk watches. Basis: SOW-A 9.2."),
        ({"limit": None, "basis": None},
         "Payroll server holds payroll records: viewing only, no limit is recorded: ask first. "
         "No clause is recorded for it."),
        ({"level": AccessLevel.NONE},
         "Payroll server holds payroll records: we have no access to it. Basis: SOW-A 9.2."),
        ({"level": AccessLevel.NONE, "basis": None}, "Payroll server holds payroll records: we have no access to it."),
        ({"granted_on": TODAY, "data": None, "limit": "ask Lee; "},
         "Payroll server: viewing only, limited: ask Lee. Basis: SOW-A 9.2."),
    ],
)  # fmt: skip
def test_the_caution_is_one_sentence_and_its_basis(changes: dict[str, Any], caution: str) -> None:
    assert access_cautions([grant(**changes)], ["payroll server"], TODAY) == (caution,)


def test_the_first_day_of_an_access_is_not_too_early() -> None:
    assert access_limits([grant(granted_on=TODAY)], ["payroll server"], TODAY) == (
        "viewing only, and only while a clerk watches",
    )


def test_the_shortest_name_that_is_looked_for_has_three_letters() -> None:
    found = [
        touched_grants([grant(system=name, aliases=())], [f"reboot the {name.lower()} now"]) for name in ("ERP", "HR")
    ]
    assert [bool(each) for each in found] == [True, False]


def test_a_plain_system_needs_no_caution() -> None:
    assert access_cautions([grant(data=None, limit=None)], ["payroll server"], TODAY) == ()


@pytest.mark.parametrize(
    ("day", "active"), [(date(2025, 12, 31), False), (date(2026, 1, 1), True), (date(2026, 3, 1), True), (TODAY, False)]
)
def test_on_the_day_of_the_revocation_it_is_over(day: date, active: bool) -> None:
    assert is_active(grant(revoked_on=TODAY), day) is active


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"limit": "only while the payroll clerk watches"}, "viewing only, and only while the payroll clerk watches"),
        ({"limit": "Only while the payroll clerk watches."}, "viewing only, and only while the payroll clerk watches"),
        ({"limit": None}, "viewing only"),
        ({"limit": None, "data": None}, "viewing only"),
        ({"level": AccessLevel.ADMIN, "limit": "after a ticket"}, "with admin rights, after a ticket"),
        ({"level": AccessLevel.ADMIN, "limit": "MFA is on"}, "with admin rights, MFA is on"),
        ({"level": AccessLevel.USER, "limit": "in office hours"}, "as an ordinary user only, in office hours"),
        ({"level": AccessLevel.NONE}, "we have no access"),
        ({"level": AccessLevel.ADMIN, "limit": None}, "ask first: no limit is recorded for payroll records"),
        ({"level": AccessLevel.ADMIN, "limit": None, "data": None}, None),
        ({"revoked_on": TODAY}, "the access was revoked on 2026-03-02"),
        ({"granted_on": date(2026, 3, 3)}, "access is granted only from 2026-03-03"),
    ],
)
def test_a_limit_in_words(changes: dict[str, Any], words: str | None) -> None:
    assert access_limits([grant(**changes)], ["payroll server"], TODAY) == ((words,) if words else ())
    assert access_limits([grant(**changes)], ["who patches the servers"], TODAY) == ()


def test_limits_of_several_systems_are_told_apart() -> None:
    grants = [grant(), grant(system="File server", aliases=(), level=AccessLevel.NONE)]
    assert access_limits(grants, ["payroll server and file server"], TODAY) == (
        "viewing only, and only while a clerk watches (Payroll server)",
        "we have no access (File server)",
    )
