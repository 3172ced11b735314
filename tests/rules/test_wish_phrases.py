"""Sentences whose words leave no doubt, and those that only look like them."""

import pytest

from commands.rules.wishes.phrases import asks_of_record, phrase_said
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
