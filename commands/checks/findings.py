"""What the check finds for many clients: what still holds is taken, the rest is found anew."""

from collections.abc import Iterator, Sequence

from commands.checks.facts import facts_of
from commands.client_cache import Kept
from commands.command import Context
from commands.grammar.people import absent_among
from commands.rules.checks import Finding, check
from storage.records import Client

_WHAT = "findings"


def findings_of_each(ctx: Context, clients: Sequence[Client]) -> Iterator[tuple[Client, tuple[Finding, ...]]]:
    """Of each of `clients`, in their order, as of the client's today."""
    current = ctx.worked_out.current(ctx.uow)
    absent = absent_among(ctx, current.people)
    for number, client in enumerate(ctx.uow.prefetching(clients), 1):
        ctx.tell_progress(f"{number:,} of {len(clients):,} clients checked")
        today = ctx.today_for(client)
        found = current.find(client.id, _WHAT, today, absent)
        if found is None:
            facts = facts_of(ctx, client)
            found = check(facts)
            missing = absent_among(ctx, facts.people) if facts.absent else {}
            current.keep(client.id, _WHAT, Kept(today, found, facts.people, missing))
        yield client, found
