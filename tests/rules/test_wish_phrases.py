"""Sentences whose words leave no doubt, and those that only look like them."""

import pytest

from commands.rules.wishes.phrases import asks_of_record, phrase_said, plainly_said
from commands.rules.wishes.said import is_mine
from tests.training import sets, wishes


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("print the incident sheet for the client", "paper incident"),
        ("can i get the breach report as pdf", "paper incident"),
        ("breach report for the lawyer as pdf", "paper incident"),
        ("who writes the incident report?", None),
        ("incident reports for the insurer, do we write them?", None),
        ("incident report", None),
        ("we had a breach here yesterday", "incident record"),
        ("we had a breach of patient data", "incident record"),
        ("we had an incident with ransomware", "incident record"),
        ("they had a breach at their vendor", "incident record"),
        ("who must be told of a breach at the client", "incident list"),
        ("record an incident", "incident record"),
        ("somebody got into her mailbox, start the clock", "incident record"),
        ("we had a breach, do we restore the server?", None),
        ("who must be told about the breach", "incident list"),
        ("who tells the patients about a breach", None),
        ("what had they disclosed before", "disclosure history"),
        ("what were the earlier answers on pci", "disclosure history"),
        ("when did they first tell us about hipaa, and who took that down", "disclosure history"),
        ("has the client told us about patient data", None),
        ("disclosure withdraw from the portal, who may?", None),
        ("every walkthrough the client ever got", "walkthrough history"),
        ("who walked the client through what, over the years", "walkthrough history"),
        ("who explained the limit of liability", None),
        ("which clients have no matrix", "who lacks"),
        ("show me clients without a responsibility matrix", "who lacks"),
        ("which clients don't have a signed agreement", "who lacks"),
        ("which clients have no backup owner", "setup progress"),
        ("which clients have no backups", None),
        ("which jobs are on the customer here", "matrix show"),
        ("which things on the server are broken", None),
        ("what exactly did the client sign up for", "agreement list"),
        ("who can approve settlements", "role list"),
        ("who can approve a firewall change", None),
    ],
)
def test_what_leaves_no_doubt(text: str, label: str | None) -> None:
    assert phrase_said(text) == label


NO_PHRASE = """
who fixes the client's printer if there is no vendor contract?
who patches client machines without a support agreement?
who backs up customer data when there is no written agreement
who handles a customer with no contract?
who manages accounts of customers with no owner?
which client servers have no backup contract?
which clients have no paper shredder
what if the client has no paper shredder
what happens when a client does not have a channel
who pays when the client does not have an agreement with the vendor
is breach disclosure to past customers covered?
is disclosure of past breaches included?
is breach notification and disclosure to former employees in scope?
vulnerability disclosure before patch release
disclosure of past incidents to the insurer
does the MSA cover disclosure of earlier incidents?
is NDA disclosure of former staff part of offboarding
responsibility once the client reported an incident
notify the insurer after a client suffered a data breach
open an incident with the ISP
log an incident with the vendor for northwind
report an incident with the carrier
can you open an incident with the vendor
could we report a breach to the insurer
start an incident response
the client had an incident response plan
begin the clock synchronisation
run the clock server
run the time clock
start the time clocks
which work is billable to the client
which services are hosted by us
which areas are covered for them
what services are they paying for
which things are not covered by us
explanations of earlier invoices
has training history been explained
who looks after customers that have no agreement with Microsoft?
which accounts have no owner in AD
list accounts without owners in Azure
which customers' laptops have no backup agreement?
which customer mailboxes have no owner
register the incident in their ticket system
record the incident call
note the breach in the SIEM
start the clock on the wall display
who should be notified when backups fail due to an incident
restore the server after they had a breach
which items are on the client network
what things are with them broken
what tasks are on the client laptops
create an incident report template
send the breach report to the regulator
give us access to the incident sheet
user reported an incident with outlook
export incident reports to the SIEM
generate a breach report from Defender
make incident sheets for the staff
show clients that have no backups under contract
who must be told if the incident server fails
we discovered a breach in the fence
they reported a breach of contract
the client had a breach of the lease
who must be told about a breach in the perimeter fence
who has to be informed of a breach at the vendor
who should be notified of an incident at our ISP
"""


@pytest.mark.parametrize("text", NO_PHRASE.strip().splitlines())
def test_what_only_looks_like_one_may_be_about_a_row(text: str) -> None:
    assert phrase_said(text) is None


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("record an incident", "incident record"), ("we had a breach here yesterday", "incident record"),
        ("start the clock", "incident record"), ("who must be told about the breach", "incident list"),
        ("what had the client disclosed before", "disclosure history"),
        ("report an incident", None), ("which clients have no matrix", None), ("print the breach report", None),
        ("print the incident sheet", "paper incident"),
    ],
)  # fmt: skip
def test_whatever_rows_are_called(text: str, label: str | None) -> None:
    """The rest is read so only where it leads to no row of the client."""
    assert plainly_said(text) == label
    assert phrase_said(text) is not None


@pytest.mark.slow
def test_no_question_about_scope_is_taken_for_one() -> None:
    asked = [*wishes.asked_about_scope(sets.names()), *wishes.beginning_with_nouns()]
    assert len(asked) > 10_000
    assert [each.text for each in asked if phrase_said(each.text)] == []


@pytest.mark.parametrize(
    ("text", "is_asked"),
    [
        ("when did they tell us about HIPAA", True), ("has anybody signed the MSA", True), ("was it explained", True),
        ("have the CFO sign it", False), ("record that they have HIPAA data", False), ("can you end the MSA", False),
    ],
)  # fmt: skip
def test_what_asks_for_what_is_known(text: str, is_asked: bool) -> None:
    assert asks_of_record(text) is is_asked


@pytest.mark.parametrize(
    ("text", "mine"),
    [
        ("my renewals", True), ("what do i have to decide", True), ("what is waiting for me", True), ("me", True),
        ("show me everything that renews", False), ("show me the renewals", False), ("can i see the renewals", False),
        ("give me all renewals", False), ("tell me what renews", False), ("all my renewals", True),
    ],
)  # fmt: skip
def test_whether_only_what_is_the_askers_own_is_wanted(text: str, mine: bool) -> None:
    assert is_mine(text) is mine
