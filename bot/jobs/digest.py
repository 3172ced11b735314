"""Monday's digest: whoever answers for something gets the week's work as one message, once, when the office opens."""

from dataclasses import dataclass
from datetime import date, timedelta

from bot.jobs.notifier import Delivered, SearchFailed
from bot.jobs.sender import LOOK_BACK, Sender
from bot.slack.reminder_message import message
from commands.choices import pressed_next
from commands.dispatching.dispatcher import Dispatcher
from commands.dispatching.request import Request
from commands.reply import Reply
from commands.workspace.week import week
from storage.unit_of_work import UnitOfWork

_MONDAY = 0
_GREETING = "Your week. "


@dataclass(frozen=True, slots=True)
class Digest:
    """Of one person and one week, which begins on `monday`."""

    user: str
    monday: date

    @property
    def key(self) -> str:
        return f"digest:{self.user}:{self.monday}"

    @property
    def sent(self) -> str:
        return f"{self.key}:sent"


@dataclass(frozen=True, slots=True)
class Digests:
    """Several processes may be at it: one claims, and looks whether the message is there before it posts."""

    dispatcher: Dispatcher
    sender: Sender

    def run(self) -> tuple[tuple[str, Reply], ...]:
        """Send those that are due; what was sent, and to whom."""
        sent = ((each.user, self._send(each)) for each in self._due())
        return tuple((user, reply) for user, reply in sent if reply is not None)

    def waiting(self) -> tuple[tuple[str, Reply], ...]:
        """What would be sent, to whom."""
        found = ((each.user, self._reply(each.user)) for each in self._due())
        return tuple((user, reply) for user, reply in found if reply is not None)

    def _due(self) -> list[Digest]:
        now, found = self.sender.clock(), []
        with self.sender.open_unit(self.sender.workspace_id, writes=False) as uow:
            office_of = self.sender.planner.offices(uow)
            for user in sorted(answering(uow)):
                office = office_of(None, user)
                day = now.astimezone(office.zone).date()
                digest = Digest(user, day)
                if day.weekday() == _MONDAY and office.is_open(now) and not uow.inbox.has(digest.sent):
                    found.append(digest)
        return found

    def _send(self, digest: Digest) -> Reply | None:
        """What was posted; None where there was nothing to say, it could not be, or it was there already."""
        sender = self.sender
        channel = sender.messenger.channel_of(digest.user)
        reply = self._reply(digest.user)
        if not isinstance(channel, str) or reply is None:
            return None
        with sender.open_unit(sender.workspace_id) as uow:
            now = sender.shared_clock(uow)
            if not uow.inbox.claim(digest.key, now, again_before=now - sender.timing.lease):
                return None
        may_send = sender.fence()
        try:
            there = sender.messenger.find(channel, digest.key, now - timedelta(days=1) - LOOK_BACK)
        except SearchFailed:
            return None
        payload = message([sender.finalize_text(reply)], digest.key, sender.home_url)
        if there is None and not isinstance(sender.messenger.post(channel, payload, may_send), Delivered):
            return None
        with sender.open_unit(sender.workspace_id) as uow:
            uow.inbox.claim(digest.sent, now)
        return reply if there is None else None

    def _reply(self, user: str) -> Reply | None:
        """As the person would see it, with their role; None where there is nothing to say."""
        with self.dispatcher.open_unit(self.sender.workspace_id, writes=False) as uow:
            ctx = self.dispatcher.context(uow, Request(self.sender.workspace_id, user, "week"))
            clients = {client.id: client for client in ctx.uow.clients.list()}
            reply = week(ctx, clients, user, greeting=_GREETING)
        return pressed_next(self.dispatcher.registry, reply) if reply.sections else None


def answering(uow: UnitOfWork) -> set[str]:
    """Everybody who answers for a client, or for something of it that has an owner of its own."""
    clients = uow.clients.list()
    users = {user for client in clients for user in (client.owner, client.backup_owner)} | uow.agreements.owners()
    for current in (uow.promises.current, uow.obligations.current, uow.incidents.current):
        users |= {each.owner for each in current()}
    return {user for user in users if user}
