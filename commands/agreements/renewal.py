"""What is coming: notice deadlines, renewals and ends of agreements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from commands.agreements.standing import standing_words
from commands.agreements.unclear import extension_day, is_given_up, next_date, section_of, unclear
from commands.arguments import Arguments
from commands.command import Command, Context
from commands.errors import UsageError
from commands.grammar import lookup
from commands.grammar.words import command_line
from commands.parameters import Kind, Parameter
from commands.reckoning import decision_words, reckon
from commands.reply import Choice, Group, Item, Reply, Table
from commands.rules.agreements.standing import OVER, AgreementStanding, Standing
from commands.rules.dates.window import FARTHEST, Window, days_ahead, leading
from commands.rules.text.phrases import capitalize_first, count_days, plain
from storage.records import Agreement, Client, ClientStatus, Role

_OVERDUE = (AgreementStanding.NOTICE_MISSED, AgreementStanding.LAPSED)
_DAYS = 90
_NO_DAY = "No deadline can be worked out"
_FACTS = {"effective_on": "first day"}
_COLUMNS = ("Client", "Agreement", "Stands", "Notice by", "Term ends", "Days left", "Decided")


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What to list: the clients, whose agreements, of which days, or only what is overdue."""

    clients: Mapping[int, Client]
    owner: str | None
    window: Window
    is_overdue: bool

    @property
    def in_words(self) -> str:
        return "overdue" if self.is_overdue else self.window.in_words

    def dates(self, today: date) -> tuple[date, date]:
        """The first and the last day for a client whose day it is: a length counts from there."""
        window = self.window if self.window.days is None else days_ahead(self.window.days, today)
        return max(window.first, today), window.last


def list_renewals(ctx: Context, args: Arguments) -> Reply:
    """Sorted by the next date that matters; what no date can be told for is one line at the end."""
    wanted = _read_wanted(ctx, args)
    found, undated = [], []
    for client, agreement, reckoning in reckon(ctx.uow, wanted.clients.values()):
        if wanted.owner and wanted.owner not in (agreement.owner or client.owner, client.owner):
            continue
        today = ctx.today_for(client)
        stands = reckoning.standing(agreement, today)
        if (lacking := unclear(client, agreement, stands, today)) is not None:
            undated.append(lacking)
            continue
        has_dates = not is_given_up(agreement) and (reckoning.root(agreement) is None or bool(stands.missing))
        if has_dates and _is_wanted(wanted, stands, today):
            decided = decision_words(reckoning, agreement, today, ctx.zone_of(client))
            day = next_date(stands, wanted.dates(today)[0])
            found.append(_Due(client, agreement, stands, day, today, decided))
    rest = () if wanted.is_overdue else section_of(ctx, undated)
    if not found:
        return Reply(
            "Nothing is overdue." if wanted.is_overdue else f"Nothing is due {wanted.in_words}.", sections=rest
        )
    found.sort(key=lambda each: (each.day or date.max, each.client.name, each.agreement.reference))
    rows = tuple(each.row for each in found)
    decided_on = sum(1 for each in found if each.decided)
    decided_words = f"; {decided_on} more {'is' if decided_on == 1 else 'are'} decided" if decided_on else ""
    return Reply(
        f"{_count(len(found) - decided_on)} attention{'' if wanted.is_overdue else ' ' + wanted.in_words}"
        f"{decided_words}.",
        sections=rest,
        table=Table(_COLUMNS, rows) if decided_on else Table(_COLUMNS[:-1], tuple(row[:-1] for row in rows)),
        groups=_by_month(found),
        choices=(Choice("The year as a picture", command_line("renewal year", wanted.owner)),),
        data={"renewals": [{"client": r[0], "agreement": r[1], "standing": r[2], "notice_by": r[3]} for r in rows]},
    )


def _read_wanted(ctx: Context, args: Arguments) -> _Wanted:
    """The words are days (90d, next quarter), "overdue", "me", or belong to a client's name. Raises CommandError."""
    owner, is_overdue = args.owner, False
    name: list[str] = []
    wanted = days_ahead(args.days or _DAYS, ctx.today)
    words = list(args.which)
    while words:
        word, taken = words[0], 1
        named = None if name else lookup.client_exactly_at(ctx, words)
        if named is not None:
            taken = named[1]
            name = words[:taken]
        elif (window := leading(words, ctx.today)) is not None:
            wanted, taken = window
        elif word.lower() == "overdue":
            is_overdue = True
        elif word.lower() == "me":
            owner = ctx.actor.user
        elif word.startswith("@"):
            raise UsageError(f"{word} is nobody in this workspace. Type @ and pick the name, or write me.")
        else:
            name.append(word)
        words = words[taken:]
    clients = [lookup.client_named(ctx, " ".join(name))] if name else ctx.uow.clients.list()
    return _Wanted({each.id: each for each in clients if each.status is ClientStatus.ACTIVE}, owner, wanted, is_overdue)


def _is_wanted(wanted: _Wanted, stands: Standing, today: date) -> bool:
    if wanted.is_overdue:
        return stands.status in _OVERDUE
    first, last = wanted.dates(today)
    day = next_date(stands, first)
    has_none = next_date(stands, today) is None and stands.status is not AgreementStanding.EVERGREEN
    return stands.status not in OVER and (has_none or (day is not None and day <= last))


@dataclass(frozen=True, slots=True)
class _Due:
    """An agreement of the list; `day` is the next one on which to act, None where it cannot be computed."""

    client: Client
    agreement: Agreement
    stands: Standing
    day: date | None
    today: date
    decided: str

    @property
    def notice_by(self) -> date | None:
        return self.stands.arrive_by or self.stands.notice_deadline

    @property
    def ends_on(self) -> date | None:
        return self.stands.ends_on or self.stands.term_end

    @property
    def extend_by(self) -> date | None:
        """By when somebody has to say that it is extended, while there is time."""
        day = extension_day(self.stands)
        return day if day is not None and day >= self.today else None

    @property
    def in_words(self) -> str:
        """How it stands, by when it has to be extended, and what is not recorded."""
        stands = standing_words(self.stands)
        if self.extend_by is not None:
            stands += f"; say by {self.extend_by} that it is extended"
        missing = ", ".join(_FACTS.get(name, plain(name)) for name in self.stands.missing)
        return f"{stands}; not recorded: {missing}" if missing else stands

    @property
    def row(self) -> tuple[str, ...]:
        return (
            self.client.name, self.agreement.reference, self.in_words, str(self.notice_by or ""),
            str(self.ends_on or ""), str((self.day - self.today).days) if self.day else "", self.decided,
        )  # fmt: skip

    @property
    def item(self) -> Item:
        """When to act and how many days are left, then how it stands, its other day and what was decided."""
        ends = f"ends on {self.ends_on}" if self.ends_on else ""
        when, other, ahead = ends, "", ""
        if self.extend_by is not None and self.day == self.extend_by != self.notice_by:
            when, other = f"to be extended by {self.extend_by}", f"term {ends}" if ends else ""
        elif self.notice_by is not None and (self.day is None or self.day <= self.notice_by):
            when, other = f"notice by {self.notice_by}", f"term {ends}" if ends else ""
            ahead = f"send it by {self.day}, " if self.day is not None and self.day < self.notice_by else ""
        elif self.notice_by is not None:
            other = f"notice was possible until {self.notice_by}"
        left = f" ({ahead}{count_days((self.day - self.today).days)} left)" if self.day is not None else ""
        show = Choice("Show", command_line("agreement show", self.client.name, self.agreement.reference))
        return Item(
            f"{self.client.name}, {self.agreement.reference}" + (f": {when}{left}" if when else ""),
            f"{capitalize_first('; '.join(filter(None, (self.in_words, other, self.decided))))}.",
            (show,),
        )


def _by_month(found: Sequence[_Due]) -> tuple[Group, ...]:
    """By the month of the day to act on; what cannot be computed is last."""
    months: dict[str, list[Item]] = {}
    for each in found:
        months.setdefault(f"{each.day:%B %Y}" if each.day else _NO_DAY, []).append(each.item)
    known = sorted(months, key=lambda title: title == _NO_DAY)
    return tuple(Group(title, tuple(months[title])) for title in known)


def _count(agreements: int) -> str:
    if agreements == 0:
        return "No agreement needs"
    return "1 agreement needs" if agreements == 1 else f"{agreements} agreements need"


COMMANDS = (
    Command(
        "renewal", "list", list_renewals, Role.VIEWER, "Notice deadlines, renewals and ends that are coming",
        parameters=(
            Parameter(
                "owner", "only what this person answers for, such as @dana", Kind.PERSON, positional=True,
                hint="only what this person answers for",
            ),
            Parameter("which", "a client, me, 90d, next quarter or the like, or overdue", positional=True, many=True),
            Parameter("days", "how far ahead; 90 if left out", Kind.INTEGER, most=FARTHEST),
        ),
        slash="/renewals", changes=False, example="/renewals @dana 90d",
    ),
)  # fmt: skip
