"""Time stamps of the audit log's heads: whether one is missing, and the files that prove one."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from commands.command import Context
from commands.rules.dates.format import format_date

_LATE = timedelta(days=2)
HOW = "openssl ts -verify -data head-SEQ.txt -in head-SEQ.tsr -CAfile the-service's-certificate.pem"


def stamp_cautions(ctx: Context) -> tuple[str, ...]:
    """Said where a service is set and its newest stamp is older than two days, or there is none."""
    if ctx.policy is None or not ctx.policy.is_stamped:
        return ()
    newest, head = ctx.uow.audit_stamps.newest(), ctx.uow.audit.head()
    if head is None or (newest is not None and (newest.seq == head.seq or ctx.now - newest.requested_at <= _LATE)):
        return ()
    since = f"since {format_date(ctx.day_of(newest.requested_at))}" if newest is not None else "yet"
    return (f"No time stamp of the audit log's head was got {since}: the bot's log says why.",)


def stamp_files(ctx: Context, first: date, last: date, made_at: datetime) -> Iterator[tuple[str, bytes]]:
    """For each stamp that was asked for on one of these days: what was stamped, and the service's answer."""
    for each in ctx.uow.audit_stamps.list():
        if each.requested_at < made_at and first <= ctx.day_of(each.requested_at) <= last:
            yield f"stamps/head-{each.seq}.txt", each.hash.encode()
            yield f"stamps/head-{each.seq}.tsr", ctx.uow.audit_stamps.response_of(each)
