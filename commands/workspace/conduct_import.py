"""Walkthroughs, signatures, contracts with others and duties of clients from a table: each row as if it were typed.

What is on record already stays as it is. A row without a day is refused: nothing is recorded as of today by mistake.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from commands.arguments import Arguments
from commands.command import Command, Context
from commands.errors import Conflict
from commands.grammar import lookup
from commands.grammar.parsing import convert
from commands.reply import Reply
from commands.rules.imports.conduct_titles import CONDUCT_FIELDS
from commands.workspace.import_answers import Questions
from commands.workspace.record_import import IMPORT, import_table
from commands.workspace.record_rows import Raw, row_command
from storage.records import Client, Role
from storage.records.client import client_key

Known = Callable[[Context, Client], set[tuple[object, ...]]]
Key = Callable[[Arguments], tuple[object, ...]]
_ON_RECORD = "is on record already and stays as it is; what the row says otherwise is not taken."


@dataclass(frozen=True, slots=True)
class _Noun:
    """`known` are the keys of what is on record of a client, `key` that of a row; `needed` cells are never empty."""

    verb: str
    needed: tuple[str, ...]
    known: Known
    key: Key


def _walkthroughs(ctx: Context, client: Client) -> set[tuple[object, ...]]:
    held = ctx.uow.walkthroughs.of_client(client.id)
    return {(each.agreement_id, each.held_on, client_key(each.explained_to)) for each in held}


def _signatures(ctx: Context, client: Client) -> set[tuple[object, ...]]:
    known = ctx.uow.signatures.current(client.id)
    return {(each.agreement_id, each.side, client_key(each.signer), each.signed_on) for each in known}


def _contracts(ctx: Context, client: Client) -> set[tuple[object, ...]]:
    known = ctx.uow.contracts.current(client.id)
    return {(client_key(each.counterparty), client_key(each.reference or "")) for each in known}


def _obligations(ctx: Context, client: Client) -> set[tuple[object, ...]]:
    return {(client_key(each.what),) for each in ctx.uow.obligations.current(client.id)}


_NOUNS: Mapping[str, _Noun] = {
    "walkthrough": _Noun(
        "record", ("client", "agreement", "to", "on"), _walkthroughs,
        lambda args: (args.agreement.id, args.on, client_key(args.to)),
    ),
    "signature": _Noun(
        "record", ("client", "agreement", "side", "signer", "on"), _signatures,
        lambda args: (args.agreement.id, args.side, client_key(args.signer), args.on),
    ),
    "contract": _Noun(
        "add", ("client", "with", "kind"), _contracts,
        lambda args: (client_key(getattr(args, "with")), client_key(args.reference or "")),
    ),
    "obligation": _Noun("add", ("client", "what"), _obligations, lambda args: (client_key(args.what),)),
}  # fmt: skip


def import_rows(noun: str) -> Callable[[Context, Arguments], Reply]:
    """The handler that reads a table of `noun`."""

    def handler(ctx: Context, args: Arguments) -> Reply:
        about = _NOUNS[noun]
        rows = _Rows(noun, about, row_command(ctx, noun, about.verb))
        return import_table(ctx, args, noun, CONDUCT_FIELDS[noun], about.needed, rows, verb=about.verb)

    return handler


@dataclass(slots=True)
class _Rows:
    noun: str
    about: _Noun
    command: Command
    remarks: list[tuple[int, str]] = field(default_factory=list)
    ending: list[str] = field(default_factory=list)
    asked: Questions = field(default_factory=Questions)
    rows: dict[tuple[object, ...], int] = field(default_factory=dict)

    def clients_named(self, ctx: Context, rows: Sequence[Raw]) -> Sequence[int]:
        names = dict.fromkeys(str(raw.get("client", "")) for raw in rows)
        return [client.id for name in names if (client := ctx.uow.clients.find_by_key(name)) is not None]

    def in_order(self, ctx: Context, rows: Sequence[tuple[int, Raw]]) -> Sequence[tuple[int, Raw]]:
        return rows

    def take(self, ctx: Context, number: int, raw: Raw) -> str:
        client = lookup.client_called(ctx, str(raw["client"]))
        args = convert(self.command, {**raw, "client": client.name}, ctx)
        self.remarks += [(number, each) for each in args.readings]
        key = self.about.key(args)
        if self.rows.setdefault((client.id, *key), number) != number:
            raise Conflict(f"It is the same {self.noun} as row {self.rows[client.id, *key]}. Leave one of them.")
        if key in self.about.known(ctx, client):
            self.remarks.append((number, f"the {self.noun} {_ON_RECORD}"))
            return "unchanged"
        self.command.handler(replace(ctx, uploads=()), args)  # the table is no proof of what a row of it says
        return "added"

    def add_waiting(self, ctx: Context) -> None:
        """Nothing waits: each row is recorded at once."""


COMMANDS = tuple(
    Command(
        noun, "import", import_rows(noun), Role.MANAGER, f"Read {words} from a spreadsheet, after a preview",
        parameters=IMPORT, example=f"/engagement {noun} import", is_slow=True,
    )
    for noun, words in (
        ("walkthrough", "walkthroughs"), ("signature", "signatures"), ("contract", "clients' contracts with others"),
        ("obligation", "what clients must do"),
    )
)  # fmt: skip
