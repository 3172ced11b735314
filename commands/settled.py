"""Which questions about a client were settled with a row, so that they need not be asked again."""

from datetime import datetime

from commands.rules.scope.settled import Settled
from storage.records import Client
from storage.unit_of_work import UnitOfWork

_MOST = 500


def settled_before(uow: UnitOfWork, client: Client, at: datetime | None = None) -> tuple[Settled, ...]:
    """The newest, the oldest of them first; `at`: only those that were settled by then."""
    return tuple(
        Settled(each.question, each.settled_responsibility_id or 0, item, each.settled_by or "", each.settled_at)
        for each, item in uow.questions.settled_with_rows(client.id, _MOST)
        if each.settled_at is not None and (at is None or each.settled_at <= at)
    )
