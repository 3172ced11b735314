"""Slack delivers again what it believes to be lost, and people click twice: what was done is not done again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from storage.unit_of_work import UnitOfWork


class Duplicate(Exception):
    """This delivery was answered before, here or in another process. Nobody needs to hear of it."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What makes one delivery of Slack's recognisable. `seconds`: only so long; None: for good."""

    key: str
    seconds: float | None = None


def claim(uow: UnitOfWork, deliveries: Sequence[Delivery], now: datetime) -> None:
    """Take the deliveries on, in the transaction of their effect. Raises Duplicate for what was taken on before."""
    for each in deliveries:
        again_before = now - timedelta(seconds=each.seconds) if each.seconds is not None else None
        if not uow.inbox.claim(each.key[:200], now, again_before=again_before):
            raise Duplicate(each.key)
