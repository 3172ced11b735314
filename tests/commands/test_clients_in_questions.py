"""Clients that a question names, beside the one of the channel: read, or asked back."""

import pytest

from commands.errors import UnclearClient
from tests.commands.conftest import CHANNEL, OTHER, Desk


@pytest.fixture
def two(calder: Desk) -> Desk:
    """In the channel of Calder Ridge; #helpdesk is that of North Star."""
    for line in (
        'client add "North Star Dental" alias:nsd channel:C0HELP',
        "agreement add nsd SOW-N kind:sow effective:2026-01-01 signed:2026-01-01 initial-term:12m renewal:none",
        'matrix set nsd SOW-N "Server backup" client clause:"9.1"',
    ):
        calder.type(f"/engagement {line}")
    return calder


@pytest.mark.parametrize(
    "question",
    [
        "<#C0HELP|helpdesk> who does the server backup?",
        "who does the server backup for <#C0HELP|helpdesk>?",
        "who does the server backup for north star dental?",
        "nsd who does the server backup?",
        "what about North Star Dental's server backup?",
    ],
)
def test_another_client_in_the_question_is_the_one_answered_for(two: Desk, question: str) -> None:
    assert two.type(f"/scope {question}", channel=CHANNEL).headline.startswith("North Star Dental: ")


@pytest.mark.parametrize(
    "question",
    [
        "<#C0OTHER|random> who does the server backup?",
        "#random who does the server backup?",
        "<#C0HELP|helpdesk> who does the server backup for calder?",
        "for acme corp who does the backup?",
        "who does the server backup for acme?",
        "acme who does the server backup?",
        "Acme: who does the server backup?",
        "who manages acme's firewall?",
        "who does the server backup at Bluebird?",
        "what about globex backups",
        "who does the server backup for Blue Ocean Partners?",
        "do we patch for O'Brien & Sons Ltd?",
        "who does the server backup for north sta dental?",
        "who does the server backup for nort star dental?",
        "calder who does the server backup for north star dental?",
    ],
)
def test_what_may_be_another_client_is_asked_back(two: Desk, question: str) -> None:
    error = two.refused(f"/scope {question}", channel=CHANNEL)
    assert isinstance(error, UnclearClient)
    labels = [choice.label for choice in error.choices]
    assert "Calder Ridge" in labels
    [own] = [choice.command for choice in error.choices if choice.label == "Calder Ridge"]
    assert two.type(own, channel=CHANNEL).headline.startswith("Calder Ridge: ")


@pytest.fixture
def several(granite: Desk) -> Desk:
    """In the channel of Calder Ridge, with other clients that people call by a part of their names."""
    granite.type('/engagement client add "Müller & Söhne GmbH"')
    return granite


@pytest.mark.parametrize(
    ("question", "other"),
    [
        ("who does the server backup for calder and granite?", OTHER),
        ("calder: who does the server backup for granite?", OTHER),
        ("who does the server backup at Calder Ridge, and at Granit Peek?", OTHER),
        ("calder and granite peak: who does the server backup?", OTHER),
    ],
)
def test_two_clients_in_one_question_are_asked_back(several: Desk, question: str, other: str) -> None:
    error = several.refused(f"/scope {question}", channel=CHANNEL)
    assert isinstance(error, UnclearClient)
    answers = {choice.label: several.type(choice.command, channel=CHANNEL).headline for choice in error.choices}
    assert set(answers) == {"Calder Ridge", other}
    assert all(headline.startswith(f"{name}: ") for name, headline in answers.items())


@pytest.mark.parametrize(
    "question",
    [
        "muller sohne who does the server backup?",
        "who does the server backup for muller sohne?",
        "is Mueller Soehne's backup ours?",
        "at muller & sohne, who patches?",
    ],
)
def test_a_name_without_accents_or_legal_form_is_the_one_proposed(several: Desk, question: str) -> None:
    error = several.refused(f"/scope {question}", channel=CHANNEL)
    assert "Müller & Söhne GmbH" in [choice.label for choice in error.choices]


@pytest.mark.parametrize("near", ["nowhere partner", "Nowhere Partnrs", "nowhere parners"])
def test_a_slip_of_a_name_of_ordinary_words_is_asked_back(several: Desk, near: str) -> None:
    several.type('/engagement client add "Nowhere Partners"')
    error = several.refused(f"/scope who does the server backup at {near}?", channel=CHANNEL)
    assert "Nowhere Partners" in [choice.label for choice in error.choices]
    assert several.type("/scope who does the server backup at night?", channel=CHANNEL).headline.startswith("Calder")


def test_the_first_word_may_be_an_owner(several: Desk) -> None:
    answer = several.type("/scope calder's server backup, ours?", channel="C0OTHER")
    assert answer.headline.startswith("Calder Ridge: ")
    error = several.refused("/scope calder's servers and gpo's servers, who patches?", channel=CHANNEL)
    assert {choice.label for choice in error.choices} == {"Calder Ridge", OTHER}


def test_a_comma_is_no_part_of_a_name(several: Desk) -> None:
    error = several.refused("/scope at Granite, who does the server backups", channel=CHANNEL)
    assert error.message.startswith(f'There is no client called "Granite". Did you mean {OTHER}?')


@pytest.mark.parametrize(
    "question",
    [
        "who orders for the new laptops?", "who fixes the wifi at the office?", "who sets up meetings for Teams?",
        "who calls at Microsoft?", "who decides about MFA?", "who fixes Sarah's laptop?", "are we at risk?",
        "who patches for Windows 11?", "who does backups at night?", "who does the server backup for calder?",
        "who asks about GDPR?", "who patches at weekends?", "who cares for the printers at Head Office?",
    ],
)  # fmt: skip
def test_ordinary_phrases_are_about_the_channels_client(two: Desk, question: str) -> None:
    assert two.type(f"/scope {question}", channel=CHANNEL).headline.startswith("Calder Ridge: ")


def test_a_name_is_asked_back_once(two: Desk) -> None:
    question = "/scope no internet at Witney Mill, ours?"
    error = two.refused(question, channel=CHANNEL)
    [own] = [choice.command for choice in error.choices if choice.label == "Calder Ridge"]
    two.type(own, channel=CHANNEL)
    assert "Calder Ridge" in two.type("/scope who does the server backup at Witney Mill?", channel=CHANNEL).headline
    assert isinstance(two.refused("/scope who does the server backup at Baxter?", channel=CHANNEL), UnclearClient)


@pytest.mark.parametrize(
    "question",
    [
        "firewall rules - Contoso", "who does firewall rules - contoso?", "who does firewall rules, contoso?",
        "firewall rules. client: Contoso", "customer: contoso. firewall rules", "firewall rules (Contoso)",
        "firewall rules (for Contoso)?", "firewall rules (contoso), ours?", "(Contoso) firewall rules",
        'firewall rules for "Contoso"?', "firewall rules for *Contoso*?", "firewall rules for “Contoso”",
        "firewall rules for 'Contoso'?", "firewall rules [Contoso]",
    ],
)  # fmt: skip
def test_a_name_set_apart_is_asked_back(calder: Desk, question: str) -> None:
    error = calder.refused(f"/scope {question}", channel=CHANNEL)
    assert isinstance(error, UnclearClient)
    assert error.message.lower().startswith('there is no client called "contoso".')
    [own] = [choice.command for choice in error.choices]
    assert calder.type(own, channel=CHANNEL).headline.startswith("Calder Ridge: ")


@pytest.mark.parametrize(
    "question",
    [
        "for the other client, who does firewall rules?", "firewall rules for all clients?",
        "who does it for every client", "who does it for every client?", "firewall rules at each client",
        "who does firewall rules for all our clients?", "firewall rules for another client",
        "do we do firewall rules for any of our customers?", "firewall rules for both clients",
    ],
)  # fmt: skip
def test_several_clients_or_others_are_asked_back(calder: Desk, question: str) -> None:
    error = calder.refused(f"/scope {question}", channel=CHANNEL)
    assert isinstance(error, UnclearClient)
    assert error.message.startswith("Which client? Name one")
    assert [choice.label for choice in error.choices] == ["Calder Ridge"]
    assert "Calder Ridge" in calder.type(error.choices[0].command, channel=CHANNEL).headline


@pytest.mark.parametrize("asked", ["silver star server backup", "server backup, silver star", "acme server backup?"])
def test_a_name_of_ordinary_words_is_asked_back_once(calder: Desk, asked: str) -> None:
    error = calder.refused(f"/scope {asked}", channel=CHANNEL)
    assert isinstance(error, UnclearClient)
    assert "Calder Ridge is the client of this channel." in error.message
    [own] = [choice.command for choice in error.choices]
    assert calder.type(own, channel=CHANNEL).headline == "Calder Ridge: This is ours: do it."
    assert "Calder Ridge" in calder.type(f"/scope {asked}", channel=CHANNEL).headline, "it is confirmed"
