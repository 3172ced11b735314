"""Records that change over the years: each answer says what applied on its day, and up to which day that is known."""

from datetime import UTC, date, datetime, timedelta

import pytest

from commands.reply import Evidence
from storage.records import Verdict
from tests.commands.conftest import TECHNICIAN, Desk

YEARLY = "kind:sow effective:2026-01-01 signed:2026-01-01 initial-term:12m renewal:auto renewal-term:12m notice:60d"
ONE_YEAR = "kind:sow effective:2026-01-01 signed:2026-01-01 initial-term:12m renewal:none"
ASKED = "who does the server backup?"
NOTICE = "renewal decide calder SOW-A give_notice notice-on:2026-09-01 method:email reason:x"
LATE = "renewal decide calder SOW-A give_notice notice-on:2026-12-15 method:email reason:x"
AMENDMENT = "agreement add calder AMD-1 kind:amendment parent:SOW-A"
THEIRS = 'matrix set calder AMD-1 "Server backup" client clause:A1 as-signed:yes'
PROPOSED = 'matrix set calder SOW-A "Server backup" client proposed:yes carried-by:ADD-1'
OVER = "agreement add calder SOW-0 kind:sow effective:2024-01-01 signed:2024-01-01 initial-term:12m renewal:none"
MINE, YOURS, GONE, NOBODYS = Verdict.MSP, Verdict.CLIENT, Verdict.LAPSED, Verdict.UNDOCUMENTED


def open_on(desk: Desk, terms: str = YEARLY) -> Desk:
    for line in (
        'client add "Calder Ridge" alias:calder owner:U0MANAGER zone:America/Chicago country:US',
        f"agreement add calder SOW-A {terms}",
        'matrix set calder SOW-A "Server backup" msp clause:7.1 as-signed:yes since:2026-01-01',
    ):
        desk.type(f"/engagement {line}")
    return desk


def happen(desk: Desk, *lines: str) -> None:
    """Each of `lines` typed, a minute after the one before; a day ("@2026-09-02") is waited for."""
    for line in lines:
        if line.startswith("@"):
            desk.now = datetime.fromisoformat(f"{line[1:]}T15:00:00").replace(tzinfo=UTC)
        else:
            desk.now += timedelta(minutes=1)
            desk.type(f"/engagement {line}")


def answered(desk: Desk, options: str = "") -> tuple[Verdict | None, str | None, str | None]:
    """The verdict, the paper that it rests on and its last day."""
    reply = desk.type(f"/scope calder {options} {ASKED}", user=TECHNICIAN)
    found: Evidence | None = reply.evidence
    last = found.effective_to if found else None
    return reply.verdict, found.agreement if found else None, str(last) if last else None


LIVES: dict[str, tuple[str, list[str], list[tuple[str, Verdict, str | None, str | None]]]] = {
    "notice": (
        YEARLY,
        ["@2026-09-02", NOTICE, "@2026-11-01"],
        [("", MINE, "SOW-A", "2026-12-31"), ("as-of:2027-01-15", GONE, "SOW-A", "2026-12-31")],
    ),
    "notice, taken back": (
        YEARLY,
        ["@2026-09-02", NOTICE, "@2026-10-01", "renewal retract calder SOW-A reason:stays", "@2027-01-15"],
        [
            ("", MINE, "SOW-A", None),
            ("as-of:2027-01-15 known-at:2026-09-15", GONE, "SOW-A", "2026-12-31"),
            ("as-of:2026-12-15 known-at:2026-09-15", MINE, "SOW-A", "2026-12-31"),
        ],
    ),
    "notice that is late": (YEARLY, ["@2026-12-16", LATE, "@2027-01-15"], [("", MINE, "SOW-A", None)]),
    "a term that nothing renews": (
        ONE_YEAR,
        [],
        [("as-of:2026-12-31", MINE, "SOW-A", "2026-12-31"), ("as-of:2027-01-01", GONE, "SOW-A", "2026-12-31")],
    ),
    "renewals that are counted": (
        f"{YEARLY} max-renewals:1",
        ["@2027-02-01"],
        [("", MINE, "SOW-A", "2027-12-31"), ("as-of:2028-01-01", GONE, "SOW-A", "2027-12-31")],
    ),
    "an extension": (
        ONE_YEAR,
        [f"{AMENDMENT} effective:2026-02-01 signed:2026-02-01 end:2027-12-31", "@2027-02-01"],
        [("", MINE, "SOW-A", "2027-12-31")],
    ),
    "an end that was decided": (
        YEARLY,
        ["agreement terminate calder SOW-A on:2026-06-30 reason:x"],
        [("", MINE, "SOW-A", "2026-06-30"), ("as-of:2026-07-01", GONE, "SOW-A", "2026-06-30")],
    ),
    "an amendment to come": (
        YEARLY,
        [f"{AMENDMENT} signed:2026-03-01 effective:2026-06-01", THEIRS],
        [("", MINE, "SOW-A", "2026-05-31"), ("as-of:2026-06-01", YOURS, "AMD-1", None)],
    ),
    "an amendment that nobody signed": (YEARLY, [f"{AMENDMENT} effective:2026-06-01", THEIRS.replace(
        " as-signed:yes", "")], [("", MINE, "SOW-A", None), ("as-of:2026-07-01", MINE, "SOW-A", None)]),
    "an amendment of before": (
        YEARLY,
        [f"{AMENDMENT} signed:2026-02-20 effective:2026-02-01", f"{THEIRS} since:2026-02-01"],
        [("as-of:2026-01-15", MINE, "SOW-A", "2026-01-31"), ("as-of:2026-02-10", YOURS, "AMD-1", None)],
    ),
    "an amendment of a paper that ends": (
        YEARLY,
        [f"{AMENDMENT} signed:2026-03-01 effective:2026-06-01", THEIRS, "@2026-09-02", NOTICE],
        [("", YOURS, "AMD-1", "2026-12-31"), ("as-of:2027-01-01", GONE, "AMD-1", "2026-12-31")],
    ),
    "an addendum that carries": (
        YEARLY,
        ["agreement add calder ADD-1 kind:addendum parent:SOW-A signed:2026-03-01 effective:2026-05-01", PROPOSED],
        [("", MINE, "SOW-A", "2026-04-30"), ("as-of:2026-05-01", YOURS, "ADD-1", None)],
    ),
    "a lower paper to come": (
        YEARLY,
        [
            "agreement add calder MSA-2 kind:msa signed:2026-03-01 effective:2026-06-01",
            'matrix set calder MSA-2 "Server backup" client clause:2 as-signed:yes',
        ],
        [("", MINE, "SOW-A", None), ("as-of:2026-07-01", MINE, "SOW-A", None)],
    ),
    "a row that ends": (
        YEARLY,
        ['matrix retire calder SOW-A "Server backup" on:2026-06-30'],
        [("", MINE, "SOW-A", "2026-06-30"), ("as-of:2026-07-01", GONE, "SOW-A", "2026-06-30")],
    ),
    "a row that ends before its amendment": (
        YEARLY,
        [
            f"{AMENDMENT} signed:2026-03-01 effective:2026-06-01", THEIRS,
            'matrix retire calder SOW-A "Server backup" on:2026-04-30',
        ],
        [("", MINE, "SOW-A", "2026-04-30"), ("as-of:2026-05-15", GONE, "SOW-A", "2026-04-30")],
    ),
    "the paper that ended last": (
        YEARLY,
        [
            OVER, 'matrix set calder SOW-0 "Server backup" client clause:1 as-signed:yes since:2024-01-01',
            "agreement terminate calder SOW-0 on:2024-12-31 reason:x", "@2026-09-02", NOTICE, "@2027-01-15",
        ],
        [("", GONE, "SOW-A", "2026-12-31")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("life", LIVES)
def test_an_answer_rests_on_its_paper_up_to_its_last_day(desk: Desk, life: str) -> None:
    terms, lines, expected = LIVES[life]
    happen(open_on(desk, terms), *lines)
    assert [(options, *answered(desk, options)) for options, *_ in expected] == expected


def test_a_shared_answer_has_the_last_day_that_was_known_then(desk: Desk) -> None:
    open_on(desk)
    answered(desk)
    happen(desk, "@2026-09-02", NOTICE)
    answered(desk)
    shared = [desk.type(f"/engagement scope share {number}", user=TECHNICIAN).evidence for number in (1, 2)]
    shown = [desk.type(f"/engagement scope show {number}").evidence for number in (1, 2)]
    assert [each.effective_to for each in (*shared, *shown) if each] == [None, date(2026, 12, 31)] * 2


def test_a_lapsed_answer_says_whether_the_row_or_its_paper_ended(desk: Desk) -> None:
    open_on(desk, ONE_YEAR)
    happen(desk, 'matrix retire calder SOW-A "Server backup" on:2027-06-30')
    assert "the agreement that covered this" in desk.type(f"/scope calder as-of:2027-08-01 {ASKED}").headline
    happen(desk, 'matrix retire calder SOW-A "Server backup" on:2026-06-30')
    assert "the row that covered this" in desk.type(f"/scope calder as-of:2027-08-01 {ASKED}").headline


@pytest.mark.parametrize(
    ("terms", "first"),
    [("initial-term:12m", "Ask first"), ("end:2025-12-31", "Ask first"), ("", "do it"), ("term:evergreen", "do it")],
)
def test_paper_whose_term_ran_out_and_of_which_no_renewal_is_known_is_no_plain_yes(
    desk: Desk, terms: str, first: str
) -> None:
    open_on(desk, f"kind:sow effective:2025-01-01 signed:2025-01-01 {terms}")
    assert first in desk.type(f"/scope calder {ASKED}").headline
    desk.type("/engagement agreement edit calder SOW-A renewal:auto renewal-term:12m")
    assert "do it" in desk.type(f"/scope calder {ASKED}").headline
