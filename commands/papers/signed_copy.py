"""Signed copies come back: a PDF, picture or DOCX is kept with its hash, tied to the paper that was signed."""

from hashlib import sha256

from commands.agreements.agreement import NAMED_AGREEMENT
from commands.arguments import Arguments
from commands.clients.client import CLIENT
from commands.command import Command, Context
from commands.errors import Conflict, NotFound, UsageError
from commands.grammar.words import command_line
from commands.history import versions
from commands.parameters import Kind, Parameter
from commands.reply import Choice, Field, File, Reply, Table
from commands.rules.text.people import as_person
from commands.signed_copies import FILE_TYPES, FILE_WORDS, keep, media_of, one_upload, size_words
from storage.records import Client, CopyOf, Role


def attach(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    upload = one_upload(ctx)
    media_of(upload)
    digest = sha256(upload.content).hexdigest()
    known = next((each for each in ctx.uow.attachments.of_client(client.id) if each.file_hash == digest), None)
    if (
        known is not None
        and known.kind is args.of
        and known.agreement_id == (args.agreement.id if args.agreement else None)
    ):
        raise Conflict(
            f"That very file is kept already, as number {known.id}, since {ctx.day_of(known.added_at, client)}."
        )
    number = _number(ctx, client, args.number) if args.number is not None else None
    agreement_id = args.agreement.id if args.agreement else None
    subject = _subject(ctx, client, args)
    kept = keep(ctx, client, upload, args.of, agreement_id=agreement_id, subject=subject, number=number)
    facts = (
        ("File", f"{kept.name}, {size_words(kept.size)}"),
        ("SHA-256", kept.file_hash),
        ("Copy of", kept.number or "no paper of ours is named"),
    )
    cautions = ["The file is kept as it is. Nobody has read in it who signed: record that with its own command."]
    original = ctx.uow.papers.by_file(digest)
    if original is not None:
        cautions.insert(0, f"It is the very file that was made as {original.number}: without a signature in it.")
    return Reply(
        f"The signed copy ({args.of.value}) of {client.name} is kept as number {kept.id}.",
        fields=tuple(Field(label, value) for label, value in facts),
        cautions=tuple(cautions),
        next_steps=(command_line("/engagement copy list", client.name),),
        data={"attachment": kept.model_dump(mode="json")},
    )


def list_copies(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    known = ctx.uow.attachments.of_client(client.id)
    papers = {each.id: each.reference for each in ctx.uow.agreements.of_client(client.id)}
    rows = tuple(
        (
            str(each.id), each.kind.value, papers.get(each.agreement_id or 0, ""), each.name, each.number or "",
            str(ctx.day_of(each.added_at, client)), as_person(each.added_by), each.file_hash[:16],
        )
        for each in known
    )  # fmt: skip
    count = "1 signed copy is" if len(rows) == 1 else f"{len(rows)} signed copies are"
    columns = ("No.", "Of", "Agreement", "File", "Paper", "Added on", "By", "SHA-256 begins")
    return Reply(
        f"{client.name}: {count} kept." if rows else f"{client.name}: no signed copy is kept.",
        table=Table(columns, rows) if rows else None,
        choices=tuple(Choice(f"Get {each.id}", command_line("copy get", client.name, each.id)) for each in known[-3:]),
        data={"attachments": [each.model_dump(mode="json") for each in known]},
    )


def get_copy(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    found = next((each for each in ctx.uow.attachments.of_client(client.id) if each.id == args.number), None)
    content = ctx.uow.attachments.content_of(found) if found else b""
    if found is None or not content:
        raise NotFound(
            f"{client.name} has no signed copy number {args.number}.",
            next_steps=(command_line("/engagement copy list", client.name),),
        )
    is_whole = sha256(content).hexdigest() == found.file_hash
    return Reply(
        f"Signed copy {found.id} of {client.name}: {found.name}.",
        fields=(Field("SHA-256", found.file_hash),),
        cautions=() if is_whole else ("Its bytes are not those that were kept: the database was changed.",),
        files=(File(found.name, content, f"{found.kind.value}, {client.name}"),),
        data={"attachment": found.model_dump(mode="json"), "is_whole": is_whole},
    )


def _number(ctx: Context, client: Client, typed: str) -> str:
    known = {each.number for each in ctx.uow.papers.of_client(client.id)}
    number = typed.strip().upper()
    if number not in known:
        there = f" There is {', '.join(sorted(known)[-5:])}." if known else " None was made yet."
        raise UsageError(
            f'number: no paper "{typed}" was made for {client.name}.{there}',
            fields={"number": "is no paper that was made for this client."},
        )
    return number


def _subject(ctx: Context, client: Client, args: Arguments) -> str | None:
    if args.what is None:
        return None
    found = versions.find_by_name(
        ctx.uow.recommendations.current(client.id), args.what, lambda each: each.what,
        f"{client.name} has no declined recommendation",
    )  # fmt: skip
    return f"recommendation:{found.what}"


COMMANDS = (
    Command(
        "copy", "attach", attach, Role.TECHNICIAN, "Keep a signed copy that came back", is_slow=True,
        parameters=(
            CLIENT,
            Parameter("of", "what it is a copy of", Kind.CHOICE, positional=True, required=True, choices=CopyOf),
            NAMED_AGREEMENT, Parameter("what", "for a declination: what was declined"),
            Parameter("number", "the document number on it, such as RS-20260302-0A1B2C3D4E"),
            Parameter("file", FILE_WORDS, Kind.FILE, file_types=FILE_TYPES),
        ),
        example="/engagement copy attach calder statement agreement:SOW-A",
    ),
    Command(
        "copy", "list", list_copies, Role.VIEWER, "The signed copies that are kept", changes=False,
        parameters=(CLIENT,), example="/engagement copy list calder",
    ),
    Command(
        "copy", "get", get_copy, Role.VIEWER, "Get a signed copy back", changes=False, is_slow=True,
        parameters=(
            CLIENT, Parameter("number", "its number in the list", Kind.INTEGER, positional=True, required=True),
        ),
        example="/engagement copy get calder 1",
    ),
)  # fmt: skip
