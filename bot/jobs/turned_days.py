"""Answers that a day changes, not a person: a planned row or paper begins to apply, or ends."""

import logging
from dataclasses import dataclass, field
from datetime import date

from bot.jobs.sender import Sender
from commands.dispatching.dispatcher import Dispatcher
from commands.dispatching.request import Request
from commands.scope.changed_answers import LOOKED_BACK, may_have_changed, note_day
from storage.records import CLOCK, Client, Outcome

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class TurnedDays:
    """Of one workspace. `looked_at`: the client's day for which this process has looked, by the client's id."""

    dispatcher: Dispatcher
    sender: Sender
    looked_at: dict[int, date] = field(default_factory=dict)

    def run(self) -> int:
        """Note the answers that are different by today's date alone, once delivery hours have begun at the client; how
        many. A client whose records cannot be read does not hold up the others.
        """
        now, policy = self.sender.clock(), self.dispatcher.policy
        with self.sender.open_unit(self.sender.workspace_id, writes=False) as uow:
            clients = uow.clients.list()
            there = {client.id: now.astimezone(client.zone or policy.zone) for client in clients}
            begun = {id: at.date() for id, at in there.items() if at.time() >= policy.delivery.opens}
            due = {id: day for id, day in begun.items() if self.looked_at.get(id) != day}
            asked = set(uow.questions.asked_about(sorted(due), now - LOOKED_BACK)) if due else set()
        self.looked_at |= {id: day for id, day in due.items() if id not in asked}
        noted = 0
        for client in clients:
            if client.id not in asked:
                continue
            try:
                noted += self._note(client, due[client.id])
                self.looked_at[client.id] = due[client.id]
            except Exception:
                _log.exception("whether answers about client %s are different today could not be told", client.id)
        return noted

    def _note(self, client: Client, today: date) -> int:
        request = Request(self.sender.workspace_id, CLOCK, "")
        with self.dispatcher.reading(request) as ctx, ctx.uow.revealed():
            if not may_have_changed(ctx, client):
                return 0
        with self.sender.open_unit(self.sender.workspace_id, writes=True) as uow:
            ctx = self.dispatcher.context(uow, request)
            with uow.revealed():
                if not uow.inbox.claim(f"answers of {client.id} on {today}", ctx.now):
                    return 0
                noted = note_day(ctx, client)
            if noted:
                uow.audit.append(
                    about=(client.id,), at=ctx.now, actor=CLOCK, action="scope day", outcome=Outcome.DONE,
                    details={"changed": noted, "changes": uow.changes},
                )  # fmt: skip
            return noted
