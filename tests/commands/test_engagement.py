"""Access, promises, key topics, declined recommendations, insurance and the questionnaire, as they are typed."""

import pytest

from commands.errors import Conflict, NotAllowed, NotFound, UsageError
from tests.commands.conftest import MANAGER, NOW, TECHNICIAN, VIEWER, Desk, set_up_calder

GRANT = (
    '/engagement access grant calder "Payroll server" view data:"payroll records" basis:"SOW-A 9.2" '
    'limit:"only while a clerk watches" explained:2026-01-05 alias:"HR box"'
)


def test_the_lines_of_a_day_work_on_both_engines(desk_on_each: Desk) -> None:
    desk = desk_on_each
    set_up_calder(desk)
    desk.type(GRANT)
    desk.type('/engagement promise add calder "Test a restore" source:sla every:3m kept:2026-01-10 owner:U0MANAGER')
    desk.type("/engagement topic set calder SOW-A present topic:access_scope clause:9.1 initialled:2026-01-05")
    desk.type('/engagement recommendation decline calder "Offline copy" by:"Lee Marsh, COO" row:"Server backup"')
    desk.type('/engagement insurance require calder "MFA" attested-by:"Dana Lee, CFO" implemented-by:both')
    desk.type("/engagement framework adopt calder nist-csf 1.1 agreement:SOW-A")
    desk.type("/engagement disclosure answers calder asked:hipaa asked:gdpr others:no by:Lee")
    checked = desk.type("/engagement check calder").data
    assert checked["findings"]
    assert desk.type("/engagement check calder").data["new"] == []
    assert desk.type("/engagement audit verify").data["broken"] is None


# -------------------------------------------------------------------------------------------------- access


def test_access_is_shown_before_work_starts(calder: Desk) -> None:
    calder.type(GRANT)
    shown = calder.type("/engagement access calder payroll", user=VIEWER)
    assert shown.headline == "Calder Ridge: access to Payroll server: viewing only, and only while a clerk watches."
    assert any("holds payroll records: viewing only, limited: only while a clerk watches" in c for c in shown.cautions)
    assert calder.type('/engagement access calder "HR box"').headline == shown.headline
    assert calder.type("/engagement access calder").data["grants"][0]["system"] == "Payroll server"


def test_what_is_not_recorded_may_not_be_touched(calder: Desk) -> None:
    assert "Do not assume that you may touch it" in calder.type("/engagement access calder X-ray").headline


def test_a_scope_answer_about_the_system_carries_the_caution(calder: Desk) -> None:
    calder.type(GRANT.replace("Payroll server", "Server backup"))
    answer = calder.type("/scope calder who does the server backup?")
    assert any("holds payroll records" in caution for caution in answer.cautions)
    again = calder.type(f"/engagement scope share {answer.data['question_id']}")
    assert any("holds payroll records" in caution for caution in again.cautions)
    other = calder.type("/scope calder firewall rules and configuration")
    assert not any("holds payroll records" in caution for caution in other.cautions)


def test_a_grant_is_changed_reviewed_and_revoked_and_keeps_what_it_was(calder: Desk) -> None:
    calder.type(GRANT)
    calder.type('/engagement access grant calder "payroll server" limit:"never"')
    [now] = calder.type("/engagement access calder").data["grants"]
    assert (now["limit"], now["level"], now["basis"], now["review_on"]) == ("never", "view", "SOW-A 9.2", "2027-03-02")
    calder.type("/engagement access review calder payroll next:2026-06-01")
    assert calder.type("/engagement access calder").data["grants"][0]["review_on"] == "2026-06-01"
    calder.type("/engagement access revoke calder payroll reason:moved")
    assert "was revoked on 2026-03-02" in calder.type("/engagement access calder").cautions[0]
    assert isinstance(calder.refused("/engagement access review calder payroll"), Conflict)
    assert isinstance(calder.refused("/engagement access revoke calder payroll"), Conflict)
    calder.type('/engagement access grant calder "Payroll server" admin')
    assert calder.type("/engagement access calder").data["grants"][0]["revoked_on"] is None


# ------------------------------------------------------------------------------------------------ promises


def test_a_promise_falls_due_again_after_it_was_kept(calder: Desk) -> None:
    calder.type('/engagement promise add calder "Test a restore" source:sla every:3m made:2025-11-01')
    assert calder.type("/engagement promise list calder").data["promises"][0]["next_due_on"] == "2026-02-01"
    assert "overdue" in calder.type("/engagement promise list calder").cautions[0]
    calder.type('/engagement promise kept calder "Test a" on:2026-03-01 evidence:"ticket 4711"', user=TECHNICIAN)
    [kept] = calder.type("/engagement promise list calder").data["promises"]
    assert (kept["last_kept_on"], kept["next_due_on"]) == ("2026-03-01", "2026-06-01")
    calder.type('/engagement promise end calder "Test a restore"')
    assert calder.type("/engagement promise list calder").data["promises"] == []


def test_a_promise_is_not_reworded_into_another(calder: Desk) -> None:
    calder.type('/engagement promise add calder "Test a restore" source:sla every:3m')
    calder.type('/engagement promise add calder "Send a report" source:sla every:1m')
    error = calder.refused('/engagement promise edit calder "Send a report" wording:"test a RESTORE"')
    assert "is recorded already" in error.message
    calder.type('/engagement promise edit calder "Send a report" wording:"Send a Report."')


def test_an_absolute_promise_is_flagged_with_a_suggestion(calder: Desk) -> None:
    reply = calder.type('/engagement promise add calder "We guarantee 100 % uptime" source:website')
    assert reply.cautions[0].endswith('Rather: "We aim for the agreed level of uptime"')
    assert reply.data["promise"]["source"] == "marketing"


def test_a_promise_to_everybody_is_listed_for_each_client(calder: Desk) -> None:
    error = calder.refused('/engagement promise add what:"Answers in an hour"')
    assert "everybody:yes" in error.message
    calder.type('/engagement promise add what:"Answers in an hour" everybody:yes source:marketing every:1m')
    assert len(calder.type("/engagement promise list calder").data["promises"]) == 1
    calder.type("/engagement promise kept what:Answers everybody:yes")
    calder.type('/engagement promise edit what:Answers everybody:yes wording:"Answers within an hour"')
    [promise] = calder.type("/engagement promise list").data["promises"]
    assert (promise["what"], promise["last_kept_on"]) == ("Answers within an hour", "2026-03-02")


# -------------------------------------------------------------------------------------- topics and the rest


def test_topics_are_recorded_together_and_completed_later(calder: Desk) -> None:
    calder.type("/engagement topic set calder SOW-A present topic:liability topic:warranties clause:9")
    calder.type("/engagement topic set calder SOW-A present topic:liability initialled:2026-03-01")
    calder.type('/engagement topic set calder SOW-A unclear topic:risk notes:"half a sentence"')
    topics = {each["topic"]: each for each in calder.type("/engagement topic list calder SOW-A").data["topics"]}
    assert topics["limitation_of_liability"]["clause"] == "9"
    assert topics["limitation_of_liability"]["initialled_on"] == "2026-03-01"
    assert topics["assumption_of_risk"]["state"] == "unclear"
    calder.type("/engagement topic set calder SOW-A missing topic:liability")
    topics = {each["topic"]: each for each in calder.type("/engagement topic list calder").data["topics"]}
    assert topics["limitation_of_liability"]["clause"] is None


def test_a_declined_recommendation_is_completed_offered_again_and_accepted(calder: Desk) -> None:
    line = '/engagement recommendation decline calder "Offline copy"'
    assert "Who declined it" in calder.type(f'{line} row:"Server backup"', user=TECHNICIAN).cautions[0]
    calder.type(f'{line} by:"Lee Marsh, COO" risk-clause:"MSA-1 9.4" agreement:SOW-A')
    [kept] = calder.type("/engagement recommendation list calder").data["recommendations"]
    assert (kept["item"], kept["risk_clause"], kept["reoffer_on"]) == ("Server backup", "MSA-1 9.4", "2027-03-02")
    calder.now = NOW.replace(year=2027, month=4)
    calder.type("/engagement recommendation reoffer calder offline")
    [kept] = calder.type("/engagement recommendation list calder").data["recommendations"]
    assert (kept["declined_on"], kept["reoffer_on"]) == ("2027-04-02", "2028-04-02")
    calder.type("/engagement recommendation accept calder offline")
    assert isinstance(calder.refused("/engagement recommendation accept calder offline"), Conflict)


def test_an_insurance_requirement_is_completed_and_ended(calder: Desk) -> None:
    reply = calder.type('/engagement insurance require calder "MFA for mail" insurer:Prairie', user=TECHNICIAN)
    assert len(reply.cautions) == 2
    calder.type('/engagement insurance require calder "MFA for mail" attested-by:"Dana Lee, CFO" implemented-by:us')
    [kept] = calder.type("/engagement insurance list calder").data["requirements"]
    assert (kept["insurer"], kept["implemented_by"], kept["attested_on"]) == ("Prairie", "msp", "2026-03-02")
    calder.type("/engagement insurance end calder MFA")
    assert calder.type("/engagement insurance list calder").data["requirements"] == []


# ------------------------------------------------------------------------------------------- questionnaire


def test_the_questionnaire_lists_what_is_likely_in_the_industry(calder: Desk) -> None:
    assert "industry is not recorded" in calder.type("/engagement disclosure ask calder").cautions[0]
    calder.type("/engagement client edit calder industry:dental country:US subdivision:IL")
    reply = calder.type("/engagement disclosure ask calder", user=TECHNICIAN)
    assert {"hipaa", "pci_dss", "cyber_insurance", "illinois_breach"} <= set(reply.data["regulations"])
    assert reply.choices[0].opens_form
    assert "asked:hipaa" in reply.choices[0].command


def test_every_regulation_asked_about_gets_an_answer(calder: Desk) -> None:
    line = "/engagement disclosure answers calder asked:hipaa asked:gdpr asked:pci_dss applies:hipaa declined:gdpr"
    reply = calder.type(f'{line} others:no by:"Dana Lee, CFO" accepts:yes clause:"MSA-1 11"')
    assert reply.data["answers"] == {"hipaa": "applies", "gdpr": "declined", "pci_dss": "does_not_apply"}
    assert reply.data["questionnaire"]["disclosed"] == ["hipaa"]
    known = {each["regulation"]: each for each in calder.type("/engagement disclosure list calder").data["disclosures"]}
    assert known["hipaa"]["responsibility_clause"] == "MSA-1 11"
    assert known["hipaa"]["reask_on"] == "2027-03-02"


def test_asked_and_none_disclosed_is_an_answer(calder: Desk) -> None:
    reply = calder.type("/engagement disclosure answers calder asked:hipaa others:does_not_apply by:Lee")
    assert reply.headline == "Calder Ridge was asked about 1 regulation: none disclosed."
    calder.type('/engagement disclosure withdraw calder hipaa reason:"recorded twice"')
    assert calder.type("/engagement disclosure list calder").headline.startswith("Calder Ridge was asked on 2026-03-02")
    assert "disclosure_never" not in [each["rule"] for each in calder.type("/engagement check calder").data["findings"]]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("/engagement disclosure answers calder asked:hipaa", "others is missing"),
        ("/engagement disclosure answers calder asked:hipaa others:applies", "one by one"),
        ("/engagement disclosure answers calder applies:hipaa declined:hipaa others:no", "named twice"),
        ("/engagement disclosure answers calder applies:hippa others:no", "Did you mean HIPAA"),
        ("/engagement disclosure answers calder asked:hipaa others:no on:2027-01-01", "future"),
        ('/engagement access grant calder "New system" limit:x', "level is missing"),
        ('/engagement access grant calder "New system" view explained:2027-01-01', "future"),
        ("/engagement access review calder nothing", "no recorded access"),
        ('/engagement promise kept calder "No such"', "No promise"),
        ('/engagement promise add calder "Often" every:5bd', "every"),
        ('/engagement promise edit calder "No such" wording:x', "No promise"),
        ("/engagement topic set calder SOW-A perhaps topic:liability", "not one of present"),
        ("/engagement topic set calder SOW-A present", "topic is missing"),
        ('/engagement recommendation decline calder "X" row:"No such row"', "has no"),
        ("/engagement recommendation accept calder nothing", "no declined recommendation"),
        ('/engagement insurance require calder "MFA" implemented-by:nobody', "not one of msp"),
        ("/engagement insurance end calder nothing", "no insurance requirement"),
    ],
)
def test_wrong_input_is_named_and_nothing_is_saved(calder: Desk, line: str, words: str) -> None:
    error = calder.refused(line)
    assert isinstance(error, UsageError | NotFound | Conflict)
    assert words in error.message
    with calder.database.open_unit(calder.workspace_id, writes=False) as uow:
        nouns = (uow.access, uow.promises, uow.topics, uow.recommendations, uow.insurance, uow.questionnaires)
        assert [noun.current() for noun in nouns] == [[]] * len(nouns)


def test_the_same_answer_again_keeps_the_papers_but_not_who_gave_it(calder: Desk) -> None:
    calder.type('/disclose calder hipaa applies by:"Dana Lee, CFO" scope:"Dentrix" accepts:yes clause:"MSA-1 11"')
    calder.type("/disclose calder hipaa applies evidence:https://files.msp.internal/baa.pdf")
    [known] = calder.type("/engagement disclosure list calder").data["disclosures"]
    assert (known["attested_by"], known["scope"], known["responsibility_clause"]) == (None, "Dentrix", "MSA-1 11")
    calder.type("/disclose calder hipaa does_not_apply")
    assert calder.type("/engagement disclosure list calder").data["disclosures"][0]["scope"] is None


@pytest.mark.parametrize(
    ("user", "line", "is_allowed"),
    [
        (VIEWER, "/engagement access calder", True),
        (VIEWER, "/engagement promise list", True),
        (VIEWER, "/engagement check calder", False),
        (TECHNICIAN, "/engagement check calder", True),
        (TECHNICIAN, "/engagement check all", False),
        (MANAGER, "/engagement check all", True),
        (TECHNICIAN, '/engagement access grant calder "X" view', False),
        (TECHNICIAN, "/engagement who hipaa", True),
        (VIEWER, "/engagement who hipaa", False),
    ],
)
def test_roles(calder: Desk, user: str, line: str, is_allowed: bool) -> None:
    if is_allowed:
        calder.type(line, user=user)
        return
    assert isinstance(calder.refused(line, user=user), NotAllowed)


def test_absolute_wording_is_flagged_where_it_is_written(calder: Desk) -> None:
    row = calder.type('/engagement matrix set calder SOW-A "Server backup" notes:"We guarantee every restore"')
    assert any('Rather: "We aim for every restore"' in caution for caution in row.cautions)
    paper = calder.type('/engagement agreement edit calder SOW-A summary:"Ensures that nothing is lost"')
    assert any("Takes reasonable steps so that nothing is lost" in caution for caution in paper.cautions)


def test_a_row_cites_controls(calder: Desk) -> None:
    reply = calder.type('/engagement matrix set calder SOW-A "Server backup" control:"PR.IP-04, CP-9"')
    assert reply.data["row"]["control_refs"] == ["PR.IP-4", "CP-9"]
    reply = calder.type('/engagement matrix set calder SOW-A "Server backup" control:PR.DS-11')
    assert reply.data["row"]["control_refs"] == ["PR.IP-4", "CP-9", "PR.DS-11"]
