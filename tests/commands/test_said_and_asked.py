"""What a reply has to say (for whom, by which paper, how it was read), and what is asked before it is saved."""

import pytest

from commands.dispatching.request import CONSOLE, Request
from commands.errors import NeedsYes
from commands.grammar.words import split_words
from tests.commands.conftest import Desk

CHANNEL = "C0CALDER"


@pytest.mark.parametrize(
    "line",
    [
        'walkthrough record SOW-A to:"Lee Marsh, COO" on:2026-02-01',
        'promise kept "Test a restore"',
        'promise end "Test a restore"',
        'insurance require "MFA everywhere"',
        'recommendation decline "Buy EDR" by:"Lee Marsh, COO"',
        "topic set SOW-A present topic:access_scope clause:3",
        "disclosure record hipaa applies",
        'obligation add "Tell us about leavers"',
        'matrix set SOW-A "Badge printers" msp clause:9',
        "renewal decide SOW-A renew reason:good",
    ],
)
def test_in_a_clients_channel_every_reply_says_for_whom(calder: Desk, line: str) -> None:
    calder.type('/engagement promise add calder "Test a restore" source:sla every:3m')
    assert "Calder Ridge" in calder.type(f"/engagement {line}", channel=CHANNEL).headline


def test_another_client_is_named_in_the_channel_of_one(calder: Desk) -> None:
    calder.type('/engagement client add "Granite Peak"')
    calder.type("/engagement agreement add granite MSA-G kind:msa effective:2026-01-01")
    reply = calder.type('/engagement walkthrough record granite MSA-G to:"Pat Kim, CEO"', channel=CHANNEL)
    assert reply.headline.startswith("Granite Peak: MSA-G was explained to Pat Kim, CEO")


def test_a_proposed_row_that_a_signed_paper_carries_names_that_paper(calder: Desk) -> None:
    calder.type('/engagement agreement edit calder SOW-A signer:"Lee Marsh, COO"')
    calder.type("/engagement agreement add calder ADD-1 kind:addendum parent:SOW-A effective:2026-02-01")
    calder.type('/engagement matrix set calder SOW-A "Badge printers" msp proposed:yes carried-by:ADD-1')
    asked = "/scope calder who looks after the badge printers?"
    assert "not agreed" in calder.type(asked).headline
    calder.type('/engagement agreement sign calder ADD-1 on:2026-02-20 signer:"Lee Marsh, COO"')
    reply = calder.type(asked)
    assert reply.evidence is not None
    assert reply.evidence.attestation == "proposed, and agreed by ADD-1, signed on 20 February 2026"
    assert reply.evidence.weakness is None
    calder.type('/engagement agreement edit calder ADD-1 signer:""')
    weak = calder.type(asked).evidence
    assert weak is not None
    assert weak.weakness


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ("notice:18m", "The notice, 18 months, is longer than the term of 12 months."),
        ("client-notice:400d", "The client's notice, 400 days, is longer than the term of 12 months."),
        ("notice-window:2y", "The notice window, 2 years, is longer than the term of 12 months."),
    ],
)
def test_notice_longer_than_the_term_is_asked_back(calder: Desk, terms: str, said: str) -> None:
    usual = "kind:sow effective:2026-01-01 initial-term:12m"
    for line in (f"agreement add calder SOW-L {usual} {terms}", f"agreement edit calder SOW-A {terms}"):
        with pytest.raises(NeedsYes) as asked:
            calder.type(f"/engagement {line}", is_confirmed=False)
        assert said in asked.value.message
        assert "Nothing is saved yet" in asked.value.message
    assert "SOW-L" not in str(calder.type("/engagement agreement list calder").table)
    calder.type(f"/engagement agreement edit calder SOW-A {terms}")
    calder.type("/engagement agreement edit calder SOW-A title:Services", is_confirmed=False)


DAYS = (
    ("agreement sign calder SOW-L on:2025-03-01", "signed on 1 March 2025, and applies from 1 July 2026"),
    ("agreement sign calder SOW-L side:client on:2025-03-01", "signed on 1 March 2025, and applies from 1 July 2026"),
    ("signature record calder SOW-L client signer:Lee on:2025-03-01", "more than a year apart"),
    ("agreement edit calder SOW-L client-signed:2025-03-01", "more than a year apart"),
    ("agreement edit calder SOW-L signed:2026-02-01 end:2026-01-31 effective:2025-02-01", "after the term's last day"),
)


@pytest.mark.parametrize(("line", "said"), DAYS)
def test_a_signature_far_from_the_first_day_is_asked_back(calder: Desk, line: str, said: str) -> None:
    calder.type("/engagement agreement add calder SOW-L kind:sow effective:2026-07-01")
    with pytest.raises(NeedsYes) as asked:
        calder.type(f"/engagement {line}", is_confirmed=False)
    assert said in asked.value.message
    assert "Nothing is saved yet" in asked.value.message
    kept = calder.type("/engagement agreement show calder SOW-L").data["agreement"]
    assert (kept["msp_signed_on"], kept["client_signed_on"]) == (None, None)
    calder.type(f"/engagement {line}")
    calder.type("/engagement agreement edit calder SOW-L title:Services", is_confirmed=False)


def test_a_signature_within_a_year_is_taken(calder: Desk) -> None:
    calder.type("/engagement agreement add calder SOW-L kind:sow effective:2026-07-01")
    calder.type("/engagement agreement sign calder SOW-L on:2025-08-01", is_confirmed=False)


def test_notice_of_a_monthly_agreement_may_be_longer(calder: Desk) -> None:
    line = "agreement add calder HELP kind:sow effective:2026-01-01 term:month_to_month notice:90d"
    assert "is recorded" in calder.type(f"/engagement {line}", is_confirmed=False).headline


@pytest.mark.parametrize(
    "words", ["doesn't apply", "doesn’t apply", "doesnt apply", "does not apply", "not applicable"]
)
def test_that_a_regulation_does_not_apply_is_read_as_it_is_typed(calder: Desk, words: str) -> None:
    assert "does not apply" in calder.type(f"/disclose gdpr {words}", channel=CHANNEL).headline


def test_the_list_of_disclosures_shows_the_clause_without_an_acceptance(calder: Desk) -> None:
    calder.type('/engagement disclosure record calder hipaa applies by:"Ann Fox, CFO" clause:"SOW-A 6.2"')
    assert "SOW-A 6.2" in str(calder.type("/engagement disclosure list calder").table)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("client add `Code Mills`", ["client", "add", "Code Mills"]),
        ("client add `Code Mills` alias:`cm 2`", ["client", "add", "Code Mills", "cm 2"]),
        ("client add `Mills`", ["client", "add", "Mills"]),
        ("client add O`Brien", ["client", "add", "O`Brien"]),
        ("client add ` Mills", ["client", "add", "`", "Mills"]),
    ],
)
def test_words_between_backticks_are_one(text: str, values: list[str]) -> None:
    assert [word.value for word in split_words(text)] == values


@pytest.mark.parametrize("noun", ["client", "agreement"])
def test_a_file_of_titles_alone_is_no_import(calder: Desk, noun: str) -> None:
    titles = {"client": b"Name,Time zone\n", "agreement": b"Client,Reference,Kind,Effective\n\n,,,\n"}[noun]
    for more in ("dry-run:yes", "confirm:yes"):
        error = calder.refused(f"/engagement {noun} import {more}", upload=("f.csv", titles))
        assert error.message == "f.csv has titles in row 1, and no rows below them. Nothing was saved."


def test_a_matrix_of_titles_alone_is_no_import(calder: Desk) -> None:
    error = calder.refused(
        "/engagement matrix import calder SOW-A as-signed:yes confirm:yes", upload=("m.csv", b"Item,Responsible\n")
    )
    assert error.message == "m.csv: There are titles in row 1, and no rows below them."


def test_an_import_says_how_it_read_what_could_be_read_otherwise(calder: Desk) -> None:
    zones = b"Name,Time zone,Country\nHarbor Dental,CST,USA\nZenith Legal,Central Time,US\nOrchard,America/Chicago,US\n"
    for more in ("dry-run:yes", "confirm:yes"):
        said = calder.type(f"/engagement client import {more}", upload=("c.csv", zones)).cautions
        assert 'row 2: zone: "CST" is read as America/Chicago.' in said
        assert 'row 3: zone: "Central Time" is read as America/Chicago.' in said
        assert not any("row 4" in each for each in said)
    dates = b"Client,Reference,Kind,Effective\nCalder Ridge,Z-1,sow,01-02-2026\n"
    command = "/engagement agreement import confirm:yes"
    both = calder.refused(command, upload=("a.csv", dates)).message
    assert '"01-02-2026" can be' in both
    read = calder.type(f"{command} dates:day_first", upload=("a.csv", dates))
    assert any("are read day first" in each for each in read.cautions), read.cautions
    request = Request(calder.workspace_id, CONSOLE, "agreement show calder Z-1", is_confirmed=True)
    assert "2026-02-01" in str(calder.dispatcher.run(request).fields)
