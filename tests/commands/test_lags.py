"""Whatever is recorded late says how late; and what applied on a day is shown as of that day."""

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from commands.rules.history.disclosures import as_of
from storage.records import Disclosure, DisclosureAnswer
from tests.commands.conftest import Desk, set_up_calder
from tests.conftest import NOW


def shown(desk: Desk, options: str = "") -> dict[str, str]:
    return {
        field.label: field.value for field in desk.type(f"/engagement agreement show calder SOW-A {options}").fields
    }


def test_signatures_terminations_and_walkthroughs_say_how_late_they_were_recorded(desk: Desk) -> None:
    desk.type('/engagement client add "Calder Ridge" alias:calder')
    desk.type("/engagement agreement add calder SOW-A kind:sow effective:2026-01-01 msp-signed:2026-01-01")
    desk.now += timedelta(days=10)
    desk.type("/engagement agreement sign calder SOW-A side:client on:2026-03-12")
    held = desk.type('/engagement walkthrough record calder SOW-A to:"Pat Roe" on:2026-03-02 by:"Dana"')
    assert held.headline == "SOW-A was explained to Pat Roe on 2026-03-02 (recorded 10 days after)."
    fields = shown(desk)
    assert fields["Signed"] == "by us 2026-01-01 (recorded 60 days after), by the client 2026-03-12"
    assert fields["Explained"] == "2026-03-02 (recorded 10 days after)"
    desk.now += timedelta(days=30)
    desk.type("/engagement agreement terminate calder SOW-A on:2026-04-01 reason:moved")
    desk.now += timedelta(days=30)
    desk.type('/engagement agreement edit calder SOW-A title:"Services"')
    assert shown(desk)["Terminated"] == "2026-04-01 (recorded 10 days after)"


def test_a_promise_kept_says_how_late_that_was_recorded(desk: Desk) -> None:
    desk.type('/engagement client add "Calder Ridge" alias:calder')
    desk.type('/engagement promise add calder "Test a restore" source:sla every:3m made:2026-01-01')
    kept = desk.type('/engagement promise kept calder "Test a restore" on:2026-02-20')
    assert kept.headline == "Kept on 2026-02-20 (recorded 10 days after)."
    desk.now += timedelta(days=5)
    desk.type('/engagement promise edit calder "Test a restore" every:6m')
    table = desk.type("/engagement promise list calder").table
    assert table is not None
    assert table.rows[0][4] == "2026-02-20 (recorded 10 days after)"


def test_an_agreement_and_disclosures_are_shown_as_of_a_day(desk: Desk) -> None:
    desk.type('/engagement client add "Calder Ridge" alias:calder')
    desk.type(
        "/engagement agreement add calder SOW-A kind:sow effective:2025-01-01 signed:2025-01-01 initial-term:12m "
        "renewal:auto renewal-term:12m notice:60d"
    )
    assert shown(desk, "as-of:2025-06-01")["Current term"] == "2025-01-01 to 2025-12-31"
    assert shown(desk)["Current term"] == "2026-01-01 to 2026-12-31"
    desk.type('/disclose calder hipaa does_not_apply by:"Pat Roe, COO" on:2026-01-10')
    desk.now += timedelta(days=20)
    desk.type('/disclose calder hipaa applies by:"Pat Roe, COO" on:2026-03-20')
    desk.type('/disclose calder pci_dss applies by:"Pat Roe, COO" on:2026-03-20')
    listed = desk.type("/engagement disclosure list calder as-of:2026-02-01")
    assert listed.lines == ("As of 2026-02-01.",)
    assert [row[1] for row in listed.table.rows] == ["does not apply"]  # type: ignore[union-attr]
    assert "nothing about regulations" in desk.type("/engagement disclosure list calder as-of:2025-02-01").headline
    known = desk.type("/engagement disclosure list calder as-of:2026-03-21 known-at:2026-03-02")
    assert [row[1] for row in known.table.rows] == ["does not apply"]  # type: ignore[union-attr]
    desk.type('/engagement disclosure withdraw calder hipaa reason:"wrong client"')
    after = desk.type("/engagement disclosure list calder as-of:2026-03-21")
    assert [row["regulation"] for row in after.data["disclosures"]] == ["pci_dss"]


@st.composite
def histories(draw: st.DrawFn) -> list[Disclosure]:
    """One regulation: answered, answered again, taken back; each step on a later day."""
    found: list[Disclosure] = []
    at = NOW
    for number, what in enumerate(draw(st.lists(st.sampled_from(["answer", "take back"]), min_size=1, max_size=6)), 1):
        at += timedelta(days=draw(st.integers(1, 50)))
        if found and found[-1].superseded_at is None:
            found[-1] = found[-1].changed(superseded_at=at, superseded_by="U0")
        if what == "answer":
            found.append(
                Disclosure(
                    id=number, client_id=1, regulation="hipaa", answer=draw(st.sampled_from(DisclosureAnswer)),
                    asked_on=at.date(), asked_by="U0", recorded_at=at, recorded_by="U0",
                    effective_from=at.date() - timedelta(days=draw(st.integers(0, 100))),
                )
            )  # fmt: skip
    return found


@given(histories(), st.integers(-100, 400), st.integers(0, 400))
def test_what_was_known_of_a_disclosure_stays_what_it_was(history: list[Disclosure], day: int, known: int) -> None:
    on, at = date(2026, 3, 2) + timedelta(days=day), NOW + timedelta(days=known)
    then = [each.changed(superseded_at=None) if _later(each.superseded_at, at) else each for each in history]
    then = [each for each in then if each.recorded_at <= at]
    assert [each.id for each in as_of(history, on, at)] == [each.id for each in as_of(then, on, at)]


def _later(moment: datetime | None, at: datetime) -> bool:
    return moment is not None and moment > at


def test_versions_of_one_instant_come_to_an_end(desk: Desk) -> None:
    set_up_calder(desk)
    for line in ("add calder Calls every:3m", "kept calder Calls on:2026-02-20", "kept calder Calls on:2026-02-21"):
        desk.type(f"/engagement promise {line}")
    desk.type('/engagement promise edit calder Calls where:"Website, page 2"')
    assert "2026-02-21" in str(desk.type("/engagement promise list calder"))
