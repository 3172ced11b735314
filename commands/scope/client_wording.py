"""Texts to be copied: an answer for the client, and a line for an addendum. Only what is on record goes into them."""

from datetime import date

from commands.policy import Policy
from commands.rules.dates.format import format_date
from commands.rules.scope.precedence import Source
from commands.scope.neutral import reserved
from storage.records import Agreement, Client, Party, Responsibility, ScopeQuestion

_BLANK = "________"


def wording(client: Client, source: Source, limits: tuple[str, ...] = (), *, policy: Policy | None = None) -> str:
    """What the row says, addressed to the client. Internal notes stay inside. `limits` are those of our access.

    Nothing is offered where the row has a note: the note may say that it is done otherwise.

    Neutral where `policy` wants it, and with its reservation below.
    """
    row = source.row
    where = source.paper.title or source.paper.reference
    clause = f", {row.clause}" if row.clause else ""
    under = f"under {where}{clause}" if where != row.clause else f"under {where}"
    item = f"“{row.item}”"
    limited = f", within the access that we have: {'; '.join(limits)}" if limits else ""
    match row.party:
        case Party.MSP:
            is_neutral = policy is not None and policy.is_neutral
            said = f"{item} is {'the provider’s' if is_neutral else 'ours to do'} {under}{limited}."
        case Party.CLIENT:
            said = f"{item} is {client.name}'s to do {under}." + _offer(
                row, "If you would like us to take it on, we can send you a change request."
            )
        case Party.SHARED:
            ours = f" Our part: {row.msp_part}" if row.msp_part else ""
            yours = f" Your part: {row.client_part}" if row.client_part else ""
            said = f"{item} is shared between us {under}{limited}.{_end_sentence(ours)}{_end_sentence(yours)}"
        case Party.THIRD_PARTY:
            said = f"{item} is with {row.third_party or 'a third party'} {under}."
            said += _offer(row, "We can tell you whom to contact.")
        case Party.OUT_OF_SCOPE:
            said = f"{item} is not included {under}." + _offer(row, "If you need it, we can send you an offer.")
    below = "".join(f"\n\n{line}" for line in reserved(policy))
    since = source.first_day
    return (
        f"Hello,\n\n{said}" + (f" In effect since {format_date(since)}." if since else "") + "\n\nKind regards" + below
    )


def addendum_line(
    client: Client, agreement: Agreement | None, question: ScopeQuestion, party: Party | None, today: date
) -> str:
    """One row as an addendum would state it; what is not known is a blank to fill in."""
    paper = agreement.reference if agreement else _BLANK
    whose = {
        Party.MSP: "the provider",
        Party.CLIENT: client.name,
        Party.SHARED: f"shared; the provider: {_BLANK}; {client.name}: {_BLANK}",
        Party.THIRD_PARTY: f"a third party: {_BLANK}",
        Party.OUT_OF_SCOPE: "not included in the services",
    }
    return "\n".join(
        [
            f"Addendum to {paper} with {client.name} (draft of {today})",
            f"Item: {question.item or question.question}",
            f"Responsible: {whose[party] if party else f'{_BLANK} (provider, {client.name}, shared, a third party)'}",
            f"Clause: {_BLANK}",
            f"In force from: {_BLANK}",
            "Signed by both sides: ________  ________",
        ]
    )


def _offer(row: Responsibility, said: str) -> str:
    return "" if row.notes else f" {said}"


def _end_sentence(text: str) -> str:
    return text if not text or text.endswith((".", "!", "?")) else f"{text}."
