"""Names of clients that people write together, apart, with points, or in part."""

import pytest

from commands.errors import UnclearClient
from tests.commands.conftest import CHANNEL, Desk

SPELLED = (
    "North Star", "DataWorks", "Sun Valley Farms", "7-Eleven Franchise 12", "IBM", "O'Brien Legal", "Black and White",
    "Help Desk Heroes", "On Site", "Server Backup Solutions",
)  # fmt: skip


@pytest.fixture
def spelled(calder: Desk) -> Desk:
    """In the channel of Calder Ridge, with clients whose names people write together, apart or with points."""
    calder.prepare(*(f'/engagement client add "{name}"' for name in SPELLED))
    return calder


@pytest.mark.parametrize(
    ("question", "client"),
    [
        ("who patches the servers at NorthStar", "North Star"),
        ("is the firewall at NorthStar ours?", "North Star"),
        ("is NorthStar's firewall ours?", "North Star"),
        ("NorthStar firewall rules", "North Star"),
        ("firewall rules Data Works", "DataWorks"),
        ("firewall rules for data works", "DataWorks"),
        ("Data-Works: firewall rules", "DataWorks"),
        ("firewall rules for I.B.M.", "IBM"),
        ("I.B.M. firewall rules", "IBM"),
        ("firewall rules for Black & White?", "Black and White"),
        ("firewall rules at OnSite", "On Site"),
    ],
)
def test_a_whole_name_written_together_or_apart_is_the_client(spelled: Desk, question: str, client: str) -> None:
    assert spelled.type(f"/scope {question}", channel=CHANNEL).headline.startswith(f"{client}: ")


@pytest.mark.parametrize(
    ("question", "client"),
    [
        ("SunValley firewall rules", "Sun Valley Farms"),
        ("firewall rules Sun Valley", "Sun Valley Farms"),
        ("firewall rules sun valley", "Sun Valley Farms"),
        ("is sunvalley's firewall ours?", "Sun Valley Farms"),
        ("firewall rules for 7-Eleven", "7-Eleven Franchise 12"),
        ("firewall rules 7 eleven", "7-Eleven Franchise 12"),
        ("firewall rules OBrien", "O'Brien Legal"),
        ("firewall rules O Brien", "O'Brien Legal"),
        ("firewall rules data works", "DataWorks"),
        ("northstar firewall rules", "North Star"),
        ("firewall rules for the HelpDesk", "Help Desk Heroes"),
    ],
)
def test_the_beginning_of_a_name_written_otherwise_is_asked_back(spelled: Desk, question: str, client: str) -> None:
    error = spelled.refused(f"/scope {question}", channel=CHANNEL)
    assert isinstance(error, UnclearClient)
    assert [choice.label for choice in error.choices] == [client, "Calder Ridge"]
    answers = [spelled.type(choice.command, channel=CHANNEL).headline for choice in error.choices]
    assert [headline.partition(":")[0] for headline in answers] == [client, "Calder Ridge"]


@pytest.mark.parametrize(
    "question",
    [
        "who does the server backup?", "who trains the helpdesk?", "is onsite printer repair ours?",
        "who runs the help desk?",
        "firewall rules on the north side", "is the data in the server backup ours?", "IS THE SERVER BACKUP OURS?",
    ],
)  # fmt: skip
def test_everyday_words_that_begin_names_are_no_clients(spelled: Desk, question: str) -> None:
    assert spelled.type(f"/scope {question}", channel=CHANNEL).headline.startswith("Calder Ridge: ")


@pytest.mark.parametrize(
    "question",
    ["firewall rules at Calder Valley", "Calder Valley: firewall rules?", "is CalderValley's firewall ours?"],
)
def test_a_name_that_goes_on_as_another_s_is_asked_back(spelled: Desk, question: str) -> None:
    spelled.type('/engagement client add "Calder Valley Farms"')
    error = spelled.refused(f"/scope {question}", channel=CHANNEL)
    assert isinstance(error, UnclearClient)
    answers = {choice.label: spelled.type(choice.command, channel=CHANNEL).headline for choice in error.choices}
    assert set(answers) == {"Calder Valley Farms", "Calder Ridge"}
    assert all(headline.startswith(name) for name, headline in answers.items())


def test_one_spelling_of_two_clients_is_asked_back(spelled: Desk) -> None:
    spelled.type('/engagement client add "Nor Thstar"')
    error = spelled.refused("/scope firewall rules at NorthStar", channel=CHANNEL)
    assert {"North Star", "Nor Thstar"} <= {choice.label for choice in error.choices}


@pytest.mark.parametrize("question", ["who does firewall rules for {}?", "firewall rules at {}!", "{}, who patches?"])
@pytest.mark.parametrize("name", ["NorthStra", "Norht Star", "Contoso", "Sunvaley"])
def test_no_mark_of_the_sentence_is_part_of_the_name_shown(spelled: Desk, question: str, name: str) -> None:
    error = spelled.refused(f"/scope {question.format(name)}", channel=CHANNEL)
    assert f'no client called "{name}".' in error.message
