"""What obligations and promises have in common: a text that names each, and how often it falls due."""

from collections.abc import Iterable

from commands.arguments import Arguments
from commands.errors import Conflict, UsageError
from storage.records import Obligation, PeriodUnit, Promise
from storage.records.client import client_key


def refuse_known_text(known: Iterable[Obligation | Promise], what: str, edit: str) -> None:
    """Raises Conflict where one of `known` has that text. `edit` is the command that changes it."""
    if any(client_key(each.what) == client_key(what) for each in known):
        raise Conflict(f'"{what}" is recorded already. Change it with: {edit}')


def refuse_no_cadence(args: Arguments) -> None:
    """Raises UsageError where `every` counts business days, or nothing: neither gives a next day."""
    if args.every and (args.every.unit is PeriodUnit.BUSINESS_DAYS or args.every.value == 0):
        raise UsageError("every: write days, weeks, months or years.", fields={"every": "is such as 7d, 1m or 1y."})
