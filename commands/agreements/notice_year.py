"""The portfolio's year to look at: in which months notice has to be given, and what is not decided yet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dateutil.relativedelta import relativedelta

from commands.agreements.unclear import is_given_up
from commands.arguments import Arguments
from commands.command import Command, Context
from commands.grammar.words import command_line
from commands.parameters import Kind, Parameter
from commands.pictures.drawing import Theme, draw, in_words
from commands.reckoning import decision_words, reckon
from commands.reply import Choice, File, Reply, Table
from commands.rules.agreements.standing import OVER, Standing
from commands.rules.dates.format import format_date
from commands.rules.text.phrases import counted
from storage.records import ClientStatus, Role

_MONTHS = 12
_NAMED, _MOST_SQUARES = 6, 90
_OPEN, _DECIDED = "open", "decided"


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day to act on an agreement's current term."""

    day: date
    client: str
    reference: str
    is_decided: bool

    @property
    def mark(self) -> str:
        return _DECIDED if self.is_decided else _OPEN

    @property
    def in_words(self) -> str:
        return f"{format_date(self.day, is_short=True)}: {self.client}, {self.reference}"


def show(ctx: Context, args: Arguments) -> Reply:
    first = ctx.today.replace(day=1)
    months = [first + relativedelta(months=number) for number in range(_MONTHS)]
    last = months[-1] + relativedelta(months=1, days=-1)
    found = sorted(_deadlines(ctx, args.owner, last), key=lambda each: (each.day, each.client, each.reference))
    by_month = {month: [each for each in found if each.day.replace(day=1) == month] for month in months}
    left = sum(not each.is_decided for each in found)
    said = f"{counted(len(found), 'notice deadline')} until {format_date(last)}, {left} not decided"
    sentences = [_month_in_words(month, several) for month, several in by_month.items() if several]
    picture = File(
        "notice-deadlines.png", draw("squares", _as_data(by_month, last), args.theme),
        f"Notice deadlines until {format_date(last)}", in_words([f"{said}.", *sentences]),
    )  # fmt: skip
    return Reply(
        f"{said}.",
        table=Table(("Notice by", "Client", "Agreement", "Decided"), tuple(map(_row, found))) if found else None,
        files=(picture,),
        choices=(
            Choice("Renewals", command_line("renewal list", "365d")),
            Choice("In dark colors", command_line("renewal year", args.owner, theme=Theme.DARK.value)),
        ),
        data={
            "deadlines": [
                {"day": each.day, "client": each.client, "agreement": each.reference, "decided": each.is_decided}
                for each in found
            ]
        },
    )


def _deadlines(ctx: Context, owner: str | None, last: date) -> Iterator[Deadline]:
    """Of active clients' agreements; amendments have the term of what they amend."""
    clients = [each for each in ctx.uow.clients.list() if each.status is ClientStatus.ACTIVE]
    for client, agreement, reckoning in reckon(ctx.uow, clients):
        if owner and owner not in (agreement.owner or client.owner, client.owner):
            continue
        if is_given_up(agreement) or reckoning.root(agreement) is not None:
            continue
        today = ctx.today_for(client)
        stands = reckoning.standing(agreement, today)
        day = _next_notice(stands, today)
        if day is not None and day <= last and stands.status not in OVER:
            is_decided = bool(decision_words(reckoning, agreement, today, ctx.zone_of(client)))
            yield Deadline(day, client.name, agreement.reference, is_decided)


def _next_notice(stands: Standing, today: date) -> date | None:
    """The day to send notice where it has to travel, else the last day for it; the first that has not passed."""
    days = (stands.send_by, stands.arrive_by, stands.next_notice_deadline)
    return next((day for day in days if day is not None and day >= today), None)


def _row(each: Deadline) -> tuple[str, str, str, str]:
    return str(each.day), each.client, each.reference, "yes" if each.is_decided else "no"


def _month_in_words(month: date, several: Sequence[Deadline]) -> str:
    named = "; ".join(each.in_words + (", decided" if each.is_decided else "") for each in several[:_NAMED])
    rest = f"; and {len(several) - _NAMED} more" if len(several) > _NAMED else ""
    return f"{format_date(month).split(' ', 1)[1]}: {named}{rest}."


def _as_data(by_month: dict[date, list[Deadline]], last: date) -> dict[str, Any]:
    """What pictures.typ draws: each month, its first deadlines by name, the others as squares."""
    return {
        "title": f"Notice deadlines until {format_date(last, is_short=True)}",
        "legend": [{"mark": _OPEN, "words": "to decide"}, {"mark": _DECIDED, "words": "decided"}],
        "entries": [_entry(month, several) for month, several in by_month.items()],
    }


def _entry(month: date, several: Sequence[Deadline]) -> dict[str, Any]:
    rest = several[_NAMED:]
    return {
        "head": format_date(month).split(" ", 1)[1],
        "count": str(len(several)) if several else "none",
        "lines": [{"mark": each.mark, "words": each.in_words} for each in several[:_NAMED]],
        "marks": [each.mark for each in rest[:_MOST_SQUARES]],
        "words": f"and {len(rest)} more" if rest else "",
    }


COMMANDS = (
    Command(
        "renewal", "year", show, Role.VIEWER, "The notice deadlines of the next twelve months as a picture",
        parameters=(
            Parameter(
                "owner", "only what this person answers for, such as @dana", Kind.PERSON, positional=True,
                hint="only what this person answers for",
            ),
            Parameter("theme", "light or dark", Kind.CHOICE, choices=Theme),
        ),
        changes=False, example="/engagement renewal year", is_slow=True,
    ),
)  # fmt: skip
