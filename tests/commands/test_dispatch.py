"""The way of every request: who asks, may they, is it tried again, and what the audit log keeps of it."""

import contextlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from commands import catalog
from commands.command import Command, Registry
from commands.dispatching.delivery import Delivery, Duplicate
from commands.dispatching.dispatcher import Unavailable, error_reply
from commands.dispatching.request import CONSOLE, Request
from commands.errors import Changed, CommandError, Conflict, NeedsYes, NotAllowed, NotFound, UsageError
from commands.profile import Profile
from commands.reply import Choice, Notice, Reply
from commands.visibility import Audience
from commands.wishes.wish import Wish
from storage.errors import DatabaseUnavailable, StaleRecord
from storage.records import Absence, Outcome, Role
from tests.commands.conftest import ADMIN, MANAGER, TECHNICIAN, VIEWER, Desk
from tests.conftest import NOW


def ask(desk: Desk, text: str, user: str = CONSOLE, **more: Any) -> Request:
    return Request(desk.workspace_id, user, text, **more)


def newest(desk: Desk) -> dict[str, Any]:
    """The last audit entry, with its details."""
    with desk.database.open_unit(desk.workspace_id, writes=False) as uow:
        [(entry, details)] = uow.audit.newest(1)
    return {**dict(entry), "details": json.loads(details or "null")}


def entries(desk: Desk) -> int:
    return len(desk.actions())


def clients(desk: Desk) -> list[str]:
    with desk.database.open_unit(desk.workspace_id, writes=False) as uow:
        return [client.name for client in uow.clients.list()]


def broken(desk: Desk, error: Exception, times: int, *, when_writing: bool = True) -> Callable[..., Any]:
    """`open_unit` that fails so often at the end of a unit of work, and works afterwards."""
    left = [times]

    @contextmanager
    def open_unit(workspace_id: int, *, writes: bool = True, shares: bool = False) -> Iterator[Any]:
        with desk.database.open_unit(workspace_id, writes=writes, shares=shares) as uow:
            yield uow
            if writes is when_writing and left[0]:
                left[0] -= 1
                raise error

    return open_unit


def with_database(desk: Desk, open_unit: Callable[..., Any]) -> Desk:
    desk.dispatcher = replace(desk.dispatcher, open_unit=open_unit)
    return desk


def test_who_was_slower_is_tried_again_and_saved_once(desk: Desk) -> None:
    with_database(desk, broken(desk, StaleRecord("on purpose"), 4))
    before = entries(desk)
    assert "Acme" in desk.type("client add Acme").headline
    assert clients(desk) == ["Acme"]
    assert entries(desk) == before + 1


def test_after_five_tries_it_is_told_that_nothing_was_saved(desk: Desk) -> None:
    with_database(desk, broken(desk, StaleRecord("on purpose"), 5))
    error = desk.refused("client add Acme")
    assert isinstance(error, Conflict)
    assert error.message == (
        "Somebody else changed this at the same moment, several times. Nothing was saved; try again."
    )
    assert clients(desk) == []


@pytest.mark.parametrize("line", ["client add Acme", "client list", "who patches the servers?"])
def test_a_database_that_is_down_is_said_and_nothing_is_tried_again(desk: Desk, line: str) -> None:
    is_change = line.startswith("client add")
    with_database(desk, broken(desk, DatabaseUnavailable("disk full"), 1, when_writing=is_change))
    error = desk.refused(line)
    assert isinstance(error, Unavailable)
    assert error.message == (
        "The records cannot be reached right now (the database is locked or down). Nothing was saved; "
        "try again in a minute."
    )
    assert clients(desk) == []


WISH = Wish("anything", next(iter(catalog.REGISTRY)), "", "what we promised", None, needs_client=True)
FIND_OUT = (
    lambda desk: desk.dispatcher.prefill(ask(desk, "client edit calder", is_command=True)),
    lambda desk: desk.dispatcher.typed(ask(desk, "client edit calder", is_command=True)),
    lambda desk: desk.dispatcher.run(ask(desk, "what we promised", wish=WISH, meaning=(WISH.command, ""))),
    lambda desk: desk.dispatcher.refused(ask(desk, "client list", is_command=True), NotAllowed("not you")),
)


@pytest.mark.parametrize("act", FIND_OUT)
def test_whatever_finds_the_database_down_says_when_to_try_again(calder: Desk, act: Callable[[Desk], object]) -> None:
    @contextmanager
    def down(workspace_id: int, *, writes: bool = True, shares: bool = False) -> Iterator[Any]:
        raise DatabaseUnavailable("locked")
        yield

    with pytest.raises(Unavailable, match="try again in a minute"):
        act(with_database(calder, down))


def test_a_change_is_in_the_audit_log_with_what_was_typed_and_changed(calder: Desk) -> None:
    calder.type("client edit calder owner:U0NEW", user=MANAGER)
    entry = newest(calder)
    assert (entry["actor"], entry["action"], entry["outcome"], entry["at"], entry["subject"]) == (
        MANAGER, "client edit", Outcome.DONE, NOW, "client:1",
    )  # fmt: skip
    assert entry["details"]["typed"] == "client edit calder owner:U0NEW"
    assert entry["details"]["form"] is None
    [change] = entry["details"]["changes"]
    assert change["after"]["owner"] == "U0NEW"
    assert "told" not in entry["details"]


def test_reading_leaves_no_entry_and_neither_does_what_was_not_understood(calder: Desk) -> None:
    before = entries(calder)
    calder.type("client list")
    assert isinstance(calder.refused("client show nobody"), NotFound)
    assert isinstance(calder.refused("agreement show calder SOW-X"), UsageError)
    assert isinstance(calder.refused("agreement terminate calder SOW-A on:yesterdayish"), UsageError)
    assert entries(calder) == before


def test_a_change_that_was_understood_and_failed_is_in_the_log(calder: Desk) -> None:
    error = calder.refused("client add calder", user=MANAGER)
    entry = newest(calder)
    assert (entry["action"], entry["outcome"], entry["actor"]) == ("client add", Outcome.FAILED, MANAGER)
    assert entry["details"] == {"typed": "client add calder", "form": None, "reason": error.message}


@pytest.mark.parametrize(
    ("user", "line"),
    [(VIEWER, "client add Acme"), (TECHNICIAN, "role grant U0X viewer"), (MANAGER, "client share calder")],
)
def test_a_role_that_is_too_low_is_refused_and_that_is_in_the_log(calder: Desk, user: str, line: str) -> None:
    error = calder.refused(line, user=user)
    assert isinstance(error, NotAllowed)
    entry = newest(calder)
    assert (entry["action"], entry["outcome"], entry["actor"]) == (" ".join(line.split()[:2]), Outcome.REFUSED, user)
    assert entry["details"] == {"typed": line, "form": None, "reason": error.message}
    role = {VIEWER: "viewer", TECHNICIAN: "technician", MANAGER: "manager"}[user]
    assert f"or higher; yours is {role}." in error.message
    assert f"An admin can change that with: /engagement role grant <@{user}> " in error.message


def test_somebody_turned_away_at_the_door_is_in_the_log(calder: Desk) -> None:
    calder.dispatcher.refused(ask(calder, "client list", "U0GUEST"), NotAllowed("Guests cannot."))
    entry = newest(calder)
    assert (entry["action"], entry["outcome"], entry["actor"]) == ("client list", Outcome.REFUSED, "U0GUEST")
    assert entry["details"]["reason"] == "Guests cannot."


def test_the_console_and_the_admins_of_the_settings_need_no_role(calder: Desk) -> None:
    for user, role in ((CONSOLE, "technician"), (ADMIN, "manager")):
        calder.type(f"role grant U0X {role}", user=user)
    with calder.database.open_unit(calder.workspace_id, writes=False) as uow:
        roles = {user: calder.dispatcher.context(uow, ask(calder, "", user)).actor.role.value for user in
                 (CONSOLE, ADMIN, MANAGER, TECHNICIAN, "U0NEW")}  # fmt: skip
    assert roles == {
        CONSOLE: "admin", ADMIN: "admin", MANAGER: "manager", TECHNICIAN: "technician", "U0NEW": "viewer",
    }  # fmt: skip


def test_a_handler_knows_where_and_when_it_was_asked(calder: Desk) -> None:
    request = ask(calder, "", MANAGER, channel="C0CALDER", thread="1.0", is_confirmed=True)
    with calder.database.open_unit(calder.workspace_id, writes=False) as uow:
        ctx = calder.dispatcher.context(uow, request)
        assert (ctx.channel, ctx.thread, ctx.now, ctx.is_confirmed) == ("C0CALDER", "1.0", NOW, True)
        assert (ctx.zone.key, ctx.managers_channel, ctx.uow) == ("America/Chicago", "C0MANAGERS", uow)
        assert (ctx.registry, ctx.matrices, ctx.policy) == (
            calder.dispatcher.registry, calder.dispatcher.matrices, calder.dispatcher.policy,
        )  # fmt: skip


def test_what_cannot_be_undone_is_asked_about_first(calder: Desk) -> None:
    before = entries(calder)
    error = calder.refused("client offboard calder", is_confirmed=False)
    assert isinstance(error, NeedsYes)
    assert error.message.startswith("Nothing is done yet. Stop working for this client")
    assert clients(calder) == ["Calder Ridge"]
    calder.type("client offboard calder")
    assert clients(calder) == []
    assert entries(calder) > before


def test_one_delivery_is_answered_once(calder: Desk) -> None:
    for line in ("client add Acme", "client list"):
        request = ask(calder, line, deliveries=(Delivery(line),))
        calder.dispatcher.run(request)
        with pytest.raises(Duplicate):
            calder.dispatcher.run(request)
    assert sorted(clients(calder)) == ["Acme", "Calder Ridge"]


def test_a_delivery_that_failed_is_not_answered_again(calder: Desk) -> None:
    request = ask(calder, "client add calder", deliveries=(Delivery("1"),))
    with pytest.raises(Conflict):
        calder.dispatcher.run(request)
    before = entries(calder)
    with pytest.raises(Duplicate):
        calder.dispatcher.run(request)
    assert entries(calder) == before


def test_a_question_needs_no_command_and_a_slash_command_needs_one(calder: Desk) -> None:
    command, text = calder.dispatcher.find(ask(calder, "who does the server backup at calder?", TECHNICIAN))
    assert (command.name, text) == ("scope ask", "who does the server backup at calder?")
    with pytest.raises(UsageError):
        calder.dispatcher.find(ask(calder, "clint lst", slash="/engagement"))
    with pytest.raises(UsageError):
        calder.dispatcher.find(ask(calder, "client lst"))
    for request in (ask(calder, "client list"), ask(calder, "client list", is_command=True)):
        assert calder.dispatcher.find(request)[0].name == "client list"


def test_what_was_understood_once_is_not_looked_for_again(calder: Desk) -> None:
    request = calder.dispatcher.understood(ask(calder, "client list"))
    assert request.meaning is not None
    assert calder.dispatcher.find(replace(request, text="something else")) == request.meaning


def form_of(desk: Desk, line: str, user: str = MANAGER, channel: str | None = None) -> Any:
    return desk.dispatcher.prefill(ask(desk, line, user, channel=channel))


def test_a_form_shows_what_is_on_record_and_what_was_typed_over_it(calder: Desk) -> None:
    found = form_of(calder, "client edit calder backup:U0BOB")
    assert (found.command.name, found.raw["owner"], found.raw["backup"]) == ("client edit", MANAGER, "U0BOB")
    assert found.seen is not None
    assert form_of(calder, "client edit calder").seen == found.seen
    assert form_of(calder, 'client edit calder backup:""').raw.get("backup") in (None, "")


def test_a_form_of_a_new_record_shows_what_is_usual(calder: Desk) -> None:
    found = form_of(calder, "promise add calder", user=MANAGER)
    assert found.seen is None or isinstance(found.seen, str)
    assert found.raw["client"] in ("calder", "Calder Ridge")


def test_a_form_knows_the_client_of_its_channel(calder: Desk) -> None:
    assert form_of(calder, "scope ask", channel="C0CALDER").raw["client"] == "Calder Ridge"
    assert "client" not in form_of(calder, "scope ask", channel="C0ELSE").raw


def test_a_form_is_only_for_those_who_may_send_it(calder: Desk) -> None:
    with pytest.raises(NotAllowed):
        form_of(calder, "client edit calder", VIEWER)


def test_a_form_that_others_overtook_is_not_saved(calder: Desk) -> None:
    found = form_of(calder, "client edit calder")
    form = {**found.raw, "owner": "U0FORM"}
    request = ask(calder, "client edit", MANAGER, form=form, seen=found.seen)
    calder.type("client edit calder owner:U0NEW")
    with pytest.raises(Changed) as caught:
        calder.dispatcher.run(request)
    assert caught.value.current["owner"] == "U0NEW"
    fresh = form_of(calder, "client edit calder")
    calder.dispatcher.run(ask(calder, "client edit", MANAGER, form={**fresh.raw, "owner": "U0FORM"}, seen=fresh.seen))
    assert newest(calder)["details"]["form"]["owner"] == "U0FORM"
    assert form_of(calder, "client edit calder").raw["owner"] == "U0FORM"


def test_what_was_typed_is_told_by_parameter(calder: Desk) -> None:
    found = calder.dispatcher.typed(ask(calder, "client edit calder owner:U0NEW"))
    assert (found["client"], found["owner"]) == ("Calder Ridge", "U0NEW")


def test_nothing_typed_where_nothing_can_be_taken_away_is_refused(calder: Desk) -> None:
    before = entries(calder)
    error = calder.refused('agreement terminate calder SOW-A reason:""')
    assert isinstance(error, UsageError)
    why = "cannot be emptied here: give another value, or leave it out."
    assert error.message == f'reason:"" {why}'
    assert error.fields == {"reason": why}
    assert error.next_steps == ("/engagement help agreement terminate",)
    assert newest(calder)["outcome"] is Outcome.FAILED
    assert entries(calder) == before + 1
    calder.type("agreement terminate calder SOW-A")


def with_people(desk: Desk, people: dict[str, Profile]) -> list[str]:
    """Slack, as far as it knows these; the list of who was looked up."""
    asked: list[str] = []

    def look_up(user: str) -> Profile | None:
        asked.append(user)
        return people.get(user)

    desk.dispatcher = replace(desk.dispatcher, look_up=look_up)
    return asked


def test_people_who_are_named_are_looked_up_once_before_a_change(calder: Desk) -> None:
    asked = with_people(calder, {"U0NEW": Profile("Nina", None), "U0GONE": Profile("Gus", Absence.GONE)})
    reply = calder.type("client edit calder owner:U0NEW")
    assert asked == ["U0NEW"]
    assert not any("not checked" in caution for caution in reply.cautions)
    error = calder.refused("client edit calder backup:U0GONE")
    assert "has no active account" in error.message
    reply = calder.type("client edit calder backup:U0WHO")
    assert "Whether <@U0WHO> works here was not checked" in " ".join(reply.cautions)
    asked.clear()
    calder.type("client show calder")
    assert asked == []


def test_slack_is_never_asked_while_others_wait_to_write(calder: Desk) -> None:
    calder.type("promise add calder Reports owner:U0SAM every:3m")
    writing: list[bool] = []
    asked: dict[str, bool] = {}
    open_unit = calder.dispatcher.open_unit

    @contextlib.contextmanager
    def opened(*args: Any, **how: Any) -> Iterator[Any]:
        writing.append(bool(how.get("writes")))
        try:
            with open_unit(*args, **how) as uow:
                yield uow
        finally:
            writing.pop()

    def look_up(user: str) -> Profile | None:
        asked[user] = any(writing)
        return Profile(user, Absence.GONE if user == "U0SAM" else None)

    calder.dispatcher = replace(calder.dispatcher, open_unit=opened, look_up=look_up)
    for line in ("check calder everything:yes", "client edit calder backup:U0NEW", "check all"):
        reply = calder.type(line)
        if line.startswith("check calder"):
            assert "U0SAM" in str(reply.table)
    assert asked == {"U0MANAGER": False, "U0NEW": False, "U0SAM": False}


def test_people_in_a_form_are_looked_up_and_those_on_record_stay(calder: Desk) -> None:
    found = form_of(calder, "client edit calder")
    asked = with_people(calder, {MANAGER: Profile("Mia", Absence.GONE), "U0BOB": Profile("Bob", None)})
    form = {**found.raw, "backup": "U0BOB"}
    calder.dispatcher.run(ask(calder, "client edit", ADMIN, form=form, seen=found.seen))
    assert "U0BOB" in asked
    with calder.database.open_unit(calder.workspace_id, writes=False) as uow:
        assert uow.people.of(["U0BOB"])["U0BOB"].name == "Bob"


def test_an_error_is_a_reply_with_the_same_words() -> None:
    error = CommandError(
        "First.\nSecond.\nThird.", next_steps=("/help",), choices=(Choice("Yes", "client list"),), data={"more": 1}
    )
    reply = error_reply(error)
    assert (reply.headline, reply.lines, reply.next_steps) == ("First.", ("Second.", "Third."), ("/help",))
    assert reply.choices == error.choices
    assert reply.data == {"error": error.message, "more": 1}
    assert not reply.is_public


def test_who_was_granted_nothing_has_the_role_that_is_usual_here(desk: Desk) -> None:
    stranger = "U0NEW"
    with pytest.raises(NotAllowed):
        desk.dispatcher.run(ask(desk, 'client add "Pine Ltd"', stranger, is_confirmed=True))
    policy = replace(desk.dispatcher.policy, default_role=Role.MANAGER)
    replace(desk.dispatcher, policy=policy).run(ask(desk, 'client add "Pine Ltd"', stranger, is_confirmed=True))
    assert clients(desk) == ["Pine Ltd"]


def test_where_another_company_reads_along_it_says_where_to_ask_but_not_to_who_is_refused(desk: Desk) -> None:
    shared: dict[str, Any] = {"channel": "C0SHARED", "audience": Audience.EXTERNAL}
    with pytest.raises(CommandError) as unknown:
        desk.dispatcher.run(ask(desk, "client show nobody", **shared))
    assert "shared with another company" in unknown.value.next_steps[-1]
    with pytest.raises(NotAllowed) as refused:
        desk.dispatcher.run(ask(desk, 'client add "Pine Ltd"', VIEWER, **shared))
    assert not any("shared with another company" in step for step in refused.value.next_steps)


def test_who_is_told_is_offered_only_what_they_may_do(desk: Desk) -> None:
    told = Reply("Look.", choices=(Choice("Add", "client add Calder"), Choice("List", "client list")))
    notices = tuple(Notice(to, told) for to in (TECHNICIAN, MANAGER, "C0HELP"))
    command = Command(
        "tell", "all", lambda ctx, args: Reply("Told.", notices=notices), Role.VIEWER, "Tell", "/engagement tell all"
    )
    desk.dispatcher = replace(desk.dispatcher, registry=Registry([*catalog.REGISTRY, command]))
    reply = desk.type("/engagement tell all", user=VIEWER)
    assert {each.to: [choice.label for choice in each.reply.choices] for each in reply.notices} == {
        TECHNICIAN: ["List"], MANAGER: ["Add", "List"], "C0HELP": ["Add", "List"],
    }  # fmt: skip
