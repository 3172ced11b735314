"""From the record to a file: the content, its wording, the bytes, and the entry that it was made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from commands.command import Context
from commands.errors import UsageError
from commands.papers.content import PaperContent
from commands.papers.facts import PaperFacts
from commands.papers.own_wording import Wording, shipped_template, wording_of
from commands.papers.typesetting import write_pdf
from commands.papers.word import write_docx
from commands.reply import File
from commands.rules.dates.format import format_date
from commands.rules.text.phrases import name_in_file
from storage.records import Client, Paper, PaperFormat, PaperKind

Writer = Callable[[dict[str, str]], PaperContent]
"""Writes the content around the passages, which come filled in."""


@dataclass(frozen=True, slots=True)
class Made:
    """`unreadable`: text for which there are no letters in the PDF's fonts."""

    paper: Paper
    content: PaperContent
    file: File
    unreadable: str = ""


def filled_in(texts: Mapping[str, str], facts: PaperFacts) -> dict[str, str]:
    """The passages with their fields. Raises jinja2.TemplateError; a template is tried before it is taken."""
    fields = {
        "client": facts.client.name, "provider": facts.provider_name, "agreements": facts.references,
        "as_of": format_date(facts.day),
    }  # fmt: skip
    writing = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
    return {name: writing.from_string(text).render(fields) for name, text in texts.items()}


def make(ctx: Context, kind: PaperKind, facts: PaperFacts, write: Writer, form: PaperFormat) -> Made:
    """The paper of that kind, written by `write`, as a file of that `form`. Its making is recorded; raises UsageError
    for a template of one's own that asks for a field that is no more.
    """
    wording = wording_of(ctx.uow, kind)
    reservation = (ctx.policy.reservation if ctx.policy else None) or ""
    content = replace(with_wording(wording, facts, write), reservation=reservation)
    page = ctx.policy.paper_size if ctx.policy else "a4"
    unreadable = ""
    if form is PaperFormat.DOCX:
        written = _word(content, wording, page)
    else:
        pdf = write_pdf(content, page=page)
        written, unreadable = pdf.content, pdf.unreadable
    one = facts.chosen[0].id if len(facts.chosen) == 1 else None
    paper = record(ctx, content, facts.client, form, written, one, wording.version)
    name = f"{kind.value}-{name_in_file(facts.client.name)}-{content.number}.{form.value}"
    return Made(paper, content, File(name, written, f"{content.title}, {facts.client.name}"), unreadable)


def with_wording(wording: Wording, facts: PaperFacts, write: Writer) -> PaperContent:
    """What the paper says in that wording."""
    return replace(write(filled_in(wording.passages, facts)), wording=wording.said)


def _word(content: PaperContent, wording: Wording, page: str) -> bytes:
    """Raises UsageError for a template of one's own from before a release that took one of its fields away."""
    if wording.template is None:
        return write_docx(content, shipped_template(content.kind, page))
    try:
        return write_docx(content, wording.template)
    except TemplateError as error:
        kind = content.kind.value
        raise UsageError(
            f"Template version {wording.version} of the {kind} cannot be filled in any more: {error}. Take it out, "
            "mend it, and put it back in, or go back to the shipped one.",
            next_steps=(f"/engagement template get {kind}", f"/engagement template reset {kind}"),
        ) from error


def record(
    ctx: Context, content: PaperContent, client: Client, form: PaperFormat, written: bytes, agreement_id: int | None,
    template: int = 0,
) -> Paper:  # fmt: skip
    """Keep that it was made, by its number and hashes, with what it says."""
    return ctx.uow.papers.record(
        Paper(
            client_id=client.id,
            agreement_id=agreement_id,
            kind=content.kind,
            format=form,
            number=content.number,
            as_of=content.as_of,
            content_hash=content.digest,
            file_hash=sha256(written).hexdigest(),
            size=len(written),
            template=template,
            made_at=ctx.now,
            made_by=ctx.actor.user,
        ),
        content.as_data(),
    )
