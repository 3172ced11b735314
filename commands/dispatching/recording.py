"""What is kept of a request that was carried out, or refused: its audit entries, and the reminders that follow."""

from collections.abc import Collection, Iterable
from datetime import datetime
from hashlib import sha256
from typing import Any

from commands.command import Command, Context, Upload
from commands.dispatching.request import Request
from commands.errors import CommandError, NotAllowed
from commands.policy import Policy
from commands.reminders.planner import planner_for
from storage.records import CLOCK, Outcome, PendingUpload
from storage.unit_of_work import UnitOfWork


def plan_and_record(
    ctx: Context, policy: Policy, command: Command, request: Request, about: Collection[int], *, told: int
) -> None:
    """Plan the reminders of what has changed; record who changed what, and apart from it what was planned of other
    clients.
    """
    uow = ctx.uow
    changes = list(uow.changes)
    with uow.revealed():
        planner_for(policy).after_change(uow, ctx.now)
    planned = _planned(uow, len(changes), about)
    changes += planned.pop(None, ())
    files = _hashes((*request.uploads, *uow.uploads.taken))
    uow.audit.append(
        about=about,
        at=ctx.now,
        actor=request.user,
        action=command.name,
        outcome=Outcome.DONE,
        details={
            "typed": request.text,
            "form": request.form,
            "changes": changes,
            **({"files": files} if files else {}),
            **({"told": told} if told else {}),
        },
        subject=uow.subject,
    )
    for other, theirs in planned.items():
        uow.audit.append(
            about=(other,) if other else (), at=ctx.now, actor=CLOCK, action="reminder plan",
            outcome=Outcome.DONE, details={"changes": theirs},
        )  # fmt: skip


def record_failure(
    uow: UnitOfWork, at: datetime, command: Command, request: Request, error: CommandError, about: Collection[int]
) -> None:
    """Record who was refused what, or what failed, and why."""
    uow.audit.append(
        about=about,
        at=at,
        actor=request.user,
        action=command.name,
        outcome=Outcome.REFUSED if isinstance(error, NotAllowed) else Outcome.FAILED,
        details={"typed": request.text, "form": request.form, "reason": error.message},
    )


def _hashes(files: Iterable[Upload | PendingUpload]) -> list[str]:
    """The SHA-256 of each file that a command worked on: which file it was can be shown later, without keeping it."""
    return [sha256(each.content).hexdigest() for each in files]


def _planned(uow: UnitOfWork, first: int, about: Collection[int]) -> dict[int | None, list[dict[str, Any]]]:
    """What planning changed, from change number `first` on: by the client that is none of `about`, the rest under None.

    Questions of several clients wait for one person, and enough of them are told at once: whoever may see one client
    only, or has it erased, finds nothing of the others in its entries.
    """
    found: dict[int | None, list[dict[str, Any]]] = {}
    for change, (before, after) in zip(uow.changes[first:], uow.recorded[first:], strict=True):
        client_id = getattr(after or before, "client_id", None)
        found.setdefault(None if client_id in about else client_id, []).append(change)
    return found
