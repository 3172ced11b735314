"""What our record of an agreement said, version by version: what changed, when; and what was decided about it."""

from collections.abc import Iterator

from commands.agreements.agreement import AGREEMENT
from commands.arguments import Arguments
from commands.clients.client import CLIENT
from commands.command import Command, Context
from commands.grammar.words import command_line
from commands.reckoning import DECIDED_WORDS
from commands.reply import Reply, Table
from commands.rules.text.people import as_person
from commands.rules.text.phrases import plain
from storage.records import Agreement, Client, Period, Role

_NOT_SHOWN = frozenset({"id", "version", "client_id"})


def history(ctx: Context, args: Arguments) -> Reply:
    """The newest first."""
    client: Client = args.client
    agreement: Agreement = args.agreement
    found = sorted([*_versions(ctx, client, agreement), *_events(ctx, client, agreement)], reverse=True)
    rows = tuple((day, words, who) for day, _, words, who in found)
    return Reply(
        f"{agreement.reference} of {client.name}: what was recorded about it, the newest first.",
        table=Table(("Recorded on", "What", "By"), rows, about="What"),
        next_steps=(command_line("/engagement audit show agreement", client=client.name),),
        data={"history": [list(row) for row in rows]},
    )


def _versions(ctx: Context, client: Client, agreement: Agreement) -> Iterator[tuple[str, int, str, str]]:
    before: Agreement | None = None
    for place, (at, version) in enumerate(ctx.uow.agreements.versions(agreement.id)):
        day = str(ctx.day_of(at, client))
        if before is None:
            yield day, place, "first recorded", ""
        else:
            yield day, place, "; ".join(_differences(before, version)) or "saved without a change", ""
        before = version


def _differences(before: Agreement, after: Agreement) -> Iterator[str]:
    for name in Agreement.model_fields:
        was, now = getattr(before, name), getattr(after, name)
        if name not in _NOT_SHOWN and was != now:
            yield f"{plain(name.removesuffix('_on'))}: {_words(was)} → {_words(now)}"


def _events(ctx: Context, client: Client, agreement: Agreement) -> Iterator[tuple[str, int, str, str]]:
    """Decisions and walkthroughs, by the day on which they were recorded."""
    for each in ctx.uow.decisions.of_client(client.id):
        if each.agreement_id == agreement.id:
            day = str(ctx.day_of(each.decided_at, client))
            words = f"decided: {DECIDED_WORDS[each.decided]} ({each.reason})"
            yield day, 10_000 + each.id, words, as_person(each.decided_by)
            if each.retracted_at is not None:
                back = f"taken back: {DECIDED_WORDS[each.decided]} ({each.retraction_reason})"
                day = str(ctx.day_of(each.retracted_at, client))
                yield day, 20_000 + each.id, back, as_person(each.retracted_by or "")
    for walkthrough in ctx.uow.walkthroughs.of_client(client.id):
        if walkthrough.agreement_id == agreement.id:
            day = str(ctx.day_of(walkthrough.recorded_at, client))
            words = f"explained to {walkthrough.explained_to} on {walkthrough.held_on}"
            yield day, 30_000 + walkthrough.id, words, as_person(walkthrough.recorded_by)


def _words(value: object) -> str:
    if isinstance(value, Period):
        return value.in_words
    return "nothing" if value is None else str(value)


COMMANDS = (
    Command(
        "agreement", "history", history, Role.VIEWER, "What was recorded about an agreement, version by version",
        parameters=(CLIENT, AGREEMENT), changes=False, example="/engagement agreement history calder SOW-A",
    ),
)  # fmt: skip
