"""When the paper that a regulation calls for counts as there: the check and the reminders say the same."""

from datetime import date, timedelta
from typing import Any

import pytest

from commands.rules.agreements.paper_need import PaperNeed, is_there
from commands.rules.agreements.reckoning import Reckoning
from commands.rules.reminders.facts import AgreementFacts, ClientFacts, DisclosureFacts
from commands.rules.reminders.kinds import dues
from storage.records import Agreement, ReminderKind
from tests.rules.check_facts import CLIENT, HIPAA, TODAY, Paper, RegulationNote, disclosure, facts, found_by

DAY = timedelta(days=1)
BAA: dict[str, Any] = {
    "id": 9, "client_id": 1, "reference": "BAA-1", "kind": "baa", "status": "executed",
    "effective_on": date(2025, 7, 1), "msp_signed_on": date(2025, 7, 1), "client_signed_on": date(2025, 7, 1),
    "initial_term": "12m", "renewal": "auto", "renewal_term": "12m", "notice": "60d",
}  # fmt: skip
COMING = 60 * DAY
"""How long until a law that is passed is in force."""

CASES: list[tuple[str, dict[str, Any] | None, date | None, bool]] = [
    ("none is on record", None, None, False),
    ("in force", {}, None, True),
    ("its first day", {"effective_on": TODAY}, None, True),
    ("begins tomorrow", {"effective_on": TODAY + DAY}, None, False),
    ("only the client signed", {"msp_signed_on": None}, None, False),
    ("only we signed", {"client_signed_on": None}, None, False),
    ("a draft", {"status": "draft", "msp_signed_on": None, "client_signed_on": None}, None, False),
    ("of another kind", {"kind": "dpa"}, None, False),
    ("its term is over", {"renewal": "none", "renewal_term": None, "notice": None}, None, True),
    ("its term was over yesterday", {"effective_on": TODAY.replace(year=2025), "renewal": "none", "renewal_term": None,
                                     "notice": None}, None, False),
    ("terminated to yesterday", {"terminated_on": TODAY - DAY}, None, False),
    ("terminated to today", {"terminated_on": TODAY}, None, True),
    ("without a term on record", {"initial_term": None, "renewal": None, "renewal_term": None, "notice": None}, None,
     True),
    ("begins before the law does", {"effective_on": TODAY + DAY}, TODAY + COMING, True),
    ("begins with the law", {"effective_on": TODAY + COMING}, TODAY + COMING, True),
    ("begins a day after the law", {"effective_on": TODAY + COMING + DAY}, TODAY + COMING, False),
    ("the law is in force since long", {"effective_on": TODAY + DAY}, TODAY - COMING, False),
]  # fmt: skip


@pytest.mark.parametrize(
    ("terms", "needed_from", "is_found"), [each[1:] for each in CASES], ids=[each[0] for each in CASES]
)
def test_the_check_and_the_reminders_agree_on_it(
    terms: dict[str, Any] | None, needed_from: date | None, is_found: bool
) -> None:
    agreements = [] if terms is None else [Agreement.model_validate(BAA | terms)]
    reckoning = Reckoning(agreements, [])
    standings = [(each, reckoning.standing(each, TODAY)) for each in agreements]
    [need] = HIPAA.needs
    assert is_there(need, standings, TODAY, needed_from) is is_found
    why_not = "is not in force yet" if needed_from and needed_from > TODAY else None
    note = RegulationNote("hipaa", "HIPAA", HIPAA.needs, in_force_from=needed_from, not_in_force=why_not)
    checked = facts(
        disclosures=(disclosure("hipaa"),),
        papers=tuple(Paper(*each) for each in standings),
        regulations={"hipaa": note},
    )
    assert (not found_by("regulation_agreement", checked)) is is_found
    reminded = ClientFacts(
        CLIENT, TODAY, agreements=tuple(AgreementFacts(*each, each[0].effective_on or TODAY) for each in standings),
        disclosures=(DisclosureFacts(disclosure("hipaa"), "HIPAA", HIPAA.needs, needed_from),),
    )  # fmt: skip
    is_reminded = any(due.kind is ReminderKind.MISSING_PAPER for due in dues(reminded))
    assert is_reminded is not is_found


def test_evidence_is_no_agreement_that_could_be_missing() -> None:
    assert is_there(PaperNeed(None, "AOC"), (), TODAY)
