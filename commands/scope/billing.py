"""Work that no agreement covers is not lost: billed from the answer that said so, and listed by month and client."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum

from commands.arguments import Arguments
from commands.command import Command, Context
from commands.errors import Conflict, NeedsYes, NotFound, UsageError
from commands.grammar.words import command_line
from commands.parameters import Kind, Parameter
from commands.policy import reservation_of
from commands.reply import Choice, Field, File, Reply, Table
from commands.row_standings import RecordedMatrix
from commands.rules.billing.time_spent import minutes_spent, month_of, time_words
from commands.rules.dates.format import format_date
from commands.rules.scope.precedence import Source
from commands.rules.scope.row_status import OVER, RowStatus
from commands.rules.text.people import as_person
from commands.rules.text.phrases import paper_and_clause
from commands.scope.answer import BILLABLE
from commands.scope.neutral import party_phrase, verdict_phrase
from commands.scope.settlement import QUESTION, client_of, question_numbered
from commands.spreadsheets.writing import write_csv, write_xlsx
from storage.records import BillableWork, Client, Responsibility, Role, ScopeQuestion, Verdict

_COLUMNS = (
    "Done on", "Client", "Asked by", "Asked for", "Why it is billed", "Agreement and clause", "Minutes", "Hours",
    "Note", "Recorded by", "No.",
)  # fmt: skip
_WHY = {Verdict.OUT_OF_SCOPE: "out of scope", Verdict.THIRD_PARTY: "a third party's"}


class ListFormat(StrEnum):
    XLSX = "xlsx"
    CSV = "csv"


def bill(ctx: Context, args: Arguments) -> Reply:
    """Keep who asked, for what, and how long it took; only under an answer that said it is not ours to do."""
    question = question_numbered(ctx, args.id)
    client = client_of(ctx, question)
    verdict = question.settled_verdict or question.verdict
    if verdict not in BILLABLE:
        raise Conflict(
            f"The answer to question {question.id} is: {verdict_phrase(verdict, ctx.policy)}. Only what is out of "
            "scope, or a third party's, is billed beside the agreement.",
            next_steps=(f"/engagement scope show {question.id}",),
        )
    try:
        minutes = minutes_spent(args.took)
    except ValueError as error:
        raise UsageError(f"took {error}", fields={"took": str(error)}) from error
    done_on = args.on or ctx.today_for(client)
    _ask_about_open_point(ctx, client, question, done_on)
    work = ctx.uow.billable_works.record(
        BillableWork(
            client_id=client.id,
            scope_question_id=question.id,
            question=question.question,
            asked_by=question.asked_by,
            verdict=verdict,
            responsibility_id=question.settled_responsibility_id or question.responsibility_id,
            done_on=done_on,
            minutes=minutes,
            notes=args.note,
            recorded_at=ctx.now,
            recorded_by=ctx.actor.user,
        )
    )
    earlier = [
        each
        for each in ctx.uow.billable_works.done_between(date.min, date.max)
        if each.scope_question_id == question.id and each.id != work.id
    ]
    cautions = (f"Question {question.id} is billed already: {_total(earlier)} before this.",) if earlier else ()
    return Reply(
        f"{client.name}: {time_words(minutes)} to bill, no. {work.id}.",
        fields=_fields(ctx, work),
        cautions=cautions,
        choices=(Choice("Take it back", f"scope unbill {work.id}", opens_form=True),),
        next_steps=(command_line("/engagement scope billable", client.name),),
        data={"work": work.model_dump(mode="json")},
    )


def _ask_about_open_point(ctx: Context, client: Client, question: ScopeQuestion, day: date) -> None:
    """Raises NeedsYes, until confirmed, where nobody can rely on the row that the answer rests on for that day."""
    row_id = question.settled_responsibility_id or question.responsibility_id
    row = ctx.uow.responsibilities.find(row_id) if row_id else None
    if row is None or ctx.is_confirmed:
        return
    matrix = RecordedMatrix(ctx.uow, client, day)
    source = _source_on(matrix, row, day)
    weakness = _weakness(matrix, source) if source is not None else ""
    if source is not None and weakness:
        said, whose = paper_and_clause(source.paper.reference, row.clause), party_phrase(row.party, ctx.policy)
        raise NeedsYes(
            f"{said} names this as {whose}, for {format_date(day)}: {weakness}. The client may not owe it. Nothing is "
            "saved yet. Bill it all the same?",
            next_steps=(f"/engagement scope show {question.id}",),
        )


def unbill(ctx: Context, args: Arguments) -> Reply:
    """It stays on record, with who took it back and why."""
    work = ctx.uow.billable_works.find(args.number)
    client = ctx.uow.clients.find(work.client_id) if work is not None else None
    if work is None or client is None or work.retracted_at is not None:
        raise NotFound(f"Nothing is billed under no. {args.number}.", next_steps=("/engagement scope billable",))
    if work.recorded_by != ctx.actor.user and not ctx.actor.role.may_act_as(Role.MANAGER):
        raise Conflict(f"{as_person(work.recorded_by)} recorded no. {work.id}: only they or a manager take it back.")
    ctx.uow.billable_works.retract(work, at=ctx.now, by=ctx.actor.user, reason=args.reason)
    return Reply(f"{client.name}: {time_words(work.minutes)}, no. {work.id}, is not billed any more.")


def billable(ctx: Context, args: Arguments) -> Reply:
    """One month, by client and day; as a spreadsheet, too."""
    try:
        first, last = month_of(args.month or "", ctx.today)
    except ValueError as error:
        raise UsageError(f"month: {error}", fields={"month": str(error)}) from error
    names = {client.id: client for client in ctx.uow.clients.list(offboarded=True)}
    found = [
        each
        for each in ctx.uow.billable_works.done_between(first, last)
        if each.client_id in names and (args.client is None or each.client_id == args.client.id)
    ]
    month = f"{first:%B %Y}"
    whose = f" for {args.client.name}" if args.client else ""
    if not found:
        return Reply(
            f"Nothing is to be billed{whose} in {month}.",
            lines=("Press Bill it under an answer that says out of scope, or a third party's.",),
        )
    found.sort(key=lambda each: (names[each.client_id].name, each.done_on, each.id))
    rows = [_row(ctx, names[each.client_id], each) for each in found]
    return Reply(
        f"{_total(found)} to bill{whose} in {month}: {len(found)} {'entry' if len(found) == 1 else 'entries'}.",
        table=Table(_COLUMNS, tuple(rows), about="Asked for"),
        files=(_file(rows, month, args.format or ListFormat.XLSX, reservation_of(ctx.policy)),) if args.format else (),
        choices=(
            Choice(
                "As a spreadsheet",
                command_line(
                    "scope billable", args.client.name if args.client else None, month=f"{first:%Y-%m}", format="xlsx"
                ),
            ),
        )
        if not args.format
        else (),
        data={"month": f"{first:%Y-%m}", "work": [each.model_dump(mode="json") for each in found]},
    )


def _fields(ctx: Context, work: BillableWork) -> tuple[Field, ...]:
    facts = (
        ("Asked for", work.question),
        ("Asked by", as_person(work.asked_by)),
        ("Why it is billed", _why(ctx, work)),
        ("Done on", format_date(work.done_on)),
        ("Note", work.notes),
    )
    return tuple(Field(label, value) for label, value in facts if value)


def _row(ctx: Context, client: Client, work: BillableWork) -> tuple[str, ...]:
    return (
        str(work.done_on), client.name, as_person(work.asked_by), work.question, _why(ctx, work),
        _basis(ctx, client, work),
        str(work.minutes), f"{work.minutes / 60:.2f}", work.notes or "", as_person(work.recorded_by), str(work.id),
    )  # fmt: skip


def _why(ctx: Context, work: BillableWork) -> str:
    row = ctx.uow.responsibilities.find(work.responsibility_id) if work.responsibility_id else None
    third = f" ({row.third_party})" if row is not None and row.third_party else ""
    return _WHY[work.verdict] + (third if work.verdict is Verdict.THIRD_PARTY else "")


def _basis(ctx: Context, client: Client, work: BillableWork) -> str:
    """The paper that said so on the day of the work, with the clause, and why that could not be relied on."""
    row = ctx.uow.responsibilities.find(work.responsibility_id) if work.responsibility_id else None
    matrix = RecordedMatrix(ctx.uow, client, work.done_on)
    source = _source_on(matrix, row, work.done_on) if row is not None else None
    if source is None:
        return ""
    said, weakness = paper_and_clause(source.paper.reference, source.row.clause), _weakness(matrix, source)
    return f"{said} ({weakness})" if weakness else said


def _source_on(matrix: RecordedMatrix, row: Responsibility, day: date) -> Source | None:
    """The row with its paper, and with the paper that carried it on that day already."""
    source = matrix.source(row)
    if source is not None and source.carrier is not None and source.first_day is not None and source.first_day > day:
        return replace(source, carrier=None)  # agreed for later: on the day of the work it was only proposed
    return source


def _weakness(matrix: RecordedMatrix, source: Source) -> str:
    """Why nobody can rely on the row for the matrix's day; empty where everybody can."""
    if not source.agreement.is_signed:
        return "not signed"
    if source.is_proposed:
        return "proposed, not agreed"
    status = matrix.status(source)
    if status in (RowStatus.TO_COME, *OVER):
        return status.value
    return "it is not clear that it applies" if matrix.is_doubtful(source.row) else ""


def _total(found: Sequence[BillableWork]) -> str:
    return time_words(sum(each.minutes for each in found))


def _file(rows: Sequence[Sequence[str]], month: str, kind: ListFormat, line: str | None) -> File:
    name = f"billable-{month.replace(' ', '-').lower()}.{kind.value}"
    if kind is ListFormat.CSV:
        return File(name, write_csv(_COLUMNS, rows, reservation=line), f"To bill in {month}")
    return File(name, write_xlsx(_COLUMNS, rows, sheet_name=month, reservation=line), f"To bill in {month}")


COMMANDS = (
    Command(
        "scope", "bill", bill, Role.TECHNICIAN, "Bill work that is out of scope, or a third party's",
        parameters=(
            QUESTION,
            Parameter("took", "how long it took, such as 45m or 1h 30m", required=True),
            Parameter("on", "the day it was done; today if left out", Kind.DATE, has_happened=True),
            Parameter("note", "what was done", Kind.LONG_TEXT),
        ),
        example='/engagement scope bill 12 took:45m note:"Replaced the toner"',
    ),
    Command(
        "scope", "unbill", unbill, Role.TECHNICIAN, "Take back what was to be billed",
        parameters=(
            Parameter("number", "its number in the list", Kind.INTEGER, positional=True, required=True),
            Parameter("reason", "why", Kind.LONG_TEXT, required=True),
        ),
        example="/engagement scope unbill 3 reason:goodwill",
    ),
    Command(
        "scope", "billable", billable, Role.TECHNICIAN, "What is to be billed in a month, by client; as a spreadsheet",
        parameters=(
            Parameter("client", "only this client", Kind.CLIENT, positional=True),
            Parameter("month", "such as 2026-03, march or last month; this month if left out"),
            Parameter("format", "as a file", Kind.CHOICE, choices=ListFormat),
        ),
        changes=False, example='/engagement scope billable calder month:"last month" format:xlsx',
    ),
)  # fmt: skip
