"""Explaining and signing as they are typed: what is missing is named where it matters,
and old records say what they lack.
"""

import pytest

from commands.errors import CommandError
from storage.database import Database
from tests.commands.conftest import MANAGER, TECHNICIAN, VIEWER, Desk, open_desk, set_up_calder

HASH = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


def present(desk: Desk) -> None:
    desk.type("/engagement topic set calder SOW-A present topic:liability topic:access clause:'9.2'".replace("'", '"'))


def explain(desk: Desk, *options: str) -> tuple[str, ...]:
    return desk.type(" ".join(('/engagement walkthrough record calder SOW-A to:"Lee Marsh, COO"', *options))).cautions


def told(desk: Desk) -> list[str]:
    cautions = desk.type("/scope calder server backup").cautions
    return [each for each in cautions if "explained" in each or "walkthrough" in each.lower()]


def findings(desk: Desk) -> dict[str, str]:
    found = desk.type("/engagement check calder").data["findings"]
    return {each["rule"]: each["reason"] for each in found if "explain" in each["rule"]}


def test_old_walkthroughs_without_topics_are_said_plainly(calder: Desk) -> None:
    assert told(calder) == []
    present(calder)
    [words] = told(calder)
    assert "whether Lee Marsh, COO may sign for the client is not recorded" in words
    assert "which topics were covered was not noted" in words
    assert words.startswith("SOW-A was explained on 5 January 2026, but ")
    assert findings(calder) == {"agreement_explained_partly": words}


def test_partly_explained_names_what_is_missing_in_answers_and_check(calder: Desk) -> None:
    present(calder)
    explain(calder, "on:2026-01-04", "may-sign:yes", "topic:limitation_of_liability", "by:Dana")
    [words] = told(calder)
    assert words == "SOW-A was explained on 5 January 2026, but not all of it: not covered are access scope."
    assert findings(calder) == {"agreement_explained_partly": words}
    explain(
        calder, "on:2026-01-08", "may-sign:yes", "topic:access_scope", "by:Dana", 'asked:"Who holds the keys? We do."'
    )
    assert told(calder) == []
    assert findings(calder) == {}
    shown = calder.type("/engagement walkthrough show calder SOW-A", user=VIEWER)
    assert shown.data["is_explained"] is True
    assert any("Asked: Who holds the keys?" in line for line in shown.lines)
    listed = calder.type("/engagement walkthrough list calder SOW-A").table
    assert listed is not None
    assert [row[3] for row in listed.rows] == ["yes", "not recorded", "yes"]
    [group] = calder.type("/engagement walkthrough list calder SOW-A").groups
    assert (group.title, len(group.entries)) == ("SOW-A", 3)
    assert "Asked: Who holds the keys? We do. Recorded by" in group.entries[-1].detail
    assert "Topics: access scope." in group.entries[-1].detail


def test_whoever_signed_has_authority(calder: Desk) -> None:
    present(calder)
    calder.type('/engagement signature record calder SOW-A client signer:"Lee Marsh" title:COO on:2026-01-01')
    explain(calder, "on:2026-01-06", "topic:limitation_of_liability", "topic:access_scope", "by:Dana")
    assert told(calder) == []


def test_a_change_after_the_conversation_has_to_be_explained(calder: Desk) -> None:
    present(calder)
    explain(calder, "on:2026-01-06", "may-sign:yes", "topic:limitation_of_liability", "topic:access_scope", "by:Dana")
    assert told(calder) == []
    calder.type('/engagement matrix set calder SOW-A "Server backup" client since:2026-02-15 clause:"SOW-A 7.2"')
    [words] = told(calder)
    assert words == "SOW-A was explained on 6 January 2026, but what it says changed on 15 February 2026, after that."
    calder.type("/engagement client edit calder industry:dental")  # planned at once; else by the next run
    reminders = calder.type("/engagement reminder list calder").data.get("reminders", [])
    assert any("what it says changed" in each["headline"] for each in reminders)


def test_as_of_answers_know_only_what_was_known_then(calder: Desk) -> None:
    present(calder)
    assert told(calder)
    then = calder.type("/scope calder server backup as-of:2026-02-20 known-at:2026-02-20")
    assert not any("explained on" in each for each in then.cautions)


def test_late_is_a_finding_and_no_caution(calder: Desk) -> None:
    present(calder)
    explain(calder, "on:2026-01-25", "may-sign:yes", "topic:limitation_of_liability", "topic:access_scope", "by:Dana")
    assert told(calder) == []
    assert findings(calder)["agreement_explained_partly"].endswith("10 days later than it should have been.")


def test_signatures_name_who_how_and_what(calder: Desk) -> None:
    calder.type("/engagement agreement add calder SOW-B kind:sow effective:2026-03-01")
    said = calder.type(
        '/engagement signature record calder SOW-B client signer:"Lee Marsh" title:COO on:2026-03-01 manner:esign '
        f"provider:DocuSign envelope:4711 hash:sha256:{HASH.upper()}",
        user=MANAGER,
    )
    assert said.headline == (
        "SOW-B is signed by Lee Marsh, COO, for the client on 2026-03-01, by e-signature (DocuSign, envelope 4711); "
        "document SHA-256 9f86d081884c…."
    )
    assert said.cautions == ()
    bare = calder.type("/engagement signature record calder SOW-B us signer:Dana on:2026-03-02")
    assert bare.cautions == ("Not recorded: the title, the manner, which document it was (hash:).",)
    agreement = calder.type("/engagement agreement show calder SOW-B").data["agreement"]
    assert (agreement["client_signed_on"], agreement["msp_signed_on"], agreement["status"]) == (
        "2026-03-01", "2026-03-02", "executed",
    )  # fmt: skip
    assert agreement["client_signer"] == "Lee Marsh, COO"
    shown = calder.type("/engagement signature list calder", user=VIEWER)
    [first, second] = shown.groups
    assert [each.text for each in first.entries] == ["For us", "For the client"]
    assert (second.title, second.entries[1].text) == ("SOW-B", "For the client: Lee Marsh, COO")
    assert "by e-signature (DocuSign, envelope 4711). Document: SHA-256 9f86d0818" in second.entries[1].detail
    listed = shown.table
    assert listed is not None
    assert [row[:3] for row in listed.rows] == [
        ("SOW-A", "us", "not recorded"), ("SOW-A", "the client", "not recorded"), ("SOW-B", "us", "Dana"),
        ("SOW-B", "the client", "Lee Marsh"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (
            "signature record calder SOW-A client signer:Lee on:2026-02-01",
            "recorded as signed by the client on 2026-01-01",
        ),
        ("signature record calder SOW-A client signer:Lee on:2027-01-01", "future"),
        ("signature record calder SOW-A client", "signer is missing"),
        ("signature record calder SOW-A client signer:NAME on:2026-01-01", "signer"),
        ("signature record calder SOW-A nobody signer:Lee on:2026-01-01", "not one of msp"),
        ("signature record calder SOW-A client signer:Lee on:2026-01-01 manner:smoke", "not one of wet_ink"),
        ("signature record calder SOW-A client signer:Lee on:2026-01-01 hash:abc", "SHA-256"),
        ("signature record calder SOW-Z client signer:Lee", "no agreement"),
    ],
)
def test_wrong_input_is_named_and_nothing_is_saved(calder: Desk, line: str, words: str) -> None:
    error = calder.refused(f"/engagement {line}")
    assert isinstance(error, CommandError)
    assert words in error.message
    assert calder.type("/engagement signature list calder").data["signatures"] == []


def test_technicians_record_no_signature_and_a_restricted_client_shows_none(calder: Desk) -> None:
    assert (
        "manager"
        in calder.refused(
            "/engagement signature record calder SOW-A client signer:Lee on:2026-01-01", user=TECHNICIAN
        ).message
    )
    calder.type("/engagement signature record calder SOW-A client signer:Lee on:2026-01-01")
    calder.type(f"/engagement client restrict calder to:{MANAGER}")
    assert "no client" in calder.refused("/engagement signature list calder", user=VIEWER).message


def test_a_signature_is_taken_back_and_erased(desk_on_each: Desk) -> None:
    desk = desk_on_each
    set_up_calder(desk)
    line = "/engagement signature record calder SOW-A client signer:Lee on:2026-01-01 manner:ink"
    desk.type(line, user=MANAGER)
    desk.type("/engagement undo", user=MANAGER)
    assert desk.type("/engagement signature list calder").data["signatures"] == []
    desk.type(line)
    desk.type("/engagement walkthrough show calder SOW-A")
    corrected = desk.type(f"{line} title:COO").data["signature"]
    assert (corrected["title"], corrected["manner"]) == ("COO", "wet_ink")
    assert len(desk.type("/engagement signature list calder").data["signatures"]) == 1


def test_the_set_days_are_a_setting(sqlite_database: Database) -> None:
    desk = open_desk(sqlite_database)
    set_up_calder(desk)
    present(desk)
    explain(desk, "on:2026-01-06", "may-sign:yes", "topic:limitation_of_liability", "topic:access_scope", "by:Dana")
    assert findings(desk) == {}
    object.__setattr__(desk.dispatcher.policy, "explain_within_days", 2)
    assert "3 days later" in findings(desk)["agreement_explained_partly"]
