"""A client's contracts and policies with others: customers, insurers, lenders; and what each of them demands."""

from typing import Any

from dateutil.relativedelta import relativedelta

from commands.arguments import Arguments
from commands.clients.client import CLIENT
from commands.command import Command, Context
from commands.errors import Conflict, UsageError
from commands.grammar.words import command_line
from commands.history import endings, versions
from commands.parameters import Kind, Parameter
from commands.reply import Choice, Field, Reply, Table
from commands.rules.text.phrases import counted
from commands.rules.text.placeholders import BLANK
from storage.records import Client, ClientContract, ContractKind, Role
from storage.records.client import client_key

_ASK_AFTER = relativedelta(months=12)
_NAME = Parameter("with", "the other side, or how its name begins; with its reference if there are several",
                  positional=True, required=True)  # fmt: skip
_KEPT = {
    "reference": "reference", "url": "document_url", "demands": "demands", "notice_hours": "notice_hours",
    "notice_to": "notice_to", "starts": "starts_on", "ends": "ends_on", "report_days": "report_days", "by": "told_by",
    "reask": "reask_on", "notes": "notes",
}  # fmt: skip
_COLUMNS = ("With", "Kind", "Reference", "Demands", "Told of an incident within", "Runs", "Ask again", "Document")
_KIND_WORDS = {
    "insurance": "insurer", "policy": "insurer", "client": "customer", "bank": "lender", "vendor": "supplier",
    "lease": "landlord", "franchise": "franchisor",
}  # fmt: skip


def add(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    on = args.on or ctx.today_for(client)
    fields = {_KEPT[name]: value for name, value in args.given(*_KEPT).items()}
    kept = ClientContract(
        client_id=client.id,
        counterparty=getattr(args, "with"),
        kind=args.kind,
        told_on=on,
        **{"reask_on": on + _ASK_AFTER, **fields},
        **versions.stamp(ctx),
    )
    _refuse_wrong_dates(kept)
    known = endings.standing(ctx.uow.contracts.current(client.id), ctx.today_for(client))
    if any(client_key(_name(each)) == client_key(_name(kept)) for each in known):
        raise Conflict(
            f"{_name(kept)} is recorded already. Give reference: to tell two of one side apart, or change it.",
            next_steps=(command_line("/engagement contract edit", client.name, _name(kept)),),
        )
    return _reply(
        client, ctx.uow.contracts.record(kept), f"{client.name}: the contract with {_name(kept)} is recorded."
    )


def edit(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    known = endings.standing(ctx.uow.contracts.current(client.id), ctx.today_for(client))
    old = versions.find_by_name(known, getattr(args, "with"), _name, f"{client.name} has no contract with")
    changes: dict[str, Any] = {_KEPT[name]: value for name, value in args.given(*_KEPT).items()}
    changes |= {_KEPT[name]: () if name == "demands" else None for name in args.emptied(*_KEPT)}
    if args.kind:
        changes["kind"] = args.kind
    if args.on:
        changes |= {"told_on": args.on, "reask_on": args.reask or args.on + _ASK_AFTER}
    if not changes:
        raise UsageError("Nothing to change was given.", next_steps=("/engagement help contract edit",))
    _refuse_wrong_dates(old.changed(**changes))
    after = versions.replace_version(ctx, ctx.uow.contracts, old, changes)
    return _reply(client, after, f"{_name(after)} is changed; what it said before is kept.")


def end(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    old = _to_end(ctx, client, getattr(args, "with"))
    on = args.on or ctx.today_for(client)
    back = command_line("/engagement contract reinstate", client.name, _name(old))
    after, before = endings.end(ctx, ctx.uow.contracts, old, on, is_stated=bool(args.on), take_back=back)
    return _reply(client, after, f"It no longer binds the client as of {after.ended_on}. The record stays.{before}")


def reinstate(ctx: Context, args: Arguments) -> Reply:
    """Take its ending back."""
    client: Client = args.client
    old = _to_end(ctx, client, getattr(args, "with"))
    after, said = endings.take_back(ctx, ctx.uow.contracts, old, _name(old), {})
    return _reply(client, after, f"It binds the client again. {said}")


def list_contracts(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    known = ctx.uow.contracts.current(client.id)
    shown = known if args.history else endings.standing(known, ctx.today_for(client))
    rows = tuple(
        (
            each.counterparty, each.kind.value, each.reference or "", "; ".join(each.demands),
            f"{each.notice_hours} hours" if each.notice_hours is not None else "not recorded",
            " to ".join(str(day) for day in (each.starts_on, each.ends_on) if day), str(each.reask_on or ""),
            each.document_url or "none",
        )
        for each in shown
    )  # fmt: skip
    first = command_line("/engagement contract add", client.name, **{"with": BLANK}, kind=BLANK)
    count = f"{counted(len(shown), 'contract')} with others." if shown else "no contract with others is recorded."
    return Reply(
        f"{client.name}: {count}",
        table=Table(_COLUMNS, rows) if rows else None,
        next_steps=() if rows else (first,),
        data={"contracts": [each.model_dump(mode="json") for each in shown]},
    )  # fmt: skip


def _name(each: ClientContract) -> str:
    """Acme Insurance CY-4711"""
    return " ".join(filter(None, (each.counterparty, each.reference)))


def _to_end(ctx: Context, client: Client, text: str) -> ClientContract:
    known = ctx.uow.contracts.current(client.id)
    return endings.find_by_name(known, text, _name, f"{client.name} has no contract with")


def _refuse_wrong_dates(each: ClientContract) -> None:
    if each.starts_on is not None and each.ends_on is not None and each.ends_on < each.starts_on:
        raise UsageError(
            f"ends: {each.ends_on} is before it starts, {each.starts_on}.", fields={"ends": "is too early."}
        )


def _reply(client: Client, each: ClientContract, headline: str) -> Reply:
    facts = (
        ("With", each.counterparty),
        ("Kind", each.kind.value),
        ("Reference", each.reference),
        ("Demands", "; ".join(each.demands)),
        ("Told of an incident within", f"{each.notice_hours} hours" if each.notice_hours is not None else None),
        ("Told where", each.notice_to),
        ("Starts", each.starts_on),
        ("Ends", each.ends_on),
        (
            "Claims are reported until",
            f"{each.report_days} days after its end" if each.report_days is not None else None,
        ),
        ("Said by", each.told_by),
        ("Asked on", each.told_on),
        ("Ask again on", each.reask_on),
        ("Document", each.document_url),
        ("Notes", each.notes),
        ("No longer binds as of", each.ended_on),
    )
    cautions = ["We are bound only by our own agreements: say in one of them which of these demands are ours."]
    missing = [
        words
        for words, value in (
            ("what it demands", each.demands),
            ("how soon they want to hear of an incident", each.notice_hours is not None),
            ("the document", each.document_url), ("who said so", each.told_by),
            ("when it ends", each.ends_on or each.kind is not ContractKind.INSURER),
        )
        if not value
    ]  # fmt: skip
    if missing and each.ended_on is None:
        cautions.append(f"Not recorded: {', '.join(missing)}.")
    return Reply(
        headline,
        fields=tuple(Field(label, str(value)) for label, value in facts if value),
        cautions=tuple(cautions),
        choices=(Choice("Edit", command_line("contract edit", client.name, _name(each)), opens_form=True),),
        data={"contract": each.model_dump(mode="json")},
    )


_KIND = {"help": "who they are to the client", "kind": Kind.CHOICE, "choices": ContractKind, "words": _KIND_WORDS}
_OPTIONS = (
    Parameter("reference", "the number of the policy or contract"),
    Parameter("demands", "a control that it names; may be given several times", many=True, hint="a control it names"),
    Parameter("notice-hours", "within how many hours they want to hear of an incident", Kind.INTEGER),
    Parameter("notice-to", "where they want to hear it"),
    Parameter("starts", "the first day", Kind.DATE, has_happened=False),
    Parameter("ends", "the last day", Kind.DATE, has_happened=False),
    Parameter("report-days", "how many days after its end a claim can be reported", Kind.INTEGER),
    Parameter("by", "who at the client said so, with title"),
    Parameter("on", "when they were asked; today if left out", Kind.DATE, has_happened=True),
    Parameter("reask", "when to ask again; in a year if left out", Kind.DATE, has_happened=False),
    Parameter("url", "where the document is", Kind.URL),
    Parameter("notes", "what else it says", Kind.LONG_TEXT),
)
COMMANDS = (
    Command(
        "contract", "add", add, Role.TECHNICIAN, "Record a client's contract or policy with somebody else",
        parameters=(CLIENT, _NAME, Parameter("kind", required=True, **_KIND), *_OPTIONS),  # type: ignore[arg-type]
        example='/engagement contract add calder "Harbor Mutual" kind:insurer reference:CY-4711 notice-hours:72',
    ),
    Command(
        "contract", "edit", edit, Role.TECHNICIAN, "Change what is recorded of it; earlier versions are kept",
        parameters=(CLIENT, _NAME, Parameter("kind", **_KIND), *_OPTIONS),  # type: ignore[arg-type]
        example='/engagement contract edit calder "Harbor Mutual" demands:"MFA for remote access"',
    ),
    Command(
        "contract", "end", end, Role.MANAGER, "Record that it no longer binds the client, or correct since when",
        parameters=(CLIENT, _NAME, Parameter("on", "since when; today if left out", Kind.DATE, has_happened=False)),
        example='/engagement contract end calder "Harbor Mutual"',
    ),
    Command(
        "contract", "reinstate", reinstate, Role.MANAGER, "Take back that it ended; the record of it stays",
        parameters=(CLIENT, _NAME), example='/engagement contract reinstate calder "Harbor Mutual"',
    ),
    Command(
        "contract", "list", list_contracts, Role.VIEWER, "A client's contracts with others, and what they demand",
        parameters=(CLIENT, Parameter("history", "what is over, too", Kind.YES_NO)), changes=False,
        example="/engagement contract list calder",
    ),
)  # fmt: skip
