"""Terms with what amends them: case tables of amendments and chains of them, and what must hold for every order."""

import itertools
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commands.rules.agreements.effective_terms import EffectiveTerms, effective_terms, root_of
from commands.rules.agreements.in_force import Force
from commands.rules.agreements.reckoning import Reckoning
from commands.rules.agreements.standing import AgreementStanding
from storage.records.agreement import Agreement, AgreementKind, AgreementStatus, RenewalMode, TermKind

AMENDMENT, ADDENDUM = AgreementKind.AMENDMENT, AgreementKind.ADDENDUM
EXECUTED, OUT, DRAFT = AgreementStatus.EXECUTED, AgreementStatus.OUT_FOR_SIGNATURE, AgreementStatus.DRAFT
AUTO, MANUAL, NONE = RenewalMode.AUTO, RenewalMode.MANUAL, RenewalMode.NONE


def day(text: str) -> date:
    return date.fromisoformat(text)


def parent(**terms: Any) -> Agreement:
    """The calendar year 2026, renews by the year, 60 days' notice."""
    signed = day("2025-12-15")
    kept = {
        "effective_on": day("2026-01-01"), "initial_term": "12m", "renewal": AUTO, "renewal_term": "12m",
        "notice": "60d", "msp_signed_on": signed, "client_signed_on": signed, **terms,
    }  # fmt: skip
    return Agreement(id=1, client_id=1, reference="SOW-A", status=EXECUTED, **kept)


def amendment(number: int, since: str | None, **stated: Any) -> Agreement:
    """Signed by both sides on the day from which it applies."""
    effective = day(since) if since else None
    kept = {
        "kind": AMENDMENT, "parent_id": 1, "status": EXECUTED, "effective_on": effective,
        "msp_signed_on": effective or day("2026-02-01"), "client_signed_on": effective or day("2026-02-01"), **stated,
    }  # fmt: skip
    return Agreement(id=1 + number, client_id=1, reference=f"AMD-{number}", **kept)


def terms_on(on: str, *amendments: Agreement, **of_parent: Any) -> EffectiveTerms:
    return effective_terms(parent(**of_parent), amendments, day(on))


CHAINS = [  # amendments (since, stated), day, field, value, by which
    ([("2026-03-01", {"notice": "30d"})], "2026-02-28", "notice", "60d", None),
    ([("2026-03-01", {"notice": "30d"})], "2026-03-01", "notice", "30d", "AMD-1"),
    ([("2026-03-01", {"notice": "30d"}), ("2026-06-01", {"notice": "90d"})], "2026-05-31", "notice", "30d", "AMD-1"),
    ([("2026-03-01", {"notice": "30d"}), ("2026-06-01", {"notice": "90d"})], "2026-06-01", "notice", "90d", "AMD-2"),
    # as recorded is not as effective: the later effective date wins, whatever was entered last
    ([("2026-06-01", {"notice": "90d"}), ("2026-03-01", {"notice": "30d"})], "2026-07-01", "notice", "90d", "AMD-1"),
    # of one day, the longer notice, which is in time for both; of anything else what was recorded later
    ([("2026-03-01", {"notice": "90d"}), ("2026-03-01", {"notice": "30d"})], "2026-07-01", "notice", "90d", "AMD-1"),
    ([("2026-03-01", {"notice": "30d"}), ("2026-03-01", {"notice": "90d"})], "2026-07-01", "notice", "90d", "AMD-2"),
    ([("2026-03-01", {"notice_address": "1 Main St"}), ("2026-03-01", {"notice_address": "2 Oak St"})],
     "2026-07-01", "notice_address", "2 Oak St", "AMD-2"),
    # each keeps what it does not state
    ([("2026-03-01", {"notice": "30d"}), ("2026-06-01", {"client_notice": "10d"})],
     "2026-07-01", "notice", "30d", "AMD-1"),
    ([("2026-03-01", {"notice_window": "120d"})], "2026-07-01", "notice_window", "120d", "AMD-1"),
    ([("2026-03-01", {"notice_address": "1 Main St"})], "2026-07-01", "notice_address", "1 Main St", "AMD-1"),
    ([("2026-03-01", {"renewal": NONE})], "2026-07-01", "renewal", "none", "AMD-1"),
    ([("2026-03-01", {"renewal_term": "24m"})], "2026-07-01", "renewal_term", "24m", "AMD-1"),
    ([("2026-03-01", {"max_renewals": 2})], "2026-07-01", "max_renewals", "2", "AMD-1"),
    ([("2026-03-01", {"kind": ADDENDUM, "notice": "30d"})], "2026-07-01", "notice", "30d", "AMD-1"),
    # not both signed, or over, or without a day
    ([("2026-03-01", {"notice": "30d", "client_signed_on": None, "status": OUT})], "2026-07-01", "notice", "60d", None),
    ([("2026-03-01", {"notice": "30d", "status": DRAFT, "msp_signed_on": None, "client_signed_on": None})],
     "2026-07-01", "notice", "60d", None),
    ([("2026-03-01", {"notice": "30d", "client_signed_on": None})], "2026-07-01", "notice", "60d", None),
    ([(None, {"notice": "30d"})], "2026-07-01", "notice", "60d", None),
    ([("2026-03-01", {"notice": "30d", "status": AgreementStatus.TERMINATED, "terminated_on": day("2026-04-30")})],
     "2026-04-30", "notice", "30d", "AMD-1"),
    ([("2026-03-01", {"notice": "30d", "status": AgreementStatus.TERMINATED, "terminated_on": day("2026-04-30")})],
     "2026-05-01", "notice", "60d", None),
    ([("2026-03-01", {"notice": "30d", "status": AgreementStatus.SUPERSEDED})], "2026-05-01", "notice", "60d", None),
]  # fmt: skip


@pytest.mark.parametrize(("chain", "on", "name", "value", "by"), CHAINS)
def test_chains(chain: list[tuple[str, dict[str, Any]]], on: str, name: str, value: str, by: str | None) -> None:
    amendments = [amendment(number, since, **stated) for number, (since, stated) in enumerate(chain, start=1)]
    found = terms_on(on, *amendments)
    assert str(getattr(found.agreement, name)) == value
    change = found.changes.get(name)
    assert (change.reference if change else None) == by
    for order in itertools.permutations(amendments):
        assert terms_on(on, *order) == found


ENDS = [  # amendments, day asked, end of the term that runs then, stands
    ([("2026-06-01", {"initial_end_on": day("2027-06-30")})], "2026-07-01", "2027-06-30", "in force"),
    ([("2026-06-01", {"initial_end_on": day("2027-06-30")})], "2026-05-01", "2027-06-30", "in force"),  # as it will end
    ([("2026-06-01", {"initial_term": "24m"})], "2026-07-01", "2027-12-31", "in force"),  # from the beginning
    ([("2027-01-01", {"initial_term": "24m"})], "2027-07-01", "2028-12-31", "in force"),  # as the next term
    ([("2027-03-01", {"initial_end_on": day("2029-12-31")})], "2027-07-01", "2029-12-31", "in force"),
    ([("2026-06-01", {"renewal": NONE})], "2027-02-01", "2026-12-31", "lapsed"),
    ([("2026-06-01", {"renewal": NONE}), ("2026-09-01", {"renewal": AUTO})], "2027-02-01", "2027-12-31", "in force"),
    ([("2026-06-01", {"renewal": NONE}), ("2026-12-01", {"initial_end_on": day("2027-03-31")})],
     "2027-02-01", "2027-03-31", "in force"),
    ([("2026-06-01", {"renewal_term": "6m"})], "2027-02-01", "2027-06-30", "in force"),
    ([("2027-02-01", {"renewal_term": "6m"})], "2028-02-01", "2028-06-30", "in force"),  # the running term stays
    # how often it renews is counted from the first term on, also where it has renewed before
    ([("2027-06-01", {"max_renewals": 1})], "2028-02-01", "2027-12-31", "lapsed"),
    ([("2027-06-01", {"max_renewals": 2})], "2028-02-01", "2028-12-31", "in force"),
    ([("2027-06-01", {"max_renewals": 2})], "2029-02-01", "2028-12-31", "lapsed"),
    # an amendment that may extend it: not lapsed, but unclear
    ([("2026-06-01", {"renewal": NONE}), ("2026-12-01", {"title": "Extension"})], "2027-02-01", None, "unclear"),
    ([("2026-06-01", {"renewal": NONE}),
      ("2026-12-01", {"initial_end_on": day("2027-12-31"), "client_signed_on": None, "status": OUT})],
     "2027-02-01", None, "unclear"),
    # an unsigned paper that is only about notice extends nothing
    ([("2026-06-01", {"renewal": NONE}), ("2026-12-01", {"notice": "30d", "client_signed_on": None, "status": OUT})],
     "2027-02-01", "2026-12-31", "lapsed"),
]  # fmt: skip
WORDS = {AgreementStanding.LAPSED: "lapsed", AgreementStanding.UNKNOWN: "unclear"}


@pytest.mark.parametrize(("chain", "on", "end", "stands"), ENDS)
def test_what_an_amendment_makes_of_the_end(
    chain: list[tuple[str, dict[str, Any]]], on: str, end: str | None, stands: str
) -> None:
    amendments = [amendment(number, since, **stated) for number, (since, stated) in enumerate(chain, start=1)]
    agreements = [parent(), *amendments]
    found = Reckoning(agreements).standing(agreements[0], day(on))
    assert WORDS.get(found.status, "in force") == stands
    if end:
        assert found.term_end == day(end)
    expected = {"lapsed": Force.ENDED, "unclear": Force.UNKNOWN, "in force": Force.IN_FORCE}[stands]
    assert Reckoning(agreements).force(agreements[0], day(on)) is expected


TERMINATED = AgreementStatus.TERMINATED
AHEAD = [  # terms, amendments, days asked, the end and the last day for notice that are told on each
    # an amendment that extends it ends before it would have, or after
    ({"renewal": NONE}, [("2026-10-01", {"initial_end_on": "2027-12-31", "terminated_on": "2026-11-30"})],
     ("2026-10-02", "2026-11-30", "2026-12-01", "2026-12-31"), "2026-12-31", None),
    ({"renewal": NONE}, [("2026-10-01", {"initial_end_on": "2027-12-31", "terminated_on": "2027-06-30"})],
     ("2026-10-02", "2027-01-01", "2027-06-30", "2027-07-01", "2028-01-01"), "2027-06-30", None),
    ({}, [("2026-10-01", {"initial_end_on": "2027-12-31", "terminated_on": "2026-11-30"})],
     ("2026-10-02", "2026-11-30", "2026-12-01"), "2026-12-31", "2026-11-01"),
    # one that shortens the notice ends
    ({"notice": "90d"}, [("2026-02-01", {"notice": "30d", "terminated_on": "2026-06-30"})],
     ("2026-03-01", "2026-06-30", "2026-07-01", "2026-10-02"), "2026-12-31", "2026-10-02"),
    # one that was announced changes the notice, or the renewal
    ({"notice": "30d"}, [("2026-09-01", {"notice": "120d"})],
     ("2026-03-01", "2026-08-31", "2026-09-01", "2026-09-02"), "2026-12-31", "2026-09-02"),
    ({"notice": "30d"}, [("2026-09-02", {"notice": "120d"})],  # it can be given on the very day on which it changes
     ("2026-03-01", "2026-09-01", "2026-09-02"), "2026-12-31", "2026-09-02"),
    ({"notice": "30d"}, [("2026-09-01", {"notice": "140d"})],  # it is too late from then on
     ("2026-03-01", "2026-08-30", "2026-08-31"), "2026-12-31", "2026-08-31"),
    ({"notice": "120d"}, [("2026-10-01", {"notice": "30d"})],
     ("2026-03-01", "2026-09-10", "2026-10-01", "2026-12-01"), "2026-12-31", "2026-12-01"),
    ({}, [("2026-10-01", {"renewal": NONE})], ("2026-03-01", "2026-10-01", "2026-12-31"), "2026-12-31", None),
    ({}, [("2026-10-01", {"initial_end_on": "2027-03-31"}), ("2027-03-01", {"initial_end_on": "2027-06-30"})],
     ("2026-03-01", "2026-12-01", "2027-03-01"), "2027-06-30", "2027-05-01"),
    # what begins after the end is of the next term
    ({}, [("2027-01-01", {"notice": "120d"})], ("2026-03-01", "2026-11-01"), "2026-12-31", "2026-11-01"),
]  # fmt: skip


def dated(stated: dict[str, Any]) -> dict[str, Any]:
    read = {
        name: day(value) if name in ("initial_end_on", "terminated_on") else value for name, value in stated.items()
    }
    return read | ({"status": TERMINATED} if "terminated_on" in read else {})


@pytest.mark.parametrize(("of_parent", "chain", "asked", "end", "deadline"), AHEAD)
def test_what_begins_or_ends_before_the_end_is_told_from_the_beginning(
    of_parent: dict[str, Any], chain: list[tuple[str, dict[str, Any]]], asked: tuple[str, ...], end: str,
    deadline: str | None,
) -> None:  # fmt: skip
    amendments = [amendment(number, since, **dated(stated)) for number, (since, stated) in enumerate(chain, start=1)]
    agreements = [parent(**of_parent), *amendments]
    for on in asked:
        found = Reckoning(agreements).standing(agreements[0], day(on))
        told = (found.term_end, found.notice_deadline)
        assert told == (day(end), day(deadline) if deadline else None), on
        is_over = Reckoning(agreements).force(agreements[0], day(on)) is Force.ENDED
        assert is_over == (day(on) > day(end))


def test_notice_cannot_be_given_before_a_shorter_one_begins() -> None:
    agreements = [parent(notice="120d"), amendment(1, "2026-10-01", notice="30d")]
    found = Reckoning(agreements).standing(agreements[0], day("2026-09-10"))
    assert (found.status, found.notice_opens) == (AgreementStanding.ACTIVE, day("2026-10-01"))


def test_one_that_ends_is_announced() -> None:
    agreements = [
        parent(),
        amendment(1, "2026-03-01", notice="30d", terminated_on=day("2026-06-30"), status=TERMINATED),
    ]
    found = Reckoning(agreements).standing(agreements[0], day("2026-04-01"))
    assert "AMD-1 ends on 30 June 2026, and with it what it changes: notice of 30 days." in found.assumptions


def test_an_addendum_that_only_changes_rows_leaves_the_terms_and_raises_no_doubt() -> None:
    found = terms_on("2026-07-01", amendment(1, "2026-03-01", kind=ADDENDUM, title="More rows of the matrix"))
    assert (found.agreement, found.doubts, found.may_be_extended) == (parent(), (), False)


def test_an_amendment_that_states_nothing_is_a_doubt() -> None:
    found = terms_on("2026-07-01", amendment(1, "2026-03-01"))
    assert found.agreement == parent()
    assert "check that it changes none" in found.doubts[0]


def test_an_unsigned_one_says_who_has_not_signed() -> None:
    found = terms_on("2026-07-01", amendment(1, "2026-03-01", notice="30d", client_signed_on=None, status=OUT))
    assert found.doubts == (
        "AMD-1 states notice of 30 days, but it is not signed by the client: it does not count yet.",
    )


def test_a_future_one_is_announced() -> None:
    found = terms_on("2026-02-01", amendment(1, "2026-03-01", notice="30d"))
    assert found.notes == ("From 1 March 2026 on, AMD-1 changes it: notice of 30 days.",)


def test_an_amendment_to_an_amendment_changes_the_agreement() -> None:
    first, second = amendment(1, "2026-03-01", notice="30d"), amendment(2, "2026-06-01", notice="45d")
    second = second.changed(parent_id=first.id)
    known = {each.id: each for each in (parent(), first, second)}
    assert root_of(second, known) == parent()
    reckoning = Reckoning(known.values())
    assert str(reckoning.terms(parent(), day("2026-07-01")).agreement.notice) == "45d"


@pytest.mark.parametrize("loop", [(2, 3), (3, 2), (2, 2)])
def test_amendments_in_a_circle_do_not_hang(loop: tuple[int, int]) -> None:
    first, second = amendment(1, "2026-03-01", notice="30d"), amendment(2, "2026-06-01", notice="45d")
    papers = [parent(), first.changed(parent_id=loop[1]), second.changed(parent_id=loop[0])]
    reckoning = Reckoning(papers)
    for each in papers:
        reckoning.standing(each, day("2026-07-01"))


def test_an_addendum_with_a_term_of_its_own_amends_no_evergreen_agreement() -> None:
    endless = parent(term_kind=TermKind.EVERGREEN, initial_term=None, renewal=None, renewal_term=None)
    project = amendment(1, "2026-03-01", kind=ADDENDUM, initial_term="6m", renewal=NONE)
    reckoning = Reckoning([endless, project])
    assert reckoning.root(project) is None
    assert reckoning.standing(endless, day("2027-03-01")).status is AgreementStanding.EVERGREEN
    assert reckoning.standing(project, day("2027-03-01")).status is AgreementStanding.LAPSED


# --- what holds for all --------------------------------------------------------------------------------------------

STATED = st.fixed_dictionaries(
    {},
    optional={
        "notice": st.sampled_from(["10d", "30d", "90d"]),
        "client_notice": st.sampled_from(["10d", "30d"]),
        "renewal": st.sampled_from([AUTO, NONE, MANUAL]),
        "renewal_term": st.sampled_from(["6m", "12m", "24m"]),
        "max_renewals": st.integers(0, 3),
        "initial_end_on": st.dates(day("2026-06-30"), day("2029-12-31")),
    },
)
SINCE = st.dates(day("2026-01-02"), day("2029-06-30"))
AMENDMENTS = st.lists(st.tuples(SINCE, STATED), max_size=4)
ASKED = st.dates(day("2026-01-01"), day("2031-12-31"))


def papers_of(chain: list[tuple[date, dict[str, Any]]]) -> list[Agreement]:
    return [amendment(n, since.isoformat(), **stated) for n, (since, stated) in enumerate(chain, start=1)]


@given(AMENDMENTS, ASKED, st.randoms(use_true_random=False))
def test_the_order_of_recording_is_no_matter(chain: Any, on: date, random: Any) -> None:
    papers = papers_of(chain)
    mixed = list(papers)
    random.shuffle(mixed)
    assert effective_terms(parent(), mixed, on) == effective_terms(parent(), papers, on)


@given(AMENDMENTS, ASKED)
def test_an_amendment_changes_nothing_before_its_day(chain: Any, on: date) -> None:
    papers = papers_of(chain)
    by_then = [each for each in papers if each.effective_on is not None and each.effective_on <= on]
    with_all, with_past = (effective_terms(parent(), each, on).agreement for each in (papers, by_then))
    assert with_all == with_past


@given(AMENDMENTS, ASKED)
def test_unsigned_papers_change_no_terms(chain: Any, on: date) -> None:
    unsigned = [each.changed(client_signed_on=None, status=OUT) for each in papers_of(chain)]
    assert effective_terms(parent(), unsigned, on).agreement == parent()


LASTS = st.none() | st.integers(0, 900)
OF_PARENT = st.fixed_dictionaries(
    {"renewal": st.sampled_from([AUTO, NONE, MANUAL])}, optional={"max_renewals": st.integers(0, 3)}
)


def ending(papers: list[Agreement], lasts: list[int | None]) -> list[Agreement]:
    """With the last days of those that end."""
    return [
        paper
        if days is None or paper.effective_on is None
        else paper.changed(status=TERMINATED, terminated_on=paper.effective_on + timedelta(days=days))
        for paper, days in zip(papers, lasts, strict=True)
    ]


FOUR = st.lists(LASTS, min_size=4, max_size=4)


@settings(max_examples=300)
@given(OF_PARENT, AMENDMENTS, FOUR, ASKED, st.lists(st.integers(1, 500), min_size=1, max_size=8))
def test_what_is_told_today_is_told_until_the_deadline(
    of_parent: Any, chain: Any, lasts: Any, on: date, later: list[int]
) -> None:
    agreements = [parent(**of_parent), *ending(papers_of(chain), lasts[: len(chain)])]
    reckoning = Reckoning(agreements)
    told = reckoning.standing(agreements[0], on)
    until = told.notice_deadline or told.term_end
    for day_after in (on + timedelta(days=days) for days in later):
        if until is not None and day_after <= until:
            found = reckoning.standing(agreements[0], day_after)
            assert (found.term_end, found.notice_deadline) == (told.term_end, told.notice_deadline), day_after


@given(AMENDMENTS, FOUR, ASKED)
def test_the_standing_and_the_force_agree(chain: Any, lasts: Any, on: date) -> None:
    agreements = [parent(), *ending(papers_of(chain), lasts[: len(chain)])]
    reckoning = Reckoning(agreements)
    for each in agreements:
        stands, force = reckoning.standing(each, on), reckoning.force(each, on)
        over = (AgreementStanding.LAPSED, AgreementStanding.TERMINATED, AgreementStanding.SUPERSEDED)
        assert (stands.status in over) == (force is Force.ENDED)
        assert (stands.status is AgreementStanding.UNKNOWN) == (force is Force.UNKNOWN)
        if stands.term_end is not None and force is Force.IN_FORCE:
            assert stands.term_end >= on - timedelta(days=0)
