"""The start page: today first, then the week, then four figures of which each opens its list."""

import pytest

from commands.reply import Choice, Emphasis, Reply
from tests.commands.conftest import ADMIN, MANAGER, TECHNICIAN, VIEWER, Desk

TERMS = "signed:2026-01-01 effective:2026-01-01"


@pytest.fixture
def clients(desk: Desk) -> Desk:
    """Calder has all that a client should have; Mesa nothing; Bluebird an agreement that was explained too late."""
    names, papers = ("Calder Ridge", "Bluebird", "Mesa"), ("calder", "bluebird")
    desk.prepare(
        *(f'/engagement client add "{each}" alias:{each.split()[0].lower()} owner:U0MANAGER' for each in names),
        *(
            f'/engagement agreement add {each} SOW-A kind:sow {TERMS} term:evergreen signer:"Lee Marsh"'
            for each in papers
        ),
        '/engagement walkthrough record calder SOW-A to:"Lee Marsh" on:2025-12-20 may-sign:yes',
        '/engagement walkthrough record bluebird SOW-A to:"Lee Marsh" on:2026-02-01 may-sign:yes',
        '/engagement matrix set calder SOW-A "Server backup" msp clause:2.1',
        '/engagement disclosure record calder hipaa applies by:"Lee Marsh" on:2026-01-05',
        '/engagement disclosure record bluebird hipaa applies by:"Lee Marsh" on:2025-06-05',
    )
    return desk


def titles(reply: Reply) -> list[str]:
    return [each.title for each in reply.sections]


def pressed(reply: Reply) -> list[Choice]:
    beside = [choice for each in reply.sections for item in each.items for choice in item.choices]
    return [*beside, *(choice for each in reply.sections for choice in each.choices)]


def test_today_comes_first_then_the_week_then_the_figures(clients: Desk) -> None:
    clients.type('/engagement promise add calder "Test a restore" every:1y due:2026-03-01')
    reply = clients.type("/engagement home", user=MANAGER)
    assert titles(reply)[0].startswith("Today: ")
    places = [titles(reply).index(each) for each in titles(reply) if each.startswith(("Today", "The next 7", "Where"))]
    assert places == sorted(places)
    assert len(places) == 3
    assert "Promise kept" in [choice.label for item in reply.sections[0].items for choice in item.choices]
    assert reply.sections[0].items[0].choices[0].emphasis is Emphasis.PRIMARY
    assert sum(choice.emphasis is Emphasis.PRIMARY for choice in pressed(reply)) == 1


def test_who_has_nothing_to_decide_is_asked_first(clients: Desk) -> None:
    for user in (TECHNICIAN, VIEWER):
        reply = clients.type("/engagement home", user=user)
        assert titles(reply)[0] == "Ask"
        assert reply.sections[0].choices[0].emphasis is Emphasis.PRIMARY
        assert "Where the clients stand" not in titles(reply)


def test_four_figures_and_each_opens_its_list(clients: Desk) -> None:
    reply = clients.type("/engagement home", user=MANAGER)
    figures = next(each for each in reply.sections if each.title == "Where the clients stand")
    assert [item.text for item in figures.items] == [
        "2 of 3 clients covered by a signed agreement in force",
        "1 of 3 clients with agreements explained before signing",
        "1 of 3 clients with a responsibility matrix",
        "1 of 3 clients asked about regulations in 2026",
    ]
    for item, lacking in zip(
        figures.items, (["Mesa"], ["Bluebird", "Mesa"], ["Bluebird", "Mesa"], ["Bluebird", "Mesa"]), strict=True
    ):
        opened = clients.type(item.choices[0].command, user=MANAGER)
        assert opened.headline == item.text + "."
        assert opened.data["lacking"] == lacking


@pytest.mark.parametrize(
    ("what", "name", "why", "label"),
    [
        ("agreement", "Mesa", "no agreement about services is recorded", "Add an agreement"),
        ("agreement", "Calder Ridge", "SOW-A", None),
        ("explanation", "Bluebird", "SOW-A: signed on 2026-01-01, explained on 2026-02-01", "Show"),
        ("explanation", "Mesa", "no signed agreement is in force", None),
        ("matrix", "Mesa", "no row is recorded", "Import a matrix"),
        ("matrix", "Calder Ridge", "1 row in the matrix", None),
        ("regulations", "Mesa", "never asked", "Questions to ask"),
        ("regulations", "Bluebird", "last asked on 2025-06-05", "Questions to ask"),
    ],
)
def test_a_list_says_why_and_has_the_button_that_mends_it(
    clients: Desk, what: str, name: str, why: str, label: str | None
) -> None:
    reply = clients.type(f"/engagement who lacks {what}", user=MANAGER)
    [entry] = [each for group in reply.groups for each in group.entries if each.text == name]
    assert entry.detail == why
    assert [choice.label for choice in entry.choices] == ([label] if label else [])
    assert reply.table is not None
    assert len(reply.table.rows) == 3


@pytest.mark.parametrize(
    ("line", "why", "label"),
    [
        ("agreement add mesa MSA kind:msa effective:2026-01-01", "MSA is not signed by both sides", "Record signature"),
        (f"agreement add mesa NDA kind:nda {TERMS}", "no agreement about services is recorded", "Add an agreement"),
        (
            "agreement add mesa MSA kind:msa signed:2024-01-01 effective:2024-01-01 initial-term:12m renewal:none",
            "no agreement about services is in force", "Add an agreement",
        ),
    ],
)  # fmt: skip
def test_what_covers_a_client_is_signed_in_force_and_about_services(
    clients: Desk, line: str, why: str, label: str
) -> None:
    clients.type(f"/engagement {line}")
    reply = clients.type("/engagement who lacks agreement", user=MANAGER)
    [entry] = [each for each in reply.groups[0].entries if each.text == "Mesa"]
    assert (entry.detail, entry.choices[0].label) == (why, label)


def test_an_explanation_counts_when_whoever_heard_it_may_sign(clients: Desk) -> None:
    clients.type(f"/engagement agreement add mesa SOW-M kind:sow {TERMS} term:evergreen")
    clients.type('/engagement walkthrough record mesa SOW-M to:"A clerk" on:2025-12-20 may-sign:no')
    [entry] = [
        each
        for each in clients.type("/engagement who lacks explanation", user=MANAGER).groups[0].entries
        if each.text == "Mesa"
    ]
    assert entry.detail == "SOW-M was explained, but not to somebody who may sign"


def test_figures_count_only_clients_that_one_may_see(clients: Desk) -> None:
    clients.type("/engagement client restrict mesa to:U0OTHER")
    clients.type("/engagement client edit mesa owner:U0OTHER")
    reply = clients.type("/engagement who lacks matrix", user=MANAGER)
    assert reply.headline == "1 of 2 clients with a responsibility matrix."
    assert "Mesa" not in str(reply)


def test_clients_that_left_are_not_counted(clients: Desk) -> None:
    clients.type("/engagement client offboard mesa")
    assert clients.type("/engagement who lacks matrix").headline.startswith("1 of 2 clients")


def test_buttons_of_a_list_are_for_those_who_may_press_them(clients: Desk) -> None:
    reply = clients.type("/engagement who lacks matrix", user=TECHNICIAN)
    assert not any(each.choices for group in reply.groups for each in group.entries)


def test_an_admin_sees_how_the_bot_is_set_up_in_one_section(clients: Desk) -> None:
    reply = clients.type("/engagement home", user=ADMIN)
    last = reply.sections[-1]
    assert last.title == "The bot"
    assert [each.label for each in last.choices][:2] == ["Roles", "Grant role"]
    assert any("America/Chicago" in line for line in last.lines)
