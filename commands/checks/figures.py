"""How the clients stand in four figures, and the list behind each: who lacks what, with the button that mends it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from commands.arguments import Arguments
from commands.choices import available
from commands.command import Command, Context
from commands.grammar.words import command_line
from commands.of_each_client import of_each_client
from commands.parameters import Kind, Parameter
from commands.reckoning import reckoning_of
from commands.reply import Group, Item, Reply, Section, Table
from commands.row_standings import not_replaced
from commands.rules.agreements.explanation import has_authority
from commands.rules.agreements.standing import IN_FORCE
from commands.rules.checks.facts import SERVICE_KINDS
from commands.rules.text.phrases import counted
from commands.rules.text.placeholders import BLANK, EXPLAINED, SIGNED
from storage.records import Agreement, Client, ClientStatus, Role


class Figure(StrEnum):
    """What every client should have."""

    AGREEMENT = "agreement"
    EXPLANATION = "explanation"
    MATRIX = "matrix"
    REGULATIONS = "regulations"


@dataclass(frozen=True, slots=True)
class Stand:
    """Whether a client has it. `why` says what is there or missing; `mend` is a label, a command, its arguments, and
    whether it opens a form.
    """

    has_it: bool
    why: str
    mend: tuple[str, str, str, bool] | None = None


Stands = Mapping[Figure, Stand]


def figures_section(ctx: Context, clients: Iterable[Client]) -> Section:
    """One line for each figure; its button opens the list."""
    found = stands_of_each(ctx, clients)
    items = tuple(
        Item(f"{_share(figure, found)} {_WORDS[figure](ctx.today)}", choices=available(ctx, [_open(figure)]))
        for figure in Figure
    )
    return Section("Where the clients stand", items)


def stands_of_each(ctx: Context, clients: Iterable[Client]) -> list[tuple[Client, Stands]]:
    """Every active client and how it stands as of its own today; worked out anew only where something changed."""
    active = [client for client in clients if client.status is ClientStatus.ACTIVE]
    found = of_each_client(ctx, active, "figures", lambda client: tuple(_stands(ctx, client)))
    return [(client, dict(zip(Figure, values, strict=True))) for client, values in found]


def show(ctx: Context, args: Arguments) -> Reply:
    figure: Figure = args.what
    found = stands_of_each(ctx, ctx.uow.clients.list())
    if not found:
        return Reply("No client is recorded yet.", next_steps=("/engagement setup",))
    lacking = [(client, stands[figure]) for client, stands in found if not stands[figure].has_it]
    others = [(client, stands[figure]) for client, stands in found if stands[figure].has_it]
    return Reply(
        f"{_share(figure, found)} {_WORDS[figure](ctx.today)}.",
        groups=tuple(_groups(ctx, lacking, others)),
        table=Table(("Client", "Has it", "Why"), tuple(_rows(lacking, others))),
        data={
            "what": figure.value,
            "lacking": [client.name for client, _ in lacking],
            "having": [client.name for client, _ in others],
        },
    )


def _groups(
    ctx: Context, lacking: Sequence[tuple[Client, Stand]], others: Sequence[tuple[Client, Stand]]
) -> Iterator[Group]:
    """Those that lack it first, each with the button that mends it."""
    for title, several in (("Missing", lacking), ("Done", others)):
        if several:
            entries = tuple(_entry(ctx, client, stand) for client, stand in several)
            yield Group(f"{title} ({len(several)})", entries)


def _entry(ctx: Context, client: Client, stand: Stand) -> Item:
    mend = available(ctx, [stand.mend] if stand.mend else [])
    return Item(client.name, stand.why, mend)


def _rows(
    lacking: Sequence[tuple[Client, Stand]], others: Sequence[tuple[Client, Stand]]
) -> Iterator[tuple[str, str, str]]:
    for client, stand in (*lacking, *others):
        yield client.name, "yes" if stand.has_it else "no", stand.why


def _share(figure: Figure, found: Sequence[tuple[Client, Stands]]) -> str:
    having = sum(1 for _, stands in found if stands[figure].has_it)
    return f"{having} of {counted(len(found), 'client')}"


_WORDS: Mapping[Figure, Callable[[date], str]] = {
    Figure.AGREEMENT: lambda _: "covered by a signed agreement in force",
    Figure.EXPLANATION: lambda _: "with agreements explained before signing",
    Figure.MATRIX: lambda _: "with a responsibility matrix",
    Figure.REGULATIONS: lambda today: f"asked about regulations in {today.year}",
}


def _open(figure: Figure) -> tuple[str, str, str, bool]:
    return "Show list", "who lacks", figure.value, False


def _stands(ctx: Context, client: Client) -> Iterator[Stand]:
    """In the order of `Figure`."""
    today, name = ctx.today_for(client), command_line("", client.name).strip()
    papers = [each for each in ctx.uow.agreements.of_client(client.id) if each.kind in SERVICE_KINDS]
    reckoning = reckoning_of(ctx.uow, client)
    standing = {each.id: reckoning.standing(each, today).status for each in papers}
    covering = [each for each in papers if each.is_signed and standing[each.id] in IN_FORCE]
    yield _covered(client, papers, covering)
    yield _explained(ctx, client, covering)
    rows = len(not_replaced(ctx.uow, client, today))
    mend = ("Import a matrix", "matrix import", name, True)
    yield Stand(True, f"{counted(rows, 'row')} in the matrix") if rows else Stand(False, "no row is recorded", mend)
    yield _asked(ctx, client, today)


def _covered(client: Client, papers: Sequence[Agreement], covering: Sequence[Agreement]) -> Stand:
    if covering:
        return Stand(True, ", ".join(each.reference for each in covering))
    unsigned = [each for each in papers if not each.is_signed and each.terminated_on is None]
    if unsigned:
        paper = unsigned[0]
        names = command_line("", client.name, paper.reference, **SIGNED).strip()
        return Stand(
            False, f"{paper.reference} is not signed by both sides", ("Record signature", "agreement sign", names, True)
        )
    blanks = command_line("", client.name, reference=BLANK).strip()
    why = "no agreement about services is in force" if papers else "no agreement about services is recorded"
    return Stand(False, why, ("Add an agreement", "agreement add", blanks, True))


def _explained(ctx: Context, client: Client, covering: Sequence[Agreement]) -> Stand:
    """Each agreement in force, to somebody who may sign for the client, on the day of signing at the latest."""
    if not covering:
        return Stand(False, "no signed agreement is in force")
    held = ctx.uow.walkthroughs.of_client(client.id)
    for paper in covering:
        of_paper = [each for each in held if each.agreement_id == paper.id]
        counting = [each.held_on for each in of_paper if has_authority(each, paper)]
        signed = paper.client_signed_on
        if signed is not None and any(day <= signed for day in counting):
            continue
        names = command_line("", client.name, paper.reference, **EXPLAINED).strip()
        mend = ("Record walkthrough", "walkthrough record", names, True)
        if not of_paper:
            return Stand(False, f"{paper.reference} was never explained", mend)
        if not counting:
            return Stand(False, f"{paper.reference} was explained, but not to somebody who may sign", mend)
        days = f"signed on {signed}, explained on {min(counting)}"
        return Stand(
            False,
            f"{paper.reference}: {days}",
            ("Show", "walkthrough list", command_line("", client.name).strip(), False),
        )
    return Stand(True, ", ".join(each.reference for each in covering))


def _asked(ctx: Context, client: Client, today: date) -> Stand:
    name = command_line("", client.name).strip()
    last = max((each.asked_on for each in ctx.uow.disclosures.current(client.id)), default=None)
    mend = ("Questions to ask", "disclosure ask", name, False)
    if last is None:
        return Stand(False, "never asked", mend)
    return Stand(last.year == today.year, f"last asked on {last}", None if last.year == today.year else mend)


COMMANDS = (
    Command(
        "who", "lacks", show, Role.TECHNICIAN, "Which clients lack an agreement, its explanation, a matrix, or answers",
        parameters=(
            Parameter(
                "what", "what every client should have", Kind.CHOICE, positional=True, required=True, choices=Figure
            ),
        ),
        changes=False, example="/engagement who lacks matrix",
    ),
)  # fmt: skip
