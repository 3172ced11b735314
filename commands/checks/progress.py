"""How far the records have come, and the ten things to do first: for the day on which 200 clients were imported.

Only counts of what is on record, so that it is quick enough for the start page; `check CLIENT` finds everything else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from commands.agreements.unclear import unclear
from commands.arguments import Arguments
from commands.choices import available
from commands.command import Command, Context
from commands.grammar.words import command_line
from commands.reckoning import reckoning_of
from commands.reply import Item, Reply, Section
from commands.rules.agreements.standing import AgreementStanding
from commands.rules.text.phrases import counted
from commands.rules.text.placeholders import BLANK, EXPLAINED, SIGNED
from storage.records import Client, ClientStatus, Role

_UNSIGNED = (AgreementStanding.DRAFT, AgreementStanding.OUT_FOR_SIGNATURE)
_OVER = (AgreementStanding.LAPSED, AgreementStanding.TERMINATED, AgreementStanding.SUPERSEDED)
_MOST = 10
FEWEST_CLIENTS = 20
"""From so many clients on the start page counts for all of them what it names one by one for few."""


@dataclass(slots=True)
class Step:
    """One thing that has to be true of all clients or agreements. `lacking` says what is missing, after a number."""

    lacking: tuple[str, str]
    what: str
    label: str
    command: str
    total: int = 0
    left: list[tuple[str, str]] = field(default_factory=list)
    """For each that lacks it: its name, and the arguments of the command that mends it."""

    def count(self, is_done: bool, name: str, arguments: str) -> None:
        self.total += 1
        if not is_done:
            self.left.append((name, arguments))

    @property
    def done(self) -> int:
        return self.total - len(self.left)


def steps(ctx: Context, clients: Mapping[int, Client]) -> tuple[Step, ...]:
    """In the order in which they are worth doing: first that somebody is warned, then that answers are right."""
    owner = Step(("client has", "clients have"), "no owner: nobody is reminded", "Set the owner", "client edit")
    dates = Step(("agreement has", "agreements have"), "no dates to count from", "Complete it", "agreement edit")
    paper = Step(("client has", "clients have"), "no agreement on record", "Add an agreement", "agreement add")
    signed = Step(("agreement is", "agreements are"), "not signed by both sides", "Record signature", "agreement sign")
    matrix = Step(("client has", "clients have"), "no responsibility matrix", "Import a matrix", "matrix import")
    channel = Step(("client has", "clients have"), "no linked channel", "Link a channel", "client link")
    asked = Step(
        ("client was", "clients were"), "never asked which regulations apply", "Record answers", "disclosure record"
    )
    explained = Step(
        ("signed agreement was", "signed agreements were"), "never explained", "Record walkthrough",
        "walkthrough record",
    )  # fmt: skip
    backup = Step(("client has", "clients have"), "no backup owner", "Set a backup", "client edit")
    copy = Step(
        ("signed agreement has", "signed agreements have"), "no link to the copy", "Add the link", "agreement edit"
    )
    rows = ctx.uow.responsibilities.counts([*clients])
    for client in ctx.uow.prefetching([*clients.values()]):
        if client.status is not ClientStatus.ACTIVE:
            continue
        name = command_line("", client.name).strip()
        owner.count(client.owner is not None, client.name, f"{name} owner:{BLANK}")
        backup.count(client.backup_owner not in (None, client.owner), client.name, f"{name} backup:{BLANK}")
        channel.count(bool(client.channels), client.name, name)
        matrix.count(rows.get(client.id, 0) > 0, client.name, name)
        asked.count(bool(ctx.uow.disclosures.current(client.id)), client.name, name)
        live = 0
        walked = {each.agreement_id for each in ctx.uow.walkthroughs.of_client(client.id)}
        reckoning, today = reckoning_of(ctx.uow, client), ctx.today_for(client)
        for agreement in ctx.uow.agreements.of_client(client.id):
            stands = reckoning.standing(agreement, today)
            if stands.status in _OVER:
                continue
            live += 1
            title = f"{client.name}, {agreement.reference}"
            names = command_line("", client.name, agreement.reference).strip()
            lacking = unclear(client, agreement, stands, today)
            dates.count(lacking is None, title, lacking.form if lacking else "")
            signed.count(stands.status not in _UNSIGNED, title, command_line(names, **SIGNED))
            if agreement.is_signed:
                explained.count(agreement.id in walked, title, command_line(names, **EXPLAINED))
                copy.count(agreement.document_url is not None, title, f"{names} url:{BLANK}")
        paper.count(live > 0, client.name, f"{name} reference:{BLANK}")
    return owner, dates, paper, signed, matrix, explained, asked, channel, copy, backup


def progress_sections(ctx: Context, clients: Mapping[int, Client]) -> tuple[Section, ...]:
    """The things to do first, with their buttons; none where nothing is left."""
    found = steps(ctx, clients)
    left = [step for step in found if step.left]
    if not left:
        return ()
    done, total = sum(step.done for step in found), sum(step.total for step in found)
    items = tuple(_item(ctx, step) for step in left[:_MOST])
    count = "The first thing" if len(items) == 1 else f"The first {len(items)} things"
    return (Section(f"{count} to do: {done * 100 // total}% of the groundwork is done", items),)


def show(ctx: Context, args: Arguments) -> Reply:
    clients = {client.id: client for client in ctx.uow.clients.list()}
    if not clients:
        return Reply("No client is recorded yet.", next_steps=("/engagement setup",))
    found = steps(ctx, clients)
    done, total = sum(step.done for step in found), sum(step.total for step in found)
    left = [step for step in found if step.left]
    said = f"{done * 100 // total}% of the groundwork is done"
    return Reply(
        f"{said}; {counted(len(left), 'thing is', 'things are')} left."
        if left
        else "The groundwork is done for every client.",
        sections=tuple(replace(each, title=each.title.partition(":")[0]) for each in progress_sections(ctx, clients)),
        next_steps=("/engagement check all",),
        data={"steps": [{"lacking": each.what, "done": each.done, "of": each.total} for each in found]},
    )


def _item(ctx: Context, step: Step) -> Item:
    name, arguments = step.left[0]
    count = len(step.left)
    words = step.lacking[0] if count == 1 else step.lacking[1]
    first = f"First: {name}. {step.done} of {step.total} are done." if count > 1 else f"{name}. The rest are done."
    return Item(f"{count} {words} {step.what}", first, available(ctx, [(step.label, step.command, arguments, True)]))


COMMANDS = (
    Command(
        "setup", "progress", show, Role.TECHNICIAN, "How far the records have come, and what to do first",
        changes=False, is_slow=True, example="/engagement setup progress",
    ),
)  # fmt: skip
