"""The list of agreements: all of them, or those of which something is not on record."""

from collections.abc import Mapping
from enum import StrEnum

from commands.agreements.agreement_reply import agreement_data, agreement_row
from commands.arguments import Arguments
from commands.command import Context
from commands.reckoning import reckon
from commands.reply import Reply, Table
from commands.rules.agreements.reckoning import Reckoning
from commands.rules.agreements.standing import OVER
from commands.rules.text.phrases import counted
from storage.records import Agreement, Client


class Lack(StrEnum):
    """What may not be on record of an agreement."""

    END = "end"
    NOTICE = "notice"
    SIGNATURE = "signature"


LACK_WORDS: Mapping[str, str] = {
    "end_date": "end", "expiry": "end", "last_day": "end", "notice_period": "notice", "signatures": "signature",
}  # fmt: skip
_SAID = {Lack.END: "the end of a term", Lack.NOTICE: "a notice period", Lack.SIGNATURE: "the signatures of both sides"}


def list_agreements(ctx: Context, args: Arguments) -> Reply:
    client: Client | None = args.client
    agreements = ctx.uow.agreements.of_client(client.id) if client else ctx.uow.agreements.list()
    clients = {known.id: known for known in ctx.uow.clients.list(offboarded=True)}
    if not agreements:
        who = f"{client.name} has" if client else "There are"
        return Reply(f"{who} no agreements yet.", next_steps=("/engagement help agreement add",))
    whose = [clients[each] for each in dict.fromkeys(agreement.client_id for agreement in agreements)]
    reckoned = [
        (owner, agreement, by)
        for owner, agreement, by in reckon(ctx.uow, whose)
        if args.without is None or _lacks(ctx, args.without, owner, agreement, by)
    ]
    rows = tuple(agreement_row(ctx, owner, agreement, by) for owner, agreement, by in reckoned)
    columns = ("Client", "Agreement", "Kind", "Stands", "Term ends", "Notice by")
    table = Table(columns[1:], tuple(row[1:] for row in rows)) if client else Table(columns, rows)
    return Reply(
        _headline(client, args.without, len(rows)),
        table=table if rows else None,
        data={"agreements": [agreement_data(agreement) for _, agreement, _ in reckoned]},
    )


def _headline(client: Client | None, without: Lack | None, count: int) -> str:
    whose = f" of {client.name}" if client else ""
    if without is None:
        return f"{counted(count, 'agreement')}{whose}."
    if not count:
        return f"Every agreement{whose} that is not over has {_SAID[without]} on record."
    return f"{counted(count, 'agreement')}{whose} without {_SAID[without]} on record."


def _lacks(ctx: Context, lack: Lack, client: Client, agreement: Agreement, reckoning: Reckoning) -> bool:
    """Whether it is not over and lacks it, as it stands on the client's today. What amends another agreement has its
    term and its notice from there.
    """
    today = ctx.today_for(client)
    found = reckoning.standing(agreement, today)
    if found.status in OVER or (lack is not Lack.SIGNATURE and reckoning.root(agreement) is not None):
        return False
    match lack:
        case Lack.END:
            return found.ends_on is None and found.term_end is None
        case Lack.NOTICE:
            terms = reckoning.terms(agreement, today).agreement
            return terms.notice is None and terms.client_notice is None
        case Lack.SIGNATURE:
            return not agreement.is_signed
