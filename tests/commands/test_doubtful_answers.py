"""Where it is not clear which paper applies, everybody reads the same: ask first. Nothing calls it a sure answer."""

from datetime import timedelta

import pytest

from commands.dispatching.request import Request
from commands.errors import Conflict, NeedsYes, NotFound, UsageError
from commands.reply import Reply
from commands.scope.answer import CHANGED
from commands.scope.changed_answers import may_have_changed, note_day
from storage.records import Verdict
from tests.commands.conftest import CHANNEL, MANAGER, TECHNICIAN, Desk
from tests.commands.test_papers import one_file, text_of

FIRST = "SOW-A says ours, but whether it still applies is not clear. Ask first."
NO_TERM = '/engagement agreement edit calder SOW-A initial-term:""'


@pytest.fixture
def calder(desk: Desk) -> Desk:
    """MSA-1, in force, says that the client does it; SOW-A, which takes precedence, that we do. Both are sure."""
    desk.type('/engagement client add "Calder Ridge" alias:calder channel:C0CALDER')
    signed = "effective:2026-01-01 signed:2026-01-01 renewal:none"
    desk.type(f"/engagement agreement add calder MSA-1 kind:msa initial-term:36m {signed}")
    desk.type(f"/engagement agreement add calder SOW-A kind:sow initial-term:3m parent:MSA-1 {signed}")
    desk.type('/engagement matrix set calder MSA-1 "Server backup" client clause:2.1 as-signed:yes')
    desk.type('/engagement matrix set calder SOW-A "Server backup" msp clause:5 as-signed:yes')
    return desk


@pytest.fixture
def doubtful(calder: Desk) -> Desk:
    """SOW-A has no term on record."""
    calder.type(NO_TERM)
    calder.now += timedelta(hours=1)
    return calder


def test_it_is_shared_as_it_was_given(doubtful: Desk) -> None:
    given = doubtful.type("/scope calder server backup", user=TECHNICIAN)
    shared = doubtful.type("/engagement scope share 1", user=TECHNICIAN, channel=CHANNEL)
    assert given.headline == shared.headline == f"Calder Ridge: {FIRST}"
    assert shared.ruling is not None
    assert (shared.ruling.word, shared.ruling.asks_first) == ("Ask first", True)


def test_it_is_not_worded_for_the_client(doubtful: Desk) -> None:
    given = doubtful.type("/scope calder server backup", user=TECHNICIAN)
    assert "Copy for client" not in [each.label for each in given.choices]
    with pytest.raises(Conflict, match="Whether SOW-A applies is not clear, so nothing is sent to the client"):
        doubtful.type("/engagement scope wording 1", user=TECHNICIAN)


def test_a_manager_who_is_asked_about_it_reads_what_is_not_clear(doubtful: Desk) -> None:
    doubtful.type("/scope calder server backup", user=TECHNICIAN)
    asked = doubtful.type("/engagement scope escalate 1", user=TECHNICIAN)
    answers = [each.value for each in asked.fields if each.label == "Answer"]
    assert answers == ["Server backup: ours, but whether it still applies is not clear (SOW-A, 5)"]


def test_the_data_says_it(doubtful: Desk) -> None:
    given = doubtful.type("/scope calder server backup", user=TECHNICIAN)
    shared = doubtful.type("/engagement scope share 1", user=TECHNICIAN, channel=CHANNEL)
    doubtful.type("/engagement agreement edit calder SOW-A initial-term:36m")
    doubtful.now += timedelta(hours=1)
    sure = doubtful.type("/scope calder server backup", user=TECHNICIAN)
    assert [each.data["record"]["doubtful"] for each in (given, shared, sure)] == [True, True, False]


def test_no_work_is_billed_from_it_with_a_button(calder: Desk) -> None:
    calder.type('/engagement matrix set calder SOW-A "Printers" out_of_scope clause:6 as-signed:yes')
    sure = calder.type("/scope calder printers", user=TECHNICIAN)
    assert "Bill it" in [each.label for each in sure.choices]
    calder.type("/engagement agreement edit calder MSA-1 initial-term:1m")
    calder.now += timedelta(hours=1)
    given = calder.type("/scope calder printers", user=TECHNICIAN)
    assert "Ask first" in given.headline
    assert "Bill it" not in [each.label for each in given.choices]


def test_work_that_is_billed_from_it_in_words_is_asked_about(calder: Desk) -> None:
    calder.type('/engagement matrix set calder SOW-A "Printers" out_of_scope clause:6 as-signed:yes')
    calder.type('/engagement matrix set calder SOW-A "Scanners" out_of_scope')
    calder.type("/scope calder scanners", user=TECHNICIAN)
    asked = calder.refused("/engagement scope bill 1 took:45m", user=TECHNICIAN, is_confirmed=False)
    assert isinstance(asked, NeedsYes)
    assert "SOW-A names this as out of scope, for 2 March 2026: proposed, not agreed." in asked.message
    calder.type("/scope calder printers", user=TECHNICIAN)
    calder.type("/engagement scope bill 2 took:45m", user=TECHNICIAN, is_confirmed=False)
    calder.type("/engagement agreement edit calder MSA-1 initial-term:1m")
    asked = calder.refused("/engagement scope bill 2 took:45m", user=TECHNICIAN, is_confirmed=False)
    assert "SOW-A, 6 names this as out of scope, for 2 March 2026: it is not clear that it applies." in asked.message
    calder.type("/engagement scope bill 2 took:45m on:2026-01-31", user=TECHNICIAN, is_confirmed=False)
    calder.type("/engagement scope bill 2 took:45m", user=TECHNICIAN)
    table = calder.type("/engagement scope billable calder").table
    assert table is not None
    assert [row[5] for row in table.rows] == ["SOW-A, 6 (it is not clear that it applies)"] * 2
    calder.now += timedelta(days=60)
    asked = calder.refused("/engagement scope bill 2 took:45m", user=TECHNICIAN, is_confirmed=False)
    assert "for 1 May 2026: agreement ended" in asked.message


def test_lists_of_questions_say_it(doubtful: Desk) -> None:
    doubtful.type('/engagement matrix set calder SOW-A "Scanners" msp')
    for question in ("server backup", "scanners", "who feeds the fish?"):
        doubtful.type(f"/scope calder {question}", user=TECHNICIAN)
    table = doubtful.type("/engagement scope history calder").table
    assert table is not None
    said = ["not documented", "proposed as ours, not agreed", "ours, but whether it still applies is not clear"]
    assert [row[5] for row in table.rows] == said
    shown = [doubtful.type(f"/engagement scope show {number}") for number in (3, 2, 1)]
    assert [each.value.split(":")[0] for one in shown for each in one.fields if each.label == "Answer"] == said
    doubtful.type("/engagement agreement edit calder SOW-A initial-term:36m")
    doubtful.now += timedelta(hours=1)
    doubtful.type("/engagement scope settle 3 row:Scanners")
    [settled] = [each.value for each in doubtful.type("/engagement scope show 3").fields if each.label == "Settled"]
    assert settled.startswith("proposed as ours, not agreed, by ")


def test_a_sure_answer_is_not_shared_as_it_was_once_its_term_ran_out(calder: Desk) -> None:
    calder.type('/engagement agreement edit calder SOW-A renewal:""')
    calder.type("/scope calder server backup", user=TECHNICIAN)
    calder.type("/scope calder as-of:2026-02-01 server backup", user=TECHNICIAN)
    assert told_changed(calder) == [False, False]
    calder.now += timedelta(days=31)
    assert told_changed(calder) == [True, False], "of a day of its term that stays so"


def test_what_counts_is_the_day_of_the_answer(calder: Desk) -> None:
    given = calder.type("/scope calder server backup", user=TECHNICIAN)
    assert given.headline == "Calder Ridge: This is ours: do it."
    calder.now += timedelta(hours=1)
    calder.type(NO_TERM)
    calder.now += timedelta(hours=1)
    assert FIRST in calder.type("/scope calder server backup", user=TECHNICIAN).headline
    shared = [calder.type(f"/engagement scope share {id}", user=TECHNICIAN, channel=CHANNEL) for id in (1, 2)]
    assert [each.headline for each in shared] == ["Calder Ridge: This is ours: do it.", f"Calder Ridge: {FIRST}"]


def test_paper_of_a_parent_that_ended_is_not_worded_either(calder: Desk) -> None:
    calder.type('/engagement matrix set calder SOW-A "Printers" msp clause:6 as-signed:yes')
    calder.type("/engagement agreement edit calder SOW-A initial-term:36m")
    calder.type("/engagement agreement edit calder MSA-1 initial-term:1m")
    calder.now += timedelta(hours=1)
    given = calder.type("/scope calder printers", user=TECHNICIAN)
    assert "Ask first" in given.headline
    assert calder.type("/engagement scope share 1", user=TECHNICIAN, channel=CHANNEL).headline == given.headline
    with pytest.raises(Conflict, match="nothing is sent to the client"):
        calder.type("/engagement scope wording 1", user=TECHNICIAN)


def conflict(desk: Desk, item: str = "Server backup") -> tuple[str, list[str]]:
    """What the check says about papers that disagree on the item, and its buttons."""
    groups = desk.type("/engagement check calder everything:yes").groups
    entries = [each for group in groups for each in group.entries if each.text.startswith(f'"{item}": ')]
    return "; ".join(each.text for each in entries), [choice.label for each in entries for choice in each.choices]


def test_the_matrix_the_statement_and_the_check_say_the_same(doubtful: Desk) -> None:
    shown = doubtful.type("/engagement matrix show calder")
    said = "the papers disagree and it is not clear which applies: MSA-1 says the client's; SOW-A says ours"
    assert {each["status"] for each in shown.data["rows"]} == {said}
    assert shown.headline.startswith("Calder Ridge: 0 rows in force")
    assert doubtful.type("/engagement matrix coverage calder").lines == (f"Server backup: {said}.",)
    found, buttons = conflict(doubtful)
    assert found.endswith("SOW-A takes precedence, but whether it is in force is not clear.")
    assert buttons == ["Show"]
    paper = text_of(one_file(doubtful.type("/engagement paper statement calder")))
    assert paper.count("the papers disagree and it is") == 2, paper
    assert "overruled by" not in paper


def test_of_two_papers_that_are_both_unclear_none_replaces_the_other(doubtful: Desk) -> None:
    doubtful.type('/engagement agreement edit calder MSA-1 initial-term:""')
    given = doubtful.type("/scope calder server backup", user=TECHNICIAN)
    assert given.headline == f"Calder Ridge: {FIRST}"
    said = "the papers disagree and it is not clear which applies: MSA-1 says the client's; SOW-A says ours"
    assert {each["status"] for each in doubtful.type("/engagement matrix show calder").data["rows"]} == {said}
    for paper in ("", " SOW-A", " MSA-1"):
        text = text_of(one_file(doubtful.type(f"/engagement paper statement calder{paper}")))
        counting, apart = text.split("Proposed, not yet in force, replaced, or not clear")
        assert "Server backup" in apart
        assert "Server backup" not in counting
        assert "overruled by" not in text


def test_an_unclear_amendment_that_says_the_same_replaces_nothing(doubtful: Desk) -> None:
    doubtful.type("/engagement agreement add calder AMD-1 kind:amendment parent:SOW-A signed:2026-02-01")
    doubtful.type('/engagement matrix set calder AMD-1 "Server backup" msp clause:9 as-signed:yes')
    text = text_of(one_file(doubtful.type("/engagement paper statement calder SOW-A")))
    assert "replaced by" not in text
    assert "replaced by" not in str(doubtful.type("/engagement matrix show calder").data)


def test_where_both_are_sure_the_check_still_offers_to_retire_one(calder: Desk) -> None:
    found, buttons = conflict(calder)
    assert found.endswith("SOW-A takes precedence.")
    assert buttons == ["Retire"]


def test_paper_that_has_not_begun_is_no_conflict_yet(calder: Desk) -> None:
    coming = "kind:sow effective:2026-05-01 signed:2026-03-01 initial-term:12m parent:MSA-1"
    calder.type(f"/engagement agreement add calder SOW-9 {coming}")
    calder.type('/engagement matrix set calder MSA-1 "Printers" msp clause:2.2 as-signed:yes')
    calder.type('/engagement matrix set calder MSA-1 "Printers" client clause:3 carried-by:SOW-9')
    calder.type('/engagement matrix set calder MSA-1 "Scanners" msp clause:2.3 as-signed:yes')
    calder.type('/engagement matrix set calder SOW-9 "Scanners" client clause:4 as-signed:yes')
    assert conflict(calder, "Printers") == conflict(calder, "Scanners") == ("", [])
    calder.now += timedelta(days=70)
    assert conflict(calder, "Scanners")[1] == ["Retire"]


def test_a_proposal_splits_no_item(calder: Desk) -> None:
    calder.type('/engagement matrix set calder MSA-1 "DNS" msp clause:7 as-signed:yes category:Network')
    calder.type('/engagement matrix set calder SOW-A "DNS" client clause:7 as-signed:yes category:Servers')
    before = calder.type("/scope calder who manages DNS").headline
    assert before == "Calder Ridge: This is the client's: do not do it without a change request."
    calder.type('/engagement matrix set calder MSA-1 "DNS" shared proposed:yes category:Network')
    assert calder.type("/scope calder who manages DNS").headline == before


def test_whoever_asked_is_told_that_it_is_not_clear_any_more(calder: Desk) -> None:
    calder.type("/scope calder server backup", user=TECHNICIAN)
    calder.now += timedelta(days=1)
    [notice] = calder.type(NO_TERM, user=MANAGER).notices
    assert (notice.to, changed(notice.reply)) == (
        TECHNICIAN,
        ("ours", "ours, but whether it still applies is not clear (SOW-A, 5)"),
    )
    calder.now += timedelta(hours=1)
    assert not calder.type("/engagement agreement edit calder SOW-A title:Backup", user=MANAGER).notices
    calder.now += timedelta(hours=1)
    [notice] = calder.type("/engagement agreement edit calder SOW-A initial-term:36m", user=MANAGER).notices
    assert changed(notice.reply) == ("ours, but whether it still applies is not clear", "ours (SOW-A, 5)")


def test_and_reads_so_wherever_the_change_is_shown(calder: Desk) -> None:
    calder.type("/scope calder server backup", user=TECHNICIAN)
    calder.now += timedelta(hours=1)
    calder.type(NO_TERM, user=MANAGER)
    sections = calder.type("/engagement home", user=TECHNICIAN).sections
    [mine] = [each.detail for section in sections for each in section.items if "The answer changed" in each.detail]
    assert mine.endswith("was: ours; now: ours, but whether it still applies is not clear")
    since = calder.type("/engagement scope show 1").table
    assert since is not None
    assert since.rows[0][0] == "the answer to it is: ours, but whether it still applies is not clear"


def test_and_when_the_term_runs_out_with_no_renewal_on_record(calder: Desk) -> None:
    calder.type('/engagement agreement edit calder SOW-A renewal:""')
    given = calder.type("/scope calder server backup", user=TECHNICIAN)
    assert given.headline == "Calder Ridge: This is ours: do it."
    calder.now += timedelta(days=31)
    assert days_noted(calder) == 1
    calder.now += timedelta(days=1)
    assert days_noted(calder) == 0
    assert FIRST in calder.type("/scope calder server backup", user=TECHNICIAN).headline


def told_changed(desk: Desk) -> list[bool]:
    """Whether the first two answers say, when they are shared, that what they rest on has changed."""
    shared = [desk.type(f"/engagement scope share {id}", user=TECHNICIAN, channel=CHANNEL) for id in (1, 2)]
    return [CHANGED in each.cautions for each in shared]


def changed(reply: Reply) -> tuple[str, str]:
    said = {field.label: field.value for field in reply.fields}
    return said["Before"], said["Now"]


def days_noted(desk: Desk) -> int:
    with desk.database.open_unit(desk.workspace_id, writes=True) as uow:
        ctx = desk.dispatcher.context(uow, Request(desk.workspace_id, "console", ""))
        [client] = uow.clients.list()
        return note_day(ctx, client) if may_have_changed(ctx, client) else 0


def test_a_question_is_not_settled_with_a_row_of_which_that_is_not_clear(doubtful: Desk) -> None:
    doubtful.type("/scope calder who feeds the fish?", user=TECHNICIAN)
    for of in ("", " agreement:MSA-1", " agreement:SOW-A"):
        with pytest.raises(Conflict, match="it is not clear which applies"):
            doubtful.type(f'/engagement scope settle 1 row:"Server backup"{of}', user=MANAGER)


def test_of_rows_that_say_the_same_the_sure_one_settles_it(doubtful: Desk) -> None:
    doubtful.type('/engagement matrix set calder MSA-1 "Fax" msp clause:7 as-signed:yes')
    doubtful.type('/engagement matrix set calder SOW-A "Fax" msp clause:8 as-signed:yes')
    doubtful.type("/scope calder who feeds the fish?", user=TECHNICIAN)
    doubtful.type("/engagement scope settle 1 row:Fax", user=MANAGER)
    shown = doubtful.type("/engagement scope show 1", user=MANAGER)
    assert shown.evidence is not None
    assert shown.evidence.agreement == "MSA-1"


def test_rows_of_one_name_in_several_categories_are_asked_about(doubtful: Desk) -> None:
    doubtful.type('/engagement matrix set calder MSA-1 "DNS" client clause:7 as-signed:yes category:Network')
    doubtful.type('/engagement matrix set calder SOW-A "DNS" msp clause:8 as-signed:yes category:Web')
    doubtful.type('/engagement matrix set calder SOW-A "DNS" msp clause:9 as-signed:yes category:Servers')
    doubtful.type("/scope calder who feeds the fish?", user=TECHNICIAN)
    with pytest.raises(UsageError, match=r'"DNS" is in several categories: "Network", "Web", "Servers". Say which'):
        doubtful.type("/engagement scope settle 1 row:DNS", user=MANAGER)
    with pytest.raises(UsageError, match=r'"DNS" is in several categories: "Web", "Servers". Say which'):
        doubtful.type("/engagement scope settle 1 row:DNS agreement:SOW-A", user=MANAGER)
    with pytest.raises(NotFound, match='no row "DNS" in the category "Mail"'):
        doubtful.type("/engagement scope settle 1 row:DNS category:Mail", user=MANAGER)
    doubtful.type("/engagement scope settle 1 row:DNS category:network", user=MANAGER)
    shown = doubtful.type("/engagement scope show 1", user=MANAGER)
    assert shown.evidence is not None
    assert (shown.evidence.agreement, shown.evidence.clause) == ("MSA-1", "7")
    again = doubtful.type("/scope calder who feeds the fish?", user=TECHNICIAN)
    assert again.headline == "Calder Ridge: This is the client's: do not do it without a change request."


def test_a_row_without_a_category_beside_one_with_it_can_be_chosen(calder: Desk) -> None:
    calder.type('/engagement matrix set calder SOW-A "DNS" msp clause:8 as-signed:yes')
    calder.type('/engagement matrix set calder MSA-1 "DNS" msp clause:7 as-signed:yes category:Network')
    calder.type("/scope calder who feeds the fish?", user=TECHNICIAN)
    with pytest.raises(UsageError, match="several categories"):
        calder.type("/engagement scope settle 1 row:DNS", user=MANAGER)
    calder.type("/engagement scope settle 1 row:DNS category:none", user=MANAGER)


def test_rows_of_several_papers_that_say_the_same_are_asked_about(calder: Desk) -> None:
    for paper in ("SOW-A", "MSA-1"):
        calder.type(f'/engagement matrix set calder {paper} "DNS" msp clause:8 as-signed:yes')
    calder.type("/scope calder who feeds the fish?", user=TECHNICIAN)
    with pytest.raises(UsageError, match=r'Several agreements have a row "DNS": MSA-1, SOW-A. Say which'):
        calder.type("/engagement scope settle 1 row:DNS", user=MANAGER)
    calder.type("/engagement scope settle 1 row:DNS agreement:MSA-1", user=MANAGER)


def test_a_wording_is_learned_for_a_name_of_several_papers(calder: Desk) -> None:
    calder.type("/scope calder who feeds the fish?", user=TECHNICIAN)
    learned = calder.type('/engagement scope learn 1 row:"server backup"', user=MANAGER)
    assert learned.headline == 'For Calder Ridge, "who feeds the fish?" means "Server backup" from now on.'


def test_a_settled_row_that_other_paper_overrules_was_not_changed(calder: Desk) -> None:
    asked = "/scope calder who feeds the fish?"
    calder.type('/engagement matrix set calder MSA-1 "Aquarium" client clause:9 as-signed:yes')
    calder.type(asked, user=TECHNICIAN)
    calder.type("/engagement scope settle 1 row:Aquarium", user=MANAGER)
    assert calder.type(asked, user=TECHNICIAN).verdict is Verdict.CLIENT
    calder.now += timedelta(hours=1)
    calder.type('/engagement matrix set calder SOW-A "Aquarium" msp clause:8 as-signed:yes')
    again = calder.type(asked, user=TECHNICIAN)
    assert again.verdict is Verdict.AMBIGUOUS
    said = "It settled this question, and other paper takes precedence over it."
    assert again.headline == f'Calder Ridge: Do you mean "Aquarium"? {said}'
    assert "was changed" not in str(again)


def test_a_category_is_never_passed_over(calder: Desk) -> None:
    """Said without a row it tells nothing apart, and a new row would be without it."""
    calder.type("/scope calder espresso machine descaling", user=TECHNICIAN)
    for settled in ("client", "client agreement:SOW-A item:Espresso clause:9"):
        said = calder.refused(f"/engagement scope settle 1 {settled} category:Kitchen", user=MANAGER).message
        assert "category: is said with row:" in said
    said = calder.refused('/engagement scope settle 1 row:"Server backup" category:Kitchen', user=MANAGER).message
    assert said == 'Calder Ridge has no row "Server backup" in the category "Kitchen".'
