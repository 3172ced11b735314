"""Agreements whose dates cannot be computed: nobody is reminded of them, so they are said, last and in one line."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from commands.agreements.agreement import OPTIONS
from commands.choices import available
from commands.command import Context
from commands.grammar.words import command_line
from commands.of_each_client import of_each_client
from commands.reckoning import reckon
from commands.reply import Item, Section
from commands.rules.agreements.standing import AgreementStanding, Standing
from commands.rules.text.phrases import plain
from commands.rules.text.placeholders import BLANK
from storage.records import Agreement, Client, ClientStatus

_UNSIGNED = (AgreementStanding.DRAFT, AgreementStanding.OUT_FOR_SIGNATURE)


@dataclass(frozen=True, slots=True)
class Unclear:
    client: Client
    agreement: Agreement
    missing: tuple[str, ...]

    @property
    def in_words(self) -> str:
        names = " and ".join(plain(name) for name in self.missing)
        what = f"{names} {'is' if len(self.missing) == 1 else 'are'} not recorded" if names else "its dates disagree"
        return f"{self.client.name}, {self.agreement.reference}: {what}."

    @property
    def form(self) -> str:
        """The arguments of `agreement edit`, with a blank for everything that is missing."""
        blanks = {OPTIONS[name]: BLANK for name in self.missing if name in OPTIONS}
        return command_line("", self.client.name, self.agreement.reference, **blanks).strip()


def extension_day(stands: Standing) -> date | None:
    """By when somebody has to say that it is extended; None where it was ended."""
    return stands.extension_deadline if stands.ends_on is None else None


def next_date(stands: Standing, start: date) -> date | None:
    """The first day from `start` on by which something has to be done; the term's end where no notice is due then."""
    days = (stands.send_by, stands.arrive_by, extension_day(stands), stands.ends_on or stands.term_end)
    return min((day for day in days if day and day >= start), default=None)


def unclear(client: Client, agreement: Agreement, stands: Standing, today: date) -> Unclear | None:
    """The agreement, where it is not over and no date that lies ahead can be told."""
    is_unknown = stands.status is AgreementStanding.UNKNOWN or (stands.status in _UNSIGNED and bool(stands.missing))
    if not is_unknown or is_given_up(agreement) or next_date(stands, today) is not None:
        return None
    return Unclear(client, agreement, stands.missing)


def is_given_up(agreement: Agreement) -> bool:
    """Ended before both sides signed it: it never was in force, so nothing about it is due."""
    return agreement.terminated_on is not None and not agreement.is_signed


def unclear_section(ctx: Context, clients: Iterable[Client], owner: str | None = None) -> tuple[Section, ...]:
    """One line with one button, about all of them; none where every date can be told. With `owner`, only what that
    person answers for.
    """
    active = (client for client in clients if client.status is ClientStatus.ACTIVE)
    found = [
        each
        for client, several in of_each_client(ctx, active, "unclear", lambda client: _unclear_of(ctx, client))
        for each in several
        if owner in (None, each.agreement.owner or client.owner, client.owner)
    ]
    return section_of(ctx, found)


def _unclear_of(ctx: Context, client: Client) -> tuple[Unclear, ...]:
    today = ctx.today_for(client)
    found = (
        unclear(client, agreement, reckoning.standing(agreement, today), today)
        for _, agreement, reckoning in reckon(ctx.uow, [client])
    )
    return tuple(each for each in found if each is not None)


def section_of(ctx: Context, found: Sequence[Unclear]) -> tuple[Section, ...]:
    """A section that says which agreements lack dates, with the first one's form; none where `found` is empty."""
    if not found:
        return ()
    first = found[0]
    said = f"{first.in_words} Nobody is reminded of its dates."
    if len(found) > 1:
        many = f"{len(found)} agreements lack what their dates follow from, so nobody is reminded of these."
        said = f"{many} {first.in_words}"
    mend = available(ctx, [(f"Complete {first.agreement.reference}"[:70], "agreement edit", first.form, True)])
    return (Section("No date can be computed", (Item(said, choices=mend),)),)
