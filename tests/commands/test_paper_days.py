"""What a paper is written from, at the edge of its day: what began or ended on it, and whose it is."""

from datetime import date, datetime, timedelta

import pytest

from commands.dispatching.request import CONSOLE, Request
from commands.papers.facts import DRAFT, PaperFacts, read_facts
from commands.reckoning import reckoning_of
from storage.records import Disclosure
from tests.commands.conftest import Desk
from tests.conftest import NOW

DAY = timedelta(days=1)


def facts_of(desk: Desk, day: date) -> PaperFacts:
    """Of SOW-A, the first agreement."""
    with desk.database.open_unit(desk.workspace_id, writes=False) as uow:
        ctx = desk.dispatcher.context(uow, Request(desk.workspace_id, CONSOLE, ""))
        return read_facts(ctx, uow.clients.get(1), uow.agreements.find(1), day)


def test_it_is_signed_on_the_very_day_and_a_draft_before(calder: Desk) -> None:
    signed = date(2026, 1, 1)
    assert [facts_of(calder, day).draft for day in (signed - DAY, signed, signed + DAY)] == [DRAFT, "", ""]


def test_what_a_client_said_counts_on_its_last_day_and_not_after(calder: Desk) -> None:
    last = date(2026, 2, 10)
    said = {"client_id": 1, "regulation": "hipaa", "answer": "applies", "asked_on": "2026-01-05", "asked_by": "U0DANA"}
    days = {"effective_from": "2026-01-05", "effective_to": last}
    with calder.database.open_unit(calder.workspace_id) as uow:
        uow.disclosures.record(Disclosure.model_validate({**said, **days, "recorded_at": NOW, "recorded_by": "U0DANA"}))
    found = {
        day: len(facts_of(calder, day).disclosures) for day in (date(2026, 1, 4), date(2026, 1, 5), last, last + DAY)
    }
    assert list(found.values()) == [0, 1, 1, 0]


def test_access_that_is_revoked_is_gone_from_that_day_on(calder: Desk) -> None:
    calder.type("/engagement access grant calder Firewall admin on:2026-01-05")
    calder.type("/engagement access revoke calder Firewall on:2026-02-10")
    days = (date(2026, 1, 4), date(2026, 1, 5), date(2026, 2, 9), date(2026, 2, 10))
    assert [len(facts_of(calder, day).access) for day in days] == [0, 1, 1, 0]


def test_a_paper_shows_the_signatures_of_its_own_agreements(calder: Desk) -> None:
    calder.type("/engagement agreement add calder SOW-B kind:sow effective:2026-01-01 signed:2026-01-01")
    for reference in ("SOW-A", "SOW-B"):
        calder.type(f'/engagement signature record calder {reference} client signer:"Pat {reference}" on:2026-01-01')
    assert [each.signer for each in facts_of(calder, date(2026, 3, 1)).signatures] == ["Pat SOW-A"]


@pytest.mark.parametrize(("days_after", "is_late"), [(0, False), (1, True)])
def test_notice_on_the_last_day_is_in_time(calder: Desk, days_after: int, is_late: bool) -> None:
    calder.type('/engagement renewal decide calder SOW-A give_notice reason:"They leave"')
    with calder.database.open_unit(calder.workspace_id, writes=False) as uow:
        agreement = uow.agreements.find(1)
        assert agreement is not None
        standing = reckoning_of(uow, uow.clients.get(1)).standing(agreement, NOW.date())
    assert standing.arrive_by is not None
    at = datetime.combine(standing.arrive_by + days_after * DAY, NOW.timetz())
    calder.now = at
    reply = calder.type("/engagement paper notice calder SOW-A format:docx")
    assert any("has passed" in each for each in reply.cautions) is is_late
