"""Which walkthroughs were recorded, when and by whom; and which were taken back."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from commands.agreements.agreement import AGREEMENT
from commands.arguments import Arguments
from commands.clients.client import CLIENT
from commands.command import Command, Context
from commands.parameters import Kind, Parameter
from commands.reply import Reply, Table
from commands.rules.text.people import as_person
from commands.rules.text.phrases import counted, plain
from storage.records import Client, Role, Walkthrough

_MOST_UNDONE = 1_000
_KIND = "walkthrough:"


def history(ctx: Context, args: Arguments) -> Reply:
    """The newest record first."""
    client: Client = args.client
    papers = {each.id: each for each in ctx.uow.agreements.of_client(client.id)}
    wanted = {args.agreement.id} if args.agreement else set(papers)
    taken_back = [each for each in _taken_back(ctx, client) if each[2].agreement_id in wanted]
    standing = [each for each in ctx.uow.walkthroughs.of_client(client.id) if each.agreement_id in wanted]
    known = [*standing, *(each for *_, each in taken_back)]  # a number may be given again after it was taken back
    events = [(each.recorded_at, each.recorded_by, "recorded", each) for each in known]
    events += [(at, by, "taken back", each) for at, by, each in taken_back]
    events.sort(key=lambda event: (event[0], event[3].id), reverse=True)
    rows = tuple(
        (str(ctx.day_of(at, client)), papers[each.agreement_id].reference, f"{what}: {_words(each)}", as_person(by))
        for at, by, what, each in events
    )
    about = f" of {args.agreement.reference}" if args.agreement else ""
    if not rows:
        return Reply(f"{client.name}: no walkthrough{about} was ever recorded.", data={"history": []})
    return Reply(
        f"{client.name}: what was recorded about {counted(len(known), 'walkthrough')}{about}, the newest first.",
        table=Table(("Recorded on", "Agreement", "What", "By"), rows, about="What"),
        data={"history": [list(row) for row in rows]},
    )


def _taken_back(ctx: Context, client: Client) -> Iterator[tuple[datetime, str, Walkthrough]]:
    """Only the audit log still has them, until its words are erased."""
    for entry, details, _ in ctx.uow.audit.search(_MOST_UNDONE, action="undo", client_id=client.id):
        changes: list[Mapping[str, Any]] = json.loads(details or "{}").get("changes") or []
        for change in changes:
            if str(change["subject"]).startswith(_KIND) and change["before"] and not change["after"]:
                yield entry.at, entry.actor, Walkthrough.model_validate(change["before"])


def _words(each: Walkthrough) -> str:
    """explained to Pat Example, COO on 2026-03-02 by Sam; topics: fees; asked: ..."""
    may_sign = {None: "", True: "may sign", False: "may not sign"}[each.may_sign]
    topics = ", ".join(plain(topic) for topic in each.topics)
    said = (
        f"explained to {each.explained_to} on {each.held_on} by {as_person(each.explained_by)}",
        may_sign,
        f"topics: {topics}" if topics else "topics not noted",
        f"asked: {each.asked}" if each.asked else "",
        f"notes: {each.notes}" if each.notes else "",
    )
    return "; ".join(filter(None, said))


COMMANDS = (
    Command(
        "walkthrough", "history", history, Role.VIEWER,
        "Which walkthroughs were recorded, when and by whom, and which were taken back",
        parameters=(CLIENT, Parameter("agreement", AGREEMENT.help, Kind.AGREEMENT, positional=True)), changes=False,
        example="/engagement walkthrough history calder SOW-A",
    ),
)  # fmt: skip
