"""How an agreement stands today, in words."""

from commands.command import Context
from commands.reckoning import reckoning_of
from commands.rules.agreements.standing import AgreementStanding, Standing
from storage.records import (
    Agreement,
    Client,
)

STANDING_WORDS = {
    AgreementStanding.DRAFT: "draft, not signed",
    AgreementStanding.OUT_FOR_SIGNATURE: "out for signature",
    AgreementStanding.UPCOMING: "signed, not yet in force",
    AgreementStanding.ACTIVE: "in force",
    AgreementStanding.NOTICE_OPEN: "in force, notice can be given now",
    AgreementStanding.NOTICE_MISSED: "in force, the notice deadline has passed",
    AgreementStanding.EXPIRING: "in force, ending soon",
    AgreementStanding.LAPSED: "lapsed",
    AgreementStanding.EVERGREEN: "in force, no end date",
    AgreementStanding.TERMINATED: "terminated",
    AgreementStanding.SUPERSEDED: "superseded",
    AgreementStanding.UNKNOWN: "unclear",
}


def standing_of(ctx: Context, client: Client, agreement: Agreement) -> Standing:
    """Where the agreement stands on the client's today, by the client's holidays."""
    return reckoning_of(ctx.uow, client).standing(agreement, ctx.today_for(client))


def standing_words(found: Standing) -> str:
    """How it stands, with its last day where somebody ended it."""
    if found.ends_on is not None and found.status in (AgreementStanding.EXPIRING, AgreementStanding.UPCOMING):
        return f"{STANDING_WORDS[found.status].removesuffix(', ending soon')}, ends on {found.ends_on}"
    return STANDING_WORDS[found.status]
