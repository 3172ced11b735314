"""Terms behind a link: what they were on a day, by their hash, and whether they changed since the last review."""

from dataclasses import replace
from mimetypes import guess_type

from commands.agreements.agreement import AGREEMENT
from commands.arguments import Arguments
from commands.clients.client import CLIENT
from commands.command import Command, Context
from commands.errors import Conflict, UsageError
from commands.grammar.words import command_line
from commands.parameters import FormLayout, Kind, Parameter
from commands.reply import Choice, Field, Reply, Table
from commands.rules.agreements.linked_terms import Drift, digest_of, drift_of
from commands.rules.text.people import as_person
from commands.rules.text.phrases import capitalize_first
from commands.rules.text.placeholders import BLANK
from storage.records import Agreement, Client, Role, TermsCopy

_IS_OFF = (
    "Fetching is off on this bot. Attach the terms as a file, or ask whoever runs it to set ENGAGEMENT_FETCH_TERMS to "
    "true."
)


def address(ctx: Context, args: Arguments) -> str | None:
    """What has to be fetched before anything is locked; None where a file came, or there is nothing to fetch."""
    return None if ctx.uploads else _url(ctx, args)


def fetch(ctx: Context, args: Arguments) -> Reply:
    """Keep what the terms are now. What they said is not kept: a copy is for `copy attach`."""
    client: Client = args.client
    agreement: Agreement = args.agreement
    if ctx.uploads:
        if len(ctx.uploads) != 1:
            raise UsageError("Attach one file.", fields={"file": "is one file."})
        [upload] = ctx.uploads
        hash_of, digest = digest_of(upload.content, guess_type(upload.name)[0] or "")
        url, name, size = None, upload.name[:255], len(upload.content)
    else:
        url = _url(ctx, args)
        if url is None:
            raise UsageError(
                f"{agreement.reference} has no link. Say where its terms are, or attach them.",
                fields={"url": "is missing."},
                next_steps=(command_line("/engagement agreement fetch", client.name, agreement.reference, url=BLANK),),
            )
        if ctx.fetched is None:
            raise Conflict(_IS_OFF)
        hash_of, digest = digest_of(ctx.fetched.content, ctx.fetched.media)
        name, size = None, len(ctx.fetched.content)
    copy = ctx.uow.terms_copies.add(
        TermsCopy(
            client_id=client.id, agreement_id=agreement.id, hash_of=hash_of, content_hash=digest, taken_at=ctx.now,
            taken_by=ctx.actor.user, url=url, name=name, size=size,
        )
    )  # fmt: skip
    earlier = [each for each in _copies(ctx, client, agreement) if each.id != copy.id]
    drift = _drift(ctx, client, agreement)
    last = earlier[-1] if earlier else None
    is_same = last is not None and (last.hash_of, last.content_hash) == (hash_of, digest)
    said = "the first that is kept" if last is None else "as they were" if is_same else "not as they were"
    cautions = [_sentence(drift)] if drift else []
    cautions.append("Only the hash is kept: attach a copy of what they say with copy attach.")
    return Reply(
        f"{client.name}, {agreement.reference}: its linked terms are {said}.",
        fields=(
            Field("From", str(copy.url or copy.name)),
            Field("SHA-256", f"{copy.content_hash} (of the {'readable text' if hash_of == 'text' else 'file'})"),
            Field("Size", f"{copy.size:,} bytes"),
        ),
        cautions=tuple(cautions),
        choices=_choices(client, agreement, drift),
        data={"terms": copy.model_dump(mode="json"), "changed": drift is not None, "same": is_same},
    )


def show(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    agreement: Agreement = args.agreement
    known = _copies(ctx, client, agreement)
    drift = _drift(ctx, client, agreement)
    rows = tuple(
        (
            str(ctx.day_of(each.taken_at, client)), each.url or each.name or "", each.hash_of.value, each.content_hash,
            as_person(each.taken_by),
        )
        for each in known
    )  # fmt: skip
    state = "no copy of its linked terms was compared yet."
    if known:
        state = (
            _sentence(drift) if drift else "its linked terms are as they were at the last review, or since the first."
        )
    first = command_line("/engagement agreement fetch", client.name, agreement.reference)
    return Reply(
        f"{client.name}, {agreement.reference}: {state}",
        table=Table(("On", "From", "Hash of", "SHA-256", "By"), rows) if rows else None,
        choices=_choices(client, agreement, drift),
        next_steps=() if rows else (first,),
        data={"terms": [each.model_dump(mode="json") for each in known], "changed": drift is not None},
    )


def _choices(client: Client, agreement: Agreement, drift: Drift | None) -> tuple[Choice, ...]:
    if drift is None:
        return ()
    line = command_line("agreement edit", client.name, agreement.reference, reviewed=BLANK)
    return (Choice("Record the review", line, opens_form=True),)


def _sentence(drift: Drift) -> str:
    said = drift.in_words
    return f"{capitalize_first(said)}. Read what changed, and record the review."


def _copies(ctx: Context, client: Client, agreement: Agreement) -> list[TermsCopy]:
    return [each for each in ctx.uow.terms_copies.of_client(client.id) if each.agreement_id == agreement.id]


def _drift(ctx: Context, client: Client, agreement: Agreement) -> Drift | None:
    copies = _copies(ctx, client, agreement)
    return drift_of(copies, agreement.last_reviewed_on, lambda at: ctx.day_of(at, client))


def _url(ctx: Context, args: Arguments) -> str | None:
    """What was given, else where it was fetched last, else the agreement's own link."""
    fetched = [each.url for each in _copies(ctx, args.client, args.agreement) if each.url]
    url: str | None = args.url or (fetched[-1] if fetched else args.agreement.document_url)
    return url


_READ = ("pdf", "docx", "html", "txt", "md")
COMMANDS = (
    Command(
        "agreement", "fetch", fetch, Role.TECHNICIAN, "Compare the terms behind a link with what they were",
        parameters=(
            CLIENT, replace(AGREEMENT, positional=True, required=True),
            Parameter("url", "where the terms are, on https; where they were last if left out", Kind.URL),
            Parameter("file", "the terms as a file, in place of fetching them", Kind.FILE, file_types=_READ),
        ),
        fetches=address, is_slow=True, form=FormLayout(submit="Compare"),
        example="/engagement agreement fetch calder SOW-A url:https://files.calder.com/terms.html",
    ),
    Command(
        "agreement", "fetched", show, Role.VIEWER, "What the linked terms were, and whether they changed",
        parameters=(CLIENT, replace(AGREEMENT, positional=True, required=True)), changes=False,
        example="/engagement agreement fetched calder SOW-A",
    ),
)  # fmt: skip
