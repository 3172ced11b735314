"""The engagement check as it is typed: the worst first, what changed since, commands that can be typed as they are."""

from typing import Any

import pytest

from commands.catalog import REGISTRY
from commands.checks.check import as_typed
from commands.grammar.words import split_words
from commands.rules.checks import RULES, check
from commands.rules.checks.facts import Facts
from tests.commands.conftest import NOW, Desk
from tests.rules.test_checks import CASES
from tests.rules.test_contradictions import FOUND


@pytest.mark.parametrize(
    "facts",
    [pytest.param(facts, id=f"{rule}-{n}") for rule, fails, _ in CASES for n, facts in enumerate(fails)]
    + [pytest.param(facts, id=f"contradiction-{n}") for n, facts in enumerate(FOUND)],
)
def test_every_suggested_command_exists_and_takes_what_it_is_given(facts: Facts) -> None:
    for finding in check(facts):
        command = next((each for each in REGISTRY if each.name == finding.mend.command), None)
        assert command is not None, finding.mend.command
        names = {parameter.attribute for parameter in command.parameters}
        assert set(finding.mend.options) <= names
        assert len(finding.mend.values) <= len(command.positionals)
        needed = [each.attribute for each in command.positionals if each.required][len(finding.mend.values) :]
        assert set(needed) <= set(finding.mend.options), f"{as_typed(finding.mend)} lacks {needed}"
        assert len(split_words(as_typed(finding.mend))) > len(command.name.split())


def test_the_worst_is_first_with_the_command_that_mends_it(calder: Desk) -> None:
    calder.type("/disclose calder hipaa applies by:Lee")
    reply = calder.type("/engagement check calder")
    assert reply.table is not None
    severity, reason, who, command = reply.table.rows[0]
    assert (severity, who) == ("critical", "<@U0MANAGER>")
    assert reason.endswith("(disclosed on 2026-03-02 by Lee)")
    assert "no signed business associate agreement (BAA) is in force" in reason
    assert command.startswith(
        '/engagement agreement add "Calder Ridge" reference:____ kind:baa effective:____ signed:____'
    )
    first = reply.groups[0]
    assert (first.title, first.entries[0].text) == ("Critical (1)", reply.data["findings"][0]["reason"])
    assert first.entries[0].choices[0].opens_form
    assert reply.data["counts"]["critical"] == 1
    finding = reply.data["findings"][0]
    assert (finding["concerns"], finding["evidence"]) == ("U0MANAGER", "disclosed on 2026-03-02 by Lee")


def test_only_one_severity_and_everything(calder: Desk) -> None:
    calder.type("/disclose calder hipaa applies by:Lee")
    only = calder.type("/engagement check calder severity:critical")
    assert only.table is not None
    assert {row[0] for row in only.table.rows} == {"critical"}
    every = calder.type("/engagement check calder everything:yes")
    assert every.table is not None
    assert len(every.table.rows) == len(every.data["findings"])
    assert every.next_steps == ()


def test_what_changed_since_the_last_check(calder: Desk) -> None:
    assert calder.type("/engagement check calder").lines == ("This is the first check.",)
    calder.now = NOW.replace(day=9)
    assert calder.type("/engagement check calder").lines == ("Since the check on 2 March 2026: nothing changed.",)
    calder.type("/engagement framework adopt calder cis")
    calder.type("/scope calder who waters the plants")
    reply = calder.type("/engagement check calder")
    assert reply.lines[0] == "Since the check on 9 March 2026: 1 new, 1 fixed."
    assert reply.data["mended"] == ["care_none|standard of care"]
    assert reply.data["new"] == ["question_open|question 1"]


def test_all_clients_the_worst_first(calder: Desk) -> None:
    calder.type("/engagement client add Quiet alias:quiet")
    calder.type("/disclose calder hipaa applies by:Lee")
    calder.type("/disclose calder gdpr applies by:Lee")
    reply = calder.type("/engagement check all")
    assert [each["client"] for each in reply.data["clients"]] == ["Calder Ridge", "Quiet"]
    assert reply.data["counts"]["critical"] == 2
    assert reply.table is not None
    assert reply.table.rows[0][0] == "Calder Ridge"
    calder.type("/engagement client offboard quiet")
    assert len(calder.type("/engagement check all").data["clients"]) == 1


def test_checking_all_clients_only_reads_and_compares_with_each_clients_last_check(calder: Desk) -> None:
    calder.type("/engagement check calder")
    before = calder.actions()
    calder.type("/scope calder who waters the plants")
    for _ in range(2):
        [client] = calder.type("/engagement check all").data["clients"]
        assert client["new"] == ["question_open|question 1"]
    assert calder.actions() == [*before, ("scope ask", "done")]


def test_the_rules_are_listed_with_what_they_look_for(desk: Desk) -> None:
    listed = desk.type("/engagement check rules").data["rules"]
    assert [each["rule"] if "rule" in each else each["key"] for each in listed] == [rule.key for rule in RULES]
    assert all(each["title"].endswith(".") for each in listed)


def test_questions_about_all_clients(calder: Desk) -> None:
    calder.type("/engagement client add Quiet")
    calder.type("/engagement agreement add calder ADD-1 kind:addendum")
    calder.type('/disclose calder hipaa applies by:"Lee Marsh, COO"')
    assert calder.type("/engagement who hipaa").data["clients"] == [
        {"client": "Calder Ridge", "answer": "applies"},
        {"client": "Quiet", "answer": "never_asked"},
    ]
    assert calder.type("/engagement who unsigned").data["agreements"] == [
        {"client": "Calder Ridge", "agreement": "ADD-1", "waits_for": "us and the client"}
    ]
    calder.type("/engagement topic set calder SOW-A present topic:limitation_of_liability")
    assert calder.type("/engagement who gap limitation_of_liability").data["gaps"] == [
        ["Quiet", "nobody has looked for it"]
    ]
    gaps = calder.type("/engagement who gap agreement_unsigned").data["gaps"]
    assert [name for name, _ in gaps] == ["Calder Ridge"]


def test_a_check_is_in_the_audit_log(calder: Desk) -> None:
    calder.type("/engagement check calder")
    assert calder.actions()[-1] == ("check", "done")


def test_a_promise_against_the_matrix_is_found_and_goes_when_it_is_mended(calder: Desk) -> None:
    calder.type(
        '/engagement matrix set calder SOW-A "Server monitoring" third_party third-party:"Arctic SOC" clause:3.9'
    )
    calder.type('/engagement promise add calder "24/7 server monitoring by our own staff" source:proposal where:P-7')
    [found] = contradictions(calder)
    assert found["reason"].startswith('Proposal, P-7: "24/7 server monitoring by our own staff"')
    assert "Arctic SOC's" in found["reason"]
    calder.type('/engagement promise edit calder "24/7" wording:"24/7 server monitoring by Arctic SOC"')
    assert contradictions(calder) == []


def test_a_promise_to_everybody_is_held_against_each_clients_matrix(calder: Desk) -> None:
    calder.type(
        '/engagement matrix set calder SOW-A "Server monitoring" third_party third-party:"Arctic SOC" clause:3.9'
    )
    calder.type('/engagement promise add what:"24/7 server monitoring by our own staff" everybody:yes source:marketing')
    assert [each["rule"] for each in contradictions(calder)] == ["contradiction_promise"]
    calder.type('/engagement promise end what:"24/7 server monitoring" everybody:yes')
    assert contradictions(calder) == []


def test_a_supplier_that_has_more_time_than_we_promised_is_found(calder: Desk) -> None:
    calder.type(
        '/engagement matrix set calder SOW-A "Server monitoring" third_party third-party:"Arctic SOC" clause:3.9'
    )
    calder.type('/engagement promise add calder "We tell you of an incident within 24 hours" source:sla')
    calder.type(
        '/engagement contract add calder "Arctic SOC" kind:supplier notes:"Notifies incidents within 72 hours" '
        "notice-hours:4"
    )
    [found] = contradictions(calder)
    assert "72 hours" in found["reason"]


def contradictions(desk: Desk) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = desk.type("/engagement check calder everything:yes").data["findings"]
    return [each for each in found if each["rule"].startswith("contradiction")]
