"""The responsibility matrix as it is shown: who does what, row by row, and every version of a row."""

from collections.abc import Mapping, Sequence

from commands.agreements.agreement import OPTIONAL_AGREEMENT
from commands.arguments import Arguments
from commands.clients.client import CLIENT
from commands.command import Command, Context
from commands.errors import NotFound
from commands.grammar.words import command_line
from commands.history.known_at import AS_OF, KNOWN_AT, as_of_words, recorded_matrix
from commands.matrix.row_reply import count_by_party, late_words, row_data, row_dates, rows_of
from commands.matrix.rows import ITEM
from commands.parameters import Kind, Parameter
from commands.reply import Choice, Group, Item, Reply, Table
from commands.row_standings import standings_of
from commands.rules.matrix.row_basis import attestation, clause_words
from commands.rules.matrix.whose import Whose
from commands.rules.matrix_layout.duplicates import item_key
from commands.rules.scope.replaced import Standing
from commands.rules.scope.whose import OURS
from commands.rules.text.people import as_person
from commands.rules.text.phrases import capitalize_first, counted, names_paper, paper_and_clause, plain
from commands.rules.text.placeholders import BLANK
from storage.records import Agreement, Client, Responsibility, Role, RowBasis


def show(ctx: Context, args: Arguments) -> Reply:
    client: Client = args.client
    found = recorded_matrix(ctx, client, args.as_of, args.known_at)
    rows = rows_of(found, args.agreement)
    if args.find:
        rows = [row for row in rows if args.find.casefold() in f"{row.item} {row.category} {row.notes}".casefold()]
    whose: Whose | None = args.whose
    if whose is not None:
        rows = [row for row in rows if row.party in whose.parties]
    if not rows:
        return Reply(
            f"{client.name} has no such rows."
            if args.find or whose
            else f"{client.name} has no responsibility matrix yet.",
            next_steps=(command_line("/engagement matrix import", client.name, agreement=BLANK),),
        )
    status = found.standings
    ordered = sorted(rows, key=lambda row: not status[row.id].counts)
    table = tuple(
        (
            row.item, plain(row.party), status[row.id].source.paper.reference, row.clause or "",
            status[row.id].in_words, row_dates(row, status[row.id].source),
        )
        for row in ordered
    )  # fmt: skip
    in_force = [row for row in rows if status[row.id].counts]
    counts = ", ".join(f"{count} {plain(party)}" for party, count in count_by_party(in_force).items() if count)
    others = f", {len(rows) - len(in_force)} not in force" if len(in_force) < len(rows) else ""
    headline = f"{client.name}: {counted(len(in_force), 'row')} in force{f' ({counts})' if counts else ''}{others}."
    when = as_of_words(found.day, args.known_at, ctx.today_for(client))
    references = {id: paper.reference for id, paper in found.papers.items()}
    only = _only_paper(rows, status)
    where = (when, f"All of {only}." if only else "")
    return Reply(
        headline,
        lines=tuple(filter(None, where)),
        table=Table(("Item", "Whose", "Agreement", "Clause", "Status", "When"), table),
        groups=_by_category(ordered, status, only),
        choices=(
            Choice("Coverage as a picture", command_line("matrix coverage", client.name)),
            Choice(
                "Export",
                command_line("matrix export", client.name, args.agreement.reference if args.agreement else None),
            ),
        ),
        data={"rows": [row_data(row, references) | {"status": status[row.id].in_words} for row in ordered]},
    )


_NOT_IN_FORCE, _DISAGREEING = "Not in force", "The papers disagree"


def _only_paper(rows: Sequence[Responsibility], status: Mapping[int, Standing]) -> str:
    """The paper that says all of several rows, where their clauses do not begin with it."""
    of = {status[row.id].source.paper.reference for row in rows}
    is_named = any(names_paper(row.clause or "", reference) for reference in of for row in rows)
    return next(iter(of)) if len(of) == 1 and len(rows) > 1 and not is_named else ""


def _by_category(rows: Sequence[Responsibility], status: Mapping[int, Standing], only: str) -> tuple[Group, ...]:
    """What is in force by its category, or else by whose it is; what is not in force last, with the reason.

    A row a line, with its paper unless that is the `only` one.
    """
    groups: dict[str, list[Item]] = {}
    has_categories = any(row.category for row in rows)
    for row in rows if has_categories else sorted(rows, key=lambda row: _by_party(row, status)):
        standing = status[row.id]
        by = row.category or "" if has_categories else capitalize_first(OURS[row.party])
        title = by if standing.counts else _DISAGREEING if standing.disagreement else _NOT_IN_FORCE
        is_said = standing.counts and not has_categories  # whose it is, by the title
        said = (
            (row.third_party or "") if is_said else _whose(row),
            clause_words(row.clause) if only else paper_and_clause(standing.source.paper.reference, row.clause),
            "" if standing.counts else standing.in_words,
            row_dates(row, standing.source),
        )
        groups.setdefault(title, []).append(Item(row.item, ", ".join(filter(None, said))))
    return tuple(Group(f"{title or 'In no category'} ({len(found)})", tuple(found)) for title, found in groups.items())


def _whose(row: Responsibility) -> str:
    return f"a third party's, {row.third_party}" if row.third_party else OURS[row.party]


def _by_party(row: Responsibility, status: Mapping[int, Standing]) -> tuple[bool, int]:
    """What is in force first; ours before the client's."""
    return not status[row.id].counts, tuple(OURS).index(row.party)


def history(ctx: Context, args: Arguments) -> Reply:
    """Every version of one row: what it said, when that applied, when it was recorded and until when we held it."""
    client: Client = args.client
    agreement_id = args.agreement.id if args.agreement else None
    versions = [
        row
        for row in ctx.uow.responsibilities.history(client.id, agreement_id)
        if item_key(row.item) == item_key(args.item)
    ]
    if not versions:
        raise NotFound(
            f'{client.name} never had a row "{args.item}".',
            next_steps=(command_line("/engagement matrix show", client.name),),
        )
    papers = {paper.id: paper for paper in ctx.uow.agreements.of_client(client.id)}
    now = standings_of(ctx.uow, client, ctx.today_for(client))
    rows = tuple(_version_cells(ctx, client, row, papers, now.get(row.id)) for row in versions)
    return Reply(
        f'{client.name}: {len(versions)} version{"" if len(versions) == 1 else "s"} of "{versions[-1].item}".',
        table=Table(("Agreement", "Whose", "Clause", "Applies", "Basis", "Recorded", "By", "Replaced"), rows),
        data={"versions": [row_data(row, {id: paper.reference for id, paper in papers.items()}) for row in versions]},
    )


def _version_cells(
    ctx: Context, client: Client, row: Responsibility, papers: Mapping[int, Agreement], now: Standing | None
) -> tuple[str, ...]:
    """`now`: what it counts for today; None for a version that is no longer held to be true."""
    paper = papers[row.agreement_id]
    entered_on, replaced_at = ctx.day_of(row.stated_at, client), row.superseded_at
    basis = attestation(row, paper, entered_on, as_person(row.attester or ""))
    if row.basis is RowBasis.PROPOSED:
        basis = "proposed"
    began_on = row.effective_from or paper.effective_on
    return (
        paper.reference, plain(row.party), row.clause or "", row_dates(row) or "with the agreement",
        basis or ("signed with the agreement" if paper.is_signed else "not signed"),
        f"{entered_on}{late_words(began_on, entered_on) if began_on else ''}", as_person(row.stated_by),
        str(ctx.day_of(replaced_at, client)) if replaced_at else now.in_words if now and now.replaced else "",
    )  # fmt: skip


_WHOSE = Parameter("whose", "only rows that are ours, not ours, the client's ...", Kind.CHOICE, choices=Whose)

COMMANDS = (
    Command(
        "matrix", "show", show, Role.VIEWER, "The responsibility matrix of a client", changes=False,
        parameters=(
            CLIENT, OPTIONAL_AGREEMENT, Parameter("find", "only rows with this word"), _WHOSE, AS_OF, KNOWN_AT,
        ),
        example="/engagement matrix show calder find:backup",
    ),
    Command(
        "matrix", "history", history, Role.VIEWER, "Every version of a row: what it said, and when that was recorded",
        changes=False,
        parameters=(CLIENT, ITEM, Parameter("agreement", "only of this agreement", Kind.AGREEMENT)),
        example='/engagement matrix history calder "Server backup"',
    ),
)  # fmt: skip
