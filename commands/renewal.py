"""What is coming: notice deadlines, renewals and ends of agreements."""

from datetime import date, timedelta

from commands.agreement import STANDING_WORDS, standing_of
from commands.arguments import Arguments
from commands.context import Context
from commands.registry import Command, Kind, Parameter
from commands.reply import Reply, Table
from commands.rules.standing import AgreementStanding, Standing
from storage.records import Agreement, Client, ClientStatus, Role

_OVER = (AgreementStanding.LAPSED, AgreementStanding.TERMINATED, AgreementStanding.SUPERSEDED)
_DAYS = 90


def list_renewals(ctx: Context, args: Arguments) -> Reply:
    """Sorted by the next date that matters; what cannot be told comes first, because nobody is warned of it."""
    clients = [args.client] if args.client else ctx.uow.clients.list()
    by_id: dict[int, Client] = {client.id: client for client in clients if client.status is ClientStatus.ACTIVE}
    horizon = args.days or _DAYS
    found = []
    for agreement in ctx.uow.agreements.list():
        client = by_id.get(agreement.client_id)
        if client is None:
            continue
        stands = standing_of(ctx, client, agreement)
        next_date = _next_date(stands, ctx.today_for(client))
        if stands.status in _OVER or (next_date and next_date > ctx.today_for(client) + timedelta(days=horizon)):
            continue
        found.append((next_date or date.min, client, agreement, stands))
    if not found:
        return Reply(f"Nothing is due in the next {horizon} days.")
    found.sort(key=lambda each: (each[0], each[1].name, each[2].reference))
    rows = tuple(_row(ctx, client, agreement, stands) for _, client, agreement, stands in found)
    unclear = sum(1 for each in found if each[3].status is AgreementStanding.UNKNOWN)
    return Reply(
        f"{_count(len(found))} attention in the next {horizon} days.",
        cautions=(f"{unclear} cannot be computed: their records miss something.",) if unclear else (),
        table=Table(("Client", "Agreement", "Stands", "Notice by", "Term ends", "Days left"), rows),
        data={"renewals": [{"client": r[0], "agreement": r[1], "standing": r[2], "notice_by": r[3]} for r in rows]},
    )


def _count(agreements: int) -> str:
    return "1 agreement needs" if agreements == 1 else f"{agreements} agreements need"


def _next_date(stands: Standing, today: date) -> date | None:
    """The next day by which something has to be done; the term's end where no notice is due any more."""
    dates = [day for day in (stands.send_by, stands.notice_deadline, stands.term_end) if day and day >= today]
    return min(dates, default=None)


def _row(ctx: Context, client: Client, agreement: Agreement, stands: Standing) -> tuple[str, ...]:
    today = ctx.today_for(client)
    next_date = _next_date(stands, today)
    words = STANDING_WORDS[stands.status]
    if stands.missing:
        words += ": " + ", ".join(name.replace("_", " ") for name in stands.missing) + " missing"
    return (
        client.name,
        agreement.reference,
        words,
        str(stands.notice_deadline or ""),
        str(stands.term_end or ""),
        str((next_date - today).days) if next_date else "",
    )


COMMANDS = (
    Command(
        "renewal", "list", list_renewals, Role.VIEWER, "Notice deadlines, renewals and ends that are coming",
        parameters=(
            Parameter("client", "only this client", Kind.CLIENT, positional=True),
            Parameter("days", "how far ahead; 90 if left out", Kind.INTEGER),
        ),
        slash="/renewals", changes=False, example="/renewals calder",
    ),
)  # fmt: skip
