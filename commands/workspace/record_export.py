"""All clients, or all agreements, as a file that can be imported again."""

from collections.abc import Mapping, Sequence

from commands.arguments import Arguments
from commands.command import Context
from commands.matrix.export import FileFormat
from commands.policy import reservation_of
from commands.reply import File, Reply
from commands.rules.imports.titles import AGREEMENT_FIELDS, CLIENT_FIELDS, fields_of, own_header
from commands.rules.text.cell_lists import join_list
from commands.spreadsheets.writing import write_csv, write_xlsx
from commands.workspace.record_rows import SAME_DAY, Raw, as_typed, row_command
from storage.records import Agreement, Client, Record

NOT_EXPORTED: Mapping[type[Record], Mapping[str, str]] = {
    Client: {
        "id": "numbers a row of this database",
        "version": "counts the changes in this database",
        "matrix_version": "counts the changes in this database",
        "merged_into": "a merged client is found by the names of the one it became part of",
    },
    Agreement: {
        "id": "numbers a row of this database",
        "version": "counts the changes in this database",
    },
}
"""The fields of a record that its export leaves out, and why. A test sees to it that all others come back."""


def export_clients(ctx: Context, args: Arguments) -> Reply:
    clients = ctx.uow.clients.list(offboarded=True)
    typed = [_client_as_typed(ctx, each) for each in clients]
    return _export(ctx, args, "client", CLIENT_FIELDS, typed)


def export_agreements(ctx: Context, args: Arguments) -> Reply:
    clients = {client.id: client for client in ctx.uow.clients.list(offboarded=True)}
    typed = [_agreement_as_typed(ctx, clients[each.client_id], each) for each in ctx.uow.agreements.list()]
    return _export(ctx, args, "agreement", AGREEMENT_FIELDS, typed)


def _client_as_typed(ctx: Context, each: Client) -> Raw:
    ended = {"offboarded": str(each.offboarded_on)} if each.offboarded_on else {}
    typed = as_typed(ctx, "client", client=each)
    return {**typed, "status": each.status.value, "former": each.former_names, **ended}


def _agreement_as_typed(ctx: Context, client: Client, each: Agreement) -> Raw:
    ended = {"terminated": each.terminated_on, "reason": each.termination_reason}
    return {
        **as_typed(ctx, "agreement", client=client, agreement=each),
        "reference": each.reference,
        "status": each.status.value,
        **{name: str(value) for name, value in ended.items() if value is not None},
    }


def _export(ctx: Context, args: Arguments, noun: str, known: Mapping[str, str], typed: Sequence[Raw]) -> Reply:
    names = [each.name for each in row_command(ctx, noun).parameters if each.name != SAME_DAY]
    fields = fields_of(names, known)
    header = [own_header(fields[name]) for name in names]
    table = [[_cell(each.get(name, "")) for name in names] for each in typed]
    as_csv = args.format is FileFormat.CSV
    title = f"{noun.capitalize()}s"
    line = reservation_of(ctx.policy)
    if as_csv:
        content = write_csv(header, table, reservation=line)
    else:
        content = write_xlsx(header, table, sheet_name=title, reservation=line)
    file = File(f"{noun}s.{'csv' if as_csv else 'xlsx'}", content, title)
    return Reply(f"{len(typed)} {noun}s.", files=(file,), data={"rows": len(typed), "file": file.name})


def _cell(value: str | int | tuple[str, ...]) -> str:
    return join_list(value) if isinstance(value, tuple) else str(value)
