"""History is not rewritten: a change leaves earlier days alone, and what was known on a day stays what it was."""

from datetime import timedelta

import pytest

from commands.errors import Conflict, UsageError
from commands.reply import Reply
from storage.records import Verdict
from tests.commands.conftest import MANAGER, Desk
from tests.conftest import NOW

BACKUP = '/engagement matrix set calder SOW-A "Server backup"'


def set_up(desk: Desk) -> Desk:
    desk.type('/engagement client add "Calder Ridge" alias:calder owner:U0MANAGER zone:America/Chicago')
    desk.type("/engagement agreement add calder SOW-A kind:sow effective:2026-01-01 signed:2026-01-01 term:evergreen")
    return desk


@pytest.fixture
def calder(desk: Desk) -> Desk:
    return set_up(desk)


@pytest.fixture
def calder_on_each(desk_on_each: Desk) -> Desk:
    return set_up(desk_on_each)


def ask(desk: Desk, options: str = "") -> Reply:
    return desk.type(f"/scope calder {options} who does server backup?")


def test_a_row_changed_from_a_later_day_still_answers_for_the_days_before(calder: Desk) -> None:
    calder.type(f"{BACKUP} msp clause:2.1 since:2026-01-01")
    calder.type(f"{BACKUP} client clause:2.1 since:2026-06-01")
    february = ask(calder, "as-of:2026-02-15")
    assert february.verdict is Verdict.MSP
    assert february.evidence is not None
    assert str(february.evidence.recorded_on) == "2026-03-02"
    assert ask(calder, "as-of:2026-07-01").verdict is Verdict.CLIENT


def test_an_earlier_version_says_when_it_was_recorded_and_not_when_it_was_closed(calder: Desk) -> None:
    calder.type(f"{BACKUP} msp clause:2.1", user=MANAGER)
    calder.now += timedelta(days=40)
    calder.type(f"{BACKUP} client clause:2.1")
    before = ask(calder, "as-of:2026-03-15").evidence
    assert before is not None
    assert (str(before.recorded_on), before.recorded_by) == ("2026-03-02", MANAGER)


def test_a_row_added_again_starts_on_the_day_it_was_added(calder: Desk) -> None:
    calder.type(f"{BACKUP} msp clause:2.1")
    calder.type('/engagement matrix retire calder SOW-A "Server backup" on:2026-01-31')
    before = ask(calder, "as-of:2026-02-15")
    assert (before.verdict, "Not documented" in before.headline) == (Verdict.LAPSED, True)
    calder.type(f"{BACKUP} msp clause:2.1")
    assert ask(calder, "as-of:2026-02-15").headline == before.headline
    assert ask(calder).verdict is Verdict.MSP
    assert ask(calder, "as-of:2026-01-20").verdict is Verdict.MSP


def test_what_was_known_on_a_day_stays_what_it_was(calder_on_each: Desk) -> None:
    calder = calder_on_each
    calder.type(f"{BACKUP} msp clause:2.1")
    calder.now += timedelta(days=30)
    calder.type(f"{BACKUP} client clause:2.1 correction:yes")
    calder.type("/engagement agreement terminate calder SOW-A on:2026-03-31")
    now = ask(calder, "as-of:2026-03-15")
    assert now.verdict is Verdict.CLIENT
    assert any("Corrected on 2026-04-01" in caution and "said MSP" in caution for caution in now.cautions)
    then = ask(calder, "as-of:2026-05-01 known-at:2026-03-15")
    assert (then.verdict, then.cautions) == (Verdict.MSP, ask(calder, "known-at:2026-03-15").cautions)
    assert any("known" in line or "records stood" in line for line in then.lines)
    assert ask(calder, "as-of:2026-05-01").verdict is Verdict.LAPSED
    assert ask(calder, "known-at:2026-03-01").verdict is Verdict.UNDOCUMENTED
    assert calder.type("/engagement scope open").headline == "No scope question is open."
    assert "future" in calder.refused("/scope calder known-at:2027-01-01 who does server backup?").message


def test_the_first_day_is_not_moved_in_silence(calder: Desk) -> None:
    calder.type(f"{BACKUP} msp clause:2.1")
    refused = calder.refused(f"{BACKUP} msp since:2026-02-01")
    assert isinstance(refused, UsageError)
    assert "correction" in refused.message
    calder.type(f"{BACKUP} msp since:2026-02-01 correction:yes")
    assert ask(calder, "as-of:2026-01-15").verdict is not Verdict.MSP


def test_a_retirement_is_corrected_and_taken_back(calder: Desk) -> None:
    retire = '/engagement matrix retire calder SOW-A "Server backup"'
    calder.type(f"{BACKUP} msp clause:2.1")
    assert "2026-01-01" in calder.refused(f"{retire} on:2025-12-31").message
    calder.type(f"{retire} on:2026-01-31")
    assert isinstance(calder.refused(f"{retire} on:2026-01-31"), Conflict)
    assert "2026-01-31" in " ".join(calder.type(f"{retire} on:2026-02-15").cautions)
    assert ask(calder, "as-of:2026-02-10").verdict is Verdict.MSP
    assert ask(calder, "as-of:2026-02-20").verdict is Verdict.LAPSED
    calder.type('/engagement matrix restore calder SOW-A "Server backup"')
    assert ask(calder).verdict is Verdict.MSP
    assert isinstance(calder.refused('/engagement matrix restore calder SOW-A "Server backup"'), Conflict)


def test_a_row_without_a_clause_under_signed_paper_is_proposed(calder: Desk) -> None:
    said = calder.type(f"{BACKUP} msp")
    assert "is proposed for" in said.headline
    answer = ask(calder)
    assert answer.headline == "Calder Ridge: Proposed as ours, not agreed: do not rely on it."
    assert (answer.data["record"]["agreed"], answer.data["record"]["basis"]) == (False, "proposed")
    calder.type(f"{BACKUP} as-signed:yes clause:2.1")
    assert ask(calder).headline == "Calder Ridge: This is ours: do it."
    assert (
        "clause is missing"
        in calder.refused('/engagement matrix set calder SOW-A "Workstation backup" msp as-signed:yes').message
    )


def test_whoever_enters_a_row_with_its_clause_attests_that_the_signed_paper_says_so(calder: Desk) -> None:
    calder.now = NOW.replace(month=2, day=10)
    calder.type(f"{BACKUP} msp clause:2.1", user=MANAGER)
    evidence = ask(calder).evidence
    assert evidence is not None
    assert evidence.attestation == (
        f"entered 40 days after SOW-A was signed; <@{MANAGER}> attests that clause 2.1 says so"
    )


def test_a_row_entered_before_the_signature_needs_no_attestation(calder: Desk) -> None:
    calder.type("/engagement agreement add calder ADD-1 kind:addendum effective:2026-03-02")
    calder.type('/engagement matrix set calder ADD-1 "Zorblax care" msp')
    assert "not signed" in calder.type("/scope calder zorblax care").headline
    calder.type("/engagement agreement sign calder ADD-1 on:2026-03-02")
    reply = calder.type("/scope calder zorblax care")
    assert reply.headline == "Calder Ridge: This is ours: do it."
    assert reply.evidence is not None
    assert reply.evidence.attestation is None


def test_a_proposed_change_does_not_replace_what_is_agreed(calder: Desk) -> None:
    calder.type(f"{BACKUP} msp clause:2.1")
    calder.type(f"{BACKUP} client")
    reply = ask(calder)
    assert reply.verdict is Verdict.MSP
    assert any("A change to client is proposed for SOW-A, not agreed" in caution for caution in reply.cautions)
    calder.type('/engagement matrix retire calder SOW-A "Server backup" proposed:yes')
    assert not any("proposed" in caution for caution in ask(calder).cautions)


def test_the_signing_of_an_addendum_agrees_what_it_carries(calder: Desk) -> None:
    calder.type("/engagement agreement add calder ADD-1 kind:addendum effective:2026-03-02 term:evergreen")
    calder.type(f"{BACKUP} msp carried-by:ADD-1")
    assert "not agreed" in ask(calder).headline
    assert any("ADD-1 is to carry this row" in caution for caution in ask(calder).cautions)
    calder.type("/engagement agreement sign calder ADD-1 on:2026-03-02")
    assert ask(calder).headline == "Calder Ridge: This is ours: do it."


def test_settling_proposes_unless_the_clause_is_attested(calder: Desk) -> None:
    for clause, headline in (("", "Proposed as ours, not agreed"), ("clause:9", "This is ours: do it")):
        number = calder.type(f"/scope calder is the zorblax{len(clause)} ours?").data["question_id"]
        item = f"Zorblax{len(clause)}"
        calder.type(f"/engagement scope settle {number} msp agreement:SOW-A item:{item} {clause}")
        assert headline in calder.type(f"/scope calder {item}").headline


def test_an_import_attests_rows_with_a_clause_and_proposes_the_others(calder: Desk) -> None:
    matrix = b"item,responsible,clause\nServer backup,msp,2.1\nWorkstation backup,msp,\n"
    calder.type("/engagement matrix import calder SOW-A confirm:yes", upload=("m.csv", matrix))
    assert "This is ours" in ask(calder).headline
    assert "not agreed" in calder.type("/scope calder workstation backup").headline
    calder.type("/engagement matrix import calder SOW-A confirm:yes as-signed:yes", upload=("m.csv", matrix))
    assert "This is ours" in calder.type("/scope calder workstation backup").headline
    calder.type("/engagement matrix import calder SOW-A confirm:yes proposed:yes",
                upload=("m.csv", matrix.replace(b"Server backup,msp", b"Server backup,client")))  # fmt: skip
    assert ask(calder).verdict is Verdict.MSP


def test_a_name_used_in_two_categories_is_two_rows(calder: Desk) -> None:
    matrix = b"item,category,responsible,clause\nPatching,Servers,msp,1\nPatching,Workstations,client,2\n"
    calder.type("/engagement matrix import calder SOW-A confirm:yes accept:yes", upload=("m.csv", matrix))
    assert "several categories" in calder.refused('/engagement matrix set calder SOW-A "Patching" msp clause:3').message
    calder.type('/engagement matrix retire calder SOW-A "Patching" category:Servers')
    rows = calder.type("/engagement matrix show calder").data["rows"]
    assert {row["category"]: row.get("effective_to") for row in rows} == {"Servers": "2026-03-02", "Workstations": None}


def test_rows_of_ended_paper_are_marked(calder: Desk) -> None:
    calder.type(
        "/engagement agreement add calder OLD kind:sow effective:2023-01-01 signed:2023-01-01 initial-term:12m "
        "renewal:none"
    )
    calder.type('/engagement matrix set calder OLD "Fax line" msp clause:3')
    calder.type(f"{BACKUP} msp clause:2.1")
    shown = calder.type("/engagement matrix show calder")
    assert shown.headline == "Calder Ridge: 1 row in force (1 MSP), 1 not in force."
    assert {row["item"]: row["status"] for row in shown.data["rows"]} == {
        "Server backup": "in force",
        "Fax line": "agreement ended",
    }
    earlier = calder.type("/engagement matrix show calder as-of:2023-06-01")
    assert [row["item"] for row in earlier.data["rows"] if row["status"] == "in force"] == ["Fax line"]


def test_the_matrix_as_it_stood_and_every_version_of_a_row(calder: Desk) -> None:
    calder.type(f"{BACKUP} msp clause:2.1")
    calder.now += timedelta(days=10)
    calder.type(f"{BACKUP} client clause:2.1")
    then = calder.type("/engagement matrix show calder known-at:2026-03-02")
    assert [row["party"] for row in then.data["rows"]] == ["msp"]
    assert calder.type("/engagement matrix export calder known-at:2026-03-02").data["rows"] == 1
    versions = calder.type('/engagement matrix history calder "Server backup"').data["versions"]
    assert [row["party"] for row in versions] == ["msp", "msp", "client"]


def test_what_we_knew_of_an_agreement_and_of_a_disclosure(calder: Desk) -> None:
    calder.type("/disclose calder hipaa applies on:2026-02-01 by:x")
    calder.now += timedelta(days=30)
    calder.type("/engagement agreement terminate calder SOW-A on:2026-03-31")
    calder.type("/disclose calder hipaa does_not_apply by:x")
    show = "/engagement agreement show calder SOW-A"
    assert calder.type(f"{show} known-at:2026-03-15").data["agreement"]["terminated_on"] is None
    assert calder.type(show).data["agreement"]["terminated_on"] == "2026-03-31"
    assert "not on record yet" in calder.refused(f"{show} known-at:2026-02-01").message
    [known] = calder.type("/engagement disclosure list calder known-at:2026-03-15").data["disclosures"]
    assert known["answer"] == "applies"


def test_a_settled_question_makes_a_row_with_a_noun_for_a_name(calder: Desk) -> None:
    number = calder.type("/scope calder who runs the user access reviews?").data["question_id"]
    calder.type("/engagement agreement edit calder SOW-A reviewed:2026-02-26")
    calder.type(f"/engagement scope settle {number} msp agreement:SOW-A")
    reply = calder.type("/scope calder user access reviews")
    assert reply.data["item"] == "User access reviews"
    assert reply.data["evidence"]["last_reviewed"] is None
    number = calder.type("/scope calder who waters the zorblax?").data["question_id"]
    assert "item is missing" in calder.refused(f"/engagement scope settle {number} msp agreement:SOW-A").message


def test_signing_an_addendum_names_the_proposed_rows_it_carries(calder: Desk) -> None:
    calder.type(f"{BACKUP} msp")
    calder.type('/engagement matrix set calder SOW-A "Fax line" client')
    calder.type("/engagement agreement add calder ADD-1 kind:addendum parent:SOW-A effective:2026-03-02")
    calder.type('/engagement matrix set calder SOW-A "Fax line" carried-by:ADD-1')
    half = calder.type("/engagement agreement sign calder ADD-1 side:msp")
    assert 'Once both sides have signed, it carries 1 proposed row: "Fax line" of SOW-A, agreed with it.' in half.lines
    whole = calder.type("/engagement agreement sign calder ADD-1 side:client")
    assert 'It carries 1 proposed row: "Fax line" of SOW-A, agreed with it.' in whole.lines
    assert any('It does not carry 1 proposed row: "Server backup" of SOW-A.' in line for line in whole.lines)
    [step] = [step for step in whole.next_steps if "matrix set" in step]
    calder.type(step)
    assert ask(calder).verdict is Verdict.MSP


def test_the_check_finds_rows_that_stay_proposed(calder: Desk) -> None:
    calder.type(f"{BACKUP} msp")
    calder.now += timedelta(days=31)
    found = str(calder.type("/engagement check calder everything:yes").data)
    assert '"Server backup" is proposed since 31 days' in found
