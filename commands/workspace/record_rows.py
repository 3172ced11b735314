"""What a row of a file of clients or agreements says, as the arguments of a command."""

from dataclasses import replace

from commands.command import Command, Context
from commands.parameters import Kind, Parameter
from storage.records import AgreementStatus, ClientStatus, Record
from storage.records.agreement import reference_key
from storage.records.client import client_key

Raw = dict[str, str | tuple[str, ...]]
_STATUS_WORDS = {
    "active": "executed", "signed": "executed", "in_force": "executed", "current": "executed", "live": "executed",
    "sent": "out_for_signature", "pending": "out_for_signature", "pending_signature": "out_for_signature",
    "cancelled": "terminated", "canceled": "terminated", "ended": "terminated", "closed": "terminated",
    "replaced": "superseded",
}  # fmt: skip
_CLIENT_STATUS_WORDS = {
    "current": "active", "live": "active", "inactive": "offboarded", "former": "offboarded", "lost": "offboarded",
    "churned": "offboarded", "terminated": "offboarded",
}  # fmt: skip
# What a row can say beside what is typed to add a record.
_MORE = {
    "client": (
        Parameter("status", "whether we work for it", Kind.CHOICE, choices=ClientStatus, words=_CLIENT_STATUS_WORDS),
        Parameter("offboarded", "the last day we worked for it", Kind.DATE),
        Parameter("former", "a name it had before", many=True),
    ),
    "agreement": (
        Parameter("status", "where it stands", Kind.CHOICE, choices=AgreementStatus, words=_STATUS_WORDS),
        Parameter("terminated", "its last day, where it was ended", Kind.DATE),
        Parameter("reason", "why it was ended", Kind.LONG_TEXT),
    ),
}
SAME_DAY = "signed"  # both signatures at once: an export has one column for each


def as_typed(ctx: Context, noun: str, **records: Record) -> Raw:
    """A record as somebody would type it."""
    edit = record_command(ctx, noun, "edit")
    assert edit.current is not None, f"{noun} edit shows no record"
    return dict(edit.current(ctx, records) or {})


def row_command(ctx: Context, noun: str, verb: str = "add") -> Command:
    """What a row says, as arguments: those of adding or editing a record, and what an export has beside them."""
    command = record_command(ctx, noun, verb)
    told = tuple(each for each in command.parameters if each.kind is not Kind.FILE)
    return replace(command, parameters=(*told, *_MORE.get(noun, ())))


def record_command(ctx: Context, noun: str, verb: str) -> Command:
    command = ctx.registry.find(noun, verb)
    assert command is not None, f"the registry has no {noun} {verb}"
    return command


def named_in(ctx: Context, raw: Raw, field: str) -> tuple[int | str, str] | None:
    """Which agreement the row names in that field, as names are compared."""
    text = str(raw.get(field, ""))
    client = ctx.uow.clients.find_by_key(str(raw.get("client", "")))
    return (client.id if client else client_key(str(raw.get("client", ""))), reference_key(text)) if text else None
