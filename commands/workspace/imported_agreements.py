"""The agreements of a file: added, changed or ended, row by row."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from commands.agreements.agreement import apply_edit, odd_terms, unknown_agreement
from commands.agreements.agreement import save as save_agreement
from commands.agreements.other_client import other_clients_named
from commands.agreements.standing import STANDING_WORDS, standing_of
from commands.arguments import Arguments
from commands.command import Command, Context
from commands.errors import Conflict, UsageError
from commands.grammar import lookup
from commands.grammar.parsing import convert
from commands.rules.agreements.standing import AgreementStanding
from commands.rules.matrix_layout.cleaning import comparable
from commands.workspace.import_answers import Questions
from commands.workspace.record_rows import Raw, named_in, row_command
from storage.records import Agreement, AgreementStatus, Client
from storage.records.agreement import reference_key

_ENDED = (AgreementStatus.TERMINATED, AgreementStatus.SUPERSEDED)
_LAPSED = ("expired", "lapsed")


@dataclass(slots=True)
class ImportedAgreements:
    retire: bool | None
    remarks: list[tuple[int, str]] = field(default_factory=list)
    ending: list[str] = field(default_factory=list)
    asked: Questions = field(default_factory=Questions)
    waiting: list[Agreement] = field(default_factory=list)
    names: set[tuple[int, str]] = field(default_factory=set)
    rows: dict[tuple[int, str], int] = field(default_factory=dict)
    papers: dict[int, dict[str, Agreement]] = field(default_factory=dict)  # of each client, as they are on record
    commands: dict[str, Command] = field(default_factory=dict)  # what a row is read as, by verb

    def clients_named(self, ctx: Context, rows: Sequence[Raw]) -> Sequence[int]:
        found = (
            ctx.uow.clients.find_by_key(name) for name in dict.fromkeys(str(raw.get("client", "")) for raw in rows)
        )
        return [client.id for client in found if client is not None]

    def in_order(self, ctx: Context, rows: Sequence[tuple[int, Raw]]) -> Sequence[tuple[int, Raw]]:
        """Each agreement after the one that it belongs to."""
        names = {named_in(ctx, raw, "reference"): number for number, raw in rows}
        before = {number: names.get(named_in(ctx, raw, "parent")) for number, raw in rows}

        def depth(number: int) -> int:
            above: list[int] = []
            at = before.get(number)
            while at is not None and at not in above:
                above.append(at)
                at = before.get(at)
            return len(above)

        return sorted(rows, key=lambda row: depth(row[0]))

    def take(self, ctx: Context, number: int, raw: Raw) -> str:
        client = lookup.client_called(ctx, str(raw.get("client", "")))
        reference = str(raw.get("reference", ""))
        key = (client.id, reference_key(reference))
        if self.rows.setdefault(key, number) != number:
            raise Conflict(
                f"{reference} of {client.name} is in row {self.rows[key]} already. Leave one row for each agreement."
            )
        if client.id not in self.papers:
            on_record = ctx.uow.agreements.of_client(client.id)
            self.papers[client.id] = {reference_key(each.reference): each for each in on_record}
        known = self.papers[client.id].get(reference_key(reference))
        says = str(raw.get("status", ""))
        says_lapsed = comparable(says) in _LAPSED  # which follows from its dates
        raw = {**raw, "client": client.name, "agreement": reference, "status": "" if says_lapsed else says}
        after = self._stated(ctx, number, client, known, raw)
        if says_lapsed and (stands := standing_of(ctx, client, after).status) is not AgreementStanding.LAPSED:
            self.remarks.append((number, f'status "{says}" is not taken: by its dates it is {STANDING_WORDS[stands]}.'))
        if after != known:
            for text, whom in other_clients_named(ctx, client, known, after):
                message = f'"{text}" names {whom}, and is to be an agreement of {client.name}.'
                self.asked.ask(client.name, text, number, message, client.name, f"skip:{number} leaves it out")
        if known is None:
            self.waiting.append(after)
            self.names.add((client.id, reference_key(after.reference)))
            return "added"
        if after == known:
            return "unchanged"
        self.add_waiting(ctx)
        save_agreement(ctx, after)
        self.papers.clear()
        return "changed"

    def _stated(self, ctx: Context, number: int, client: Client, known: Agreement | None, raw: Raw) -> Agreement:
        """The agreement as its row states it. Raises CommandError."""
        verb = "edit" if known else "add"
        if verb not in self.commands:
            self.commands[verb] = row_command(ctx, "agreement", verb)
        args = convert(self.commands[verb], raw, ctx)
        self.remarks += [(number, each) for each in args.readings]
        self._find(ctx, client, args.parent or "")
        stated = apply_edit(ctx, args) if known else unknown_agreement(ctx, args)
        odd = odd_terms(known, stated)
        self.remarks += [(number, f"{stated.reference} of {client.name}: {each} Check it.") for each in odd]
        status: AgreementStatus | None = args.status
        if args.terminated and status not in (None, *_ENDED):
            raise UsageError(f'it has a last day in "terminated", but its status is {status}. Leave one of them empty.')
        if args.terminated or status in _ENDED:
            return self._ended(number, client, known, stated, args)
        if status not in (None, stated.status):
            follows = f"by its signatures it is {stated.status}"
            kept = f"it is on record as {stated.status}" if stated.status in _ENDED else follows
            self.remarks.append((number, f"status {status} is not taken: {kept}."))
        if args.reason:
            self.remarks.append((number, "the termination reason is not taken: nothing says that it was terminated."))
        return stated

    def _ended(
        self, number: int, client: Client, known: Agreement | None, stated: Agreement, args: Arguments
    ) -> Agreement:
        is_news = known is not None and known.status not in _ENDED
        if is_news and self.retire is False:
            self.remarks.append((number, f"its end is not taken: {stated.reference} stays {stated.status}."))
            return stated
        status = args.status or (AgreementStatus.TERMINATED if stated.status not in _ENDED else stated.status)
        day, reason = args.terminated or stated.terminated_on, args.reason or stated.termination_reason
        if day is None:
            self.remarks.append((number, f'{status}, but no last day is in "terminated": it counts as ended always.'))
        if is_news:
            self.ending.append(f"{stated.reference} of {client.name}")
        return stated.changed(status=status, terminated_on=day, termination_reason=reason)

    def _find(self, ctx: Context, client: Client, *references: str) -> None:
        """Add what waits, if one of the client's papers that are called so is among it."""
        if not self.names.isdisjoint((client.id, reference_key(each)) for each in references):
            self.add_waiting(ctx)

    def add_waiting(self, ctx: Context) -> None:
        ctx.uow.agreements.add_all(self.waiting, at=ctx.now)
        ctx.uow.clients.matrices_changed({each.client_id for each in self.waiting})
        self.waiting, self.names = [], set()
        self.papers.clear()
