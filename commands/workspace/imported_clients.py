"""The clients of a file: added, changed, taken on again or let go, row by row."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from commands.arguments import Arguments
from commands.clients.client import edits, new_client, save_client
from commands.command import Context
from commands.errors import Conflict, UsageError
from commands.grammar.parsing import convert
from commands.rules.questions.like_names import KnownNames, difference
from commands.workspace.import_answers import Questions
from commands.workspace.record_rows import Raw, row_command
from storage.records import Client, ClientStatus
from storage.records.client import client_key


@dataclass(slots=True)
class ImportedClients:
    retire: bool | None
    separate: bool
    remarks: list[tuple[int, str]] = field(default_factory=list)
    ending: list[str] = field(default_factory=list)
    asked: Questions = field(default_factory=Questions)
    waiting: list[Client] = field(default_factory=list)
    channels: set[str] = field(default_factory=set)
    rows: dict[str | int, int] = field(default_factory=dict)
    like: KnownNames | None = None

    def clients_named(self, ctx: Context, rows: Sequence[Raw]) -> Sequence[int]:
        return ()

    def in_order(self, ctx: Context, rows: Sequence[tuple[int, Raw]]) -> Sequence[tuple[int, Raw]]:
        return rows

    def take(self, ctx: Context, number: int, raw: Raw) -> str:
        name, aliases = str(raw.get("name", "")), tuple(raw.get("alias", ()))
        for each in (name, *aliases, *raw.get("former", ())):
            self._once(client_key(each), number, each)
        known = ctx.uow.clients.find_by_key(name)
        if known is not None:
            self._once(known.id, number, name)
            return self._edit(ctx, number, known, raw)
        args = convert(row_command(ctx, "client"), raw, ctx)
        self.remarks += [(number, each) for each in args.readings]
        if not self.channels.isdisjoint(args.channel):
            self.add_waiting(ctx)
        client = self._with_past(ctx, number, new_client(ctx, args), args)
        self._refuse_like_names(ctx, client)
        self.waiting.append(client)
        self.channels.update(client.channels)
        return "added"

    def _refuse_like_names(self, ctx: Context, client: Client) -> None:
        """Raises Conflict where only spelling, a legal form or a slip tells it from a client on record or above."""
        if self.like is None:
            self.like = KnownNames()
            for key, name in ctx.uow.clients.keys().items():
                self.like.add(key, f"{name} on record")
        for name in (client.name, *client.aliases):
            if not self.separate and (found := self.like.like(name)) is not None:
                other, is_same = found
                raise Conflict(
                    f'"{name}" is nearly the name of {other}: {difference(is_same)}. If it is the same client, write '
                    "its name as it is there; if it is another, import with separate:yes."
                )
        for name in (client.name, *client.aliases):
            self.like.add(name, f'"{client.name}" above')

    def _once(self, key: str | int, number: int, name: str) -> None:
        """Raises Conflict for a client that another row is about."""
        if self.rows.setdefault(key, number) != number:
            raise Conflict(
                f'"{name}" is in row {self.rows[key]} already. A client has one row, and a name belongs to one client.'
            )

    def _edit(self, ctx: Context, number: int, known: Client, raw: Raw) -> str:
        ours = {client_key(each) for each in (known.name, *known.aliases)}
        aliases = tuple(each for each in raw.get("alias", ()) if client_key(each) not in ours)
        raw = {**raw, "client": known.name, "alias": aliases}
        if client_key(str(raw["name"])) != client_key(known.name):
            del raw["name"]  # another name of the same client is no new name
        args = convert(row_command(ctx, "client", "edit"), raw, ctx)
        self.remarks += [(number, each) for each in args.readings]
        after = known.changed(**edits(args))
        after = self._with_past(ctx, number, after, args)
        if after == known:
            return "unchanged"
        self.add_waiting(ctx)
        save_client(ctx, known, after)
        return "changed"

    def _with_past(self, ctx: Context, number: int, client: Client, args: Arguments) -> Client:
        """With the former names and the status of its row. Raises Conflict for another client's name."""
        known = set(map(client_key, (client.name, *client.former_names)))
        former = [name for name in args.former if client_key(name) not in known]
        for name in former:
            if (other := ctx.uow.clients.find_by_key(name)) is not None and other.id != client.id:
                raise Conflict(f'"{name}" is already the name or an alias of {other.name}.')
        client = client.changed(former_names=(*client.former_names, *former)) if former else client
        if args.offboarded and args.status is ClientStatus.ACTIVE:
            raise UsageError(
                'it has a last day in "offboarded", but its status is active.',
                fields={"offboarded": "is a last day, but the status is active. Leave one of them empty."},
            )
        status = ClientStatus.OFFBOARDED if args.offboarded else args.status or client.status
        if status is ClientStatus.ACTIVE:
            return client.changed(status=status, offboarded_on=None) if client.is_offboarded else client
        is_news = client.id != 0 and not client.is_offboarded
        if is_news and self.retire is False:
            self.remarks.append((number, f"status {status} is not taken: {client.name} stays {client.status}."))
            return client
        if is_news:
            self.ending.append(client.name)
        return client.changed(status=status, offboarded_on=args.offboarded or client.offboarded_on)

    def add_waiting(self, ctx: Context) -> None:
        ctx.uow.clients.add_all(self.waiting)
        self.waiting, self.channels = [], set()
