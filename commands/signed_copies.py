"""Signed copies and proofs: which files are kept, told by what is in them, and beside which record."""

import re
import zipfile
from hashlib import sha256
from io import BytesIO

from commands.command import Context, Upload
from commands.errors import UsageError
from commands.grammar.words import command_line
from commands.parameters import Kind, Parameter
from commands.reply import Choice
from commands.zip_files import ZIP_DAMAGE, is_word_document
from storage.records import Agreement, Attachment, Client, CopyOf, MediaType

MOST_BYTES = 25_000_000
FILE_TYPES = ("pdf", "png", "jpg", "jpeg", "docx")
FILE_WORDS = "one PDF, PNG, JPEG or DOCX of at most 25 MB"
FILE = Parameter("file", f"the signed copy or proof: {FILE_WORDS}", Kind.FILE, file_types=FILE_TYPES)
"""For a command that records what is proven by a file."""
COPY_GET = "copy get"
_NUMBER = re.compile(r"(?:RS|WS|DQ|AD|DR|NN|IS)-[0-9]{8}-[0-9A-F]{10}")
_BEGINNINGS = ((b"\x89PNG\r\n\x1a\n", MediaType.PNG), (b"\xff\xd8\xff", MediaType.JPEG))


def one_upload(ctx: Context) -> Upload:
    """Raises UsageError without exactly one file."""
    if len(ctx.uploads) != 1:
        raise UsageError(
            f"Send {FILE_WORDS} with this command.",
            fields={"file": f"is missing: {FILE_WORDS}."},
            next_steps=("engagement-bot paper attach --help",),
        )
    return ctx.uploads[0]


def keep(
    ctx: Context, client: Client, upload: Upload, of: CopyOf, *, agreement_id: int | None = None,
    subject: str | None = None, number: str | None = None,
) -> Attachment:  # fmt: skip
    """Keep the file. `number` is the paper of ours that it is a copy of. Raises UsageError for what is not kept."""
    return ctx.uow.attachments.keep(
        Attachment(
            client_id=client.id, agreement_id=agreement_id, kind=of, subject=subject,
            number=number or number_in(ctx, client, upload), name=upload.name[-255:], media=media_of(upload),
            file_hash=sha256(upload.content).hexdigest(), size=len(upload.content), added_at=ctx.now,
            added_by=ctx.actor.user,
        ),
        upload.content,
    )  # fmt: skip


def keep_with(
    ctx: Context, client: Client, of: CopyOf, *, agreement_id: int | None = None, subject: str | None = None
) -> tuple[str, ...]:
    """Keep the file that came with a recording command, and what to say of it; nothing where none came."""
    if not ctx.uploads:
        return ()
    kept = keep(ctx, client, one_upload(ctx), of, agreement_id=agreement_id, subject=subject)
    paper = f", as a copy of {kept.number}" if kept.number else ""
    return (f"{kept.name} is kept as number {kept.id}{paper}. SHA-256: {kept.file_hash}",)


def copies_of(ctx: Context, client: Client, agreement: Agreement) -> str | None:
    """The signed copies that are kept of the agreement itself, with how to get each."""
    said = [
        f"{each.name}, SHA-256 {each.file_hash[:12]}…: {command_line('/engagement copy get', client.name, each.id)}"
        for each in _of_agreement(ctx, client, agreement)
    ]
    return "; ".join(said) or None


def newest_copy(ctx: Context, client: Client, *agreements: Agreement | None) -> Attachment | None:
    """The signed copy that was kept last of the first agreement that has one."""
    found = (_of_agreement(ctx, client, each) for each in agreements if each is not None)
    return next((kept[-1] for kept in found if kept), None)


def copy_choice(client: Client, kept: Attachment) -> Choice:
    """The button that brings the file."""
    return Choice("Signed copy", command_line(COPY_GET, client.name, kept.id))


def _of_agreement(ctx: Context, client: Client, agreement: Agreement) -> list[Attachment]:
    """Oldest first."""
    return [
        each
        for each in ctx.uow.attachments.of_client(client.id)
        if each.agreement_id == agreement.id and each.kind in (CopyOf.AGREEMENT, CopyOf.ADDENDUM)
    ]


def number_in(ctx: Context, client: Client, upload: Upload) -> str | None:
    """The paper made for the client that the file is a copy of, as its name or its bytes say."""
    known = {each.number for each in ctx.uow.papers.of_client(client.id)}
    said = (*_NUMBER.findall(upload.name), *_NUMBER.findall(upload.content.decode("latin-1")))
    return next((number for number in said if number in known), None)


def media_of(upload: Upload) -> MediaType:
    """By content. Raises UsageError for what is none of the four, or too large, or empty."""
    content = upload.content
    if len(content) > MOST_BYTES:
        raise _refused(f"{upload.name} has {size_words(len(content))}.")
    if b"%PDF-" in content[:1024]:
        return MediaType.PDF
    for beginning, media in _BEGINNINGS:
        if content.startswith(beginning):
            return media
    if _is_docx(content):
        return MediaType.DOCX
    raise _refused(f"{upload.name} is none of them, by what is in it." if content else f"{upload.name} is empty.")


def size_words(count: int) -> str:
    return f"{count / 1_000_000:.1f} MB" if count >= 100_000 else f"{count / 1000:.1f} KB"


def _is_docx(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            return is_word_document(package)
    except ZIP_DAMAGE:
        return False


def _refused(said: str) -> UsageError:
    return UsageError(f"{said} Kept is {FILE_WORDS}.", fields={"file": f"{said} Kept is {FILE_WORDS}."})
