"""Open incidents on the start page: what ends first comes first, today's before everything."""

from collections.abc import Mapping
from datetime import UTC, datetime

from commands.choices import available
from commands.command import Context
from commands.grammar.words import command_line
from commands.incidents.naming import called
from commands.incidents.sheet import by_words, open_sheets
from commands.reply import Item, Section
from commands.rules.incidents.clocks import ClockState
from commands.rules.text.phrases import counted
from commands.rules.text.placeholders import BLANK
from storage.records import Client, Role

_MOST = 20
_LAST = datetime.max.replace(tzinfo=UTC)


def incident_sections(ctx: Context, clients: Mapping[int, Client]) -> list[Section]:
    """Nothing where no incident is open, or for those who may not see any."""
    if not ctx.actor.role.may_act_as(Role.TECHNICIAN):
        return []
    known = {each.client_id for each in ctx.uow.incidents.current() if each.ended_on is None}
    found = []
    for client in (client for client in clients.values() if client.id in known):
        for sheet in open_sheets(ctx.uow, client, ctx.now):
            left = [each for each in sheet.clocks if each.state.is_open]
            first = next((each for each in left if each.by is not None), None)
            passed = sum(1 for each in left if each.state is ClockState.OVERDUE)
            words = [f"{counted(len(left), 'clock')} open"]
            words += [f"{passed} passed"] if passed else []
            words += [f"next: {first.name}, by {by_words(first)}"] if first else []
            word = called(ctx.uow, sheet.incident)
            name = command_line("", client.name, word).strip()
            told = command_line("", client.name, word, clock=BLANK, to=BLANK).strip()
            choices = available(ctx, [("Show", "incident show", name, False), ("Told", "incident told", told, True)])
            item = Item(f"{client.name}: {sheet.incident.what}", "; ".join(words), choices)
            found.append((first.by if first and first.by else _LAST, item.text, item))
    if not found:
        return []
    items = tuple(item for _, _, item in sorted(found, key=lambda each: each[:2])[:_MOST])
    lines = (f"The first {_MOST} are here. All of them: /engagement incident list",) if len(found) > _MOST else ()
    return [Section(f"Open incidents ({len(found)})", items, lines)]
