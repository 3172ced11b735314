"""A question that a manager settled is answered from then on, for that client, as long as the row is what it was."""

from datetime import timedelta

import pytest

from commands.rules.scope.settled import wording_key
from storage.records import Verdict
from tests.commands.conftest import MANAGER, TECHNICIAN, Desk, set_up_calder

ASKED = "who looks after the badge readers at the doors?"


@pytest.fixture
def settled(desk: Desk) -> Desk:
    set_up_calder(desk)
    number = desk.type(f"/scope calder {ASKED}", user=TECHNICIAN).data["question_id"]
    desk.type(f'/engagement scope settle {number} party:client agreement:SOW-A item:"Badge readers"', user=MANAGER)
    return desk


@pytest.mark.parametrize(
    "asked", [ASKED, ASKED.upper(), "hi, who looks after the badge readers at the doors", f"{ASKED} thanks!"]
)
def test_the_same_wording_is_sure(settled: Desk, asked: str) -> None:
    reply = settled.type(f"/scope calder {asked}", user=TECHNICIAN)
    assert reply.verdict is Verdict.CLIENT
    assert reply.evidence is not None
    assert reply.evidence.settlement == f"settled on 2 March 2026 by <@{MANAGER}>", reply.evidence
    assert "settled" in " ".join(reply.data["because"])


def test_another_client_is_not_answered_by_it(settled: Desk) -> None:
    settled.type('client add "Bluebird"')
    settled.type("agreement add bluebird MSA-B kind:sow effective:2026-01-02")
    settled.type('matrix set bluebird MSA-B "Badge readers" msp')
    reply = settled.type(f"/scope bluebird {ASKED}", user=TECHNICIAN)
    assert reply.evidence is None or reply.evidence.settlement is None


def test_a_row_that_was_changed_since_is_asked_back(settled: Desk) -> None:
    settled.type('matrix set calder SOW-A "Badge readers" shared msp-part:wiring client-part:badges', user=MANAGER)
    reply = settled.type(f"/scope calder {ASKED}", user=TECHNICIAN)
    assert reply.verdict is Verdict.AMBIGUOUS
    assert "changed after it had settled" in " ".join(reply.cautions)
    assert "Badge readers" in reply.headline
    assert reply.choices[0].label == "Badge readers (shared)"
    assert reply.table is None, "a lone choice repeats itself"
    assert "It was changed after it had settled this question." in reply.headline
    assert "does not quite name it" not in reply.headline


def test_a_settled_row_that_other_paper_contradicts_is_not_asked_back(settled: Desk) -> None:
    settled.type("agreement add calder SOW-B kind:sow effective:2026-02-01 signed:2026-02-01 term:evergreen")
    settled.type('matrix set calder SOW-A "Badge readers" shared msp-part:wiring client-part:badges clause:9')
    settled.type('matrix set calder SOW-B "Badge readers" msp clause:2.1')
    reply = settled.type(f"/scope calder {ASKED}", user=TECHNICIAN)
    assert 'SOW-A and SOW-B say different things about "Badge readers". Ask first.' in reply.headline


def test_a_row_that_ended_settles_nothing(settled: Desk) -> None:
    settled.type('matrix retire calder SOW-A "Badge readers" on:2026-03-03', user=MANAGER)
    settled.now += timedelta(days=2)
    reply = settled.type(f"/scope calder {ASKED}", user=TECHNICIAN)
    assert reply.evidence is None or reply.evidence.settlement is None
    assert reply.verdict in (Verdict.LAPSED, Verdict.UNDOCUMENTED)


def test_known_only_from_the_settlement_on(settled: Desk) -> None:
    reply = settled.type(f"/scope calder known-at:2026-02-20 as-of:2026-02-20 {ASKED}", user=TECHNICIAN)
    assert reply.evidence is None


def test_the_newest_settlement_counts(settled: Desk) -> None:
    number = settled.type(f"/scope calder {ASKED}", user=TECHNICIAN).data["question_id"]
    settled.type(f"/engagement scope dispute {number} note:wrong", user=TECHNICIAN)
    settled.type(f'/engagement scope settle {number} row:"Server backup"', user=MANAGER)
    assert settled.type(f"/scope calder {ASKED}", user=TECHNICIAN).data["item"] == "Server backup"


def test_what_counts_in_a_wording() -> None:
    assert wording_key("Who patches THE firewall?") == wording_key("hi, who patches firewall please")
    assert wording_key("who patches our firewall") != wording_key("who patches their firewall")
    assert wording_key("is it not ours?") != wording_key("is it ours?")
    assert wording_key("please") == "please"
