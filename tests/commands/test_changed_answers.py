"""Who asked is told when the matrix gives another answer; open questions are doubted, drafted, dismissed, settled."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from commands.reminders.message import reminder_reply
from commands.reply import Section
from storage.records import QuestionStatus, ReminderState, Verdict
from tests.commands.conftest import ADMIN, MANAGER, TECHNICIAN, VIEWER, Desk


@pytest.fixture
def calder(desk: Desk) -> Desk:
    desk.type('/engagement client add "Calder Ridge" alias:calder')
    desk.type("/engagement agreement add calder SOW-A kind:sow signed:2026-01-01 effective:2026-01-01")
    desk.type('/engagement matrix set calder SOW-A "Server backup" msp clause:2.1')
    desk.type('/engagement matrix set calder SOW-A "Firewall patching" client clause:2.2')
    return desk


def question(desk: Desk, id: int) -> object:
    with desk.database.open_unit(desk.workspace_id, writes=False) as uow:
        return uow.questions.find(id)


def test_whoever_asked_about_a_changed_row_is_told_once(calder: Desk) -> None:
    for _ in range(2):
        calder.type("/scope calder server backup", user=TECHNICIAN)
    calder.type("/scope calder firewall patching", user=VIEWER)
    calder.now += timedelta(days=3)
    reply = calder.type('/engagement matrix set calder SOW-A "Server backup" client clause:2.1', user=MANAGER)
    [notice] = reply.notices
    assert notice.to == TECHNICIAN
    assert "has changed" in notice.reply.headline
    assert [(field.label, field.value) for field in notice.reply.fields][1:] == [
        ("Before", "ours"),
        ("Now", "the client's (SOW-A, 2.1)"),
    ]


def my_questions(desk: Desk, user: str) -> Section | None:
    sections = desk.type("/engagement home", user=user).sections
    return next((each for each in sections if each.title == "My questions"), None)


def test_a_technicians_start_page_says_how_their_questions_stand(calder: Desk) -> None:
    empty = my_questions(calder, TECHNICIAN)
    assert empty is not None
    assert empty.lines == (
        "No question waits for a manager. In the last 90 days none was settled, "
        "and no answer that you got has changed.",
    )
    assert my_questions(calder, VIEWER) is None
    assert my_questions(calder, MANAGER) is None
    calder.type("/scope calder server backup", user=TECHNICIAN)
    calder.type("/scope calder who waters the plants?", user=TECHNICIAN)
    calder.type("/scope calder who feeds the fish?", user=TECHNICIAN)
    calder.type("/engagement scope settle 3 client", user=MANAGER)
    for party in ("client", "shared"):  # changed twice, and one answer
        calder.type(f'/engagement matrix set calder SOW-A "Server backup" {party} clause:2.1', user=MANAGER)
    found = my_questions(calder, TECHNICIAN)
    assert found is not None
    assert found.lines == (
        "1 question waits for a manager. In the last 90 days 1 was settled, and 1 answer that you got has changed.",
    )
    changed, waiting, settled = found.items
    assert changed.text == "Calder Ridge: server backup"
    assert changed.detail.endswith("was: the client's; now: shared")
    [again] = changed.choices
    assert calder.type(f"/engagement {again.command}", user=TECHNICIAN).verdict is Verdict.SHARED
    assert "waits for a manager" in waiting.detail
    assert "settled" in settled.detail
    calder.now += timedelta(days=91)
    later = my_questions(calder, TECHNICIAN)
    assert later is not None
    assert [each.text for each in later.items] == ["Calder Ridge: who waters the plants?"]


def test_another_change_does_not_tell_the_same_again(calder: Desk) -> None:
    calder.type("/scope calder server backup", user=TECHNICIAN)
    calder.type("/scope calder server backup", user=MANAGER)
    [notice] = calder.type(
        '/engagement matrix set calder SOW-A "Server backup" client clause:2.1', user=MANAGER
    ).notices
    assert notice.to == TECHNICIAN
    assert calder.type('/engagement matrix set calder SOW-A "Firewall patching" msp clause:2.2').notices == ()
    [notice, own] = calder.type('/engagement matrix set calder SOW-A "Server backup" msp clause:2.1').notices
    assert {notice.to, own.to} == {TECHNICIAN, MANAGER}
    for each in (notice, own):
        assert [(field.label, field.value) for field in each.reply.fields][1:] == [
            ("Before", "the client's"),
            ("Now", "ours (SOW-A, 2.1)"),
        ]


def test_nobody_is_told_of_a_change_that_changes_no_answer(calder: Desk) -> None:
    calder.type("/scope calder server backup", user=TECHNICIAN)
    assert calder.type('/engagement matrix set calder SOW-A "Server backup" notes:"Nightly"').notices == ()
    assert calder.type('/engagement matrix set calder SOW-A "Firewall patching" msp clause:2.2').notices == ()


def test_after_ninety_days_nobody_is_told(calder: Desk) -> None:
    calder.type("/scope calder server backup", user=TECHNICIAN)
    calder.now += timedelta(days=91)
    assert calder.type('/engagement matrix set calder SOW-A "Server backup" client clause:2.1').notices == ()


def test_whoever_changes_it_knows(calder: Desk) -> None:
    calder.type("/scope calder server backup", user=MANAGER)
    assert (
        calder.type('/engagement matrix set calder SOW-A "Server backup" client clause:2.1', user=MANAGER).notices == ()
    )


def test_several_changed_answers_are_one_message(calder: Desk) -> None:
    calder.type("/scope calder server backup", user=TECHNICIAN)
    calder.type("/scope calder firewall patching", user=TECHNICIAN)
    calder.now += timedelta(days=1)
    [notice] = calder.type("/engagement agreement terminate calder SOW-A on:2026-03-02").notices
    assert notice.reply.table is not None
    assert [row[1:] for row in notice.reply.table.rows] == [("the client's", "not in force"), ("ours", "not in force")]


def test_what_was_undocumented_and_is_recorded_now_is_told(calder: Desk) -> None:
    calder.type("/scope calder who waters the plants?", user=TECHNICIAN)
    [notice] = calder.type('/engagement matrix set calder SOW-A "Watering the plants" client').notices
    assert ("Before", "not documented") in [(field.label, field.value) for field in notice.reply.fields]


def test_a_settled_question_is_told_as_settled_only(calder: Desk) -> None:
    calder.type("/scope calder who waters the plants?", user=TECHNICIAN)
    reply = calder.type("/engagement scope settle 1 client agreement:SOW-A item:Plants", user=MANAGER)
    [notice] = reply.notices
    assert "is settled" in notice.reply.headline


def test_an_answer_is_doubted_and_then_settled_with_the_row_that_was_named(calder: Desk) -> None:
    calder.type("/scope calder server backup", user=VIEWER)
    reply = calder.type('/engagement scope dispute 1 row:"Firewall patching" note:"It was about the wall"', user=VIEWER)
    assert "<#C0MANAGERS> is told" in reply.next_steps[0]
    with calder.database.open_unit(calder.workspace_id, writes=False) as uow:
        row = uow.reminders.of_subject("scope_question:1")[0]
        told = reminder_reply(uow, row.model_copy(update={"state": ReminderState.SENT}), calder.now, ZoneInfo("UTC"))
    assert f"Doubted by <@{VIEWER}>, not settled yet." in " ".join(told.lines)
    assert "It was about the wall" in " ".join(told.lines)
    agree, *_ = told.choices
    assert agree.command == 'scope settle 1 row:"Firewall patching" alias:yes'
    assert "open" in str(question(calder, 1))
    calder.type(f"/engagement {agree.command}", user=MANAGER)
    found = question(calder, 1)
    assert found is not None
    assert found.status is QuestionStatus.SETTLED  # type: ignore[attr-defined]


def test_a_question_is_dismissed_with_a_reason_that_the_asker_reads(calder: Desk) -> None:
    calder.type("/scope calder who feeds the fish?", user=VIEWER)
    assert "note is missing" in calder.refused("/engagement scope dismiss 1", user=MANAGER).message
    [notice] = calder.type('/engagement scope dismiss 1 note:"Not an IT matter"', user=MANAGER).notices
    assert notice.to == VIEWER
    assert any(field.value == "Not an IT matter" for field in notice.reply.fields)


def test_a_line_for_an_addendum_names_the_paper_and_leaves_blanks(calder: Desk) -> None:
    calder.type("/scope calder who feeds the fish?", user=VIEWER)
    reply = calder.type("/engagement scope draft 1 client", user=MANAGER)
    assert reply.copy is not None
    assert "Addendum to SOW-A with Calder Ridge" in reply.copy
    assert "Responsible: Calder Ridge" in reply.copy
    assert "________" in reply.copy


def test_a_decision_without_paper_offers_the_addendum(calder: Desk) -> None:
    calder.type("/scope calder who feeds the fish?", user=VIEWER)
    [choice] = calder.type("/engagement scope settle 1 client", user=MANAGER).choices
    assert choice.command == "scope draft 1 client"


def test_the_wording_for_the_client_has_no_notes_and_needs_signed_paper(calder: Desk) -> None:
    calder.type('/engagement matrix set calder SOW-A "Server backup" notes:"They are slow payers"')
    calder.type("/scope calder server backup", user=TECHNICIAN)
    reply = calder.type("/engagement scope wording 1", user=TECHNICIAN)
    assert reply.copy is not None
    assert "“Server backup” is ours to do under SOW-A, 2.1." in reply.copy
    assert "slow" not in reply.copy
    calder.type("/engagement agreement add calder ADD-1 kind:addendum effective:2026-02-01")
    calder.type('/engagement matrix set calder ADD-1 "Door locks" msp')
    calder.type("/scope calder door locks", user=TECHNICIAN)
    assert "not signed" in calder.refused("/engagement scope wording 2", user=TECHNICIAN).message


def test_viewers_touch_only_their_own_questions(calder: Desk) -> None:
    calder.type("/scope calder server backup", user=TECHNICIAN)
    for command in ("why 1", "wording 1", "escalate 1", "dispute 1 note:x", "rate 1 helpful"):
        assert "You did not ask" in calder.refused(f"/engagement scope {command}", user=VIEWER).message
    assert calder.type("/engagement scope why 1", user=ADMIN).data["because"]


def test_a_rating_is_kept_in_the_audit_log(calder: Desk) -> None:
    calder.type("/scope calder server backup", user=VIEWER)
    assert calder.type("/engagement scope rate 1 not_helpful", user=VIEWER).choices
    assert ("scope rate", "done") in calder.actions()


ESPRESSO = "who runs the espresso machine?"
BY_A_ROW = (
    ('msp agreement:SOW-A item:"Espresso machine" clause:"SOW-A 8"',),
    ('row:"Espresso machine" alias:yes', 'matrix set calder SOW-A "Espresso machine" msp clause:"SOW-A 8"'),
    ('row:"Espresso machine"', 'matrix set calder SOW-A "Espresso machine" msp clause:"SOW-A 8"'),
)
TO_THE_CLIENT = '/engagement matrix set calder SOW-A "Espresso machine" client clause:"SOW-A 8" as-signed:yes'


def settled_espresso(desk: Desk, how: tuple[str, ...]) -> None:
    desk.type(f"/scope calder {ESPRESSO}", user=TECHNICIAN)
    for before in how[1:]:
        desk.type(f"/engagement {before}", user=MANAGER)
    desk.type(f"/engagement scope settle 1 {how[0]}", user=MANAGER)
    desk.now += timedelta(days=1)


@pytest.mark.parametrize("how", BY_A_ROW)
def test_who_was_told_a_settlement_is_told_when_its_row_changes(calder: Desk, how: tuple[str, ...]) -> None:
    settled_espresso(calder, how)
    [notice] = calder.type(TO_THE_CLIENT, user=MANAGER).notices
    assert notice.to == TECHNICIAN
    assert [(field.label, field.value) for field in notice.reply.fields][1:] == [
        ("Before", "ours"),
        ("Now", "the client's (SOW-A 8)"),
    ]
    shown = calder.type("/engagement scope show 1")
    assert "Nothing that it rests on" not in " ".join(shown.lines)
    assert shown.table is not None
    assert "the row says: the client's, clause SOW-A 8" in [row[0] for row in shown.table.rows]
    notes = '/engagement matrix set calder SOW-A "Espresso machine" notes:"Second floor"'
    assert calder.type(notes, user=MANAGER).notices == ()


def test_who_asked_in_settled_words_is_told_too(calder: Desk) -> None:
    settled_espresso(calder, BY_A_ROW[0])
    calder.type(f"/scope calder {ESPRESSO}", user=VIEWER)
    notices = calder.type(TO_THE_CLIENT, user=MANAGER).notices
    assert {notice.to for notice in notices} == {TECHNICIAN, VIEWER}


def test_who_was_told_a_settlement_is_told_when_its_row_ends(calder: Desk) -> None:
    settled_espresso(calder, BY_A_ROW[0])
    [notice] = calder.type('/engagement matrix retire calder SOW-A "Espresso machine" on:2026-03-02').notices
    told = [(field.label, field.value) for field in notice.reply.fields][1:]
    assert told == [("Before", "ours"), ("Now", "not in force")]


def test_a_settlement_by_a_row_that_is_yet_to_begin_stands(calder: Desk) -> None:
    calder.type("/engagement agreement add calder ADD-9 kind:addendum signed:2026-03-01 effective:2026-04-01")
    settled_espresso(calder, ('msp agreement:ADD-9 item:"Espresso machine" clause:8',))
    assert calder.type('/engagement matrix set calder SOW-A "Door locks" client clause:9').notices == ()


def test_a_decision_without_a_row_is_told_as_it_was_given(calder: Desk) -> None:
    settled_espresso(calder, ("msp",))
    [notice] = calder.type(TO_THE_CLIENT, user=MANAGER).notices
    assert ("Before", "ours") in [(field.label, field.value) for field in notice.reply.fields]


def test_a_settlement_whose_row_is_as_it_was_is_shown_so(calder: Desk) -> None:
    settled_espresso(calder, BY_A_ROW[0])
    shown = calder.type("/engagement scope show 1")
    assert "Nothing that it rests on has changed since." in shown.lines
    assert "Espresso machine" in {field.label: field.value for field in shown.fields}["Settled with"]


UNSIGNED = '/engagement matrix set calder ADD-1 "Door locks" msp clause:"ADD-1 2"'
PROPOSED = '/engagement matrix set calder SOW-A "Door locks" msp proposed:yes'


@pytest.mark.parametrize(
    ("row", "change", "before"),
    [
        (UNSIGNED, "agreement edit calder ADD-1 signed:2026-03-02 effective:2026-04-01", "ours, but not signed"),
        (PROPOSED, 'matrix set calder SOW-A "Door locks" client proposed:yes', "proposed as ours, not agreed"),
    ],
)
def test_what_was_not_agreed_is_not_called_ours(calder: Desk, row: str, change: str, before: str) -> None:
    calder.type("/engagement agreement add calder ADD-1 kind:addendum effective:2026-02-01")
    calder.type(row)
    calder.type("/scope calder door locks", user=TECHNICIAN)
    calder.now += timedelta(days=1)
    [notice] = calder.type(f"/engagement {change}", user=MANAGER).notices
    assert ("Before", before) in [(field.label, field.value) for field in notice.reply.fields]


def test_whoever_asked_is_told_when_papers_begin_to_disagree_and_when_they_stop(calder: Desk) -> None:
    calder.type("/scope calder server backup", user=TECHNICIAN)
    calder.type("/engagement agreement add calder SOW-B kind:sow signed:2026-01-01 effective:2026-01-01")
    calder.now += timedelta(days=1)
    changes = (
        ('"Server backup" client clause:3', "ours", "the papers disagree", "the papers disagree"),
        ('"Server backup" msp clause:3', "the papers disagree", "ours (SOW-A, 2.1)", "ours"),
    )
    for change, before, now, shown in changes:
        [notice] = calder.type(f"/engagement matrix set calder SOW-B {change}", user=MANAGER).notices
        assert [field.value for field in notice.reply.fields][1:] == [before, now]
        assert f"the answer to it is: {shown}" in str(calder.type("/engagement scope show 1").table)
        calder.now += timedelta(days=1)


def told_by(calder: Desk, line: str) -> list[tuple[str, str]]:
    """What the one who asked was told by `line`: before and now."""
    calder.now += timedelta(days=1)
    return [
        (before.value, now.value)
        for notice in calder.type(line, user=MANAGER).notices
        for _, before, now in [notice.reply.fields]
        if notice.to == TECHNICIAN
    ]


def test_whoever_asked_is_told_when_the_paper_is_signed_and_when_it_is_not_any_more(calder: Desk) -> None:
    calder.type("/engagement agreement add calder SOW-B kind:sow effective:2026-01-01")
    calder.type('/engagement matrix set calder SOW-B "Voice lines" msp')
    calder.type("/scope calder voice lines", user=TECHNICIAN)
    assert told_by(calder, "/engagement agreement edit calder SOW-B notice:30d") == []
    assert told_by(calder, "/engagement agreement sign calder SOW-B side:msp on:2026-03-01") == []
    sign = '/engagement agreement sign calder SOW-B side:client on:2026-03-01 signer:"Lee Marsh, COO"'
    assert told_by(calder, sign) == [("ours, but not signed", "ours (SOW-B)")]
    assert told_by(calder, "/engagement agreement edit calder SOW-B notice:60d") == []


def test_whoever_asked_is_told_when_what_was_proposed_is_agreed(calder: Desk) -> None:
    calder.now += timedelta(days=1)
    calder.type('/engagement matrix set calder SOW-A "Voice lines" msp')
    assert "not agreed" in calder.type("/scope calder voice lines", user=TECHNICIAN).headline
    line = '/engagement matrix set calder SOW-A "Voice lines" msp clause:3.1'
    assert told_by(calder, line) == [("proposed as ours, not agreed", "ours (SOW-A, 3.1)")]
