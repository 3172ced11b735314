"""Cases of the check's rules about obligations, contracts, disclosures, insurance, access, promises and advice."""

from datetime import timedelta

from commands.rules.checks.facts import Facts, OpenClocks
from storage.records import (
    AccessLevel,
    AgreementKind,
    ContractKind,
    DisclosureAnswer,
)
from tests.rules.check_facts import (
    COMING,
    ENDED,
    IN_FORCE_SINCE,
    NOTES,
    RECENT,
    SOON,
    TODAY,
    UNSIGNED,
    contract,
    declined,
    disclosure,
    duty,
    facts,
    grant,
    measure,
    paper,
    promise,
    question,
    requirement,
)

# rule, facts that fail it, facts that pass it
CASES_OF_RECORDS: list[tuple[str, list[Facts], list[Facts]]] = [
    (
        "obligation_unmet",
        [facts(obligations=(duty(next_due_on=RECENT),)), facts(obligations=(duty(unmet_on=TODAY, told_on=TODAY),))],
        [
            facts(obligations=(duty(),)),
            facts(obligations=(duty(next_due_on=TODAY),)),
            facts(obligations=(duty(next_due_on=RECENT, waived_on=RECENT),)),
            facts(obligations=(duty(next_due_on=RECENT, ended_on=TODAY),)),
        ],
    ),
    (
        "incident_open",
        [
            facts(clocks=(OpenClocks("Mailbox", 4, RECENT, 3, 0, "HIPAA: the media, by 30 April 2026"),)),
            facts(clocks=(OpenClocks("Mailbox", 4, RECENT, 3, 1, "HIPAA: the media, by 30 April 2026"),)),
            facts(clocks=(OpenClocks("Mailbox", 4, RECENT, 0, 0, None),)),
        ],
        [facts()],
    ),
    (
        "obligation_paper",
        [facts(obligations=(duty(clause=None),)), facts(obligations=(duty(agreement_id=None),))],
        [facts(obligations=(duty(),)), facts(obligations=(duty(clause=None, ended_on=RECENT),))],
    ),
    (
        "contract_none",
        [
            facts(disclosures=(disclosure("cyber_insurance"),)),
            facts(disclosures=(disclosure("contractual_requirements"),), contracts=(contract(),)),
        ],
        [
            facts(disclosures=(disclosure("cyber_insurance"),), contracts=(contract(),)),
            facts(
                disclosures=(disclosure("contractual_requirements"),), contracts=(contract(kind=ContractKind.LENDER),)
            ),
            facts(disclosures=(disclosure("hipaa"),)),
        ],
    ),
    (
        "contract_reask",
        [facts(contracts=(contract(reask_on=RECENT),))],
        [facts(contracts=(contract(reask_on=SOON), contract(reask_on=RECENT, ended_on=RECENT)))],
    ),
    (
        "contract_incomplete",
        [facts(contracts=(contract(notice_hours=None),)), facts(contracts=(contract(ends_on=RECENT),))],
        [facts(contracts=(contract(),)), facts(contracts=(contract(demands=(), ended_on=RECENT),))],
    ),
    (
        "contract_ending",
        [
            facts(contracts=(contract(ends_on=TODAY + timedelta(days=30)),)),
            facts(contracts=(contract(ends_on=TODAY),)),
            facts(contracts=(contract(kind=ContractKind.LENDER, ends_on=TODAY + timedelta(days=30)),)),
        ],
        [
            facts(contracts=(contract(),)),
            facts(contracts=(contract(ends_on=TODAY + timedelta(days=31)),)),
            facts(contracts=(contract(ends_on=RECENT),)),
            facts(contracts=(contract(ends_on=TODAY + timedelta(days=30), ended_on=TODAY),)),
        ],
    ),
    (
        "disclosure_changed",
        [
            facts(disclosures=(disclosure("new"),), regulations=NOTES | {"new": IN_FORCE_SINCE}),
            facts(disclosures=(disclosure("old"),), regulations=NOTES | {"old": ENDED}),
            facts(disclosures=(disclosure("old", answer=DisclosureAnswer.UNKNOWN),), regulations={"old": ENDED}),
        ],
        [
            facts(),
            facts(disclosures=(disclosure("new", asked_on=TODAY),), regulations=NOTES | {"new": IN_FORCE_SINCE}),
            facts(disclosures=(disclosure("coming"),), regulations=NOTES | {"coming": COMING}),
            facts(disclosures=(disclosure("old", answer=DisclosureAnswer.DOES_NOT_APPLY),), regulations={"old": ENDED}),
        ],
    ),
    ("disclosure_attested", [facts(disclosures=(disclosure(attested_by=None),))], [facts()]),
    (
        "disclosure_responsibility",
        [
            facts(disclosures=(disclosure(client_accepts_responsibility=None),)),
            facts(disclosures=(disclosure(client_accepts_responsibility=False),)),
            facts(disclosures=(disclosure(answer=DisclosureAnswer.UNKNOWN, client_accepts_responsibility=None),)),
        ],
        [
            facts(),
            facts(
                disclosures=(disclosure(answer=DisclosureAnswer.DOES_NOT_APPLY, client_accepts_responsibility=None),)
            ),
            facts(disclosures=(disclosure("cyber_insurance", client_accepts_responsibility=None),)),
        ],
    ),
    (
        "regulation_agreement",
        [
            facts(disclosures=(disclosure("hipaa"),)),
            facts(
                disclosures=(disclosure("hipaa"),),
                papers=(paper(), paper(id=2, reference="BAA-1", kind=AgreementKind.BAA, **UNSIGNED)),
            ),
            facts(
                disclosures=(disclosure("hipaa"),),
                papers=(paper(), paper(id=2, reference="BAA-1", kind=AgreementKind.BAA, effective_on=SOON)),
            ),
        ],
        [
            facts(),
            facts(disclosures=(disclosure("hipaa", answer=DisclosureAnswer.UNKNOWN),)),
            facts(
                disclosures=(disclosure("hipaa"),),
                papers=(paper(), paper(id=2, reference="BAA-1", kind=AgreementKind.BAA)),
            ),
        ],
    ),
    ("regulation_evidence", [facts(disclosures=(disclosure(evidence_url=None),))], [facts()]),
    (
        "insurance_unknown",
        [
            facts(disclosures=(disclosure("cyber_insurance"),)),
            facts(disclosures=(disclosure("cyber_insurance"),), requirements=(requirement(ended_on=RECENT),)),
        ],
        [facts(), facts(disclosures=(disclosure("cyber_insurance"),), requirements=(requirement(),))],
    ),
    (
        "insurance_incomplete",
        [
            facts(requirements=(requirement(evidence_url=None),)),
            facts(requirements=(requirement(attested_by=None),)),
            facts(requirements=(requirement(implemented_by=None),)),
        ],
        [facts(requirements=(requirement(),)), facts(requirements=(requirement(evidence_url=None, ended_on=RECENT),))],
    ),
    (
        "insurance_reask",
        [facts(requirements=(requirement(reask_on=RECENT),))],
        [facts(requirements=(requirement(),))],
    ),
    (
        "access_none",
        [facts(grants=()), facts(grants=(grant(limit=None),)), facts(grants=(grant(revoked_on=RECENT),))],
        [facts(), facts(grants=(), disclosures=(disclosure(answer=DisclosureAnswer.UNKNOWN),))],
    ),
    (
        "access_incomplete",
        [
            facts(grants=(grant(limit=None),)),
            facts(grants=(grant(basis=None),)),
            facts(grants=(grant(explained_on=None),)),
        ],
        [
            facts(),
            facts(grants=(grant(limit=None, data=None),)),
            facts(grants=(grant(limit=None, level=AccessLevel.NONE),)),
            facts(grants=(grant(limit=None, revoked_on=TODAY),)),
        ],
    ),
    (
        "access_review",
        [facts(grants=(grant(review_on=RECENT),))],
        [facts(), facts(grants=(grant(review_on=TODAY),)), facts(grants=(grant(review_on=RECENT, revoked_on=RECENT),))],
    ),
    (
        "promise_overdue",
        [facts(promises=(promise(next_due_on=RECENT),))],
        [
            facts(promises=(promise(),)),
            facts(promises=(promise(next_due_on=TODAY),)),
            facts(promises=(promise(next_due_on=RECENT, ended_on=RECENT),)),
        ],
    ),
    (
        "promise_wording",
        [facts(promises=(promise("We guarantee it"),))],
        [facts(promises=(promise(),)), facts(promises=(promise("We guarantee it", ended_on=RECENT),))],
    ),
    (
        "promise_owner",
        [facts(promises=(promise(owner=None),))],
        [facts(promises=(promise(),)), facts(promises=(promise(owner=None, cadence=None),))],
    ),
    (
        "recommendation_incomplete",
        [facts(recommendations=(declined(declined_by=None),)), facts(recommendations=(declined(risk_clause=None),))],
        [
            facts(recommendations=(declined(),)),
            facts(recommendations=(declined(risk_clause=None, accepted_on=RECENT),)),
        ],
    ),
    (
        "recommendation_reoffer",
        [facts(recommendations=(declined(reoffer_on=RECENT),))],
        [
            facts(recommendations=(declined(reoffer_on=TODAY),)),
            facts(recommendations=(declined(reoffer_on=RECENT, accepted_on=RECENT),)),
        ],
    ),
    ("care_none", [facts(measures=())], [facts(), facts(measures=(), papers=())]),
    (
        "care_outdated",
        [facts(measures=(measure(is_behind=True),)), facts(measures=(measure(is_behind=True, reference="SOW-A"),))],
        [facts()],
    ),
    ("question_open", [facts(questions=(question(),))], [facts()]),
]
