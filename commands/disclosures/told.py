"""What a client told us about one regulation, in one sentence; that nobody asked, where nobody did."""

from commands.command import Context
from commands.rules.dates.format import format_date
from storage.catalog.regulations import Regulation
from storage.records import Client, DisclosureAnswer

_PHRASES = {
    DisclosureAnswer.APPLIES: "{title} applies, as the client told us",
    DisclosureAnswer.DOES_NOT_APPLY: "{title} does not apply, as the client told us",
    DisclosureAnswer.UNKNOWN: "the client did not know whether {title} applies, asked",
    DisclosureAnswer.DECLINED: "the client declined to say whether {title} applies, asked",
}


def told_about(ctx: Context, client: Client, regulation: Regulation) -> str:
    """What the client last said about a regulation, in one sentence; that nobody recorded it, where nobody did."""
    known = [each for each in ctx.uow.disclosures.current(client.id) if each.regulation == regulation.key]
    if not known:
        return f"{client.name}: nobody has recorded whether {regulation.title} applies. Do not assume either way."
    on = format_date(known[-1].asked_on)
    return f"{client.name}: {_PHRASES[known[-1].answer].format(title=regulation.title)} on {on}."
