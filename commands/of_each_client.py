"""The same about each of many clients: what still holds is taken, the rest is worked out anew."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from commands.client_cache import Kept
from commands.command import Context
from storage.records import Client

T = TypeVar("T")


def of_each_client(
    ctx: Context, clients: Iterable[Client], what: str, work_out: Callable[[Client], tuple[T, ...]]
) -> Iterator[tuple[Client, tuple[T, ...]]]:
    """Each of `clients`, in their order, with what `work_out` gives for it.

    It may depend on what is on record and on the client's day, and on nothing else: not on who asks, nor on Slack.
    `what` names it, and stands for the settings that it depends on.
    """
    current, several = ctx.worked_out.current(ctx.uow), list(clients)
    found = {each.id: current.find(each.id, what, ctx.today_for(each)) for each in several}
    for client in ctx.uow.prefetching([each for each in several if found[each.id] is None]):
        found[client.id] = values = work_out(client)
        if client.id:  # what concerns everybody is in no entry about one client
            current.keep(client.id, what, Kept(ctx.today_for(client), values))
    return ((client, found[client.id] or ()) for client in several)
