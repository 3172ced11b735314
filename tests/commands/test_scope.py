"""Scope questions through the dispatcher: verdicts, evidence, precedence, honesty, and settling."""

from datetime import UTC, datetime, timedelta

import pytest

from commands.errors import Conflict, NotAllowed, NotFound, UsageError
from storage.records import Verdict
from tests.commands.conftest import MANAGER, MATRIX, NOW, TECHNICIAN, VIEWER, Desk, set_up_calder


@pytest.mark.parametrize(
    ("question", "verdict", "item"),
    [
        ("who patches the servers?", Verdict.MSP, "Server OS patching"),
        ("is server backup ours", Verdict.MSP, "Server backup"),
        ("Workstation backup", Verdict.OUT_OF_SCOPE, "Workstation backup"),
        ("firewall rules and configuration?", Verdict.SHARED, "Firewall rules and configuration"),
        ("the copier hardware is broken, who repairs it", Verdict.THIRD_PARTY, "Printer and copier hardware repair"),
        ("End-user application training", Verdict.CLIENT, "End-user application training"),
    ],
)
def test_the_verdict_comes_from_the_row(calder: Desk, question: str, verdict: Verdict, item: str) -> None:
    reply = calder.type(f"/scope calder {question}", user=VIEWER)
    assert (reply.verdict, reply.data["item"]) == (verdict, item)
    assert reply.evidence is not None
    assert reply.evidence.agreement == "SOW-A"
    assert str(reply.evidence.last_reviewed) == "2026-02-01"


def test_every_way_to_ask_gives_the_same_answer(calder: Desk) -> None:
    ways = [
        calder.type("/scope calder server backup"),
        calder.type("/scope Calder Ridge server backup"),
        calder.type('/scope "calder ridge" server backup'),
        calder.type("/scope server backup", channel="C0CALDER"),
        calder.type("/engagement scope ask calder server backup"),
        calder.type("calder server backup"),
        calder.type("/scope server backup client:calder"),
    ]
    assert {(way.verdict, way.data["item"], way.evidence) for way in ways} == {
        (Verdict.MSP, "Server backup", ways[0].evidence)
    }


def test_what_is_not_documented_opens_a_question_for_the_owner(calder: Desk) -> None:
    reply = calder.type("/scope calder who feeds the office hamster", user=TECHNICIAN)
    assert reply.verdict is Verdict.UNDOCUMENTED
    assert "Do not assume" in reply.headline
    assert f"<@{MANAGER}> is told" in reply.next_steps[0]
    assert calder.type("/engagement scope open").data["questions"][0]["question"] == "who feeds the office hamster"


def test_the_same_question_does_not_call_the_owner_twice(calder: Desk) -> None:
    calder.type("/scope calder who feeds the office hamster", user=TECHNICIAN)
    assert calder.type("/scope calder who feeds the office hamster", user=TECHNICIAN).data["joined"] == 1
    assert len(calder.type("/engagement scope open").data["questions"]) == 1


def test_a_manager_settles_it_and_the_asker_is_told(calder: Desk) -> None:
    asked = calder.type("/scope calder who feeds the office hamster", user=TECHNICIAN)
    number = asked.data["question_id"]
    with pytest.raises(NotAllowed):
        calder.type(f"/engagement scope settle {number} client", user=TECHNICIAN)
    settled = calder.type(f'/engagement scope settle {number} client note:"Their pet."', user=MANAGER)
    [notice] = settled.notices
    assert (notice.to, notice.receipt) == (TECHNICIAN, f"question:{number}")
    assert "the client's" in notice.reply.headline
    with pytest.raises(Conflict):
        calder.type(f"/engagement scope settle {number} msp", user=MANAGER)


def test_settling_by_a_row_can_teach_it_the_words_used(calder: Desk) -> None:
    asked = calder.type("/scope calder who looks after zorblax", user=TECHNICIAN)
    assert asked.verdict is Verdict.UNDOCUMENTED
    calder.type(f'/engagement scope settle {asked.data["question_id"]} row:"server backup" alias:yes', user=MANAGER)
    again = calder.type("/scope calder who looks after zorblax", user=TECHNICIAN)
    assert (again.verdict, again.data["item"]) == (Verdict.MSP, "Server backup")


def test_settling_into_an_agreement_adds_the_row(calder: Desk) -> None:
    asked = calder.type("/scope calder who looks after zorblax", user=TECHNICIAN)
    calder.type(
        f'/engagement scope settle {asked.data["question_id"]} msp agreement:SOW-A item:"Zorblax care" '
        'clause:"SOW-A 8"',
        user=MANAGER,
    )
    again = calder.type("/scope calder zorblax care", user=TECHNICIAN)
    assert (again.verdict, again.data["evidence"]["clause"]) == (Verdict.MSP, "SOW-A 8")


def test_settling_needs_an_answer_and_dismissing_a_reason(calder: Desk) -> None:
    number = calder.type("/scope calder who looks after zorblax").data["question_id"]
    assert isinstance(calder.refused(f"/engagement scope settle {number}"), UsageError)
    assert isinstance(calder.refused(f"/engagement scope settle {number} dismiss:yes"), UsageError)
    calder.type(f'/engagement scope settle {number} dismiss:yes note:"not a service"')
    assert calder.type("/engagement scope open").headline == "No scope question is open."


def test_the_addendum_controls_and_the_answer_says_that_papers_disagree(calder: Desk) -> None:
    calder.type(
        "/engagement agreement add calder ADD-1 kind:addendum effective:2026-02-01 signed:2026-02-01 term:evergreen"
    )
    calder.type('/engagement matrix set calder ADD-1 "Server backup" client clause:"ADD-1 2"')
    reply = calder.type("/scope calder server backup")
    assert (reply.verdict, reply.data["evidence"]["agreement"]) == (Verdict.CLIENT, "ADD-1")
    assert any("disagree" in caution and "SOW-A says it is the MSP's" in caution for caution in reply.cautions)


def test_an_explicit_rank_replaces_the_usual_one(calder: Desk) -> None:
    calder.type("/engagement agreement edit calder SOW-A precedence:1")
    calder.type(
        "/engagement agreement add calder ADD-1 kind:addendum effective:2026-02-01 signed:2026-02-01 term:evergreen"
    )
    calder.type('/engagement matrix set calder ADD-1 "Server backup" client')
    assert calder.type("/scope calder server backup").verdict is Verdict.MSP


def test_two_equal_papers_that_disagree_are_not_decided(calder: Desk) -> None:
    calder.type("/engagement agreement add calder SOW-B kind:sow effective:2026-02-01 signed:2026-02-01 term:evergreen")
    calder.type('/engagement matrix set calder SOW-B "Server backup" client clause:2.1')
    reply = calder.type("/scope calder server backup")
    assert reply.verdict is Verdict.AMBIGUOUS
    assert "none takes precedence" in " ".join(reply.cautions)
    assert 'SOW-A and SOW-B say different things about "Server backup". Ask first.' in reply.headline
    assert not any(choice.is_option for choice in reply.choices), "asked again, it is as open as before"
    assert reply.ruling is not None
    assert (reply.ruling.word, reply.ruling.asks_first) == ("Ask first", True)
    shared = calder.type(f"/engagement scope share {reply.data['question_id']}", channel="C0CALDER")
    assert 'It was not clear whose "Server backup" is.' in shared.headline


def test_unsigned_paper_never_overrules_signed_paper(calder: Desk) -> None:
    calder.type("/engagement agreement add calder ADD-1 kind:addendum effective:2026-02-01 client-signed:2026-02-01")
    calder.type('/engagement matrix set calder ADD-1 "Server backup" client')
    reply = calder.type("/scope calder server backup")
    assert reply.verdict is Verdict.MSP
    assert "ADD-1 says it is the client's" in " ".join(reply.cautions)


def test_paper_that_only_one_side_signed_is_named_in_the_headline(calder: Desk) -> None:
    calder.type("/engagement agreement add calder ADD-1 kind:addendum effective:2026-02-01 msp-signed:2026-02-01")
    calder.type('/engagement matrix set calder ADD-1 "Zorblax care" msp')
    reply = calder.type("/scope calder zorblax care")
    assert "not signed" in reply.headline
    assert "not signed by the client" in " ".join(reply.cautions)


def test_paper_that_was_never_explained_is_named(calder: Desk) -> None:
    calder.type("/engagement agreement add calder SOW-C kind:sow effective:2026-02-01 signed:2026-02-01 term:evergreen")
    calder.type('/engagement matrix set calder SOW-C "Zorblax care" msp')
    assert "No walkthrough of SOW-C" in " ".join(calder.type("/scope calder zorblax care").cautions)


def test_lapsed_paper_gives_the_verdict_lapsed(calder: Desk) -> None:
    calder.type(
        "/engagement agreement add calder SOW-OLD kind:sow effective:2023-01-01 signed:2023-01-01 initial-term:12m "
        "renewal:none"
    )
    calder.type('/engagement matrix set calder SOW-OLD "Zorblax care" msp clause:"OLD 3"')
    reply = calder.type("/scope calder zorblax care")
    assert (reply.verdict, reply.data["evidence"]["agreement"]) == (Verdict.LAPSED, "SOW-OLD")
    assert calder.type("/scope calder as-of:2023-06-01 zorblax care").verdict is Verdict.MSP


def test_paper_that_has_not_begun_does_not_answer_yet(calder: Desk) -> None:
    calder.type(
        "/engagement agreement add calder SOW-NEXT kind:sow effective:2026-09-01 signed:2026-02-01 term:evergreen"
    )
    calder.type('/engagement matrix set calder SOW-NEXT "Zorblax care" msp')
    reply = calder.type("/scope calder zorblax care")
    assert reply.verdict is Verdict.UNDOCUMENTED
    assert "from 2026-09-01" in " ".join(reply.cautions)
    assert calder.type("/scope calder as-of:2026-09-01 zorblax care").verdict is Verdict.MSP


def test_a_terminated_agreement_no_longer_answers(calder: Desk) -> None:
    calder.type("/engagement agreement terminate calder SOW-A on:2026-02-28")
    assert calder.type("/scope calder server backup").verdict is Verdict.LAPSED
    assert calder.type("/scope calder as-of:2026-02-28 server backup").verdict is Verdict.MSP


def test_a_change_applies_from_its_day_and_earlier_days_keep_the_old_answer(calder: Desk) -> None:
    calder.now = NOW.replace(month=5)
    calder.type('/engagement matrix set calder SOW-A "Server backup" client clause:7.2')
    assert calder.type("/scope calder server backup").verdict is Verdict.CLIENT
    assert calder.type("/scope calder as-of:2026-04-01 server backup").verdict is Verdict.MSP


def test_a_correction_changes_earlier_days_too(calder: Desk) -> None:
    calder.now = NOW.replace(month=5)
    calder.type('/engagement matrix set calder SOW-A "Server backup" client correction:yes')
    assert calder.type("/scope calder as-of:2026-04-01 server backup").verdict is Verdict.CLIENT


def test_a_retired_row_no_longer_answers(calder: Desk) -> None:
    calder.now = NOW.replace(month=5)
    calder.type('/engagement matrix retire calder SOW-A "Server OS patching" on:2026-04-30')
    assert calder.type("/scope calder server os patching").verdict is not Verdict.MSP
    assert calder.type("/scope calder as-of:2026-04-30 server os patching").verdict is Verdict.MSP


def test_the_answer_is_kept_with_its_row_version_and_can_be_shared_as_it_was(calder: Desk) -> None:
    asked = calder.type("/scope calder server backup", user=TECHNICIAN)
    calder.now = NOW.replace(month=5)
    calder.type('/engagement matrix set calder SOW-A "Server backup" client clause:7.2')
    shared = calder.type(f"scope share {asked.data['question_id']}", user=TECHNICIAN)
    assert (shared.is_public, shared.verdict) == (True, Verdict.MSP)
    [first] = [q for q in calder.type("/engagement scope history calder").data["questions"] if q["verdict"] == "msp"]
    assert first["responsibility_id"] is not None


def test_somebody_elses_answer_is_not_shared_by_a_viewer(calder: Desk) -> None:
    asked = calder.type("/scope calder server backup", user=TECHNICIAN)
    with pytest.raises(NotFound):
        calder.type(f"scope share {asked.data['question_id']}", user=VIEWER)


def test_who_names_no_client_may_press_one_and_whom_one_asked_about_lately_is_first(calder: Desk) -> None:
    calder.type('/engagement client add "Ash & Oak"')
    calder.type("/scope calder server backup", user=TECHNICIAN)
    error = calder.refused("/scope who patches the firewall?", user=TECHNICIAN)
    assert [each.label for each in error.choices] == ["Calder Ridge", "Ash & Oak"]
    pressed = calder.type(error.choices[0].command, user=TECHNICIAN)
    assert pressed.data["client"] == "Calder Ridge"
    assert calder.type("/scope history calder").data["questions"][0]["question"] == "who patches the firewall?"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("/scope who patches the servers", "Which client?"),
        ("/scope caldr server backup", "Did you mean Calder Ridge?"),
        ("/scope calder", "What about Calder Ridge?"),
        ("/scope calder as-of:soon backup", "not a date"),
        ("/engagement scope settle 999 msp", "no scope question no. 999"),
        ("/engagement scope settle abc msp", "not a whole number"),
    ],
)
def test_what_cannot_be_understood_says_what_to_type(calder: Desk, line: str, words: str) -> None:
    assert words in calder.refused(line).message


def test_a_near_miss_in_a_linked_channel_is_asked_back_not_answered_for_the_channels_client(calder: Desk) -> None:
    calder.type('/engagement client add "Bluebird Dental"')
    assert "Did you mean Bluebird Dental" in calder.refused("/scope bluebrid server backup", channel="C0CALDER").message


def test_a_change_is_seen_by_the_next_question_in_every_process(desk_on_each: Desk) -> None:
    set_up_calder(desk_on_each)
    other = Desk(desk_on_each.database, desk_on_each.workspace_id)
    assert other.type("/scope calder server backup").verdict is Verdict.MSP
    desk_on_each.type('/engagement matrix set calder SOW-A "Server backup" client clause:7.2')
    assert other.type("/scope calder server backup").verdict is Verdict.CLIENT
    changed = MATRIX.replace(b"Server backup,Backup,msp", b"Server backup,Backup,vendor")
    desk_on_each.type("/engagement matrix import calder SOW-A confirm:yes", upload=("m.csv", changed))
    assert other.type("/scope calder server backup").verdict is Verdict.THIRD_PARTY


def test_a_manager_can_teach_a_wording_from_a_choice_and_undo_it(calder: Desk) -> None:
    asked = calder.type("/scope calder backup", user=MANAGER)
    assert asked.verdict is Verdict.AMBIGUOUS
    [pick] = [choice for choice in asked.choices if choice.label == "Server backup (ours)"]
    chosen = calder.type(pick.command, user=MANAGER)
    assert chosen.data["item"] == "Server backup"
    [remember] = [choice for choice in chosen.choices if choice.label == "Remember this wording"]
    assert remember.confirm is not None
    calder.type(remember.command, user=MANAGER)
    again = calder.type("/scope calder backup", user=TECHNICIAN)
    assert (again.verdict, again.data["item"]) == (Verdict.MSP, "Server backup")
    assert any("learned" in reason and MANAGER in reason for reason in again.data["because"])
    calder.type("/engagement scope forget calder backup", user=MANAGER)
    assert calder.type("/scope calder backup").verdict is Verdict.AMBIGUOUS
    assert calder.type("/engagement scope phrases calder").data["phrases"] == []


def test_a_technician_can_pick_but_not_teach(calder: Desk) -> None:
    asked = calder.type("/scope calder backup", user=TECHNICIAN)
    chosen = calder.type(asked.choices[0].command, user=TECHNICIAN)
    assert not [choice for choice in chosen.choices if "Remember" in choice.label]
    number = asked.data["question_id"]
    assert isinstance(
        calder.refused(f'/engagement scope learn {number} row:"Server backup"', user=TECHNICIAN), NotAllowed
    )


def test_a_follow_up_in_a_thread_is_about_the_same_client(calder: Desk) -> None:
    calder.type('/engagement client add "Bluebird Dental"')
    calder.type("calder who patches the servers?", channel="D1", thread="111.1")
    follow_up = calder.type("and server backup?", channel="D1", thread="111.1")
    assert (follow_up.verdict, follow_up.data["client"]) == (Verdict.MSP, "Calder Ridge")
    assert "Which client?" in calder.refused("and server backup?", channel="D1", thread="222.2").message
    assert "Which client?" in calder.refused("and server backup?", channel="D2", thread="111.1").message


@pytest.mark.parametrize(
    "question",
    [
        "who does server backup for Calder Ridge?",
        "is calder's server backup ours",
        "is server backup at calder ours?",
        "server backup, calder ridge",
    ],
)
def test_the_client_may_be_named_inside_the_question(calder: Desk, question: str) -> None:
    calder.type('/engagement client add "Bluebird Dental" channel:C0BLUE')
    for channel in (None, "C0BLUE"):
        reply = calder.type(f"/scope {question}", channel=channel)
        assert (reply.data["client"], reply.data["item"]) == ("Calder Ridge", "Server backup")


def test_a_name_is_found_however_its_accents_are_written(calder: Desk) -> None:
    calder.type('/engagement client add "Café Noir"')
    for name in ("Caf\u00e9 Noir", "Cafe\u0301 Noir"):
        assert calder.type(f"/scope who does server backup for {name}?").data["client"] == "Café Noir"


def test_two_clients_in_one_question_are_asked_back(calder: Desk) -> None:
    calder.type('/engagement client add "Bluebird Dental"')
    error = calder.refused("/scope who does server backup for calder and for bluebird dental")
    assert "one client at a time" in error.message


def test_an_ordinary_first_word_is_no_start_of_a_name(calder: Desk) -> None:
    calder.type('/engagement client add "Whole Foods"')
    calder.type('/engagement client add "The Right Company"')
    reply = calder.type("/scope who does server backup", channel="C0CALDER")
    assert reply.data["client"] == "Calder Ridge"
    assert calder.type("/scope the right company who does backup").data["client"] == "The Right Company"


def test_a_day_in_the_question_is_the_day_of_the_answer_and_is_said(calder: Desk) -> None:
    calder.now = NOW.replace(month=5)
    calder.type('/engagement matrix set calder SOW-A "Server backup" client clause:7.2')
    reply = calder.type("/scope calder who did server backup in March?")
    assert reply.verdict is Verdict.MSP
    assert any("As of 2026-03-31" in line and "in March" in line for line in reply.lines)
    assert calder.type("/scope calder who does server backup?").verdict is Verdict.CLIENT


def test_before_the_renewal_is_the_day_before_the_current_term(calder: Desk) -> None:
    calder.now = NOW.replace(year=2027, month=5)
    calder.type('/engagement matrix set calder SOW-A "Server backup" client clause:7.2 since:2027-01-01')
    assert calder.type("/scope calder was server backup ours before the renewal?").verdict is Verdict.MSP
    assert calder.type("/scope calder is server backup ours?").verdict is Verdict.CLIENT


def test_in_the_evening_it_is_still_today(calder: Desk) -> None:
    """Chicago's, when it is tomorrow in Greenwich."""
    calder.now = datetime(2026, 3, 3, 2, 0, tzinfo=UTC)
    reply = calder.type("/scope calder is server backup ours?", user=TECHNICIAN, channel="C0HELP")
    assert not [line for line in reply.lines if "As of" in line]
    assert "As of 2026-03-03." in calder.type("/scope calder as-of:2026-03-03 is server backup ours?").lines
    shared = calder.type(f"/engagement scope share {reply.data['question_id']}", user=TECHNICIAN, channel="C0HELP")
    assert shared.lines[0].endswith(" on 2026-03-02.")
    history = calder.type("/engagement scope history calder")
    assert history.table is not None
    assert history.table.rows[-1][1] == "2026-03-02"


def test_several_questions_get_an_answer_each(calder: Desk) -> None:
    reply = calder.type("/scope calder is server backup ours? and who handles workstation backup?")
    assert [answer["verdict"] for answer in reply.data["answers"]] == ["msp", "out_of_scope"]
    assert len(calder.type("/engagement scope history calder").data["questions"]) == 2


def test_among_several_questions_the_rows_to_choose_from_are_named(calder: Desk) -> None:
    reply = calder.type("/scope calder is server backup ours? and who handles the backup?")
    chosen = reply.data["answers"][1]
    assert chosen["verdict"] == "ambiguous"
    assert reply.table is not None
    assert reply.table.rows[1][2] == " or ".join(each["item"] for each in chosen["candidates"])


def test_a_shared_answer_keeps_the_limits_that_it_was_given_with(calder: Desk) -> None:
    calder.type('/engagement access grant calder "Payroll server" view limit:"only while a clerk watches" basis:9.2')
    calder.type('/engagement matrix set calder SOW-A "Payroll server patching" msp clause:9.3 as-signed:yes')
    reply = calder.type("/scope calder who patches the payroll server?")
    assert reply.headline == "Calder Ridge: Viewing only, and only while a clerk watches. Within that it is ours."
    assert reply.data["access_limits"] == ["viewing only, and only while a clerk watches"]
    calder.now += timedelta(hours=1)
    calder.type('/engagement access grant calder "Payroll server" admin limit:"with a ticket"')
    assert calder.type(f"/engagement scope share {reply.data['question_id']}").headline == reply.headline
    assert "viewing only" in calder.type(f"/engagement scope wording {reply.data['question_id']}").data["wording"]
    again = calder.type("/scope calder who patches the payroll server?")
    assert again.headline == "Calder Ridge: With admin rights, with a ticket. Within that it is ours."


def test_the_client_reads_only_limits_that_it_was_told_or_signed(calder: Desk) -> None:
    calder.type('/engagement access grant calder "Payroll server" view limit:"not by Bob"')
    calder.type('/engagement matrix set calder SOW-A "Payroll server patching" msp clause:9.3 as-signed:yes')
    reply = calder.type("/scope calder who patches the payroll server?")
    assert "not by Bob" in reply.headline
    assert "Bob" not in calder.type(f"/engagement scope wording {reply.data['question_id']}").data["wording"]
