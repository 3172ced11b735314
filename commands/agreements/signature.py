"""Signatures: who signed an agreement for which side, with title, in what manner, and what was signed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from itertools import groupby

from commands.agreements.agreement import AGREEMENT, OPTIONAL_AGREEMENT, ask_about_terms, save, with_signed_status
from commands.agreements.agreement_reply import signatures_of
from commands.arguments import Arguments
from commands.clients.client import CLIENT
from commands.command import Command, Context
from commands.errors import Conflict
from commands.grammar.words import command_line
from commands.history.versions import replace_version, stamp
from commands.parameters import Kind, Parameter
from commands.reply import Group, Item, Reply, Table
from commands.rules.agreements.signature import MANNER_WORDS, SIDES, signature_words
from commands.rules.history.lag import date_with_lag
from commands.rules.text.phrases import counted
from commands.rules.text.placeholders import BLANK
from commands.signed_copies import FILE, keep_with
from storage.records import Agreement, AgreementStatus, Client, CopyOf, Role, Side, Signature, SignatureManner

_SIDE_WORDS = {"us": "msp", "ours": "msp", "we": "msp", "customer": "client", "them": "client"}
_MANNER_WORDS = {
    "ink": "wet_ink", "wet": "wet_ink", "paper": "wet_ink", "esign": "e_signature", "esignature": "e_signature",
    "electronic": "e_signature", "click": "click_through", "clickwrap": "click_through",
    "click_wrap": "click_through",
}  # fmt: skip
_OPTIONS = {"title": "title", "manner": "manner", "provider": "provider", "envelope": "envelope",
            "hash": "document_hash"}  # fmt: skip
_NOT_RECORDED = "not recorded"
_COLUMNS = ("Agreement", "Side", "Signer", "Title", "Signed", "Manner", "Provider", "Envelope", "Document (SHA-256)")


def record(ctx: Context, args: Arguments) -> Reply:
    """The side's day is set by it where there was none; a newer record of the same side replaces the older one."""
    client: Client = args.client
    agreement: Agreement = args.agreement
    on = args.on or ctx.today_for(client)
    if agreement.status in (AgreementStatus.TERMINATED, AgreementStatus.SUPERSEDED):
        raise Conflict(f"{agreement.reference} is {agreement.status.value}; it cannot be signed any more.")
    _refuse_other_day(client, agreement, args.side, on)
    given = {field: getattr(args, name) for name, field in _OPTIONS.items() if getattr(args, name) is not None}
    if ctx.uploads and args.hash is None:
        given["document_hash"] = sha256(ctx.uploads[0].content).hexdigest()
    earlier = _current(ctx, agreement, args.side)
    if earlier is not None and earlier.signer == args.signer and earlier.signed_on == on:
        kept = replace_version(ctx, ctx.uow.signatures, earlier, given)
    else:
        if earlier is not None:
            ctx.uow.signatures.supersede(earlier, at=ctx.now, by=ctx.actor.user)
        kept = ctx.uow.signatures.record(
            Signature(
                client_id=client.id, agreement_id=agreement.id, side=args.side, signer=args.signer, signed_on=on,
                **given, **stamp(ctx),
            )
        )  # fmt: skip
    _sign(ctx, agreement, kept)
    lines = keep_with(ctx, client, CopyOf.AGREEMENT, agreement_id=agreement.id, subject=f"signature:{args.side.value}")
    return Reply(
        f"{agreement.reference} is signed by {signature_words(kept)}.",
        lines=lines,
        cautions=_not_recorded(kept),
        next_steps=(command_line("/engagement agreement show", client.name, agreement.reference),),
        data={"signature": kept.model_dump(mode="json")},
    )


def list_signatures(ctx: Context, args: Arguments) -> Reply:
    """A side whose day is known and nothing else has a row, too: it says what is not recorded."""
    client: Client = args.client
    agreements = [args.agreement] if args.agreement else ctx.uow.agreements.of_client(client.id)
    signed: list[_Signed] = []
    for agreement in agreements:
        known = {each.side: each for each in signatures_of(ctx, agreement, ctx.now)}
        for side in Side:
            if side in known:
                kept = known[side]
                on = date_with_lag(kept.signed_on, ctx.day_of(kept.recorded_at, client))
                signed.append(_Signed(agreement, side, kept.signer, on, kept))
            elif (day := _day(agreement, side)) is not None:
                signer = agreement.client_signer if side is Side.CLIENT else None
                signed.append(_Signed(agreement, side, signer, str(day), None))
    found = [each.signature for each in signed if each.signature is not None]
    bare = [each.agreement for each in signed if each.signature is None]
    next_line = (
        command_line("/engagement signature record", client.name, bare[0].reference, side=BLANK, signer=BLANK, on=BLANK)
        if bare
        else None
    )
    return Reply(
        f"{client.name}: {counted(len(signed), 'signature is', 'signatures are')} recorded."
        if signed
        else f"{client.name}: no signature is recorded.",
        table=Table(_COLUMNS, tuple(each.row for each in signed)) if signed else None,
        groups=tuple(_groups(signed)),
        cautions=("Recorded by us: no signature was verified by the bot.",) if signed else (),
        next_steps=(next_line,) if next_line else (),
        data={"signatures": [each.model_dump(mode="json") for each in found]},
    )  # fmt: skip


def _groups(signed: Sequence["_Signed"]) -> Iterator[Group]:
    """By agreement: who signed for which side, then when, how, and what."""
    for reference, of_paper in groupby(signed, lambda each: each.agreement.reference):
        yield Group(reference, tuple(each.item for each in of_paper))


@dataclass(frozen=True, slots=True)
class _Signed:
    """A line of the list. Without a `signature` only the day is known, and perhaps who signed for the client."""

    agreement: Agreement
    side: Side
    signer: str | None
    on: str
    signature: Signature | None

    @property
    def manner(self) -> str | None:
        kept = self.signature
        return MANNER_WORDS[kept.manner] if kept is not None and kept.manner else None

    @property
    def row(self) -> tuple[str, ...]:
        kept = self.signature
        more = (kept.provider, kept.envelope, kept.document_hash) if kept is not None else ("", "", "")
        return (
            self.agreement.reference, SIDES[self.side], self.signer or _NOT_RECORDED, (kept and kept.title) or "",
            self.on, self.manner or _NOT_RECORDED, *(each or "" for each in more),
        )  # fmt: skip

    @property
    def item(self) -> Item:
        kept = self.signature
        who = ", ".join(filter(None, (self.signer, kept.title if kept is not None else None)))
        unknown = [what for what, said in (("how", self.manner), ("by whom", self.signer)) if not said]
        how = f", {self.manner}" if self.manner else ""
        by = f". Not recorded: {' and '.join(unknown)}" if unknown else ""
        through = [*filter(None, (kept.provider, kept.envelope and f"envelope {kept.envelope}"))] if kept else []
        proof = f" ({', '.join(through)})" if through else ""
        document = f" Document: SHA-256 {kept.document_hash}." if kept and kept.document_hash else ""
        head = f"For {SIDES[self.side]}: {who}" if who else f"For {SIDES[self.side]}"
        return Item(head, f"Signed on {self.on}{how}{proof}{by}.{document}")


def _refuse_other_day(client: Client, agreement: Agreement, side: Side, on: date) -> None:
    """Raises Conflict where another day is on record for that side: one of the two is wrong."""
    day = _day(agreement, side)
    if day is not None and day != on:
        name = f"{side.value}_signed"
        raise Conflict(
            f"{agreement.reference} is recorded as signed by {SIDES[side]} on {day}, not on {on}. "
            f"Give on:{day}, or correct the agreement first.",
            next_steps=(command_line("/engagement agreement edit", client.name, agreement.reference, **{name: on}),),
        )


def _sign(ctx: Context, agreement: Agreement, signature: Signature) -> None:
    """The agreement's own fields: the day, and who signed for the client where nobody was named."""
    changes: dict[str, object] = {}
    if _day(agreement, signature.side) is None:
        changes[f"{signature.side.value}_signed_on"] = signature.signed_on
    if signature.side is Side.CLIENT and agreement.client_signer is None:
        changes["client_signer"] = ", ".join(filter(None, (signature.signer, signature.title)))
    if not changes:
        return
    after = with_signed_status(agreement.changed(**changes))
    ask_about_terms(ctx, agreement, after)
    save(ctx, after)


def _not_recorded(signature: Signature) -> tuple[str, ...]:
    missing = [
        words
        for words, value in (
            ("the title", signature.title or ("," in signature.signer)),
            ("the manner", signature.manner),
            ("which document it was (hash:)", signature.document_hash),
            ("the envelope", signature.envelope or signature.manner is not SignatureManner.E_SIGNATURE),
        )
        if not value
    ]
    return (f"Not recorded: {', '.join(missing)}.",) if missing else ()


def _current(ctx: Context, agreement: Agreement, side: Side) -> Signature | None:
    return next((each for each in signatures_of(ctx, agreement, ctx.now) if each.side is side), None)


def _day(agreement: Agreement, side: Side) -> date | None:
    return agreement.client_signed_on if side is Side.CLIENT else agreement.msp_signed_on


COMMANDS = (
    Command(
        "signature", "record", record, Role.MANAGER, "Record who signed an agreement, in what manner, and what it was",
        parameters=(
            CLIENT, AGREEMENT,
            Parameter(
                "side", "which side they signed for", Kind.CHOICE, positional=True, required=True, choices=Side,
                words=_SIDE_WORDS,
            ),
            Parameter("signer", "who signed", required=True),
            Parameter("title", "the signer's title"),
            Parameter("on", "the day; today if left out", Kind.DATE, has_happened=True, default="today"),
            Parameter("manner", "how they signed", Kind.CHOICE, choices=SignatureManner, words=_MANNER_WORDS),
            Parameter("provider", "who took the e-signature, such as DocuSign"),
            Parameter("envelope", "the number of the envelope or certificate"),
            Parameter("hash", "the SHA-256 of the document that was signed; of the file if left out"),
            FILE,
        ),
        example='/engagement signature record calder SOW-A client signer:"Pat Example" title:COO on:2026-01-01',
    ),
    Command(
        "signature", "list", list_signatures, Role.VIEWER, "Who signed what, how, and what is not recorded of it",
        parameters=(CLIENT, OPTIONAL_AGREEMENT), changes=False,
        example="/engagement signature list calder SOW-A",
    ),
)  # fmt: skip
