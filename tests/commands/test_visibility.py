"""For whom a restricted client exists, and what may be shown where people of another company read along."""

from dataclasses import replace
from typing import Any

import pytest

from commands.dispatching.request import Request
from commands.errors import CommandError, NotAllowed, NotFound
from commands.reply import Choice, Evidence, Notice, Reply
from commands.signed_copies import COPY_GET
from commands.visibility import Audience, Restriction, may_receive, no_members, redact_for, restrictions
from tests.commands.conftest import ADMIN, MANAGER, TECHNICIAN, VIEWER, Desk

OWN, OTHER, THIRD = "C0CALDER", "C0CALDER2", "C0HELP"


def do(
    desk: Desk, text: str, user: str = ADMIN, channel: str | None = None, audience: Audience = Audience.INTERNAL
) -> Reply:
    return desk.dispatcher.run(
        Request(desk.workspace_id, user, text, channel=channel, audience=audience, is_confirmed=True)
    )


def refused(desk: Desk, *given: Any) -> CommandError:
    with pytest.raises(CommandError) as caught:
        do(desk, *given)
    return caught.value


@pytest.fixture
def shared(calder: Desk) -> Desk:
    """Calder Ridge with two channels of its own, both shared with it; in the first its answers may be shown."""
    do(calder, f"client link calder {OTHER}")
    do(calder, f"client share calder {OWN}")
    do(calder, "scope ask calder server backup", TECHNICIAN)
    return calder


def test_an_answer_is_shown_only_in_the_shared_channel_that_an_admin_allowed(shared: Desk) -> None:
    assert do(shared, "scope share 1", TECHNICIAN, OWN, Audience.EXTERNAL).is_public
    error = refused(shared, "scope share 1", TECHNICIAN, OTHER, Audience.EXTERNAL)
    assert isinstance(error, NotAllowed)
    assert "/engagement client share CLIENT" in error.message
    assert do(shared, "scope share 1", TECHNICIAN, OTHER, Audience.INTERNAL).is_public
    do(shared, f"client share calder {OWN} remove:yes")
    assert isinstance(refused(shared, "scope share 1", TECHNICIAN, OWN, Audience.EXTERNAL), NotAllowed)


def test_sharing_is_offered_only_where_it_is_allowed(shared: Desk) -> None:
    def offers(channel: str, audience: Audience) -> bool:
        reply = do(shared, "scope ask calder server backup", TECHNICIAN, channel, audience)
        return any("scope share" in choice.command for choice in reply.choices)

    assert offers(OWN, Audience.EXTERNAL)
    assert not offers(OTHER, Audience.EXTERNAL)
    assert offers(OTHER, Audience.INTERNAL)


def test_a_shared_channel_knows_no_client_but_the_one_it_is_linked_to(shared: Desk) -> None:
    do(shared, "client add Bluebird")
    assert "Bluebird" not in str(do(shared, "client list", ADMIN, OWN, Audience.EXTERNAL))
    assert "Calder Ridge" in str(do(shared, "client list", ADMIN, OWN, Audience.EXTERNAL))
    assert "Calder Ridge" not in str(do(shared, "client list", ADMIN, THIRD, Audience.EXTERNAL))
    assert isinstance(refused(shared, "client show bluebird", ADMIN, OWN, Audience.EXTERNAL), NotFound)
    assert "Bluebird" in str(do(shared, "client list", ADMIN, OWN, Audience.INTERNAL))


def test_in_a_shared_channel_a_refusal_says_where_else_to_ask(shared: Desk) -> None:
    error = refused(shared, "client show bluebird", ADMIN, OWN, Audience.EXTERNAL)
    assert "Ask in another one" in error.next_steps[-1]
    assert "Ask in another one" not in str(refused(shared, "client show bluebird", ADMIN, OWN).next_steps)


@pytest.fixture
def restricted(calder: Desk) -> Desk:
    """Calder Ridge restricted to the technician and a user group; the manager owns it."""
    do(calder, "scope ask calder server backup", TECHNICIAN)
    do(calder, f"client restrict calder to:{TECHNICIAN} group:S0GROUP")
    return calder


@pytest.mark.parametrize(("user", "sees"), [(ADMIN, True), (MANAGER, True), (TECHNICIAN, True), (VIEWER, False)])
def test_a_restricted_client_exists_for_those_named_its_owner_and_admins(
    restricted: Desk, user: str, sees: bool
) -> None:
    assert ("Calder Ridge" in str(do(restricted, "client list", user))) is sees


def test_a_member_of_a_named_group_sees_it(restricted: Desk) -> None:
    restricted.dispatcher = replace(
        restricted.dispatcher, members_of=lambda group: (VIEWER,) if group == "S0GROUP" else ()
    )
    assert "Calder Ridge" in str(do(restricted, "client list", VIEWER))
    assert "Calder Ridge" not in str(do(restricted, "client list", "U0ELSE"))


def test_a_restricted_client_is_shown_to_a_whole_channel_only_in_its_own(restricted: Desk) -> None:
    assert do(restricted, "scope share 1", TECHNICIAN, OWN).is_public
    error = refused(restricted, "scope share 1", TECHNICIAN, THIRD)
    assert isinstance(error, NotAllowed)
    assert "its own channels only" in error.message
    there = do(restricted, "scope ask calder server backup", TECHNICIAN, THIRD)
    assert not any("scope share" in choice.command for choice in there.choices)
    here = do(restricted, "scope ask calder server backup", TECHNICIAN, OWN)
    assert any("scope share" in choice.command for choice in here.choices)


def test_what_is_about_two_restricted_clients_is_shown_to_a_whole_channel_of_neither(restricted: Desk) -> None:
    do(restricted, "client add Bluebird")
    do(restricted, f"client restrict bluebird to:{TECHNICIAN}")
    with restricted.database.open_unit(restricted.workspace_id, writes=False) as uow:
        both = [client.id for client in uow.clients.list()]
        ctx = restricted.dispatcher.context(uow, Request(restricted.workspace_id, ADMIN, "", channel=OWN))
        with pytest.raises(NotAllowed, match="its own channels only"):
            redact_for(ctx, Reply("Both.", is_public=True), both, Audience.INTERNAL, (ADMIN,), no_members)


RESTRICTION = Restriction(1, frozenset({"U0NAMED"}), ("S0GROUP",), frozenset({"C0OWN"}))


@pytest.mark.parametrize(
    ("to", "may"),
    [
        ("U0NAMED", True), ("U0GROUPED", True), ("U0ADMIN", True), ("U0OTHER", False),
        ("C0OWN", True), ("C0OTHER", False), ("G0OTHER", False),
    ],
)  # fmt: skip
def test_a_message_about_it_goes_only_to_people_and_channels_that_may_read_it(to: str, may: bool) -> None:
    def members_of(group: str) -> tuple[str, ...]:
        return ("U0GROUPED",) if group == "S0GROUP" else ()

    assert RESTRICTION.may_receive(to, ("U0ADMIN",), members_of) is may


def test_without_slack_nobody_is_a_member_of_a_group() -> None:
    assert not RESTRICTION.admits("U0GROUPED", no_members)


def test_all_clients_of_a_message_must_be_open_to_its_reader(restricted: Desk) -> None:
    do(restricted, "client add Bluebird")
    with restricted.database.open_unit(restricted.workspace_id, writes=False) as uow:
        ids = {client.name: client.id for client in uow.clients.list()}
        calder, bluebird = ids["Calder Ridge"], ids["Bluebird"]
        assert may_receive(uow, VIEWER, [bluebird], (), no_members)
        assert not may_receive(uow, VIEWER, [bluebird, calder], (), no_members)
        assert may_receive(uow, TECHNICIAN, [bluebird, calder], (), no_members)
        assert may_receive(uow, VIEWER, [], (), no_members)
        assert set(restrictions(uow)) == {calder}
        assert set(restrictions(uow, [bluebird])) == set()
        found = restrictions(uow, [calder])[calder]
        assert (found.people, found.groups, found.channels) == (
            frozenset({TECHNICIAN, MANAGER}), ("S0GROUP",), frozenset({OWN}),
        )  # fmt: skip


@pytest.mark.parametrize(("channel", "is_open"), [(OWN, True), (OTHER, False)])
def test_in_a_shared_channel_nothing_leads_to_the_paper_itself(shared: Desk, channel: str, is_open: bool) -> None:
    """Its copy, its link and the button to share it are there only where an admin allowed it."""
    commands = ("scope share 1", f"{COPY_GET} calder 1", "scope list calder")
    reply = Reply(
        "Ours.",
        choices=tuple(Choice(line, line) for line in commands),
        evidence=Evidence("SOW-A", "2.1", None, None, None, document_url="https://files.example.org/sow-a.pdf"),
    )
    with shared.database.open_unit(shared.workspace_id, writes=False) as uow:
        ctx = shared.dispatcher.context(uow, Request(shared.workspace_id, ADMIN, "", channel=channel))
        [client] = uow.clients.list()
        found = redact_for(ctx, reply, [client.id], Audience.EXTERNAL, (ADMIN,), no_members)
        assert found.evidence is not None
        assert (found.evidence.document_url is not None) is is_open
        assert [choice.command for choice in found.choices] == list(commands if is_open else commands[2:])
        public = replace(reply, is_public=True)
        if is_open:
            assert redact_for(ctx, public, [client.id], Audience.EXTERNAL, (ADMIN,), no_members) == public
        else:
            with pytest.raises(NotAllowed):
                redact_for(ctx, public, [client.id], Audience.EXTERNAL, (ADMIN,), no_members)


@pytest.mark.parametrize(
    ("line", "sees"),
    [
        ("client edit calder owner:U0ELSE", True),
        ("client edit calder backup:U0ELSE", True),
        ("agreement edit calder SOW-A owner:U0ELSE", True),
        ('promise add calder "Test a restore" owner:U0ELSE', True),
        ("client restrict calder to:U0ELSE", True),
        ("client restrict calder group:S0OTHER", False),
    ],
)
def test_whoever_answers_for_it_sees_a_restricted_client(restricted: Desk, line: str, sees: bool) -> None:
    assert "Calder Ridge" not in str(do(restricted, "client list", "U0ELSE"))
    do(restricted, line)
    assert ("Calder Ridge" in str(do(restricted, "client list", "U0ELSE"))) is sees


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ('promise add calder "Test a restore" owner:U0ELSE', 'promise edit calder "Test a restore" owner:U0MANAGER'),
        ("client restrict calder to:U0ELSE", "client restrict calder remove:U0ELSE"),
        ("agreement edit calder SOW-A owner:U0ELSE", "agreement edit calder SOW-A owner:U0MANAGER"),
    ],
)
def test_whoever_no_longer_answers_for_it_sees_it_no_more(restricted: Desk, given: str, taken: str) -> None:
    do(restricted, given)
    do(restricted, taken)
    assert "Calder Ridge" not in str(do(restricted, "client list", "U0ELSE"))


def test_a_group_that_is_taken_away_sees_it_no_more(restricted: Desk) -> None:
    restricted.dispatcher = replace(restricted.dispatcher, members_of=lambda group: (VIEWER,))
    do(restricted, "client restrict calder remove-group:S0GROUP")
    assert "Calder Ridge" not in str(do(restricted, "client list", VIEWER))


@pytest.mark.parametrize("audience", list(Audience))
def test_a_client_that_became_part_of_another_is_seen_by_whom_that_is_seen(calder: Desk, audience: Audience) -> None:
    do(calder, "client add Bluebird")
    do(calder, "client merge bluebird calder")
    do(calder, f"client restrict calder to:{TECHNICIAN}")
    for user, sees in ((TECHNICIAN, True), (VIEWER, False)):
        with calder.database.open_unit(calder.workspace_id, writes=False) as uow:
            ids = [each.id for each in (uow.clients.find(id) for id in (1, 2)) if each]
            request = Request(calder.workspace_id, user, "", channel=OWN, audience=audience)
            calder.dispatcher.context(uow, request)
            assert [id for id in ids if uow.clients.find(id) is not None] == (ids if sees else []), user
            assert len(ids) == 2


def test_what_no_longer_restricts_names_nobody_when_it_restricts_again(restricted: Desk) -> None:
    do(restricted, "client unrestrict calder")
    assert "Calder Ridge" in str(do(restricted, "client list", VIEWER))
    reply = do(restricted, "client restrict calder")
    assert (TECHNICIAN in reply.data["people"], reply.data["groups"]) == (False, [])


def test_each_channel_is_opened_for_itself(shared: Desk) -> None:
    do(shared, f"client share calder {OTHER}")
    for channel in (OWN, OTHER):
        assert do(shared, "scope share 1", TECHNICIAN, channel, Audience.EXTERNAL).is_public
    assert "not a channel of Calder Ridge" in refused(shared, f"client share calder {THIRD}").message


def test_what_would_reach_somebody_else_is_left_out_of_a_reply_and_that_is_said(restricted: Desk) -> None:
    reply = Reply(
        "Saved.",
        notices=(Notice(VIEWER, Reply("Look.")), Notice(TECHNICIAN, Reply("Look."))),
        next_steps=(f"Tell <@{VIEWER}>", "/engagement help"),
        cautions=("Known before.",),
    )
    with restricted.database.open_unit(restricted.workspace_id, writes=False) as uow:
        ctx = restricted.dispatcher.context(uow, Request(restricted.workspace_id, ADMIN, "", channel=OWN))
        [client] = uow.clients.list()
        found = redact_for(ctx, reply, [client.id], Audience.INTERNAL, (ADMIN,), no_members)
        assert redact_for(ctx, reply, [], Audience.INTERNAL, (ADMIN,), no_members) == reply
    assert [notice.to for notice in found.notices] == [TECHNICIAN]
    assert found.next_steps == ("/engagement help",)
    assert found.cautions[0] == "Known before."
    assert "restricted to named people" in found.cautions[1]
