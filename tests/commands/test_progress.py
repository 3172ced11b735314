"""The day on which 200 clients were imported: ten things to do first, and how far one has come."""

import pytest

from commands.reply import Reply
from tests.commands.conftest import MANAGER, TECHNICIAN, VIEWER, Desk
from tests.prepared import prepared


@pytest.fixture
def imported(desk: Desk) -> Desk:
    prepared(desk.database, "imported", lambda: _import(desk))
    return desk


def _import(desk: Desk) -> None:
    clients = "\n".join(["name", *(f"Client {number:03}" for number in range(200))])
    desk.type("/engagement client import confirm:yes", upload=("clients.csv", clients.encode()))
    papers = "client,reference,kind,effective\n" + "\n".join(
        f"Client {number:03},MSA-{number},msa,2026-01-01" for number in range(100)
    )
    desk.type("/engagement agreement import confirm:yes", upload=("agreements.csv", papers.encode()))


def items(reply: Reply) -> list[str]:
    return [item.text for section in reply.sections for item in section.items]


def test_two_hundred_imported_clients_are_at_most_ten_things_to_do(imported: Desk) -> None:
    reply = imported.type("/engagement setup progress", user=MANAGER)
    assert "200 clients have no owner: nobody is reminded" in items(reply)
    assert "100 clients have no agreement on record" in items(reply)
    assert len(items(reply)) <= 10
    assert all(len(item.choices) == 1 for section in reply.sections for item in section.items)
    first = reply.sections[0].items[0].choices[0]
    assert (first.command, first.opens_form) == ('client edit "Client 000" owner:____', True)


@pytest.mark.slow
def test_how_far_one_has_come_grows_with_what_is_done(imported: Desk) -> None:
    before = imported.type("/engagement setup progress").data["steps"][0]
    imported.type('/engagement client edit "Client 000" owner:U0MANAGER')
    after = imported.type("/engagement setup progress")
    assert (before["done"], after.data["steps"][0]["done"], before["of"]) == (0, 1, 200)
    assert "199 clients have no owner: nobody is reminded" in items(after)
    assert 'client edit "Client 001" owner:____' in str(after.sections)


@pytest.mark.slow
def test_the_check_of_all_says_them_first(imported: Desk) -> None:
    reply = imported.type("/engagement check all", user=MANAGER)
    assert len(items(reply)) <= 10
    assert reply.table is None
    assert "200 clients checked" in reply.headline
    whole = imported.type("/engagement check all everything:yes", user=MANAGER)
    assert whole.table is not None
    assert len(whole.table.rows) == 200


def test_the_start_page_does_not_list_two_hundred_clients(imported: Desk) -> None:
    reply = imported.type("/engagement home", user=MANAGER)
    assert "0 of 200 clients covered by a signed agreement in force" in items(reply)
    assert len(items(reply)) < 30
    assert not any("Client 150" in text for text in items(reply))


def test_only_what_is_still_to_do_is_named(calder: Desk) -> None:
    reply = calder.type("/engagement setup progress")
    assert not any("no owner" in text or "no agreement" in text or "no responsibility" in text for text in items(reply))
    assert "1 client has no backup owner" in items(reply)


def test_an_empty_workspace_is_sent_to_the_first_steps(desk: Desk) -> None:
    assert desk.type("/engagement setup progress").next_steps == ("/engagement setup",)


def test_buttons_are_for_those_who_may_press_them(imported: Desk) -> None:
    reply = imported.type("/engagement setup progress", user=TECHNICIAN)
    assert not any(
        choice.command.startswith("client edit") for each in reply.sections[0].items for choice in each.choices
    )
    assert "for the role technician" in imported.refused("/engagement setup progress", user=VIEWER).message


def test_without_an_address_for_calendars_it_says_who_can_set_one_up(desk: Desk) -> None:
    assert "ENGAGEMENT_CALENDAR_URL" in desk.refused("/engagement calendar feed", user=VIEWER).message
    assert "ask for it in Slack" in desk.refused("/engagement calendar feed").message
