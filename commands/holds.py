"""Which clients are on legal hold, and refusing what would take something of theirs away."""

from collections.abc import Iterable

from commands.errors import Conflict
from commands.grammar.words import command_line
from storage.records import Client, Hold
from storage.unit_of_work import UnitOfWork


def hold_on(uow: UnitOfWork, client_id: int) -> Hold | None:
    """The hold that stands; None where there is none."""
    return next((each for each in uow.holds.current(client_id) if each.ended_on is None), None)


def refuse_held(uow: UnitOfWork, clients: Iterable[Client], what: str) -> None:
    """Raises Conflict where one of them is on hold. `what` cannot be done, such as "be erased"."""
    for client in clients:
        hold = hold_on(uow, client.id)
        if hold is not None:
            raise Conflict(
                f"{client.name} is on legal hold since {hold.placed_on}, by {hold.ordered_by}: it cannot {what} until "
                "the hold is lifted. Nothing was changed.",
                next_steps=(command_line("/engagement hold list", client.name),),
            )


def held_ids(uow: UnitOfWork) -> frozenset[int]:
    """Ids of the clients that are on hold, and of those that were merged into one."""
    held = {each.client_id for each in uow.holds.current() if each.ended_on is None and each.client_id is not None}
    return frozenset(held | {id for each in held for id in uow.clients.merged_into(each)})
