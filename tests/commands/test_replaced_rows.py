"""A row that an addendum changed is no longer in force, is said to be replaced, and stays as history: at every door."""

import csv
import io
from datetime import timedelta

import pytest

from commands.dispatching.request import Request
from commands.reply import Reply
from commands.workspace.home import home
from tests.commands.conftest import MANAGER, Desk
from tests.commands.test_papers import one_file, text_of

ITEM = "Workstation backup"
SET = f'/engagement matrix set calder SOW-A "{ITEM}"'
REPLACED = "replaced by ADD-1 since 2026-03-02"
FIRST = "Proposed, not yet in force, replaced, or not clear"


def add(desk: Desk, reference: str, kind: str) -> None:
    desk.type(f"/engagement agreement add calder {reference} kind:{kind} parent:SOW-A effective:2026-03-01")


@pytest.fixture
def amended(calder: Desk) -> Desk:
    """SOW-A leaves the workstations out; ADD-1, signed, makes their backup ours."""
    calder.type(f'{SET} out_of_scope clause:"SOW-A 9.1" as-signed:yes notes:"On request"')
    add(calder, "ADD-1", "addendum")
    calder.type(f'{SET} msp clause:"ADD-1 2" carried-by:ADD-1')
    calder.type("/engagement agreement sign calder ADD-1 on:2026-03-02")
    assert calder.type(f"/scope calder {ITEM}").data["verdict"] == "msp"
    return calder


def statuses(reply: Reply) -> dict[str, str]:
    return {row["party"]: row["status"] for row in reply.data["rows"] if row["item"] == ITEM}


def test_the_matrix_says_by_what_and_since_when(amended: Desk) -> None:
    shown = amended.type("/engagement matrix show calder SOW-A")
    assert statuses(shown) == {"msp": "in force", "out_of_scope": REPLACED}
    assert shown.table is not None
    assert REPLACED in str(shown.table.rows)
    assert REPLACED in str(shown.groups)
    earlier = amended.type("/engagement matrix show calder SOW-A as-of:2026-02-20")
    assert statuses(earlier)["out_of_scope"] == "in force"
    amended.now += timedelta(days=1)
    known = amended.type("/engagement matrix show calder known-at:2026-03-02")
    assert statuses(known)["out_of_scope"] == REPLACED


def test_it_is_counted_once(amended: Desk) -> None:
    """In the headline, the picture, the start page and the figures."""
    amended.type(f"/engagement client edit calder owner:{MANAGER}")
    others = amended.type("/engagement matrix show calder").data["rows"]
    count = len({row["item"] for row in others})
    assert amended.type("/engagement matrix show calder").headline.startswith(f"Calder Ridge: {count} row")
    assert amended.type("/engagement matrix coverage calder").headline.startswith(f"Calder Ridge: {count} row")
    with amended.database.open_unit(amended.workspace_id, writes=False) as uow:
        ctx = amended.dispatcher.context(uow, Request(amended.workspace_id, MANAGER, ""))
        assert f"{count} row{'s' if count > 1 else ''} in the matrix" in str(home(ctx))


def test_an_export_has_both_and_says_which_is_replaced(amended: Desk) -> None:
    for day in ("", " as-of:2026-03-02"):
        reply = amended.type(f"/engagement matrix export calder SOW-A format:csv{day}")
        rows = list(csv.DictReader(io.StringIO(reply.files[0].content.decode("utf-8-sig"))))
        assert {row["responsible"]: row["replaced"] for row in rows if row["item"] == ITEM} == {
            "msp": "",
            "out_of_scope": REPLACED,
        }
        assert any("1 row that other paper replaced" in line for line in reply.lines)
    again = amended.type("/engagement matrix import calder SOW-A confirm:yes", upload=("m.csv", reply.files[0].content))
    assert "nothing" in again.headline.lower() or "no change" in again.headline.lower(), again.headline


def test_its_history_keeps_it(amended: Desk) -> None:
    reply = amended.type(f'/engagement matrix history calder "{ITEM}"')
    assert [row["party"] for row in reply.data["versions"] if row["party"] == "out_of_scope"]
    assert reply.table is not None
    assert REPLACED in str(reply.table.rows)


def test_the_check_finds_no_conflict_and_nothing_to_mend_in_it(amended: Desk) -> None:
    assert f'"{ITEM}"' not in str(amended.type("/engagement check calder everything:yes").data)


def test_a_change_says_what_it_was_by_the_addendum(amended: Desk) -> None:
    said = {each.label: each.value for each in amended.type(f"{SET} client").fields}
    assert said["Before"] == "MSP, by ADD-1"


def test_what_is_written_under_replaced_words_says_that_they_do_not_count(amended: Desk) -> None:
    reply = amended.type(f'{SET} client clause:"SOW-A 9.1" as-signed:yes')
    assert any(f"It is {REPLACED}, which says MSP" in caution for caution in reply.cautions)
    assert amended.type(f"/scope calder {ITEM}").data["verdict"] == "msp"


def test_a_statement_of_the_agreement_names_the_addendum_that_carries_its_rows(amended: Desk) -> None:
    text = text_of(one_file(amended.type("/engagement paper statement calder SOW-A")))
    first, last = text.split(FIRST)
    assert "ADD-1" in first.split("What we do")[0]
    assert ITEM in first.split("What we do")[1].split("What you do")[0]
    assert "replaced by ADD-1" in " ".join(last.split())


def test_a_row_of_the_addendum_itself_is_in_the_statement_of_its_parent(calder: Desk) -> None:
    calder.type(f'{SET} out_of_scope clause:"SOW-A 9.1" as-signed:yes')
    add(calder, "ADD-1", "addendum")
    calder.type(f'/engagement matrix set calder ADD-1 "{ITEM}" client clause:"2"')
    calder.type("/engagement agreement sign calder ADD-1 on:2026-03-02")
    assert statuses(calder.type("/engagement matrix show calder")) == {
        "client": "in force",
        "out_of_scope": "replaced by ADD-1 since 2026-03-01",
    }
    text = text_of(one_file(calder.type("/engagement paper statement calder SOW-A")))
    first, last = text.split(FIRST)
    assert "ADD-1" in first.split("What we do")[0]
    assert ITEM in first.split("What you do")[1].split("What we both do")[0]
    assert "replaced by ADD-1" in " ".join(last.split())


def test_papers_that_disagree_are_said_to_in_the_statement(calder: Desk) -> None:
    calder.type(f'{SET} msp clause:"SOW-A 9.1" as-signed:yes')
    calder.type("/engagement agreement add calder SOW-B kind:sow effective:2026-01-01 signed:2026-01-01")
    calder.type(f'/engagement matrix set calder SOW-B "{ITEM}" client clause:"3" as-signed:yes')
    assert calder.type(f"/scope calder {ITEM}").data["verdict"] == "ambiguous"
    said = "the papers disagree and none takes precedence: SOW-A says ours; SOW-B says the client's"
    shown = calder.type("/engagement matrix show calder")
    assert statuses(shown) == {"msp": said, "client": said, "out_of_scope": "ended"}
    assert "The papers disagree (2)" in [group.title for group in shown.groups]
    assert f"{ITEM}: {said}." in calder.type("/engagement matrix coverage calder").lines
    for of in ("", " SOW-A", " SOW-B"):
        text = text_of(one_file(calder.type(f"/engagement paper statement calder{of}")))
        first, last = text.split(FIRST)
        assert ITEM not in first
        assert "the papers disagree and none takes precedence" in " ".join(last.split())


NEW = '/engagement matrix set calder SOW-A "Badge printers"'
PLANNED = (
    ("msp since:2026-06-01 clause:8 as-signed:yes", "client clause:8 as-signed:yes", "recorded as MSP"),
    ("msp since:2026-06-01 proposed:yes", "client", "proposed as MSP"),
    ("msp since:2026-06-01 proposed:yes", "client clause:8", "proposed as MSP"),
)


@pytest.mark.parametrize(("planned", "change", "known"), PLANNED)
def test_a_change_without_a_day_of_what_is_only_planned_is_asked_back(
    calder: Desk, planned: str, change: str, known: str
) -> None:
    calder.type(f"{NEW} {planned}")
    before = calder.type("/engagement matrix show calder").data["rows"]
    error = calder.refused(f"{NEW} {change}")
    assert f'"Badge printers" is {known} from 2026-06-01 on' in error.message
    assert calder.type("/engagement matrix show calder").data["rows"] == before
    [of_the_plan, from_today] = error.next_steps
    assert calder.type(f"{of_the_plan}").data["row"]["effective_from"] == "2026-06-01"
    assert "since:2026-03-02" in from_today


def test_an_agreed_change_beside_a_planned_proposal_asks_where_that_would_be_meant(calder: Desk) -> None:
    calder.type(f"{SET} msp clause:8 as-signed:yes")
    calder.type(f"{SET} client since:2026-06-01")
    agreed = calder.type(f"{SET} shared clause:8")
    assert agreed.data["row"]["effective_from"] == "2026-03-02", "what is agreed is changed, not what is planned"
    assert "from 2026-06-01 on" in calder.refused(f"{SET} out_of_scope").message


def test_a_change_that_is_signed_applies_from_the_first_day_of_what_carries_it(calder: Desk) -> None:
    calder.type(f'{SET} out_of_scope clause:"SOW-A 9.1" as-signed:yes')
    calder.type(
        "/engagement agreement add calder ADD-1 kind:addendum parent:SOW-A effective:2026-06-01 signed:2026-03-01"
    )
    calder.type(f"{SET} client proposed:yes since:2026-03-01 carried-by:ADD-1")
    assert statuses(calder.type("/engagement matrix show calder")) == {
        "out_of_scope": "in force",
        "client": "not yet in force",
    }
    assert calder.type(f"/scope calder {ITEM}").data["verdict"] == "out_of_scope"
    assert calder.type(f"/scope calder {ITEM} as-of:2026-06-01").data["verdict"] == "client"
    assert f'"{ITEM}"' not in str(calder.type("/engagement check calder everything:yes").data)
    text = " ".join(text_of(one_file(calder.type("/engagement paper statement calder SOW-A"))).split())
    assert "applies from 1 June 2026" in text or "applies from 2026-06-01" in text
