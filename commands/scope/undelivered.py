"""What those who asked about scope are owed: that their question is settled, or that their answer changed.

They are told as soon as that is saved; what was not delivered then is found here, and told again until it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from commands.policy import Policy
from commands.reply import Reply
from commands.scope.changed_answers import changed_reply
from commands.scope.settlement import settlement_reply
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Undelivered:
    """One message that `to` did not get yet. `receipt` marks it; nobody can have got it before `since`."""

    to: str
    client_id: int
    since: datetime
    receipt: str
    reply: Reply


def undelivered(
    uow: UnitOfWork, since: datetime, before: datetime, policy: Policy | None = None
) -> Iterator[Undelivered]:
    """Every message that became due in that time (both ends exclusive) and was not delivered."""
    for question in uow.questions.untold(since, before):
        row_id = question.settled_responsibility_id
        row = uow.responsibilities.find(row_id) if row_id else None
        words = settlement_reply(uow.clients.get(question.client_id), question, row, policy)
        settled_at = question.settled_at or since
        yield Undelivered(question.asked_by, question.client_id, settled_at, f"question:{question.id}", words)
    together = sorted(
        uow.changed_answers.untold(since, before), key=lambda each: (each.changed_at, each.asked_by, each.client_id)
    )
    for (at, to, client_id), group in groupby(together, lambda each: (each.changed_at, each.asked_by, each.client_id)):
        changes = list(group)
        words = changed_reply(uow, uow.clients.get(client_id), changes, policy)
        yield Undelivered(to, client_id, at, f"changed:{changes[0].id}", words)


def mark_told(uow: UnitOfWork, receipt: str, at: datetime) -> None:
    """The message with this receipt was delivered. Raises ValueError for a receipt that is none of ours."""
    kind, _, number = receipt.partition(":")
    if kind not in ("question", "changed") or not number.isdecimal():
        raise ValueError(f"nobody handles the receipt {receipt}")
    if kind == "changed":
        uow.changed_answers.told(uow.changed_answers.together_with(int(number)), at)
        return
    question = uow.questions.find(int(number))
    if question is not None and question.asker_told_at is None:
        uow.questions.save(question.changed(asker_told_at=at))
