"""What a client's disclosures said, version by version: what, when it was recorded, and by whom."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from commands.arguments import Arguments
from commands.clients.client import CLIENT
from commands.command import Command, Context
from commands.disclosures.disclosure import PHRASES, REGULATION, accepted_words, title_of
from commands.known_regulations import known_regulations
from commands.reply import Reply, Table
from commands.rules.text.people import as_person
from storage.catalog.regulations import Regulation
from storage.records import Client, Disclosure, Role

Event = tuple[datetime, str, Disclosure, str]


def history(ctx: Context, args: Arguments) -> Reply:
    """The newest record first."""
    client: Client = args.client
    regulation: Regulation | None = args.regulation
    catalogue = known_regulations(ctx.uow)
    versions = [
        each
        for each in ctx.uow.disclosures.history(client.id)
        if regulation is None or each.regulation == regulation.key
    ]
    about = f" about {regulation.title}" if regulation else ""
    if not versions:
        return Reply(f"{client.name}: no disclosure{about} was ever recorded.", data={"history": []})
    events = sorted(_events(versions), key=lambda event: (event[0], event[2].id), reverse=True)
    rows = tuple(
        (str(ctx.day_of(at, client)), title_of(catalogue, each.regulation), words, as_person(by))
        for at, by, each, words in events
    )
    return Reply(
        f"{client.name}: what was recorded about disclosures{about}, the newest first.",
        table=Table(("Recorded on", "Regulation", "What", "By"), rows, about="What"),
        data={"history": [list(row) for row in rows]},
    )


def _events(versions: Sequence[Disclosure]) -> Iterator[Event]:
    """Every answer, and that it was withdrawn where no other took its place at that moment."""
    followed = {(each.regulation, each.recorded_at) for each in versions}
    for each in versions:
        yield each.recorded_at, each.recorded_by, each, _words(each)
        ended = each.superseded_at
        if ended is not None and (each.regulation, ended) not in followed:
            yield ended, each.superseded_by or "", each, f"withdrawn: {PHRASES[each.answer]}"


def _words(each: Disclosure) -> str:
    """applies; said by Pat Example, CFO on 2026-03-02; ask again on 2027-03-02"""
    duty = accepted_words(each)
    said = (
        PHRASES[each.answer],
        f"said by {each.attested_by or 'nobody named'} on {each.asked_on}",
        f"since {each.effective_from}" if each.effective_from != each.asked_on else "",
        f"scope: {each.scope}" if each.scope else "",
        f"client's duty to judge: {duty}" if duty else "",
        f"evidence: {each.evidence_url}" if each.evidence_url else "",
        f"ask again on {each.reask_on}" if each.reask_on else "",
    )
    return "; ".join(filter(None, said))


COMMANDS = (
    Command(
        "disclosure", "history", history, Role.VIEWER, "What a client's disclosures said, version by version",
        parameters=(CLIENT, replace(REGULATION, required=False)), changes=False,
        example="/engagement disclosure history calder hipaa",
    ),
)  # fmt: skip
